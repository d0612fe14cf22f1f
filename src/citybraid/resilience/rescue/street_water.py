"""Water along streets: line segments, the depth on each, and the driving speed in water."""

from typing import NamedTuple

import numpy as np
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.core.streets.street_network import Flags, Floats, Ints, Shapes
from citybraid.core.var import Factors

MM_PER_M = 1000.0


class Segments(NamedTuple):
    """Equal segments of stretches: the stretch of each, its length and its midpoint's position on the line [m].

    `cell` is the midpoint's flat cell, -1 off the grid.
    """

    stretch: Ints
    length: Floats
    along: Floats
    cell: Ints


class RoadSurface(NamedTuple):
    """Where segments lie: ground below and deck they are on [m], whether dry, and whether in a tunnel.

    `ground` is NaN where it is not known, `deck` NaN for segments on the ground; `dry` segments are on a
    deck of unknown level.
    """

    ground: Floats
    deck: Floats
    dry: Flags
    tunnel: Flags


@remembered(8)
def split_segments(lines: Shapes, start: Floats, end: Floats, *, grid: GeoBox) -> Segments:
    """Split a stretch of each line into equal segments no longer than half a cell."""
    length = end - start
    step = 0.5 * float(abs(grid.resolution.x))
    count = np.maximum(np.ceil(length / step), 1.0).astype(np.int64)
    stretch = np.repeat(np.arange(len(lines)), count)
    number = np.arange(stretch.size) - np.repeat(np.cumsum(count) - count, count)
    piece = length / count
    along = start[stretch] + (number + 0.5) * piece[stretch]
    points = shapely.get_coordinates(shapely.line_interpolate_point(lines[stretch], along))
    return Segments(stretch, piece[stretch], along, cell_at(points, grid))


def cell_at(points: Floats, grid: GeoBox) -> Ints:
    """Return the flat cell of each point (x, y), -1 off the grid."""
    column, row = (np.floor(part).astype(np.int64) for part in ~grid.affine * (points[:, 0], points[:, 1]))
    on_grid = (column >= 0) & (row >= 0) & (column < grid.shape[1]) & (row < grid.shape[0])
    return np.where(on_grid, row * grid.shape[1] + column, -1)


def sampled(values: xr.DataArray, cell: Ints) -> Floats:
    """Return a raster's values at flat cells, NaN off the grid."""
    at = values.to_numpy().ravel()[np.maximum(cell, 0)].astype(np.float64)
    return np.asarray(np.where(cell >= 0, at, np.nan), np.float64)


def segment_depth(segments: Segments, water: xr.DataArray, surface: RoadSurface) -> Floats:
    """Return the water depth on each segment [m]; NaN where the whole stretch has no data.

    On a deck the depth is the water level, ground plus depth, less the deck's level. A segment without data (in
    a building block) takes the larger of the nearest known depths on its stretch. A tunnel has one depth
    throughout, since water that flows in stays: the largest at its two portals and where its own ground, no higher
    than a portal, shows in the terrain.
    """
    depth = sampled(water, segments.cell)
    on_deck = np.isfinite(surface.deck)
    depth = np.where(on_deck, np.maximum(surface.ground + depth - surface.deck, 0.0), depth)
    depth = np.where(surface.dry, 0.0, depth)
    depth = _fill_gaps(depth, segments.stretch)
    if not surface.tunnel.any():
        return depth
    first = np.flatnonzero(np.r_[True, segments.stretch[1:] != segments.stretch[:-1]])
    last = np.r_[first[1:], segments.stretch.size] - 1
    index = np.searchsorted(segments.stretch[first], segments.stretch)
    portal = np.fmax(surface.ground[first], surface.ground[last])[index]
    counts = (
        (surface.ground <= portal) | (np.arange(depth.size) == first[index]) | (np.arange(depth.size) == last[index])
    )
    deepest = np.fmax.reduceat(np.where(counts, depth, np.nan), first)
    return np.asarray(np.where(surface.tunnel, deepest[index], depth), dtype=np.float64)


def _fill_gaps(depth: Floats, stretch: Ints) -> Floats:
    """Fill gaps with the larger of the nearest known depths on either side, on the same stretch."""
    known = np.flatnonzero(np.isfinite(depth))
    gap = np.flatnonzero(~np.isfinite(depth))
    if not known.size or not gap.size:
        return depth
    after = np.searchsorted(known, gap)
    sides = []
    for neighbour in (np.maximum(after - 1, 0), np.minimum(after, known.size - 1)):
        piece = known[neighbour]
        sides.append(np.where(stretch[piece] == stretch[gap], depth[piece], np.nan))
    filled = depth.copy()
    filled[gap] = np.fmax(*sides)
    return filled


def closing_depth(law: Factors) -> float:
    """Return the depth from which streets are impassable [m].

    Raises InputError where the speed-depth function increases or is negative below it, or the depth is not positive.
    """
    square, slope, dry, closed = (law[key] for key in ("square", "slope", "dry", "closed"))
    last = square * closed**2 + slope * closed + dry
    if closed <= 0.0 or max(slope, 2.0 * square * closed + slope) > 0.0 or last < 0.0:
        raise InputError("access.speed_law", square=square, slope=slope, dry=dry, closed=closed)
    return closed / MM_PER_M


def wet_speed(free: Floats, depth: Floats, law: Factors) -> Floats:
    """Return the speed in water [km/h]: the speed-depth function, at most free flow; 0 from the closing depth on.

    Free-flow speed applies where it is dry or the depth is unknown.
    """
    closed = closing_depth(law) * MM_PER_M
    w = np.nan_to_num(depth, nan=0.0) * MM_PER_M
    speed = np.minimum(free, law["square"] * w**2 + law["slope"] * w + law["dry"])
    return np.where(w <= 0.0, free, np.where(w >= closed, 0.0, speed))
