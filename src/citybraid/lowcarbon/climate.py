"""Hourly weather input of the zone kernel: air, ground, sky, moisture, and irradiance by orientation."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.core.var import Factors
from citybraid.core.vocabulary.weather import (
    DIFFUSE_HORIZONTAL,
    DIRECT_NORMAL,
    ELEVATION,
    GLOBAL_HORIZONTAL,
    LATITUDE,
    LONGITUDE,
    TIME_ZONE,
)
from citybraid.kernels.buildings.zone_inputs import SECTORS, Weather
from citybraid.kernels.climate.solar import Sky, Sun, sun_of_year
from citybraid.kernels.climate.solar_facade import light_of_year
from citybraid.kernels.climate.solar_glass import CLEAR_DOUBLE

Array = NDArray[np.float64]

HOURS = 8760
AZIMUTHS = (0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0)
"""Wall orientations, degrees clockwise from north; the roof follows as the last surface."""
VAPORISATION = 2.501e6
"""Latent heat of vaporisation of water at 0 degC [J kg-1]."""
AIR_HEAT = 1006.0
"""Specific heat of dry air [J kg-1 K-1]."""
GROUND_LAG = 1.0
"""Months between the yearly swing of outdoor air and that of the heat through a slab (EN ISO 13370:2007, A.5)."""
SEA_LEVEL = 101325.0
"""Standard pressure at sea level [Pa]."""


class Irradiance(NamedTuple):
    """Irradiance of a year: global horizontal, direct normal and diffuse horizontal."""

    global_horizontal: GLOBAL_HORIZONTAL
    direct_normal: DIRECT_NORMAL
    diffuse_horizontal: DIFFUSE_HORIZONTAL


class Location(NamedTuple):
    """Location of a weather year."""

    latitude: LATITUDE
    longitude: LONGITUDE
    time_zone: TIME_ZONE
    elevation: ELEVATION


def pressure(elevation: float) -> float:
    """Return standard air pressure [Pa] at an elevation [m] (ASHRAE Fundamentals 2017, ch. 1, eq. 3)."""
    return SEA_LEVEL * float((1 - 2.25577e-5 * elevation) ** 5.2559)


def volume_heat(elevation: float) -> float:
    """Return the heat capacity of air at 20 degC [J m-3 K-1]."""
    return pressure(elevation) / (287.05 * 293.15) * AIR_HEAT


def humidity_ratio(air: Array, humidity: Array, *, elevation: float) -> Array:
    """Return the humidity ratio [kg kg-1] from temperature [degC] and relative humidity [-].

    Saturation by Magnus (WMO-No. 8, 2018, annex 4.B); vapour pressure is limited to half the air pressure.
    """
    air_pressure = pressure(elevation)
    vapour = np.minimum(humidity * 611.2 * np.exp(17.62 * air / (243.12 + air)), 0.5 * air_pressure)
    return np.asarray(0.622 * vapour / (air_pressure - vapour), dtype=np.float64)


def hourly(name: str, series: pd.Series) -> Array:
    """Return a year's hourly values; raises InputError unless there are 8 760, none missing."""
    values = np.array(series, dtype=np.float64)
    if values.size != HOURS or not np.isfinite(values).all():
        raise InputError("energy.weather", series=name, got=int(np.isfinite(values).sum()), needs=HOURS)
    return values


def energy_weather(
    *,
    year: Mapping[str, pd.Series],
    place: Mapping[str, float],
    calendar_year: int,
    physics: Factors,
) -> Weather:
    """Return the weather of an energy year for the zone kernel.

    `year` holds dry_bulb, relative_humidity and the three irradiances by Var name,
    `place` latitude, longitude, time_zone and elevation, `physics` the factor rows of
    albedo, sky and indoor air. Light behind glass follows the angle of two clear panes. All models and alternatives of
    a study share it; each gets its own copy, since the kernels are compiled for arrays that can be written.
    """
    shared = _energy_weather(year=year, place=place, calendar_year=calendar_year, physics=physics)
    return Weather._make(values.copy() for values in shared)


@remembered(2)
def energy_sun(*, latitude: float, longitude: float, elevation: float, time_zone: float, year: int) -> Sun:
    """Return the sun of a year at a place, which the models of energy share; its arrays are read-only."""
    return sun_of_year(latitude=latitude, longitude=longitude, elevation=elevation, time_zone=time_zone, year=year)


@remembered(2)
def _energy_weather(
    *, year: Mapping[str, pd.Series], place: Mapping[str, float], calendar_year: int, physics: Factors
) -> Weather:
    values = {name: hourly(name, series) for name, series in year.items()}
    sun = energy_sun(**place, year=calendar_year)
    sky = Sky(values["global_horizontal"], values["direct_normal"], values["diffuse_horizontal"])
    light = light_of_year(
        sun, sky, azimuths=AZIMUTHS, ground_albedo=physics["ground_albedo"], glazing=CLEAR_DOUBLE, sectors=SECTORS
    )
    air = values["dry_bulb"]
    inside = humidity_ratio(
        np.array([physics["indoor_air"]]), np.array([physics["indoor_humidity"]]), elevation=place["elevation"]
    )
    outside = humidity_ratio(air, values["relative_humidity"], elevation=place["elevation"])
    return Weather(
        air=air,
        ground=np.full(HOURS, air.mean()),
        ground_swing=ground_swing(air),
        sky=np.full(HOURS, physics["sky_depression"]),
        moisture=VAPORISATION / AIR_HEAT * (outside - inside),
        **light._asdict(),
    )


def ground_swing(air: Array) -> Array:
    """Return the yearly swing of the air about its mean as it arrives below a slab, a month later [K].

    The first harmonic of the hourly temperature, delayed by the lag of a slab (EN ISO 13370:2007, A.5: beta = 1).
    """
    turn = 2 * np.pi * np.arange(HOURS) / HOURS
    cosine, sine = 2 * (air * np.cos(turn)).mean(), 2 * (air * np.sin(turn)).mean()
    late = turn - 2 * np.pi * GROUND_LAG / 12
    return np.asarray(cosine * np.cos(late) + sine * np.sin(late), dtype=np.float64)
