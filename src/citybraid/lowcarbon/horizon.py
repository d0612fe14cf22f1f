"""Horizon of facades from the footprints and heights of the buildings around them."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_horizon import horizons
from citybraid.kernels.buildings.zone_inputs import SECTORS
from citybraid.lowcarbon.climate import AZIMUTHS

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


class Outline(NamedTuple):
    """Edges of footprints, counterclockwise around the outside."""

    edges: Array
    """Start and end of each edge [m], (edges, 4)."""
    building: NDArray[np.int64]
    facing: NDArray[np.int64]
    """Facade of each edge: the nearest of AZIMUTHS to its outward normal."""
    length: Array


def outlines(buildings: gpd.GeoDataFrame) -> Outline:
    """Return the edges of footprints with the orientation they face; courtyards count."""
    parts, owner = shapely.get_parts(buildings.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = np.diff(ring) == 0
    edges = np.column_stack([points[:-1], points[1:]])[within]
    step = edges[:, 2:] - edges[:, :2]
    # Outward normal as azimuth from north: rings are oriented, so it lies on a fixed side of each edge.
    outward = np.degrees(np.arctan2(step[:, 1], -step[:, 0])) % 360.0
    facing = np.round(outward / (360.0 / len(AZIMUTHS))).astype(np.int64) % len(AZIMUTHS)
    return Outline(edges, owner[part][ring[:-1][within]].astype(np.int64), facing, np.hypot(step[:, 0], step[:, 1]))


def open_surroundings(count: int) -> Surroundings:
    """Return the surroundings of buildings that nothing shades."""
    facades = len(AZIMUTHS)
    return Surroundings(np.zeros((count, facades, SECTORS, 0), dtype=np.float32), np.ones((count, facades + 1)))


def surroundings(buildings: gpd.GeoDataFrame) -> Surroundings:
    """Return the horizon of each building's facades by 36 sectors of azimuth and three bands of storeys.

    A facade is seen from the middle of its edges, at the middle of each band; a sector's horizon is that of the ray
    through its middle. Prisms of footprint and height on level ground block, a building does not shade itself or
    its roof, and trees, terrain and buildings outside the table do not count.
    """
    count, facades = len(buildings), len(AZIMUTHS)
    height = buildings["height"].to_numpy(dtype=np.float64)
    outline = outlines(buildings)
    points, owner, facing = _facades(outline, count)
    near_start, near = _neighbours(buildings, height)
    order = np.argsort(outline.building, kind="stable")
    bands = height[:, None] * (np.arange(BANDS) + 0.5) / BANDS
    horizon = np.zeros((count, facades, SECTORS, BANDS), dtype=np.float32)
    horizons(
        points, owner, facing, bands, near_start, near,
        np.searchsorted(outline.building[order], np.arange(count + 1)).astype(np.int64), outline.edges[order], height,
        horizon,
    )  # fmt: skip
    return Surroundings(horizon, np.column_stack([sky_view(horizon), np.ones(count)]))


def roof_horizons(buildings: gpd.GeoDataFrame) -> NDArray[np.float32]:
    """Return the horizon seen from the middle of each roof by sector of azimuth [rad], (buildings, SECTORS).

    Only what stands above the roof counts: neighbours as prisms, no part of the building itself.
    """
    count = len(buildings)
    height = buildings["height"].to_numpy(dtype=np.float64)
    middle = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    outline, (near_start, near) = outlines(buildings), _neighbours(buildings, height)
    order = np.argsort(outline.building, kind="stable")
    halves = np.zeros((count, 2, SECTORS, 1), dtype=np.float32)
    each = np.arange(count)
    horizons(
        np.concatenate([middle, middle]), np.concatenate([each, each]), np.repeat([0, 1], count), height[:, None],
        near_start, near, np.searchsorted(outline.building[order], np.arange(count + 1)).astype(np.int64),
        outline.edges[order], height, halves,
    )  # fmt: skip
    return np.asarray(halves.max(axis=(1, 3)), dtype=np.float32)


def roof_view(horizon: NDArray[np.float32]) -> Array:
    """Return the share of an even sky's light that a flat roof gets above a horizon: a sector loses sin²(h)."""
    return np.asarray(1.0 - (np.sin(horizon.astype(np.float64)) ** 2).mean(axis=1), dtype=np.float64)


def sky_view(horizon: NDArray[np.float32]) -> Array:
    """Return the share of an even sky's light that facades get above a horizon, mean of the bands.

    A vertical plane gets cos²(height) cos(azimuth) from each direction; a sector loses
    (h/2 + sin(2h)/4) / (pi/4) of its light to a horizon of height h.
    """
    facades = horizon.shape[1]
    middle = (np.arange(SECTORS) + 0.5) * 2 * np.pi / SECTORS
    weight = np.maximum(np.cos(middle[None, :] - np.arange(facades)[:, None] * 2 * np.pi / facades), 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    lost, raised = np.zeros_like(horizon), horizon > 0
    height = horizon[raised]
    lost[raised] = (height / 2 + np.sin(2 * height) / 4) * (4 / np.pi)
    blocked = np.einsum("bfsk,fs->bf", lost.astype(np.float64), weight) / max(horizon.shape[3], 1)
    return np.asarray(1.0 - blocked, dtype=np.float64)


def _facades(outline: Outline, count: int) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return the middle, the building and the facing of each facade: its edges' middles weighted by length."""
    facades = len(AZIMUTHS)
    place = outline.building * facades + outline.facing
    length = np.bincount(place, outline.length, count * facades)
    middle = (outline.edges[:, :2] + outline.edges[:, 2:]) / 2
    there = np.flatnonzero(length > 0)
    sums = [np.bincount(place, outline.length * values, count * facades)[there] for values in middle.T]
    return np.column_stack(sums) / length[there, None], there // facades, there % facades


def _neighbours(buildings: gpd.GeoDataFrame, height: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the buildings that stand high enough near each, as starts and places."""
    west, south, east, north = shapely.bounds(buildings.geometry.to_numpy()).T
    reach = np.minimum(height / LOWEST, FARTHEST)
    tree = shapely.STRtree(shapely.box(west, south, east, north))
    by, reached = tree.query(shapely.box(west - reach, south - reach, east + reach, north + reach))
    other = by != reached
    order = np.lexsort((by[other], reached[other]))
    starts = np.searchsorted(reached[other][order], np.arange(len(height) + 1))
    return starts.astype(np.int64), by[other][order].astype(np.int64)
