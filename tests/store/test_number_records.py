"""Numbers of one step share one file; keys, damage and pruning stay those of single values."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.core.errors import StoreError
from citybraid.store.store import Store

A, B, C, D = ("a" * 20, "b" * 20, "c" * 20, "d" * 20)
MADE: dict[str, Any] = {
    A: 3.25, B: np.float64(0.1), C: xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("y", "x")), D: "river",
}  # fmt: skip


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_numbers_of_a_step_are_one_file_and_each_is_read_by_its_key(tmp_path: Path) -> None:
    Store(tmp_path).put_together("s" * 20, MADE)
    assert len(list((tmp_path / "values").glob("*/*"))) == 1
    assert len(files(tmp_path / "numbers")) == 1
    store = Store(tmp_path)
    assert [store.get(key) for key in (A, B, D)] == [3.25, 0.1, "river"]
    assert store.get(C).equals(MADE[C])
    assert all(store.has(key) and store.intact(key) for key in MADE)
    assert not store.has("e" * 20)
    with pytest.raises(StoreError):
        store.get("e" * 20)


def test_a_number_alone_is_a_value(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_together("s" * 20, {A: 3.25, C: pd.Series([1.0], index=["x"])})
    assert len(list((tmp_path / "values").glob("*/*"))) == 2
    assert not files(tmp_path / "numbers")


def test_numbers_that_an_earlier_version_stored_one_by_one_are_not_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key in (A, B, D):
        store.put(key, MADE[key])
    store.put_together("s" * 20, MADE)
    assert not files(tmp_path / "numbers")
    assert store.get(B) == 0.1


def test_a_record_written_meanwhile_is_found(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.has(A)
    Store(tmp_path).put_together("s" * 20, MADE)
    assert store.get(A) == 3.25


@pytest.mark.parametrize("fresh", [False, True])
def test_a_damaged_record_is_set_aside_and_written_again(tmp_path: Path, fresh: bool) -> None:
    store = Store(tmp_path)
    store.put_together("s" * 20, MADE)
    (path,) = files(tmp_path / "numbers")
    for bit in range(0, 8 * path.stat().st_size, 7):
        content = bytearray(path.read_bytes())
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        found = Store(tmp_path) if fresh else store
        if bit % 2:
            with pytest.raises(StoreError):
                found.get(B)
        assert not any(found.intact(key) for key in (A, B, D))
        assert found.intact(C)
        assert found.damaged
        assert files(tmp_path / "quarantine")
        found.put_together("s" * 20, MADE)
        assert found.get(B) == 0.1
        assert path.is_file()


def test_one_number_is_forgotten_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_together("s" * 20, MADE)
    store.forget([A, C])
    for each in (store, Store(tmp_path)):
        assert [each.has(key) for key in (A, B, C, D)] == [False, True, False, True]
    store.put_together("s" * 20, MADE)
    assert [Store(tmp_path).get(key) for key in (A, B, D)] == [3.25, 0.1, "river"]


def test_pruning_keeps_a_record_while_one_of_its_numbers_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_together("s" * 20, MADE)
    assert store.prune([B, C]) == (0, 0)
    removed, freed = Store(tmp_path).prune([C])
    assert removed == 3
    assert freed > 0
    assert not Store(tmp_path).has(B)
    assert Store(tmp_path).has(C)


def test_a_folder_that_has_not_changed_is_not_listed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put_together("s" * 20, MADE)
    long_ago = 1_700_000_000
    os.utime(tmp_path / "numbers", (long_ago, long_ago))
    assert not store.has("e" * 20)
    listings, listdir = list[object](), os.listdir

    def counted(path: Any) -> list[str]:
        listings.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", counted)
    assert not store.has("e" * 20)
    assert not store.intact("f" * 20)
    store.put("1" * 20, pd.Series([1.0], index=["x"]))
    assert not [path for path in listings if Path(str(path)).name == "numbers"]
    with pytest.raises(StoreError):
        store.get("e" * 20)
    assert [path for path in listings if Path(str(path)).name == "numbers"]


def test_a_record_is_found_though_the_folder_does_not_tell_of_it(tmp_path: Path) -> None:
    store, other, long_ago = Store(tmp_path), Store(tmp_path), 1_700_000_000
    store.put_together("s" * 20, {A: 1.0, B: 2.0})
    os.utime(tmp_path / "numbers", (long_ago, long_ago))
    assert not store.has(D)
    other.put_together("t" * 20, {C: 3.0, D: 4.0})
    os.utime(tmp_path / "numbers", (long_ago, long_ago))  # as a share whose folders change late
    assert store.get(D) == 4.0
    assert store.has(C)
