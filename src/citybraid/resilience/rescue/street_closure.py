"""Closure times of streets in an event, and the length closed at each time."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access_course import (
    CLOSED_FROM,
    CLOSED_HOURS,
    CLOSED_STREET_COURSE,
    CLOSED_UNTIL,
    WATERLOGGED_STREET_COURSE,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import depths_of, hours_of
from citybraid.resilience.rescue.street_depth import CARRIED, streets_on_ground
from citybraid.resilience.rescue.street_water import MM_PER_M, closing_depth, segment_depth


class StreetClosure(NamedTuple):
    """Streets over the time of an event."""

    closed_from: CLOSED_FROM
    closed_until: CLOSED_UNTIL
    closed_hours: CLOSED_HOURS
    closed_street_course: CLOSED_STREET_COURSE
    waterlogged_street_course: WATERLOGGED_STREET_COURSE


class Closures(NamedTuple):
    """Closure of rows [h]: first and last time (NaN: never, or still closed at the end), and total duration."""

    first: Floats
    last: Floats
    hours: Floats


@model(
    version=2,
    cite="Pregnolato et al. (2017), Transp. Res. D 55: 67-81 (closure at 300 mm); GB 50014-2021, note to table 4.1.4 "
    "(passable lane)",
    validity="As for water on streets; times between two depths of the course are interpolated.",
)
def street_closure(
    *,
    depth_course: DEPTH_COURSE,
    streets: Annotated[View, Table("streets", (), CARRIED)],
    street_water_limit: Annotated[Factors, Fact("street_water_limit")],
    flooded_road_speed: Annotated[Factors, Fact("flooded_road_speed")],
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    grid: GeoBox,
    terrain: TERRAIN | None = None,
    land_cover: LAND_COVER | None = None,
) -> StreetClosure:
    """Return when water closes each street, and the length closed and waterlogged at each time.

    Depth is sampled as in `street_depth`, at each output time. Between two times the street's maximum depth
    is interpolated linearly, so a street closes and opens where the line crosses the closing
    depth. Closures wholly between two times are not resolved. A street without grid data has no value.
    """
    hours = hours_of(depth_course, grid)
    segments, street, surface = streets_on_ground(
        streets, terrain=terrain, land_cover=land_cover, law=street_crossing, grid=grid
    )
    closing = closing_depth(flooded_road_speed)
    deepest = np.full((len(hours), len(streets)), np.nan)
    closed, waterlogged = np.zeros(len(hours)), np.zeros(len(hours))
    for step, water in enumerate(depths_of(depth_course)):
        depth = segment_depth(segments, xr.DataArray(water, dims=("y", "x")), surface)
        np.fmax.at(deepest[step], street, depth)
        closed[step] = segments.length[depth >= closing].sum()
        waterlogged[step] = segments.length[depth > street_water_limit[""] / MM_PER_M].sum()
    periods = closures(hours, deepest, closing=closing)
    index, known = pd.Index(hours, name="hours"), np.isfinite(deepest).all(axis=0)

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(known, values, np.nan), index=streets.index)

    return StreetClosure(
        closed_from=column(periods.first), closed_until=column(periods.last), closed_hours=column(periods.hours),
        closed_street_course=pd.Series(closed, index=index),
        waterlogged_street_course=pd.Series(waterlogged, index=index),
    )  # fmt: skip


def closures(hours: Floats, depth: Floats, *, closing: float) -> Closures:
    """Return when depths (time, row) exceed a closing depth, by linear interpolation between the times."""
    over = depth >= closing
    start, end = depth[:-1], depth[1:]
    crossing = over[:-1] != over[1:]
    gap = np.diff(hours)[:, None]
    share = np.clip((closing - start) / np.where(crossing, end - start, 1.0), 0.0, 1.0)
    crossing_time = hours[:-1, None] + share * gap
    below = np.where(over[:-1], 1.0 - share, share)
    closed_time = np.where(crossing, gap * (1.0 - below), gap * (over[:-1] & over[1:]))
    opens, closes = (
        np.where(crossing & over[:-1], crossing_time, -np.inf),
        np.where(crossing & over[1:], crossing_time, np.inf),
    )
    first = np.where(over[0], hours[0], closes.min(axis=0))
    last = np.where(over[-1], np.nan, opens.max(axis=0))
    return Closures(
        np.where(np.isfinite(first), first, np.nan), np.where(np.isfinite(last), last, np.nan), closed_time.sum(axis=0)
    )
