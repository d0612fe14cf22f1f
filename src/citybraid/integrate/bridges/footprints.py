"""Polygons of a table distributed over the cells of a grid by exact area."""

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.numerics.coverage import polygon_cover

Floats = NDArray[np.float64]


def spread(polygons: gpd.GeoSeries, weight: Floats, *, grid: GeoBox) -> Floats:
    """Return the sum over polygons of weight times covered share, for each cell of the grid.

    Shares are exact polygon areas (no sampling), so weights times areas are conserved
    to rounding. Where polygons overlap, the shares add up.
    """
    shapes = np.asarray(polygons.array)
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & np.isfinite(weight) & (weight != 0.0)
    parts, owner = shapely.get_parts(shapely.orient_polygons(shapes[known]), return_index=True)
    loops, part = shapely.get_rings(parts, return_index=True)
    points, loop = shapely.get_coordinates(loops, return_index=True)
    cells = np.array(~grid.affine).reshape(3, 3)
    cover = np.zeros(grid.shape, dtype=np.float64)
    polygon_cover(
        points[:, 0] * cells[0, 0] + points[:, 1] * cells[0, 1] + cells[0, 2],
        points[:, 0] * cells[1, 0] + points[:, 1] * cells[1, 1] + cells[1, 2],
        _starts(loop, len(loops)),
        _starts(owner[part], int(known.sum())),
        weight[known].astype(np.float64),
        cover,
    )
    return cover


def raster(values: Floats, *, grid: GeoBox) -> xr.DataArray:
    """Return values on the grid as a raster with its coordinates."""
    ys, xs = (axis.values for axis in grid.coordinates.values())
    return xr.DataArray(values, dims=("y", "x"), coords={"y": ys, "x": xs})


def cell_area(grid: GeoBox) -> float:
    """Return the area of a cell [m2]."""
    return abs(float(grid.affine.a * grid.affine.e))


def _starts(owner: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.searchsorted(owner, np.arange(count + 1), side="left").astype(np.int64)
