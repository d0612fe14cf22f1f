"""Buildings of a unit in the order of their ground, the lowest first, up to a share."""

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

Floats = NDArray[np.float64]
Cells = NDArray[np.int64]


def ground_at(points: gpd.GeoSeries, terrain: xr.DataArray, *, grid: GeoBox) -> Floats:
    """Return the ground's level [m] in the cell of each point; none outside the grid."""
    column, row = ~grid.affine * (points.x.to_numpy(), points.y.to_numpy())
    rows, columns = grid.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    level = np.full(len(points), np.nan)
    at = np.floor(row[inside]).astype(np.int64), np.floor(column[inside]).astype(np.int64)
    level[inside] = np.asarray(terrain.values, dtype=np.float64)[at]
    return level


def lowest_first(unit: Cells, *, level: Floats, amount: Floats, share: float) -> NDArray[np.bool_]:
    """Return the lowest of each unit up to a share of its amount; unit -1 takes no part, unknown ground comes last.

    One counts when its middle lies within the share.
    """
    selected = np.zeros(unit.size, dtype=np.bool_)
    for at in np.unique(unit[unit >= 0]):
        among = np.flatnonzero(unit == at)
        among = among[np.argsort(level[among], kind="stable")]
        middle = np.cumsum(amount[among]) - 0.5 * amount[among]
        selected[among[middle < share * amount[among].sum()]] = True
    return selected
