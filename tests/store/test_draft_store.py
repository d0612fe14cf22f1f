"""A store in memory over one on disk: what is put into it ends with it, and nothing reaches the folder below."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.core.errors import StoreError
from citybraid.store.draft_store import DraftStore
from citybraid.store.store import Store

KEY, OTHER = "a" * 20, "b" * 20


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_values_are_kept_in_memory_over_those_on_disk(tmp_path: Path) -> None:
    below = Store(tmp_path)
    below.put(KEY, pd.Series([1.0, 2.0], name="x"))
    below.note(KEY, {"seconds": 1.0})
    before = files(tmp_path)
    draft = DraftStore(below, below.get)
    draft.require_writable()
    raster = xr.DataArray(np.arange(6.0).reshape(3, 2), dims=("y", "x"))
    draft.put_together("step", {OTHER: raster})
    draft.note("step", {"work": 0.2})
    assert files(tmp_path) == before
    assert all(draft.has(key) for key in (KEY, OTHER))
    assert all(draft.intact(key) for key in (KEY, OTHER))
    assert draft.get(KEY).tolist() == [1.0, 2.0]
    assert draft.get(OTHER) is raster
    assert draft.get(OTHER, slice(1, 2)).to_numpy().tolist() == [[2.0, 3.0]]
    assert (draft.noted("step"), draft.noted(KEY)) == ({"work": 0.2}, {"seconds": 1.0})
    assert below.noted("step") is None
    assert not below.has(OTHER)


def test_what_is_forgotten_or_nowhere_is_missing(tmp_path: Path) -> None:
    below = Store(tmp_path)
    draft = DraftStore(below, below.get)
    draft.put(KEY, 1.0)
    draft.put(KEY, 2.0)
    assert draft.get(KEY) == 1.0, "a value never changes"
    draft.forget([KEY, OTHER])
    assert not draft.has(KEY)
    with pytest.raises(StoreError):
        draft.get(KEY)


def test_equal_values_are_repeated_in_memory_and_not_in_the_folder(tmp_path: Path) -> None:
    below = Store(tmp_path)
    below.put(KEY, pd.Series([1.0, 2.0], name="x"))
    before, draft = files(tmp_path), DraftStore(below, below.get)
    assert draft.repeat("step", {OTHER: KEY})
    assert files(tmp_path) == before
    assert (draft.get(OTHER).tolist(), below.has(OTHER)) == ([1.0, 2.0], False)
    assert not draft.repeat("step", {"c" * 20: "d" * 20}), "it is nowhere"
