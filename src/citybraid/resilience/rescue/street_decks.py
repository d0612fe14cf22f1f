"""Decks of bridges along streets: stated by attributes, or inferred where a street crosses water or a channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.land_cover import water_covers
from citybraid.core.streets.street_network import Flags, Floats, Ints, Shapes
from citybraid.core.streets.street_structures import stated_bridges, stated_on_ground, stated_tunnels
from citybraid.core.var import Factors
from citybraid.resilience.rescue.channel_spans import Span, bank_top, channel_spans
from citybraid.resilience.rescue.street_water import RoadSurface, Segments, cell_at, sampled, split_segments

STATED, OVER_WATER, OVER_CHANNEL = 0, 1, 2
"""Evidence of a deck: an attribute of the street; water of the land cover; a channel in the terrain."""
SAMPLES = 2
"""Samples of a profile in the width of a cell."""
MEETING = 1.0
"""Ends of streets within this distance meet [m]."""
BESIDE = (15.0, 30.0)
"""Distances beside a street at which a channel must go on [m], at least two cells."""


class Decks(NamedTuple):
    """Decks: line, start and end along it [m], ground levels of the abutments [m] (NaN: not known), and evidence."""

    line: Ints
    start: Floats
    end: Floats
    start_level: Floats
    end_level: Floats
    evidence: Ints

    @property
    def inferred(self) -> Flags:
        """Which decks no attribute states."""
        return np.asarray(self.evidence != STATED, np.bool_)

    def at(self, line: Ints, along: Floats) -> Ints:
        """Return the deck at each position on a line [m], -1 for none; a stated one before an inferred one."""
        decks = np.full(len(line), -1, np.int64)
        order = np.argsort(line, kind="stable")
        first, last = (np.searchsorted(line[order], self.line, side) for side in ("left", "right"))
        for deck in np.argsort(-self.evidence, kind="stable"):
            rows = order[first[deck] : last[deck]]
            decks[rows[(along[rows] >= self.start[deck]) & (along[rows] <= self.end[deck])]] = deck
        return decks


def find_decks(
    lines: Shapes, row: Ints, streets: gpd.GeoDataFrame, *, terrain: xr.DataArray | None, cover: xr.DataArray | None,
    law: Factors, grid: GeoBox,
) -> Decks:  # fmt: skip
    """Return the decks on the lines of streets, in order of their lines.

    A stated bridge is a deck over its whole line. Elsewhere a deck is inferred over water of the land cover, and over
    a channel in the terrain (`channel_spans`) that goes on at both sides of the street; neither in a tunnel nor where
    the street is said not to be a bridge, and no channel where the terrain is too rough to show streets. Without
    terrain only water of the land cover counts, and no level is known.
    """
    profiles = split_segments(lines, np.zeros(len(lines)), shapely.length(lines), grid=grid)
    ground = np.full(profiles.cell.size, np.nan) if terrain is None else sampled(terrain, profiles.cell)
    wet = np.zeros(profiles.cell.size, np.bool_)
    if cover is not None:
        wet = np.isin(sampled(cover, profiles.cell), water_covers())
    bridge = stated_bridges(streets)[row]
    excluded = bridge | (stated_tunnels(streets) | stated_on_ground(streets))[row]
    decks = list(_stated(lines, np.flatnonzero(bridge), bridge, terrain, grid=grid, law=law))
    cell = float(abs(grid.resolution.x))
    bounds = np.searchsorted(profiles.stretch, np.arange(len(lines) + 1))
    steep = steep_samples(ground, profiles, grade=0.5 * law["steepest"])
    smooth = shows_streets(ground, profiles, law)
    candidates = np.unique(profiles.stretch[wet | steep])
    for line in candidates[~excluded[candidates]]:
        samples = slice(bounds[line], bounds[line + 1])
        profile = _Profile(int(line), lines[line], ground[samples], float(profiles.length[samples][0]))
        decks += profile.over_water(wet[samples], law)
        if smooth:
            decks += profile.over_channels(terrain, grid, cell=cell, law=law)
    columns = np.array(sorted(decks), np.float64).reshape(-1, len(Decks._fields)).T
    line, start, end, start_level, end_level, evidence = columns
    return Decks(line.astype(np.int64), start, end, start_level, end_level, evidence.astype(np.int64))


def steep_samples(ground: Floats, profiles: Segments, *, grade: float) -> Flags:
    """Return the samples of profiles at which the ground along them is steeper than a grade."""
    steep = np.zeros(ground.size, np.bool_)
    same = profiles.stretch[1:] == profiles.stretch[:-1]
    steep[1:] = same & (np.abs(np.diff(ground)) > grade * profiles.length[1:])
    return steep


def shows_streets(ground: Floats, profiles: Segments, law: Factors) -> bool:
    """Tell whether streets could be driven on the ground as it is drawn: else it is too rough to show channels.

    At most a share (`roughest`) of the streets' length may be steeper than any street.
    """
    length = profiles.length[np.isfinite(ground)].sum()
    steep = profiles.length[steep_samples(ground, profiles, grade=law["steepest"])].sum()
    return bool(steep <= law["roughest"] * length)


def road_surface(
    segments: Segments, line: Ints, row: Ints, streets: gpd.GeoDataFrame, *, decks: Decks,
    terrain: xr.DataArray | None,
) -> RoadSurface:  # fmt: skip
    """Return where the segments of stretches lie; `line` is each segment's line, `row` each segment's street."""
    ground = np.full(line.size, np.nan) if terrain is None else sampled(terrain, segments.cell)
    deck = decks.at(line, segments.along)
    on_deck, index = deck >= 0, np.maximum(deck, 0)
    level = np.full(line.size, np.nan)
    if len(decks.line):
        span = np.maximum(decks.end - decks.start, 1e-9)[index]
        share = np.clip((segments.along - decks.start[index]) / span, 0.0, 1.0)
        straight = decks.start_level[index] + share * (decks.end_level - decks.start_level)[index]
        level = np.where(on_deck, straight, np.nan)
    known = np.isfinite(level) & np.isfinite(ground)
    above = known & (ground < level)
    inferred = decks.inferred[index] if len(decks.line) else np.zeros(line.size, np.bool_)
    # At an abutment the street is on the ground. A stated deck whose line the ground reaches is higher, by an unknown
    # height.
    dry = on_deck & ~above & ~(inferred & known)
    return RoadSurface(ground, np.where(above, level, np.nan), dry, stated_tunnels(streets)[row])


@dataclass(frozen=True)
class _Profile:
    """The ground along a line: its number, shape, ground levels [m] and the distance between samples [m]."""

    line: int
    shape: shapely.LineString
    ground: Floats
    spacing: float

    def over_water(self, wet: Flags, law: Factors) -> Iterator[tuple[float, ...]]:
        """Yield the decks over water, between the tops of its banks or the shores where those are not known."""
        edges = np.flatnonzero(np.diff(np.r_[False, wet, False]))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            left, right = (self._abutment(at, step, law) for at, step in ((int(first) - 1, -1), (int(end), 1)))
            levels = [self.ground[at] if 0 <= at < len(self.ground) else np.nan for at in (left, right)]
            levels = [level if np.isfinite(level) else other for level, other in zip(levels, levels[::-1], strict=True)]
            yield (self.line, (left + 0.5) * self.spacing, (right + 0.5) * self.spacing, *levels, OVER_WATER)

    def _abutment(self, at: int, step: int, law: Factors) -> int:
        if not 0 <= at < len(self.ground):
            return at
        return bank_top(self.ground, at, step=step, lag=SAMPLES, spacing=self.spacing, grade=0.5 * law["steepest"])

    def over_channels(
        self, terrain: xr.DataArray | None, grid: GeoBox, *, cell: float, law: Factors
    ) -> Iterator[tuple[float, ...]]:
        """Yield the decks over channels of the terrain that go on at both sides of the street."""
        if terrain is None:
            return
        for span in channel_spans(self.ground, self.spacing, cell=cell, law=law):
            sides = [_lowest_beside(self, span, side, terrain, grid, cell=cell) for side in (-1.0, 1.0)]
            level = float(min(self.ground[span.first], self.ground[span.last])) - law["least_drop"]
            known = [each for each in sides if np.isfinite(each)]
            if known and max(known) <= level:
                ends = (self.ground[span.first], self.ground[span.last])
                yield (
                    self.line, (span.first + 0.5) * self.spacing, (span.last + 0.5) * self.spacing, *ends, OVER_CHANNEL
                )  # fmt: skip


def _lowest_beside(
    profile: _Profile, span: Span, side: float, terrain: xr.DataArray, grid: GeoBox, *, cell: float
) -> float:
    """Return the lowest ground beside a span, the highest over the distances from the street; NaN off the terrain."""
    lowest = [
        beside_profile(profile.shape, (span.first + 0.5) * profile.spacing, (span.last + 0.5) * profile.spacing,
                       side * max(distance, 2.0 * cell), terrain, grid)
        for distance in BESIDE
    ]  # fmt: skip
    known = [float(np.nanmin(levels)) for levels in lowest if np.isfinite(levels).any()]
    return max(known) if known else np.nan


def beside_profile(
    shape: shapely.LineString, start: float, end: float, offset: float, terrain: xr.DataArray, grid: GeoBox
) -> Floats:
    """Return ground levels [m] every half cell beside part of a street, `offset` [m] to its right; NaN off the grid.

    The profile is longer than the part by the offset at both ends: a channel may cross at an angle of up to 45°.
    """
    ends = shapely.get_coordinates(shapely.line_interpolate_point(shape, [start, end]))
    length = float(np.hypot(*(ends[1] - ends[0])))
    if length == 0.0:
        return np.full(1, np.nan)
    along = (ends[1] - ends[0]) / length
    across = np.array([along[1], -along[0]])
    reach = abs(offset)
    count = int(np.ceil((length + 2.0 * reach) / (0.5 * abs(grid.resolution.x)))) + 1
    points = ends[0] + np.linspace(-reach, length + reach, count)[:, None] * along + offset * across
    return sampled(terrain, cell_at(points, grid))


def _stated(
    lines: Shapes, bridges: Ints, bridge: Flags, terrain: xr.DataArray | None, *, grid: GeoBox, law: Factors
) -> Iterator[tuple[float, ...]]:
    """Yield the stated decks; an end that only other bridges join hangs in the air: then no level is known."""
    from scipy.spatial import cKDTree

    if not bridges.size:
        return
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)])
    owner = np.tile(np.arange(len(lines)), 2)
    tree = cKDTree(ends)
    length = shapely.length(lines)
    for line in bridges:
        levels = [_end_level(shape, terrain, grid, law) for shape in (lines[line], lines[line].reverse())]
        for end in (line, line + len(lines)):
            meeting = owner[tree.query_ball_point(ends[end], MEETING)]
            meeting = meeting[meeting != line]
            if len(meeting) and bridge[meeting].all():
                levels = [np.nan, np.nan]
        yield (line, 0.0, length[line], *levels, STATED)


def _end_level(shape: shapely.LineString, terrain: xr.DataArray | None, grid: GeoBox, law: Factors) -> float:
    """Return the ground level of the abutment at a bridge's start [m]; NaN where it is not known.

    A line that starts on the bank is followed straight backwards, up to the top of it: within a cell, and then as long
    as the ground climbs more steeply than half of the steepest street.
    """
    if terrain is None:
        return np.nan
    spacing = 0.5 * abs(float(grid.resolution.x))
    start, ahead = shapely.get_coordinates(shapely.line_interpolate_point(shape, [0.0, min(spacing, shape.length)]))
    back = (start - ahead) / float(np.hypot(*(start - ahead)))
    steps = np.arange(int(law["widest"] / 2.0 / spacing) + 3)
    ground = sampled(terrain, cell_at(start + spacing * steps[:, None] * back, grid))
    top = bank_top(ground, 0, step=1, lag=SAMPLES, spacing=spacing, grade=0.5 * law["steepest"])
    near = ground[: max(top, 2) + 1]
    return float(np.nanmax(near)) if np.isfinite(near).any() else np.nan
