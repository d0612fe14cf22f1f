"""Rain, inflow and boundary levels as time intervals with constant rain and inflow."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.kernels.flood.state import ForcingInterval

EVERYWHERE = np.zeros((0, 1), np.float32)
"""No rain field: the rain of an interval is uniform over all cells."""
F64 = NDArray[np.float64]
HOUR = 3600.0
ROUNDING = 1e-4
"""Times closer than this are the same [s]."""
PART, MOST_PARTS = 60.0, 1440
"""Parts of a series that is linear between labels: a minute [s], longer where they would be more than this."""
MM_PER_HOUR = 1.0 / 3.6e6
"""One mm h⁻¹ in m s⁻¹."""


class Steps(NamedTuple):
    """A step series: `edges` are n + 1 times [s], `rates` n values."""

    edges: F64
    rates: F64


class Course(NamedTuple):
    """A series that is linear between its labels: `edges` are n times [s], `rates` the n values there; 0 outside."""

    edges: F64
    rates: F64


class Forcing(NamedTuple):
    """The time intervals of a run and their total rain and inflow."""

    stretches: tuple[ForcingInterval, ...]
    rain: float
    """Rain prescribed [m]."""
    inflow: float
    """Inflow prescribed [m³]."""


def steps(series: pd.Series, name: str, *, until: float | None) -> Steps:
    """Convert a left-labelled series to steps; a single value applies `until` the end.

    Raises InputError where labels are not hours at a constant step or a value is missing.
    """
    labels = series.index.to_numpy(np.float64) * HOUR
    values = series.to_numpy(np.float64)
    if not len(values) or not np.isfinite(values).all():
        raise InputError("flood.series_value", name=name)
    if len(values) == 1:
        if until is None:
            raise InputError("flood.series_single", name=name)
        return Steps(np.array([labels[0], max(until, labels[0])]), values)
    gaps = np.diff(labels)
    if not (gaps > 0).all() or not np.allclose(gaps, gaps[0], rtol=1e-3, atol=0.0):
        raise InputError("flood.series_step", name=name)
    return Steps(np.append(labels, labels[-1] + gaps[-1]), values)


def course(series: pd.Series, name: str, *, until: float | None) -> Course:
    """Convert a series of values at its labels to one that is linear between them, and ends with the last.

    A single value applies `until` the end. Raises InputError as `steps` does.
    """
    held = steps(series, name, until=until)
    if len(held.rates) == 1:
        return Course(held.edges, np.repeat(held.rates, 2))
    return Course(held.edges[:-1], held.rates)


def value_at(series: Steps | Course | None, time: float) -> float:
    """Return the value of a series at a time; 0 outside its steps or labels."""
    if series is None or not series.edges[0] <= time < series.edges[-1]:
        return 0.0
    if isinstance(series, Course):
        return float(np.interp(time, series.edges, series.rates))
    return float(series.rates[int(np.searchsorted(series.edges, time, side="right")) - 1])


def intervals(
    rain: Steps,
    inflow: Steps | Course | None,
    levels: Sequence[Steps | float | None],
    *,
    until: float,
    most: float = math.inf,
    stops: F64 | None = None,
) -> Forcing:
    """Split a run at every label of its series, at stops [s], and into intervals of at most `most` [s].

    An inflow that is linear between its labels is split further and enters at the mean of each part, which keeps its
    volume.
    `levels` gives each side's level: a series, interpolated linearly between its labels and constant after
    the last; a constant level [m]; or None where the side has none.
    """
    series = [each for each in (rain, inflow, *levels) if isinstance(each, Steps | Course)]
    if isinstance(inflow, Course):
        most = min(most, max(PART, until / MOST_PARTS))
    more = np.arange(0.0, until, most) if most < until else np.zeros(0)
    cuts = np.unique(np.concatenate([*(each.edges for each in series), more, [0.0, until]]))
    cuts = cuts[(cuts >= 0.0) & (cuts <= until)]
    cuts = _with_stops(cuts, np.zeros(0) if stops is None else stops)
    forces: list[ForcingInterval] = []
    depth = volume = 0.0
    for start, end in pairwise(cuts):
        fall, flow = value_at(rain, 0.5 * (start + end)) * MM_PER_HOUR, value_at(inflow, 0.5 * (start + end))
        first, last = (np.array([_level(side, at) for side in levels]) for at in (start, end))
        forces.append(ForcingInterval(float(end), fall, flow, last, (last - first) / (end - start), EVERYWHERE))
        depth += fall * (end - start)
        volume += flow * (end - start)
    return Forcing(tuple(forces), depth, volume)


def _with_stops(cuts: F64, stops: F64) -> F64:
    """Return cuts merged with the stops; a stop within rounding of a cut is dropped."""
    after = np.clip(np.searchsorted(cuts, stops), 1, len(cuts) - 1)
    apart = np.minimum(np.abs(stops - cuts[after - 1]), np.abs(stops - cuts[after])) > ROUNDING
    return np.union1d(cuts, stops[apart])


def _level(level: Steps | float | None, time: float) -> float:
    if isinstance(level, Steps):
        return float(np.interp(time, level.edges[:-1], level.rates))
    return 0.0 if level is None else level
