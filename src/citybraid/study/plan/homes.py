"""Input layers as plain data: content keys of values, and grid records."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.layer import digest
from citybraid.core.var import Var

NUMBERINGS, MOST_ROWS = 16, 10_000
"""Counts of rows whose hashes are kept, and the most rows of one [-]."""


def grid_record(grid: GeoBox) -> dict[str, Any]:
    """Return a grid as plain data."""
    return {"crs": str(grid.crs), "affine": list(grid.affine)[:6], "shape": list(grid.shape)}


def grid_of(record: Mapping[str, Any]) -> GeoBox:
    """Return the grid of a record."""
    return GeoBox(tuple(record["shape"]), Affine(*record["affine"]), record["crs"])


def content_key(var: Var, value: Any, grid: GeoBox | None) -> str:
    """Return the content key of an input layer, independent of the file it came from.

    A corrected file thus changes only the keys of the values that differ. The dtype of strings and the
    notation of a CRS do not count: the store changes both.
    """
    return digest("home", var.name, var.unit, grid, _sum(value))


def _sum(value: Any) -> str:
    if isinstance(value, xr.DataArray):
        data = np.ascontiguousarray(value.to_numpy())
        axes = "".join(f"{name}:{value[name].to_numpy().tolist()}" for name in value.dims) if value.coords else ""
        return hashlib.sha256(repr((data.shape, data.dtype.str)).encode() + axes.encode() + data.tobytes()).hexdigest()
    if isinstance(value, gpd.GeoSeries):
        rows = "\n".join(f"{name}:{shape}" for name, shape in zip(value.index, value.to_wkb(hex=True), strict=True))
        crs = value.crs.to_wkt() if value.crs is not None else ""
        return hashlib.sha256(f"{crs}\n{rows}".encode()).hexdigest()
    if isinstance(value, pd.Series):
        plain = value if pd.api.types.is_numeric_dtype(value) else value.astype(object)
        if value.index.dtype == np.int64 and len(value) <= MOST_ROWS:
            hashed = _joined(_hashes(plain), _numbered(value.index.to_numpy().tobytes()))
        else:
            hashed = _hashes(plain.set_axis(value.index.astype(object)), index=True)
        return hashlib.sha256(str(plain.dtype).encode() + hashed.tobytes()).hexdigest()
    return str(digest(value))


def _hashes(values: pd.Series | pd.Index, *, index: bool = False) -> NDArray[np.uint64]:
    return np.asarray(pd.util.hash_pandas_object(values, index=index).to_numpy(), dtype=np.uint64)


@lru_cache(maxsize=NUMBERINGS)
def _numbered(rows: bytes) -> NDArray[np.uint64]:
    """Return pandas' hashes of whole numbers that count rows, as objects; all series of a year count the same hours."""
    index = pd.Index(np.frombuffer(rows, np.int64)).astype(object)
    return _hashes(index)


def _joined(values: NDArray[np.uint64], rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Join hashes of values and rows as pandas does for a column with its index, by the rule of CPython's tuples."""
    first, second = np.uint64(1_000_003), np.uint64(1_000_003 + 82_520 + 2 * 2)
    found = ((np.uint64(0x345678) ^ values) * first ^ rows) * second + np.uint64(97_531)
    return np.asarray(found, dtype=np.uint64)
