"""Water along streets: line segments, the depth on each, and the driving speed in water."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.land_cover import water_covers
from citybraid.core.remembered import remembered
from citybraid.core.var import Factors
from citybraid.resilience.rescue.street_network import Flags, Floats, Ints, Shapes

MM_PER_M = 1000.0


class Segments(NamedTuple):
    """Equal segments of stretches: the stretch of each, its length [m], its midpoint's flat cell, -1 off the grid."""

    stretch: Ints
    length: Floats
    cell: Ints


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
    column, row = (np.floor(part).astype(np.int64) for part in ~grid.affine * (points[:, 0], points[:, 1]))
    on_grid = (column >= 0) & (row >= 0) & (column < grid.shape[1]) & (row < grid.shape[0])
    return Segments(stretch, piece[stretch], np.where(on_grid, row * grid.shape[1] + column, -1))


def segment_depth(
    segments: Segments, water: Floats, *, bridge: Flags, tunnel: Flags, cover: NDArray[np.integer] | None
) -> Floats:
    """Return the water depth on each segment [m]; NaN where the whole stretch has no data.

    `bridge` and `tunnel` mark stretches. A bridge, or a street across open water,
    is dry. A segment without data (in a building block) takes the larger of the nearest known depths on its
    stretch. A tunnel has the larger depth of its two portals throughout, since water that flows in stays.
    """
    cell = np.maximum(segments.cell, 0)
    depth = np.where(segments.cell >= 0, water.ravel()[cell], np.nan)
    if cover is not None:
        depth = np.where((segments.cell >= 0) & np.isin(cover.ravel()[cell], water_covers()), 0.0, depth)
    depth = _fill_gaps(depth, segments.stretch)
    depth = np.where(bridge[segments.stretch], 0.0, depth)
    first = np.flatnonzero(np.r_[True, segments.stretch[1:] != segments.stretch[:-1]])
    last = np.r_[first[1:], segments.stretch.size] - 1
    mouths = np.fmax(depth[first], depth[last])
    stretch_index = np.searchsorted(segments.stretch[first], segments.stretch)
    return np.asarray(np.where(tunnel[segments.stretch], mouths[stretch_index], depth), dtype=np.float64)


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
