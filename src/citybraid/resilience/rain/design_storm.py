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
from citybraid.core.vocabulary.forcing import CLIMATE_FACTOR, RAIN_RETURN_PERIOD
from citybraid.core.vocabulary.water import RAIN_INTENSITY, STORM_DURATION
from citybraid.resilience.rain.hyetograph import SHAPES, Shape, Storm

F64 = NDArray[np.float64]
MINUTES = 60.0
CLOSE = 1e-9
"""Tolerance of a whole number of steps [steps]."""


class DesignStormParams(Params):
    """Shape and resolution of the hyetograph, climate change, and how point rain becomes rain over an area."""

    shape: Shape = "chicago"
    """Course of the rain: chicago, alternating_block, uniform, or profile (the shares below)."""
    profile: tuple[float, ...] = ()
    """Shares of the depth over equal parts of the duration, for shape = "profile"; they add up to 1 [-]."""
    step: float = Field(5.0, ge=0.01, le=60.0)
    """Length of a step [min]; the duration is a whole number of them."""
    climate_factor: float = Field(1.0, ge=0.5, le=3.0)
    """Factor on every intensity for a changed climate, the same for all storms; 1 is the climate of the formula [-]."""
    areal_reduction: float = Field(1.0, gt=0.0, le=1.0)
    """Rain over the whole area over that at a point, as the user knows it for area and duration; 1: not reduced [-]."""
    beyond: bool = False
    """Whether a duration or return period outside those the formula holds for is computed all the same."""


class DesignStorm(NamedTuple):
    """A storm's hyetograph."""

    rain_intensity: RAIN_INTENSITY


def depth(duration: F64, formula: Factors, *, period: float) -> F64:
    """Return the rain [mm] of the formula in `duration` [min]: a D / (D + b)^n with a = A (1 + C lg P)."""
    strength = formula["A"] * (1.0 + formula["C"] * math.log10(period))
    return np.asarray(strength * duration / (duration + formula["b"]) ** formula["n"], dtype=np.float64)


def refuse_beyond(limits: Factors, *, period: float, minutes: float) -> None:
    """Raise InputError where the duration or return period is outside the range of the storm formula."""
    for quantity, value, unit in (("duration", minutes, "min"), ("return_period", period, "year")):
        low, high = limits.get(f"{quantity}_from", 0.0), limits.get(f"{quantity}_to", math.inf)
        if not low <= value <= high:
            raise InputError("storm.beyond", what=quantity, got=value, low=low, high=high, unit=unit)


@model(
    version=2,
    cite="Keifer and Chu (1957), J. Hydraul. Div. ASCE 83(HY4), eq. 9 and 10; Chow, Maidment and Mays (1988), Applied "
    "Hydrology, sec. 14.4 (alternating block); storm formula of GB 50014-2021",
    validity="Durations and return periods the city's formula was fitted to, mostly 5 to 180 min and 2 to 100 years.",
)
def design_storm(
    *,
    return_period: RAIN_RETURN_PERIOD,
    storm_duration: STORM_DURATION,
    storm_formula: Annotated[Factors, Fact("storm_formula")],
    p: DesignStormParams,
    climate_factor: CLIMATE_FACTOR | None = None,
    storm_range: Annotated[Factors, Fact("storm_range")] | None = None,
) -> DesignStorm:
    """Return the hyetograph of a storm formula by the Chicago method, alternating blocks, uniform, or a user profile.

    i = A (1 + C lg P) / (t + b)^n is the mean intensity of the wettest t minutes; the Chicago hyetograph
    contains that rain around its peak at r times the duration, for every t. Steps are exact means of
    the curve, so their sum is the formula's depth for any shape. The factor `storm_formula` has A [mm min⁻¹],
    C, b [min], n and r; where a region has no row for one of them, the study must provide it.
    `storm_range` has the durations [min] and return periods [year] the formula is valid for, where known.
    Raises InputError where the duration is not a whole number of steps, the storm is outside the
    formula's range, a profile does not add up to 1, or a climate factor is given both for the event and for all.
    """
    count = storm_duration / p.step
    if abs(count - round(count)) > CLOSE or round(count) < 1:
        raise InputError("storm.step", duration=storm_duration, step=p.step)
    if storm_range is not None and not p.beyond:
        refuse_beyond(storm_range, period=return_period, minutes=storm_duration)
    if climate_factor is not None and p.climate_factor != 1.0:
        raise InputError("storm.two_climates", event=climate_factor, all=p.climate_factor)
    edges = np.arange(round(count) + 1, dtype=np.float64) * p.step
    storm = Storm(
        lambda minutes: depth(minutes, storm_formula, period=return_period),
        storm_duration,
        lambda: float(storm_formula["r"]),
        p.profile,
    )
    fallen = SHAPES[p.shape](edges, storm) * p.areal_reduction
    intensity = np.diff(fallen) / p.step * MINUTES * (p.climate_factor if climate_factor is None else climate_factor)
    return DesignStorm(pd.Series(intensity, index=pd.Index(edges[:-1] / MINUTES, name="hours")))
