"""Grids as models take them: rows from north to south, columns from west to east, in metres."""

from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.protocol.target import is_metric


def north_up(grid: GeoBox, *, where: str) -> GeoBox:
    """Return a grid with its first row in the north and its first column in the west.

    Raises InputError where its rows and columns do not run along the axes of its CRS.
    """
    rows, columns = grid.shape
    across, skew, west, turn, down, north = list(grid.affine)[:6]
    if skew != 0.0 or turn != 0.0:
        raise InputError("api.rotated_grid", where=where)
    if across > 0.0 > down:
        return grid
    corner = (min(west, west + columns * across), max(north, north + rows * down))
    return GeoBox(grid.shape, Affine(abs(across), 0.0, corner[0], 0.0, -abs(down), corner[1]), grid.crs)


def turned(values: NDArray[Any], grid: GeoBox) -> NDArray[Any]:
    """Return the cells of a grid in north-up order; those in north-up order in the grid's own."""
    if grid.affine.e > 0.0:
        values = np.flip(values, axis=-2)
    return np.flip(values, axis=-1) if grid.affine.a < 0.0 else values


def require_metres(grid: GeoBox, *, where: str) -> None:
    """Raise InputError where a grid has a CRS that is not projected in metres."""
    if grid.crs is not None and not is_metric(CRS.from_user_input(grid.crs.to_wkt())):
        raise InputError("api.not_metric", where=where, crs=str(grid.crs))
