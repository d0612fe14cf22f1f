"""Columns in the store: the files of pandas, byte for byte."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.store import codec

COLUMNS = {
    "numbers": pd.Series([1.5, np.nan, -0.0], index=["a", "b", "c"], name="height"),
    "long": pd.Series(np.arange(500.0), name="depth"),
    "texts": pd.Series(["住宅", None, "office"], index=[3, 1, 2]),
    "objects": pd.Series(["a", "b"], dtype=object),
    "flags": pd.Series([True, False]),
    "course": pd.Series([0.0, 1.0], index=pd.Index([0.5, 1.0], name="hours")),
    "empty": pd.Series([], dtype=np.float64),
    "plain numbers": pd.Series([1.5, np.nan, -np.inf], index=pd.Index(["a", "b", "住"], name="id")),
    "plain whole numbers": pd.Series([1, 2**62], index=["a", "b"]),
    "plain flags": pd.Series([True, False], index=[7, 9]),
    "plain small numbers": pd.Series(np.array([1.5, np.nan], np.float32), index=[0.5, np.nan]),
    "plain texts": pd.Series(["住宅", None], index=["a", "b"]),
    "no texts": pd.Series([None, None], index=["a", "b"], dtype="str"),
    "no rows": pd.Series([], index=pd.Index([], dtype="str"), dtype="str"),
    "kinds": pd.Series(["a", "b"], index=["p", "q"], dtype="category"),
    "hours": pd.Series([1.0, 2.0], index=pd.date_range("2025-01-01", periods=2, freq="h")),
    "levels": pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_files_of_columns(tmp_path: Path, name: str) -> None:
    kinds: tuple[dict[Hashable | None, Any], ...] = ({}, {"units": "m", "about": "深度"})
    for attributes in kinds:
        column, stored = COLUMNS[name].copy(), tmp_path / f"stored{len(attributes)}"
        column.attrs = dict(attributes)
        stored.mkdir()
        codec.write(stored, column)
        column.to_frame("value").to_parquet(tmp_path / "pandas.parquet", index=True)
        (written,) = stored.iterdir()
        assert written.read_bytes() == (tmp_path / "pandas.parquet").read_bytes()
        read = codec.read(stored)
        pd.testing.assert_series_equal(read, pd.read_parquet(tmp_path / "pandas.parquet")["value"])


def test_attributes_of_columns(tmp_path: Path) -> None:
    column = COLUMNS["numbers"].copy()
    column.attrs["units"] = "m"
    codec.write(tmp_path, column)
    assert codec.read(tmp_path).attrs == {"units": "m"}
