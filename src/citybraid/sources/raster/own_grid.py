"""A raster's own grid, from the preview of any raster format."""

from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.vector.preview import LayerPreview

SQUARE = 1e-6
"""Tolerance between the sides of a square pixel [side]."""


def own_grid(preview: LayerPreview, *, crs: str, name: str) -> GeoBox:
    """Return the grid of a raster in a projected CRS in metres with square pixels, north up.

    `crs` counts where the file carries none. Raises InputError where the file is no raster, no CRS is known, or the
    grid is of another kind.
    """
    if preview.shape is None or preview.affine is None:
        raise InputError("single.no_raster", name=name)
    stated = preview.crs or crs
    if not stated:
        raise InputError("single.no_crs", name=name)
    grid_crs = CRS.from_wkt(preview.crs) if preview.crs else parse_crs(crs, name=name)
    affine = Affine(*preview.affine)
    rows, _ = preview.shape
    if affine.e > 0:
        affine = Affine(affine.a, affine.b, affine.c, affine.d, -affine.e, affine.f + affine.e * rows)
    is_square = affine.b == 0 and affine.d == 0 and affine.a > 0 and abs(affine.a + affine.e) < SQUARE * affine.a
    if not is_metric(grid_crs) or not is_square:
        raise InputError("single.grid", name=name, crs=grid_crs.to_string()[:60])
    return GeoBox(preview.shape, affine, grid_crs.to_wkt())
