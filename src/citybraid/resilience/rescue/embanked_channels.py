"""Channels that end at the embankment of a street: the terrain shows no opening, where there may be a culvert."""

import numpy as np
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.streets.street_network import Flags, Floats, Ints, Shapes
from citybraid.core.var import Factors
from citybraid.resilience.rescue.channel_spans import Span, channel_spans
from citybraid.resilience.rescue.street_decks import BESIDE, shows_streets, steep_samples
from citybraid.resilience.rescue.street_water import Segments, cell_at, sampled, split_segments


def embanked_channels(lines: Shapes, bridge: Flags, terrain: xr.DataArray, *, law: Factors, grid: GeoBox) -> Ints:
    """Return for each line how many channels run against its embankment from both sides.

    On both sides of the street the ground beside it shows a channel (`channel_spans`), and the street between is
    higher than both beds by the least height of a deck. `bridge` marks the lines that are bridges: they have none.
    """
    segments = split_segments(lines, np.zeros(len(lines)), shapely.length(lines), grid=grid)
    cell = float(abs(grid.resolution.x))
    offset = max(BESIDE[1], 2.0 * cell)
    ground = sampled(terrain, segments.cell)
    left, right = (_beside(lines, segments, side * offset, terrain, grid) for side in (-1.0, 1.0))
    bounds = np.searchsorted(segments.stretch, np.arange(len(lines) + 1))
    count = np.zeros(len(lines), np.int64)
    if not shows_streets(ground, segments, law):
        return count
    for line in np.flatnonzero(~bridge & _steep(left, segments, law) & _steep(right, segments, law)):
        part = slice(bounds[line], bounds[line + 1])
        spacing = float(segments.length[part][0])
        skew = round(offset / spacing)
        spans = [channel_spans(side[part], spacing, cell=cell, law=law) for side in (left, right)]
        count[line] = sum(
            any(
                _is_embanked(one, other, ground[part], left[part], right[part], skew=skew, law=law)
                for other in spans[1]
            )
            for one in spans[0]
        )
    return count


def _is_embanked(
    one: Span, other: Span, ground: Floats, left: Floats, right: Floats, *, skew: int, law: Factors
) -> bool:
    """Tell whether channels on both sides face each other across ground that is higher than both beds."""
    if max(one.first, other.first) - min(one.last, other.last) > skew:
        return False
    between = ground[min(one.first, other.first) : max(one.last, other.last) + 1]
    bed = max(left[one.first : one.last + 1].min(), right[other.first : other.last + 1].min())
    return bool(between.min() >= bed + law["least_drop"])


def _steep(beside: Floats, segments: Segments, law: Factors) -> Flags:
    """Return the lines with ground beside them steeper than any street, on the ground throughout."""
    lines = int(segments.stretch[-1]) + 1
    steep = steep_samples(beside, segments, grade=0.5 * law["steepest"])
    banks, unknown = (np.bincount(segments.stretch, flags, lines) for flags in (steep, np.isnan(beside)))
    return np.asarray((banks > 0) & (unknown == 0), np.bool_)


def _beside(lines: Shapes, segments: Segments, offset: float, terrain: xr.DataArray, grid: GeoBox) -> Floats:
    """Return the ground level `offset` [m] to the right of each segment."""
    shapes = lines[segments.stretch]
    start, end = (
        shapely.get_coordinates(shapely.line_interpolate_point(shapes, segments.along + half * segments.length))
        for half in (-0.5, 0.5)
    )
    along = end - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    across = np.column_stack([along[:, 1], -along[:, 0]]) / length
    return sampled(terrain, cell_at(0.5 * (start + end) + offset * across, grid))
