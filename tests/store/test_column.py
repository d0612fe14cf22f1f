"""Columns in the store: the files of pandas, byte for byte."""

from pathlib import Path

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
}


@pytest.mark.parametrize("name", COLUMNS)
def test_files_of_columns(tmp_path: Path, name: str) -> None:
    column, stored = COLUMNS[name], tmp_path / "stored"
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
