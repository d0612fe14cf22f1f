"""A flipped bit is set aside and computed again: never a traceback, never another value."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shapely.geometry import box

from citybraid.core.errors import StoreError
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.study.made_study import Made

VALUES: dict[str, Any] = {
    "raster": xr.DataArray(np.arange(30.0).reshape(5, 6), dims=("y", "x")),
    "column": pd.Series([1.5, 2.5, np.nan], index=["a", "b", "c"]),
    "shapes": gpd.GeoSeries([box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"], crs="EPSG:4549"),
    "number": 3.25,
}
SEED = 20_26
TRIALS = 12


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def flipped_stores(folder: Path, name: str) -> Iterator[Store]:
    """A store with one value, for each of many single bits that are flipped in it."""
    drawn = np.random.default_rng(SEED)
    for trial in range(TRIALS):
        store = Store(folder / str(trial))
        store.put("k" * 20, VALUES[name])
        paths = files(store.folder / "values")
        path = paths[drawn.integers(len(paths))]
        flip(path, int(drawn.integers(8 * path.stat().st_size)))
        yield store


@pytest.mark.parametrize("name", sorted(VALUES))
def test_no_single_bit_passes(tmp_path: Path, name: str) -> None:
    for store in flipped_stores(tmp_path, name):
        with pytest.raises(StoreError) as told:
            store.get("k" * 20)
        assert told.value.text == "store.damaged"
        assert not store.has("k" * 20)
        assert len(files(store.folder / "quarantine")) >= 1
        store.put("k" * 20, VALUES[name])
        assert store.intact("k" * 20)


def test_a_lost_or_a_foreign_file_is_damage(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key, spoil in (("a" * 20, "lost"), ("b" * 20, "more")):
        store.put(key, VALUES["raster"])
        folder = tmp_path / "values" / key[:2] / key
        if spoil == "lost":
            files(folder)[-1].unlink()
        else:
            (folder / "other.json").write_text("1", encoding="utf-8")
        assert not store.intact(key)


@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_of_earlier_versions_are_read_as_they_are(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    store.put("k" * 20, VALUES[name])
    (path,) = (tmp_path / "values" / "kk" / ("k" * 20)).iterdir()
    path.rename(path.with_name(f"{path.name.partition('.')[0]}{path.suffix}"))
    assert store.intact("k" * 20)
    value, needed = store.get("k" * 20), VALUES[name]
    assert value.equals(needed) if hasattr(value, "equals") else value == needed


def test_a_changed_record_is_set_aside_and_one_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    store = Store(tmp_path)
    record = {"grid": [1.5, {"2": None}], "name": "面积"}
    store.note("k" * 20, record)
    assert store.noted("k" * 20) == record
    path = tmp_path / "steps" / "kk" / f"{'k' * 20}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("1.5", "1.6"), encoding="utf-8")
    assert store.noted("k" * 20) is None
    path.write_text(json.dumps(record), encoding="utf-8")
    assert store.noted("k" * 20) == record


@pytest.mark.slow
def test_no_bit_of_a_record_can_change_unseen(tmp_path: Path) -> None:
    """A flip in the word of the checksum made it a word of the record, which then had none."""
    store, record = Store(tmp_path), {"model": "a.b", "version": 2, "facts": {"threads": 2}}
    store.note("k" * 20, record)
    (path,) = files(tmp_path)
    sound = path.read_bytes()
    for bit in range(8 * len(sound)):
        path.write_bytes(sound)
        flip(path, bit)
        assert store.noted("k" * 20) is None, path.name
    path.write_bytes(sound)
    assert store.noted("k" * 20) == record


def test_a_run_over_damaged_values_gives_the_same_results(tmp_path: Path) -> None:
    """Twelve bits over all files of a store: those of values, of intake, of records."""
    study = open_study(Made(tmp_path, ("parcels", "terrain", "storm", "land_cover", "buildings")).written())
    store = Store(tmp_path / "store")
    before = run_study(study, store=store, threads=1)
    drawn = np.random.default_rng(SEED)
    paths = [path for part in ("values", "numbers", "steps") for path in files(store.folder / part)]
    for at in drawn.choice(len(paths), TRIALS, replace=False):
        flip(paths[at], int(drawn.integers(8 * paths[at].stat().st_size)))
    again = Store(tmp_path / "store")
    after = run_study(study, store=again, threads=1)
    assert again.damaged
    for name in before.tables:
        one, other = before.table(name), after.table(name)
        assert one is not None
        assert other is not None
        pd.testing.assert_frame_equal(one, other)
    for layers in after.layers("as_is").values():
        for layer in layers.values():
            assert again.intact(layer.key)
