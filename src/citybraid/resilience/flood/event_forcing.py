"""Forcing of a flood: rain, inflows and boundary levels over the intervals of an event."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.group import ZeroBeside
from citybraid.core.var import Over
from citybraid.core.vocabulary.forcing import RAIN_FIELD, SIDE_LEVEL
from citybraid.core.vocabulary.water import EDGE_LEVEL, INFLOW_DISCHARGE, INFLOW_HYDROGRAPH, RAIN_INTENSITY
from citybraid.resilience.flood.course import course_times
from citybraid.resilience.flood.grid import LEVEL_EDGES, SIDES, Inflows
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.rain.forcing import Course, Forcing, Steps, course, intervals, steps

DRIVERS = ("areal_rain", "inflow_discharge", "inflow_hydrograph", "edge_level", "side_levels", "initial_depth")
"""What may drive a flood without rain."""


class EventForcing(NamedTuple):
    """Rain, uniform or as a field; inflows with their discharge; levels at the edges.

    A flood that is run on its own needs no rain where a field of it, an inflow, a level or its first water drives it.
    """

    rain_intensity: Annotated[RAIN_INTENSITY, ZeroBeside(DRIVERS)]
    areal_rain: RAIN_FIELD | None = None
    inflows: Inflows | None = None
    inflow_discharge: INFLOW_DISCHARGE | None = None
    inflow_hydrograph: INFLOW_HYDROGRAPH | None = None
    edge_level: EDGE_LEVEL | None = None
    side_levels: Annotated[Mapping[str, pd.Series], Over(SIDE_LEVEL, "side")] | None = None


class Timing(NamedTuple):
    """The forcing of an event, and the time from which it may end once its water is at rest [s]."""

    forcing: Forcing
    series_end: float


def build_forcing(inputs: EventForcing, rain: Steps, p: FloodParams, *, most: float) -> Timing:
    """Return the forcing of an event over intervals of at most `most` [s], with its rain as steps.

    Where its duration is not stated, an event lasts as long as its longest series, and until `recession` after its
    last rain and inflow: levels at edges may end before it, and are then constant.

    Raises InputError where inflows lack their discharge or a discharge its inflows, where both kinds of discharge are
    given, and where a side's level is missing, unused, or of an unknown side.
    """
    inflow = _inflow(inputs, p)
    levels = _levels(inputs, p)
    series = [each for each in (rain, inflow, *levels) if isinstance(each, Steps | Course)]
    series_end = p.duration if p.duration is not None else max(float(each.edges[-1]) for each in series)
    supplied = max(_last_supply(each) for each in (rain, inflow) if isinstance(each, Steps | Course))
    end = series_end if p.duration is not None else max(series_end, supplied + p.recession)
    stops = course_times(end, p.course_interval)
    return Timing(intervals(rain, inflow, levels, until=end, most=most, stops=stops), series_end)


def _last_supply(series: Steps | Course) -> float:
    """Return when the last rate above 0 of a series ends [s], 0 where there is none."""
    positive = np.flatnonzero(series.rates > 0.0)
    return float(series.edges[min(positive[-1] + 1, len(series.edges) - 1)]) if positive.size else 0.0


def _inflow(inputs: EventForcing, p: FloodParams) -> Steps | Course | None:
    discharge, hydrograph = inputs.inflow_discharge, inputs.inflow_hydrograph
    if discharge is not None and hydrograph is not None:
        raise InputError("flood.inflow_twice")
    if (inputs.inflows is None) != (discharge is None and hydrograph is None):
        given = "inflow_discharge" if hydrograph is None else "inflow_hydrograph"
        raise InputError("flood.inflow_half", given="inflows" if inputs.inflows is not None else given)
    if hydrograph is not None:
        return course(hydrograph, "inflow_hydrograph", until=p.duration)
    return None if discharge is None else steps(discharge, "inflow_discharge", until=p.duration)


def _levels(inputs: EventForcing, p: FloodParams) -> tuple[Steps | float | None, ...]:
    """Return each side's level: constant, its own series, or the common one; raises InputError where it has none."""
    by_side = inputs.side_levels or {}
    if unknown := sorted(set(by_side) - set(SIDES)):
        raise InputError("flood.side_unknown", got=unknown, needs=list(SIDES))
    if idle := [name for name in by_side if getattr(p, name) not in LEVEL_EDGES]:
        raise InputError("flood.side_idle", sides=sorted(idle))

    def level(name: str) -> Steps | float | None:
        setting = getattr(p, name)
        if setting not in LEVEL_EDGES:
            return setting if isinstance(setting, float) else None
        series, name_of_series = (
            (by_side[name], f"side_level {name}") if name in by_side else (inputs.edge_level, "edge_level")
        )
        if series is None:
            raise InputError("flood.level_missing", side=name)
        return steps(series, name_of_series, until=p.duration)

    return tuple(level(name) for name in SIDES)
