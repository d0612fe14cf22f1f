"""Lines cut into short pieces of equal length, each with the cell that it lies in."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FINENESS = 0.25
"""Longest piece over the side of a cell."""


class Pieces(NamedTuple):
    """Pieces inside the grid, line after line and along each line."""

    line: Ints
    point: Floats
    """Middle of each piece, (pieces, 2) [m]."""
    length: Floats
    row: Ints
    column: Ints


def pieces(lines: gpd.GeoSeries, grid: GeoBox) -> Pieces:
    """Cut lines into equal pieces no longer than a quarter of a cell; those outside the grid are left out."""
    shapes = np.asarray(lines.array)
    known = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    parts, owner = shapely.get_parts(shapes[known], return_index=True)
    reach = shapely.length(parts)
    count = np.ceil(reach / (FINENESS * abs(float(grid.affine.a)))).astype(np.int64)
    part = np.repeat(np.arange(parts.size), count)
    number = np.arange(part.size) - np.repeat(np.cumsum(count) - count, count)
    length = reach[part] / np.maximum(count[part], 1)
    point = shapely.get_coordinates(shapely.line_interpolate_point(parts[part], (number + 0.5) * length))
    column, row = ~grid.affine * (point[:, 0], point[:, 1])
    row, column = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    rows, columns = grid.shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    line = known[owner[part]].astype(np.int64)
    return Pieces(line[inside], point[inside], length[inside], row[inside], column[inside])


def first_share(at: Ints, length: Floats, *, share: float) -> Mask:
    """Return which pieces make up the first share of the length in each area; area -1 takes none.

    A piece counts when its middle is within the share.
    """
    chosen = np.zeros(at.size, dtype=np.bool_)
    for area in np.unique(at[at >= 0]):
        members = np.flatnonzero(at == area)
        middle = np.cumsum(length[members]) - 0.5 * length[members]
        chosen[members[middle < share * length[members].sum()]] = True
    return chosen
