"""Horizon of facades and roofs: buildings by their footprints and heights, terrain, and crowns of trees."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.core.land.footprint_edges import Edges, footprint_edges
from citybraid.core.remembered import remembered
from citybraid.kernels.buildings.zone_horizon import horizons
from citybraid.kernels.buildings.zone_inputs import SECTORS
from citybraid.lowcarbon.climate import AZIMUTHS
from citybraid.lowcarbon.landscape import (
    LEVEL,
    Crowns,
    Landscape,
    Sight,
    add_terrain,
    crowns_before,
    ground_level,
    no_crowns,
)

Array = NDArray[np.float64]

BANDS = 3
"""Bands of storeys in which a facade is shaded apart: lower, middle and upper third."""
LOWEST = np.tan(np.radians(10.0))
"""Tangent of the horizon below which a neighbour is too far to count [-]."""
FARTHEST = 300.0
"""Distance above which a neighbour does not count [m]."""


class Surroundings(NamedTuple):
    """What stands around each building."""

    horizon: NDArray[np.float32]
    """Height of the horizon before each facade [rad], (buildings, facades, SECTORS, bands)."""
    sky_view: Array
    """Share of the even sky's light that facades and roof get, (buildings, facades + 1) [-]."""
    crowns: Crowns
    """Crowns of trees above the horizon."""

    def of(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Surroundings":
        """Return the surroundings of some buildings."""
        return Surroundings(
            self.horizon[which], self.sky_view[which], Crowns(*(values[which] for values in self.crowns))
        )


class Skylines(NamedTuple):
    """What stands above each roof by sector of azimuth."""

    horizon: NDArray[np.float32]
    """Height of the horizon [rad], (buildings, SECTORS)."""
    crowns: Crowns
    """Crowns of trees above it; (buildings, SECTORS), without sectors where no trees are given."""


def open_surroundings(count: int) -> Surroundings:
    """Return the surroundings of buildings that nothing shades."""
    facades = len(AZIMUTHS)
    horizon = np.zeros((count, facades, SECTORS, 0), dtype=np.float32)
    return Surroundings(horizon, np.ones((count, facades + 1)), no_crowns(count, facades))


def surroundings(buildings: gpd.GeoDataFrame, landscape: Landscape = LEVEL) -> Surroundings:
    """Return the horizon of each building's facades by 36 sectors of azimuth and three bands of storeys.

    A facade is seen from the middle of its edges, at the middle of each band; a sector's horizon is that of the ray
    through its middle. Prisms of footprint and height block, on the ground of the landscape's terrain, which rises
    before facades too; crowns of its trees hold light back. A building does not shade itself or its roof, and
    buildings outside the table do not count.
    """
    landscape_seen = _surroundings(buildings[["height", buildings.geometry.name]], landscape)
    return Surroundings(
        landscape_seen.horizon.copy(),
        landscape_seen.sky_view.copy(),
        Crowns(*(values.copy() for values in landscape_seen.crowns)),
    )


@remembered(3)
def _surroundings(buildings: gpd.GeoDataFrame, landscape: Landscape) -> Surroundings:
    """Return the surroundings, which models and alternatives with the same buildings and landscape share."""
    count, facades = len(buildings), len(AZIMUTHS)
    height = buildings["height"].to_numpy(dtype=np.float64)
    ground = ground_level(buildings, landscape)
    outline = footprint_edges(buildings.geometry, sides=len(AZIMUTHS))
    sight = Sight(
        *_facades(outline, count), ground[:, None] + height[:, None] * (np.arange(BANDS) + 0.5) / BANDS
    )  # fmt: skip
    horizon = np.zeros((count, facades, SECTORS, BANDS), dtype=np.float32)
    _raise_to_neighbours(horizon, buildings, outline, ground, sight=sight)
    add_terrain(horizon, sight, landscape)
    crowns = crowns_before(sight, landscape, facades=facades)
    return Surroundings(horizon, np.column_stack([sky_view(horizon, crowns), np.ones(count)]), crowns)


def roof_skylines(buildings: gpd.GeoDataFrame, landscape: Landscape = LEVEL) -> Skylines:
    """Return what is seen from the middle of each roof by sector of azimuth.

    Only what stands above the roof counts: neighbours as prisms, terrain and trees, no part of the building itself.
    """
    count = len(buildings)
    height = buildings["height"].to_numpy(dtype=np.float64)
    middle = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    ground, each = ground_level(buildings, landscape), np.arange(count)
    outline = footprint_edges(buildings.geometry, sides=len(AZIMUTHS))
    sight = Sight(
        np.concatenate([middle, middle]), np.concatenate([each, each]), np.repeat([0, 1], count),
        (ground + height)[:, None],
    )  # fmt: skip
    halves = np.zeros((count, 2, SECTORS, 1), dtype=np.float32)
    _raise_to_neighbours(halves, buildings, outline, ground, sight=sight)
    add_terrain(halves, sight, landscape)
    crowns = crowns_before(sight, landscape, facades=2)
    whole = [np.asarray(values.max(axis=1).reshape(count, -1), dtype=np.float32) for values in crowns]
    return Skylines(np.asarray(halves.max(axis=(1, 3)), dtype=np.float32), Crowns(*whole))


def _raise_to_neighbours(
    horizon: NDArray[np.float32], buildings: gpd.GeoDataFrame, outline: Edges, ground: Array, *, sight: Sight
) -> None:
    """Write the horizon of neighbours; `ground` is the level on which each stands [m above datum]."""
    height = buildings["height"].to_numpy(dtype=np.float64)
    near_start, near = _neighbours(buildings, height, ground)
    order = np.argsort(outline.building, kind="stable")
    starts = np.searchsorted(outline.building[order], np.arange(len(buildings) + 1)).astype(np.int64)
    horizons(*sight, near_start, near, starts, outline.ends[order], ground + height, horizon)


def roof_view(skylines: Skylines) -> Array:
    """Return the share of an even sky's light that a flat roof gets: a sector loses sin²(h) below a height h."""
    lost = np.sin(skylines.horizon.astype(np.float64)) ** 2
    if skylines.crowns.height.shape[1]:
        crowns = np.sin(skylines.crowns.height.astype(np.float64)) ** 2
        lost += skylines.crowns.hides * np.maximum(crowns - lost, 0.0)
    return np.asarray(1.0 - lost.mean(axis=1), dtype=np.float64)


def sky_view(horizon: NDArray[np.float32], crowns: Crowns | None = None) -> Array:
    """Return the share of an even sky's light that facades get above a horizon and through crowns, mean of the bands.

    A vertical plane gets cos²(height) cos(azimuth) from each direction; a sector loses
    (h/2 + sin(2h)/4) / (pi/4) of its light to a horizon of height h, and to crowns a share of what is below them.
    """
    facades = horizon.shape[1]
    middle = (np.arange(SECTORS) + 0.5) * 2 * np.pi / SECTORS
    weight = np.maximum(np.cos(middle[None, :] - np.arange(facades)[:, None] * 2 * np.pi / facades), 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    lost = _lost_below(horizon)
    if crowns is not None and crowns.height.shape[3]:
        lost += crowns.hides * np.maximum(_lost_below(crowns.height) - lost, 0.0)
    blocked = np.einsum("bfsk,fs->bf", lost.astype(np.float64), weight) / max(horizon.shape[3], 1)
    return np.asarray(1.0 - blocked, dtype=np.float64)


def _lost_below(height: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of a facade's light of an even sky that comes from below heights [rad]."""
    lost, raised = np.zeros_like(height), height > 0
    above = height[raised]
    lost[raised] = (above / 2 + np.sin(2 * above) / 4) * (4 / np.pi)
    return lost


def _facades(outline: Edges, count: int) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return the middle, the building and the facing of each facade: its edges' middles weighted by length."""
    facades = len(AZIMUTHS)
    place = outline.building * facades + outline.facing
    length = np.bincount(place, outline.length, count * facades)
    middle = (outline.ends[:, :2] + outline.ends[:, 2:]) / 2
    there = np.flatnonzero(length > 0)
    sums = [np.bincount(place, outline.length * values, count * facades)[there] for values in middle.T]
    return np.column_stack(sums) / length[there, None], there // facades, there % facades


def _neighbours(
    buildings: gpd.GeoDataFrame, height: Array, ground: Array
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the buildings that stand high enough near each, as starts and places.

    On sloping ground those within the reach of the highest above the lowest are looked at one by one.
    """
    shapes = buildings.geometry.to_numpy()
    west, south, east, north = shapely.bounds(shapes).T
    level = ground.min(initial=np.inf)
    reach = np.minimum((height + (ground - level)) / LOWEST, FARTHEST)
    tree = shapely.STRtree(shapely.box(west, south, east, north))
    by, reached = tree.query(shapely.box(west - reach, south - reach, east + reach, north + reach))
    other = by != reached
    if (ground > level).any():
        across = np.maximum(west[by] - east[reached], west[reached] - east[by])
        apart = np.maximum(across, np.maximum(south[by] - north[reached], south[reached] - north[by]))
        other &= (height + ground)[by] - ground[reached] >= LOWEST * apart
    order = np.lexsort((by[other], reached[other]))
    starts = np.searchsorted(reached[other][order], np.arange(len(height) + 1))
    return starts.astype(np.int64), by[other][order].astype(np.int64)
