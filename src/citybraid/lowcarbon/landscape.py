"""Terrain and trees around buildings, as far as rasters of them are given."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, TERRAIN
from citybraid.kernels.buildings.landscape_horizon import crown_horizons, terrain_horizons
from citybraid.kernels.buildings.zone_inputs import SECTORS

Array = NDArray[np.float64]
F32 = NDArray[np.float32]
Ints = NDArray[np.int64]

TREE_DISTANCE = 60.0
"""Distance beyond which a tree's crown does not count [m], as in the comfort of people outdoors."""


class Landscape(NamedTuple):
    """Rasters of terrain and trees on the study's grid; what is not given does not stand there."""

    terrain: TERRAIN | None = None
    canopy_cover: CANOPY_COVER | None = None
    canopy_height: CANOPY_HEIGHT | None = None
    tree_crown: Annotated[Factors, Fact("tree_crown")] | None = None
    """Height and transmissivity of crowns; the height counts where no raster gives it."""
    grid: GeoBox | None = None


class Sight(NamedTuple):
    """From where facades are seen."""

    points: Array
    """Middle of each facade [m], (facades, 2)."""
    owner: Ints
    """Building of each facade."""
    facing: Ints
    """Place of each facade among those of its building."""
    bands: Array
    """Levels from which each building looks [m above datum], (buildings, bands)."""


LEVEL = Landscape()
"""Level ground without trees."""


class Crowns(NamedTuple):
    """Crowns of trees before facades; (buildings, facades, SECTORS, bands), without bands where no trees are given."""

    height: F32
    """Height of the highest crown [rad]."""
    hides: F32
    """Share of the light below it that crowns hold back [-]."""


def no_crowns(count: int, facades: int) -> Crowns:
    """Return the crowns before facades where no trees are given."""
    none = np.zeros((count, facades, SECTORS, 0), dtype=np.float32)
    return Crowns(none, none)


def ground_level(buildings: gpd.GeoDataFrame, landscape: Landscape) -> Array:
    """Return the ground below the middle of each building [m above datum], 0 without terrain.

    Outside the raster, and in cells without a value, the nearest cell with one counts.
    """
    if landscape.terrain is None:
        return np.zeros(len(buildings))
    ground = landscape.terrain.to_numpy().astype(np.float64)
    known = np.isfinite(ground)
    if not known.any():
        return np.zeros(len(buildings))
    places = _places(_middles(buildings), _grid(landscape))
    column, row = (
        np.clip(np.floor(at), 0, size - 1).astype(np.int64)
        for at, size in zip(places.T, reversed(ground.shape), strict=True)
    )
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(ground[tuple(index[row, column] for index in nearest)], dtype=np.float64)


def add_terrain(horizon: F32, sight: Sight, landscape: Landscape) -> None:
    """Raise horizons, (buildings, facades, SECTORS, bands), to that of the terrain."""
    if landscape.terrain is None:
        return
    grid = _grid(landscape)
    ground = np.ascontiguousarray(landscape.terrain.to_numpy(), dtype=np.float32)
    places = _places(sight.points, grid)
    terrain_horizons(places, sight.owner, sight.facing, sight.bands, ground, _cell(grid), horizon)


def crowns_before(sight: Sight, landscape: Landscape, *, facades: int) -> Crowns:
    """Return the crowns of trees before facades.

    Trees are as high as their raster says, else as the factor, above the terrain; beyond TREE_DISTANCE they do not
    count. Raises InputError where there are trees and no factor of their crowns.
    """
    if landscape.canopy_cover is None:
        return no_crowns(sight.bands.shape[0], facades)
    if landscape.tree_crown is None:
        raise InputError("factor.key_missing", factor="tree_crown", key="transmissivity")
    grid = _grid(landscape)
    cover = np.nan_to_num(landscape.canopy_cover.to_numpy().astype(np.float32))
    tops = np.full(cover.shape, landscape.tree_crown["height"], dtype=np.float32)
    if landscape.canopy_height is not None:
        given = landscape.canopy_height.to_numpy().astype(np.float32)
        tops = np.where(np.isfinite(given), given, tops)
    if landscape.terrain is not None:
        tops = (tops + landscape.terrain.to_numpy()).astype(np.float32)
    shape = (sight.bands.shape[0], facades, SECTORS, sight.bands.shape[1])
    height, hidden = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    crown_horizons(
        _places(sight.points, grid), sight.owner, sight.facing, sight.bands, tops, cover, _cell(grid), TREE_DISTANCE,
        height, hidden,
    )  # fmt: skip
    return Crowns(height, hidden * np.float32(1.0 - landscape.tree_crown["transmissivity"]))


def _middles(buildings: gpd.GeoDataFrame) -> Array:
    return np.asarray(shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy())), dtype=np.float64)


def _grid(landscape: Landscape) -> GeoBox:
    if landscape.grid is None:
        raise InputError("api.no_grid", where="landscape")
    return landscape.grid


def _places(points: Array, grid: GeoBox) -> Array:
    """Return the column and row of points, (points, 2), cells counted from their edges."""
    return np.column_stack(~grid.affine * (points[:, 0], points[:, 1]))


def _cell(grid: GeoBox) -> tuple[float, float]:
    """Return the step of a column to the east and of a row to the north [m], with sign."""
    return float(grid.resolution.x), float(grid.resolution.y)
