"""Flood depth at each building."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.burning import rasterize
from citybraid.core.land_cover import water_covers
from citybraid.core.model import Params, model
from citybraid.core.remembered import remembered
from citybraid.core.var import Raster, Table, View
from citybraid.core.vocabulary.risk import BUILDING_DEPTH
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, LAND_COVER
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.kernels.numerics.around import nearest_ring_statistics

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]


class FloodDepthParams(Params):
    """How depth around a building is sampled."""

    statistic: Literal["mean", "max"] = "mean"
    """Depth taken from the cells around the footprint: their mean, or the deepest of them."""
    reach: int = Field(4, ge=1, le=20)
    """Cells beyond the footprint searched at most until an open cell is found [cells]."""
    closed_share: float = Field(0.5, gt=0.0, le=1.0)
    """Building share from which on a cell is closed to water and not read [-]."""


class FloodDepth(NamedTuple):
    """Water depth at buildings."""

    building_depth: BUILDING_DEPTH


@model(
    version=1,
    cite="Bermúdez and Zischg (2018), Natural Hazards 92: 1633-1648 (depth read from cells around a footprint)",
    validity="Grids whose cells are no wider than the gaps between buildings; depth is that of the ground outside, "
    "not of rooms below ground.",
)
def flood_depth(
    *,
    max_depth: MAX_DEPTH,
    buildings: Annotated[View, Table("buildings")],
    grid: GeoBox,
    p: FloodDepthParams,
    land_cover: LAND_COVER | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
) -> FloodDepth:
    """Sample the maximum depth of an event around each footprint.

    A building's own cells are closed to flow and stay dry, so they are not sampled. Sampled
    are the open cells that touch the footprint, corners included: neither closed, nor water
    or wetland, nor without value. Where there is none, the next ring of cells is used, up to
    `reach`. A building with no open cell in reach, or off the grid, has no value.
    Depths are m above ground on the grid's cells; the column is indexed by building id.
    """
    mean, deepest = depth_around(max_depth, buildings, grid, p, (land_cover, building_fraction))
    return FloodDepth(pd.Series(mean if p.statistic == "mean" else deepest, index=buildings.index, dtype=np.float64))


def depth_around(
    max_depth: Raster, shapes: View, grid: GeoBox, p: FloodDepthParams, ground: tuple[Raster | None, Raster | None]
) -> tuple[Floats, Floats]:
    """Return the mean and the greatest depth [m] of the open cells nearest to each shape, NaN where none is in reach.

    `ground` is land cover and building share, where there are any; the shapes' own cells are closed.
    """
    land_cover, building_fraction = ground
    places = shapes.geometry.to_numpy()
    closed = _footprints(places, grid=grid, touched=False) >= 0
    if building_fraction is not None:
        closed |= building_fraction.to_numpy() >= p.closed_share
    depth = max_depth.to_numpy().astype(np.float64)
    readable = ~closed & np.isfinite(depth)
    if land_cover is not None:
        readable &= ~np.isin(land_cover.to_numpy(), water_covers())
    owner, row, column = (each.copy() for each in _cells(places, grid))
    open_depth = np.where(readable, depth, 0.0)
    depths: tuple[Floats, Floats] = nearest_ring_statistics(
        open_depth, readable.astype(np.uint8), owner, row, column, len(shapes), p.reach
    )
    return depths


@remembered(16)
def _footprints(shapes: Shapes, *, grid: GeoBox, touched: bool) -> NDArray[np.int32]:
    """Return the index of the shape that covers each cell's centre (or touches any part of it); -1 elsewhere."""
    pairs = [
        (shape, place)
        for place, shape in enumerate(shapes)
        if shape is not None and not shape.is_empty and shape.area > 0.0
    ]
    if not pairs:
        return np.full(grid.shape, -1, dtype=np.int32)
    labels: NDArray[np.int32] = rasterize(
        pairs, out_shape=grid.shape, transform=grid.affine, fill=-1, all_touched=touched, dtype="int32"
    )
    return labels


@remembered(16)
def _cells(shapes: Shapes, grid: GeoBox) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (shape, row, column) of every cell that a shape touches; at least that of its inner point."""
    labels = _footprints(shapes, grid=grid, touched=True)
    row, column = np.nonzero(labels >= 0)
    points = shapely.point_on_surface(shapes)
    x, y = shapely.get_x(points), shapely.get_y(points)
    across, down = ~grid.affine * (x, y)
    on_grid = (across >= 0) & (down >= 0) & (across < grid.shape[1]) & (down < grid.shape[0])
    place = np.flatnonzero(on_grid)
    return (
        np.concatenate([labels[row, column].astype(np.int64), place]),
        np.concatenate([row, down[place].astype(np.int64)]),
        np.concatenate([column, across[place].astype(np.int64)]),
    )
