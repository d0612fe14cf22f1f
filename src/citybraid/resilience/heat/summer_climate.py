"""Rural summer climate: mean evening air temperature and reference evapotranspiration."""

from typing import NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.vocabulary.heat import REFERENCE_EVAPOTRANSPIRATION, RURAL_TEMPERATURE
from citybraid.core.vocabulary.weather import (
    DRY_BULB,
    ELEVATION,
    GLOBAL_HORIZONTAL,
    LATITUDE,
    RELATIVE_HUMIDITY,
    WIND_SPEED,
)
from citybraid.kernels.climate.evapotranspiration import (
    MEGAJOULES_A_DAY,
    Days,
    penman_monteith,
    saturation_vapour_pressure,
)
from citybraid.kernels.climate.summer import summer_days
from citybraid.resilience.heat.summer import by_day, evening_air


class SummerClimateParams(Params):
    """Hours of the evening."""

    evening_from: int = Field(3, ge=0, le=8)
    """Hours after sunset from which on the evening's air counts [h]; the heat island peaks 3 to 5 h after sunset."""
    evening_hours: int = Field(2, ge=1, le=8)
    """For how many hours it counts [h]."""


class SummerClimate(NamedTuple):
    """Summer at the weather station."""

    rural_temperature: RURAL_TEMPERATURE
    reference_evapotranspiration: REFERENCE_EVAPOTRANSPIRATION


@model(
    version=3,
    cite="Allen et al. (1998), FAO Irrigation and Drainage Paper 56, eq. 6; hours of the largest heat island: "
    "Oke (1982), Q. J. R. Meteorol. Soc. 108: 1-24",
    validity="A weather file of a typical year from a station outside the city; an urban station already holds a part "
    "of the heat island.",
)
def summer_climate(
    *,
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    global_horizontal: GLOBAL_HORIZONTAL,
    wind_speed: WIND_SPEED,
    latitude: LATITUDE,
    elevation: ELEVATION,
    p: SummerClimateParams,
) -> SummerClimate:
    """Return summer's mean evening air temperature [degC] and mean reference evapotranspiration [mm day-1].

    Summer is June to August, south of the tropics December to February, between them the three warmest months of the
    weather file (`kernels/climate/summer.py`). Temperature is the mean
    of the hours after sunset in which the heat island is largest, so that a daily largest heat
    island can be added to it; it is not the day's mean. Where the sun does not set, all hours count.
    Evapotranspiration is FAO-56 Penman-Monteith day by day: highest and lowest hour, vapour pressure as the mean of
    hourly humidity times saturation (eq. 11), wind at 10 m taken down to 2 m, no soil heat flux.
    Raises InputError where a series is no full year of 8 760 hours.
    """
    days = summer_days(by_day(dry_bulb).ravel(), latitude)
    air = by_day(dry_bulb)[days]
    sun = by_day(global_horizontal)[days]
    evening = evening_air(air, sun, first=p.evening_from, count=p.evening_hours)
    vapour = by_day(relative_humidity)[days] * saturation_vapour_pressure(air)
    weather = Days(
        day_of_year=(days + 1).astype(np.float64),
        warmest=air.max(axis=1),
        coldest=air.min(axis=1),
        vapour=vapour.mean(axis=1),
        radiation=sun.mean(axis=1) * MEGAJOULES_A_DAY,
        wind=by_day(wind_speed)[days].mean(axis=1),
    )
    evaporated = penman_monteith(weather, latitude=latitude, elevation=elevation)
    return SummerClimate(float(np.mean(evening)), float(np.mean(evaporated)))
