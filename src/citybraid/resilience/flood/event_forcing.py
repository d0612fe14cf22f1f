"""What drives a flood: rain, inflows, and levels at its edges, as stretches of time."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.var import Over
from citybraid.core.vocabulary.forcing import RAIN_FIELD, SIDE_LEVEL
from citybraid.core.vocabulary.water import EDGE_LEVEL, INFLOW_DISCHARGE, RAIN_INTENSITY
from citybraid.resilience.flood.course import course_times
from citybraid.resilience.flood.grid import HELD, SIDES, Inflows
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.rain.forcing import Forcing, Steps, steps, stretches


class EventForcing(NamedTuple):
    """Rain, the same everywhere or as a field; inflows with their discharge; levels at the edges."""

    rain_intensity: RAIN_INTENSITY
    areal_rain: RAIN_FIELD | None = None
    inflows: Inflows | None = None
    inflow_discharge: INFLOW_DISCHARGE | None = None
    edge_level: EDGE_LEVEL | None = None
    side_levels: Annotated[Mapping[str, pd.Series], Over(SIDE_LEVEL, "side")] | None = None


def prescribed(given: EventForcing, rain: Steps, p: FloodParams, *, most: float) -> Forcing:
    """Return the stretches of an event, at most `most` [s] long, with its rain as steps.

    Raises InputError where inflows lack their discharge or a discharge its inflows, and where a side's level is
    missing, is of no use, or is of no side.
    """
    inflow = _inflow(given, p)
    levels = _levels(given, p)
    series = [each for each in (rain, inflow, *levels) if isinstance(each, Steps)]
    end = p.duration if p.duration is not None else max(float(each.edges[-1]) for each in series)
    return stretches(rain, inflow, levels, until=end, most=most, stops=course_times(end, p.course_interval))


def _inflow(given: EventForcing, p: FloodParams) -> Steps | None:
    discharge = given.inflow_discharge
    if (given.inflows is None) != (discharge is None):
        raise InputError("flood.inflow_half", given="inflows" if discharge is None else "inflow_discharge")
    return None if discharge is None else steps(discharge, "inflow_discharge", until=p.duration)


def _levels(given: EventForcing, p: FloodParams) -> tuple[Steps | float | None, ...]:
    """Return each side's level: fixed, its own series, or the one for all; raises InputError where it has none."""
    by_side = given.side_levels or {}
    if unknown := sorted(set(by_side) - set(SIDES)):
        raise InputError("flood.side_unknown", got=unknown, needs=list(SIDES))
    if idle := [name for name in by_side if getattr(p, name) not in HELD]:
        raise InputError("flood.side_idle", sides=sorted(idle))

    def level(name: str) -> Steps | float | None:
        said = getattr(p, name)
        if said not in HELD:
            return said if isinstance(said, float) else None
        series, called = (by_side[name], f"side_level {name}") if name in by_side else (given.edge_level, "edge_level")
        if series is None:
            raise InputError("flood.level_missing", side=name)
        return steps(series, called, until=p.duration)

    return tuple(level(name) for name in SIDES)
