"""Monthly soil water balance: evaporation, deficit and surplus."""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.climate import (
    ACTUAL_EVAPOTRANSPIRATION,
    ANNUAL_WATER_DEFICIT,
    MONTHLY_EVAPOTRANSPIRATION,
    MONTHLY_RAIN,
    RECORD_START,
    SOIL_WATER,
    SOIL_WATER_ERROR,
    WATER_DEFICIT,
    WATER_SURPLUS,
)
from citybraid.kernels.climate.drought import YEAR, soil_water
from citybraid.resilience.drought.months import as_series, record

TINY = 1e-12


class WaterBalanceParams(Params):
    """Initial soil water, and climate change."""

    first_share: float = Field(1.0, ge=0.0, le=1.0)
    """Share of its capacity that the soil holds before the first month [-]."""
    rain_factor: float = Field(1.0, ge=0.1, le=5.0)
    """Factor on every month's rain for a changed climate [-]."""
    evapotranspiration_factor: float = Field(1.0, ge=0.1, le=5.0)
    """Factor on every month's evapotranspiration for a changed climate [-]."""


class WaterBalance(NamedTuple):
    """Components of the monthly water balance."""

    actual_evapotranspiration: ACTUAL_EVAPOTRANSPIRATION
    soil_water: SOIL_WATER
    water_deficit: WATER_DEFICIT
    water_surplus: WATER_SURPLUS
    annual_water_deficit: ANNUAL_WATER_DEFICIT
    soil_water_error: SOIL_WATER_ERROR


@model(
    version=1,
    cite="Thornthwaite and Mather (1957), Publ. Climatol. 10(3); Alley (1984), Water Resour. Res. 20: 1137-1149, eq. 1 "
    "to 4",
    validity="Months and years of open, planted ground; no snow, no groundwater, no sealed ground, no irrigation.",
)
def water_balance(
    *,
    monthly_rain: MONTHLY_RAIN,
    monthly_evapotranspiration: MONTHLY_EVAPOTRANSPIRATION,
    record_start: RECORD_START,
    capacity: Annotated[Factors, Fact("soil_water_capacity")],
    p: WaterBalanceParams,
) -> WaterBalance:
    """Simulate the monthly soil water balance of vegetated ground.

    Rain first meets the evaporative demand; the rest fills the soil up to its capacity and then
    becomes surplus (runoff and recharge). In drier months the soil releases water the more slowly the less it
    holds. Unmet demand is the deficit: the irrigation demand of parks.
    Raises InputError where a month is missing, or the start is not a month.
    """
    record(record_start, monthly_rain, monthly_evapotranspiration)
    rain = monthly_rain.to_numpy(np.float64) * p.rain_factor
    demand = monthly_evapotranspiration.to_numpy(np.float64) * p.evapotranspiration_factor
    if missing := np.flatnonzero(~np.isfinite(rain + demand)).tolist():
        raise InputError("climate.gap", count=len(missing), month=missing[0] + 1)
    initial_water = capacity[""] * p.first_share
    balance = soil_water(rain, demand, capacity=capacity[""], start=initial_water)
    total_input = float(rain.sum()) + initial_water
    residual = total_input - float(balance.evaporated.sum() + balance.surplus.sum()) - float(balance.stored[-1])
    years = rain.size / YEAR
    series = (as_series(np.maximum(each, 0.0), monthly_rain) for each in balance)
    evaporated, stored, deficit, surplus = series
    return WaterBalance(
        evaporated, stored, deficit, surplus, float(deficit.sum()) / years, residual / max(total_input, TINY)
    )
