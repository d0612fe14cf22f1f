"""Selection of a unit's buildings or cells by ground level, the lowest first, up to a share."""

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
    """Return the lowest-lying items of each unit up to a share of its amount; unit -1 is ignored, NaN levels come last.

    An item counts when the middle of its amount is within the share.
    """
    selected = np.zeros(unit.size, dtype=np.bool_)
    for at in np.unique(unit[unit >= 0]):
        members = np.flatnonzero(unit == at)
        members = members[np.argsort(level[members], kind="stable")]
        middle = np.cumsum(amount[members]) - 0.5 * amount[members]
        selected[members[middle < share * amount[members].sum()]] = True
    return selected


def lowest_cells(height: Floats, candidates: NDArray[np.bool_], *, share: float) -> NDArray[np.bool_]:
    """Return a share of the candidate cells, the lowest ones; ties go to the first cell."""
    cells = np.flatnonzero(candidates)
    count = int(share * cells.size + 0.5)
    selected = np.zeros(height.size, dtype=np.bool_)
    selected[cells[np.argsort(height.ravel()[cells], kind="stable")[:count]]] = True
    return selected.reshape(height.shape)
