"""Drought by rain and evaporation: the standardized precipitation evapotranspiration index (SPEI)."""

from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import model
from citybraid.core.vocabulary.climate import (
    BALANCE_DROUGHT_LONGEST,
    BALANCE_DROUGHT_SHARE,
    MONTHLY_EVAPOTRANSPIRATION,
    MONTHLY_RAIN,
    RECORD_START,
    STANDARDIZED_BALANCE,
)
from citybraid.kernels.climate.drought import logistic_index
from citybraid.resilience.drought.months import IndexParams, as_series, by_month, droughts, record


class BalanceParams(IndexParams):
    """Time scale, calibration period and climate change."""

    evapotranspiration_factor: float = Field(1.0, ge=0.1, le=5.0)
    """Factor on every month's evapotranspiration for a changed climate, judged against the unchanged years [-]."""
    moments: Literal["unbiased", "plotting"] = "unbiased"
    """Probability-weighted moments: unbiased (2014), or at plotting positions as first published (2010)."""


class StandardizedBalance(NamedTuple):
    """SPEI and the droughts in it."""

    standardized_balance: STANDARDIZED_BALANCE
    balance_drought_share: BALANCE_DROUGHT_SHARE
    balance_drought_longest: BALANCE_DROUGHT_LONGEST


@model(
    version=1,
    cite="Vicente-Serrano, Beguería and López-Moreno (2010), J. Climate 23: 1696-1718, eq. 5 to 10; Beguería et al. "
    "(2014), Int. J. Climatol. 34: 3001-3023 (unbiased moments)",
    validity="Thirty years of months or more from one station; as good as its evapotranspiration.",
)
def standardized_balance(
    *,
    monthly_rain: MONTHLY_RAIN,
    monthly_evapotranspiration: MONTHLY_EVAPOTRANSPIRATION,
    record_start: RECORD_START,
    p: BalanceParams,
) -> StandardizedBalance:
    """Return the SPEI: rain less evapotranspiration of the last `months` as a standard normal deviate.

    Each calendar month has a log-logistic distribution of its own, fitted to the years of
    calibration by probability-weighted moments. A warmer climate, as factors on rain and evapotranspiration, is
    judged against the same fit. Droughts as for the precipitation index. No value where a
    month of the sum is missing. Raises InputError where the record is too short or its start is not a month.
    """
    calendar = record(record_start, monthly_rain, monthly_evapotranspiration)
    rain, demand = monthly_rain.to_numpy(np.float64), monthly_evapotranspiration.to_numpy(np.float64)
    changed = rain * p.rain_factor - demand * p.evapotranspiration_factor
    fit = partial(logistic_index, unbiased=p.moments == "unbiased")
    index = by_month(rain - demand, changed, calendar, p, fit)
    return StandardizedBalance(as_series(index, monthly_rain), *droughts(index, onset=p.onset))
