"""Sea level during rain: tide, surge and sea-level rise, timed relative to the rain's peak."""

import math
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.cyclone import SEA_LEVEL_RISE, SURGE, SURGE_HEIGHT
from citybraid.core.vocabulary.forcing import EVENT_SEA_LEVEL_RISE, TIDE_LAG
from citybraid.core.vocabulary.water import EDGE_LEVEL, RAIN_INTENSITY
from citybraid.resilience.rain.forcing import HOUR, Steps, steps

F64 = NDArray[np.float64]
SEARCH_STEP = 0.05
"""Time step of the search for high water [h]."""
M_PER_MM = 1e-3


class Constituent(Params):
    """One harmonic constituent of the tide."""

    name: str
    """Name, as M2: its speed is a factor row."""
    amplitude: float = Field(ge=0.0, le=20.0)
    """Amplitude, half the range [m]."""
    phase: float
    """Phase lag at the common time origin of the constituents [degree]."""
    speed: float | None = Field(None, gt=0.0, le=360.0)
    """Angular speed, where the factor tide_speed has no row of that name [degree/h]."""


class TideLevelParams(Params):
    """The tide, its datum, and the timing of tide and surge; none has a silent default."""

    constituents: tuple[Constituent, ...] = Field(min_length=1)
    """Harmonic constituents of the tide: [{ name = "M2", amplitude = 1.9, phase = 301 }, ...]."""
    mean_level: float = Field(ge=-500.0, le=9000.0)
    """Mean sea level in the terrain's datum [m]."""
    span: float = Field(gt=0.0, le=9000.0)
    """Time from the constituents' origin within which high water is searched: 25 for a day, 709 for a month [h]."""
    tide_lag: float | None = Field(None, ge=-72.0, le=72.0)
    """Time from the rain's peak to that high water, where the event does not state its own [h]."""
    surge_rise: float | None = Field(None, gt=0.0, le=240.0)
    """Time in which a surge that is given as a height rises [h]."""
    surge_fall: float | None = Field(None, gt=0.0, le=240.0)
    """Time in which it falls again [h]."""
    surge_lag: float | None = Field(None, ge=-72.0, le=72.0)
    """Time from high water to the surge's peak [h]."""
    mean_year: int | None = Field(None, ge=1900, le=2200)
    """Year that mean_level holds for, where the rise of the sea is the trend of the gauge."""
    year: int | None = Field(None, ge=1900, le=2200)
    """Year of the event, for the same."""
    length: float | None = Field(None, gt=0.0, le=2000.0)
    """Length of the series from the start of the rain; as long as the rain where not given [h]."""
    step: float = Field(0.1, ge=0.001, le=1.0)
    """Step of the series [h]."""


class TideLevel(NamedTuple):
    """Boundary level of the edges set to 'level'."""

    edge_level: EDGE_LEVEL


@model(
    version=2,
    cite="Schureman (1940), Manual of Harmonic Analysis and Prediction of Tides, US C&GS Spec. Publ. 98, par. 1 to 3; "
    "tide and surge added without interaction (Pugh 1987, Tides, Surges and Mean Sea-Level, ch. 6)",
    validity="Design events at a coast near the gauge the harmonics are from; no waves, and tide and surge do not "
    "change one another.",
)
def tide_level(
    *,
    rain_intensity: RAIN_INTENSITY,
    tide_speed: Annotated[Factors, Fact("tide_speed")],
    p: TideLevelParams,
    tide_lag: TIDE_LAG | None = None,
    surge_height: SURGE_HEIGHT | None = None,
    surge: SURGE | None = None,
    sea_level_rise: SEA_LEVEL_RISE | None = None,
    event_rise: EVENT_SEA_LEVEL_RISE | None = None,
    sea_level_trend: Annotated[Factors, Fact("sea_level_trend")] | None = None,
) -> TideLevel:
    """Return the level of the sea for an event: mean level, rise, tide and surge [m].

    tide(t) = sum of amplitude cos(speed t - phase); its high water within `span` hours is placed
    `tide_lag` hours after the middle of the rain's peak step. A surge given as a series is placed with its
    maximum `surge_lag` after high water; one given as a height rises and falls linearly. The sea-level rise
    is the event's, else the value given, else the gauge's trend from `mean_year` to `year`, else none.
    Raises InputError where a constituent has no speed, a lag or surge time is missing, or the rise is given twice.
    """
    rain = steps(rain_intensity, "rain_intensity", until=None)
    lag = p.tide_lag if tide_lag is None else tide_lag
    if lag is None:
        raise InputError("tide.no_lag")
    high = _peak(rain) + lag
    length = float(rain.edges[-1]) / HOUR if p.length is None else p.length
    hours: F64 = np.arange(math.floor(length / p.step + 0.5) + 1, dtype=np.float64) * p.step
    still_level = p.mean_level + _rise(p, sea_level_rise if event_rise is None else event_rise, sea_level_trend)
    surge_level = _surge(hours - high, p, surge, surge_height)
    level = still_level + tide(hours - high + highest(p, tide_speed), p, tide_speed) + surge_level
    return TideLevel(pd.Series(level, index=pd.Index(hours, name="hours")))


def tide(hours: F64, p: TideLevelParams, speeds: Factors) -> F64:
    """Return the tide relative to mean sea level [m] at hours from the constituents' time origin."""
    parts = [
        each.amplitude
        * np.cos(np.deg2rad((speeds[each.name] if each.speed is None else each.speed) * hours - each.phase))
        for each in p.constituents
    ]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def highest(p: TideLevelParams, speeds: Factors) -> float:
    """Return the time of high water within the span [h from the constituents' time origin]."""
    hours = np.arange(0.0, p.span + SEARCH_STEP, SEARCH_STEP)
    return float(hours[int(tide(hours, p, speeds).argmax())])


def _peak(rain: Steps) -> float:
    most = int(rain.rates.argmax())
    return 0.5 * float(rain.edges[most] + rain.edges[most + 1]) / HOUR


def _rise(p: TideLevelParams, stated: float | None, trend: Factors | None) -> float:
    years_given = (p.mean_year is not None, p.year is not None)
    if years_given[0] != years_given[1]:
        raise InputError("tide.trend_half", needs=["mean_year", "year"])
    if p.mean_year is None or p.year is None:
        return 0.0 if stated is None else stated
    if stated is not None:
        raise InputError("tide.two_rises", got=stated)
    if trend is None:
        raise InputError("tide.no_trend")
    return trend[""] * M_PER_MM * (p.year - p.mean_year)


def _surge(hours: F64, p: TideLevelParams, series: pd.Series | None, height: float | None) -> F64:
    """Return the surge [m] at hours from high water."""
    if series is None and height is None:
        return np.zeros_like(hours)
    if p.surge_lag is None:
        raise InputError("tide.surge_times", lacking=["surge_lag"])
    since = hours - p.surge_lag
    if series is not None:
        surge_hours = series.index.to_numpy(np.float64)
        values = series.to_numpy(np.float64)
        return np.asarray(np.interp(since, surge_hours - surge_hours[int(values.argmax())], values), dtype=np.float64)
    if p.surge_rise is None or p.surge_fall is None:
        lacking = [name for name in ("surge_rise", "surge_fall") if getattr(p, name) is None]
        raise InputError("tide.surge_times", lacking=lacking)
    share: F64 = np.interp(since, [-p.surge_rise, 0.0, p.surge_fall], [0.0, 1.0, 0.0])
    return (height or 0.0) * share
