"""Design storm from a city's storm intensity formula."""

import math
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.water import RAIN_INTENSITY, RETURN_PERIOD, STORM_DURATION

F64 = NDArray[np.floating]
MINUTES = 60.0
CLOSE = 1e-9
"""How far the duration may be from a whole number of steps [steps]."""


class DesignStormParams(Params):
    """Resolution of the hyetograph, and climate change."""

    step: float = Field(5.0, gt=0.0, le=60.0)
    """Length of a step [min]; the duration is a whole number of them."""
    climate_factor: float = Field(1.0, ge=0.5, le=3.0)
    """Factor on every intensity for a changed climate; 1 is the climate of the formula [-]."""


class DesignStorm(NamedTuple):
    """A storm's hyetograph."""

    rain_intensity: RAIN_INTENSITY


def depth(duration: F64, formula: Factors, *, period: float) -> F64:
    """Return the rain [mm] of the formula in `duration` [min]: a D / (D + b)^n with a = A (1 + C lg P)."""
    strength = formula["A"] * (1.0 + formula["C"] * math.log10(period))
    return np.asarray(strength * duration / (duration + formula["b"]) ** formula["n"], dtype=np.float64)


def accumulated(time: F64, formula: Factors, *, period: float, length: float) -> F64:
    """Return the rain [mm] fallen by `time` [min] in the Chicago storm (Keifer and Chu 1957, eq. 9 and 10).

    The storm's rain within any time t_b before and t_a after the peak with t_b : t_a =
    r : 1 - r is the formula's for the duration t_b + t_a; integrated, each limb is the
    formula's own depth, stretched by r or 1 - r.
    """
    r = formula["r"]
    peak = r * length
    before, after = np.clip(peak - time, 0.0, None), np.clip(time - peak, 0.0, None)
    whole = depth(np.array(length), formula, period=period)
    rising = whole - depth(before / r, formula, period=period) if r > 0.0 else np.zeros_like(time)
    falling = depth(after / (1.0 - r), formula, period=period) if r < 1.0 else np.zeros_like(time)
    return r * rising + (1.0 - r) * falling


@model(
    version=1,
    cite="Keifer and Chu (1957), J. Hydraul. Div. ASCE 83(HY4), eq. 9 and 10; storm formula of GB 50014-2021",
    validity="Durations and return periods the city's formula was fitted to, mostly 5 to 180 min and 2 to 100 years.",
)
def design_storm(
    *,
    return_period: RETURN_PERIOD,
    storm_duration: STORM_DURATION,
    storm_formula: Annotated[Factors, Fact("storm_formula")],
    p: DesignStormParams,
) -> DesignStorm:
    """Spread a storm formula's rain over time by the Chicago method.

    i = A (1 + C lg P) / (t + b)^n gives the mean intensity of the worst t minutes; the hyetograph holds
    that rain around its peak at r times the duration, for every t at once. Steps are exact means of the
    curve, so their sum is the formula's depth. The factor `storm_formula` has A [mm min⁻¹],
    C, b [min], n and r; where a region has no row for one of them, the study must give it.
    Raises InputError where the duration is not a whole number of steps.
    """
    count = storm_duration / p.step
    if abs(count - round(count)) > CLOSE or round(count) < 1:
        raise InputError("storm.step", duration=storm_duration, step=p.step)
    edges = np.arange(round(count) + 1, dtype=np.float64) * p.step
    fallen = accumulated(edges, storm_formula, period=return_period, length=storm_duration)
    intensity = np.diff(fallen) / p.step * MINUTES * p.climate_factor
    return DesignStorm(pd.Series(intensity, index=pd.Index(edges[:-1] / MINUTES, name="hours")))
