"""A raster's own grid, from the preview of any raster format."""

import math
from collections.abc import Sequence

from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.vector.preview import LayerPreview

SQUARE = 1e-6
"""Tolerance between the sides of a square pixel [side]."""
TINY = 1e-6
"""Part of a cell by which tiles may reach further than the grid that covers them [cell]."""


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


def grid_of_tiles(grids: Sequence[GeoBox]) -> GeoBox:
    """Return the first grid widened by whole cells until it covers all; those in another CRS are projected."""
    first = grids[0]
    if len(grids) == 1:
        return first
    plane, cell = parse_crs(str(first.crs), name=""), float(first.resolution.x)
    boxes = [
        transformer(parse_crs(str(each.crs), name=""), plane).transform_bounds(*each.boundingbox.bbox) for each in grids
    ]
    west, south, east, north = (
        side(edges) for side, edges in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
    )
    edges = first.boundingbox
    left, up = math.ceil((edges.left - west) / cell - TINY), math.ceil((north - edges.top) / cell - TINY)
    right, down = math.ceil((east - edges.right) / cell - TINY), math.ceil((edges.bottom - south) / cell - TINY)
    shape = (first.shape[0] + up + down, first.shape[1] + left + right)
    return GeoBox(shape, first.affine * Affine.translation(-left, -up), first.crs)
