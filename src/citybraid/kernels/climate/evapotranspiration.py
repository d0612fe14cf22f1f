"""Daily reference evapotranspiration by FAO-56 Penman-Monteith, and the extraterrestrial radiation it needs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SOLAR_CONSTANT = 0.0820
"""Solar constant [MJ m-2 min-1], FAO-56 eq. 21."""
STEFAN_BOLTZMANN = 4.903e-9
"""Stefan-Boltzmann constant [MJ K-4 m-2 day-1], FAO-56 eq. 39."""
REFERENCE_ALBEDO = 0.23
"""Albedo of the grass reference crop, FAO-56 eq. 38."""
MEGAJOULES_A_DAY = 0.0864
"""MJ m-2 day-1 for each W m-2."""


class Days(NamedTuple):
    """Daily weather, one value per day."""

    day_of_year: Floats
    """Day of the year, 1 to 365."""
    warmest: Floats
    """Highest air temperature [degC]."""
    coldest: Floats
    """Lowest air temperature [degC]."""
    vapour: Floats
    """Mean actual vapour pressure [kPa]."""
    radiation: Floats
    """Global horizontal radiation [MJ m-2 day-1]."""
    wind: Floats
    """Mean wind speed 10 m above ground [m s-1]."""


def saturation_vapour_pressure(temperature: Floats) -> Floats:
    """Return saturation vapour pressure [kPa] at an air temperature [degC], FAO-56 eq. 11."""
    pressure: Floats = 0.6108 * np.exp(17.27 * temperature / (temperature + 237.3))
    return pressure


def extraterrestrial(day_of_year: Floats, latitude: float) -> Floats:
    """Return radiation on a horizontal plane above the atmosphere [MJ m-2 day-1], FAO-56 eq. 21-25.

    `latitude` [degree], north positive; polar day and night are limits of the sunset angle.
    """
    phi = np.deg2rad(latitude)
    year_angle = 2.0 * np.pi / 365.0 * day_of_year
    inverse_distance = 1.0 + 0.033 * np.cos(year_angle)
    declination = 0.409 * np.sin(year_angle - 1.39)
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1.0, 1.0))
    geometry = sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset)
    radiation: Floats = np.maximum(24.0 * 60.0 / np.pi * SOLAR_CONSTANT * inverse_distance * geometry, 0.0)
    return radiation


def net_radiation(days: Days, *, latitude: float, elevation: float) -> Floats:
    """Return net radiation of the reference crop [MJ m-2 day-1], FAO-56 eq. 37-40."""
    clear = (0.75 + 2e-5 * elevation) * extraterrestrial(days.day_of_year, latitude)
    clearness = np.clip(np.divide(days.radiation, clear, out=np.ones_like(clear), where=clear > 0.0), 0.3, 1.0)
    warm, cold = days.warmest + 273.16, days.coldest + 273.16
    emitted = STEFAN_BOLTZMANN * 0.5 * (warm**4 + cold**4)
    longwave = emitted * (0.34 - 0.14 * np.sqrt(days.vapour)) * (1.35 * clearness - 0.35)
    net: Floats = (1.0 - REFERENCE_ALBEDO) * days.radiation - longwave
    return net


def penman_monteith(days: Days, *, latitude: float, elevation: float) -> Floats:
    """Return reference evapotranspiration of each day [mm day-1], FAO-56 eq. 6; never below 0.

    Air pressure from elevation [m] (eq. 7), psychrometric constant (eq. 8), slope of the
    saturation curve (eq. 13), wind reduced to 2 m (eq. 47), no soil heat flux over a day (eq. 42).
    """
    mean = 0.5 * (days.warmest + days.coldest)
    pressure = 101.3 * ((293.0 - 0.0065 * elevation) / 293.0) ** 5.26
    gamma = 0.665e-3 * pressure
    slope = 4098.0 * saturation_vapour_pressure(mean) / (mean + 237.3) ** 2
    deficit = 0.5 * (saturation_vapour_pressure(days.warmest) + saturation_vapour_pressure(days.coldest)) - days.vapour
    wind = days.wind * 4.87 / np.log(67.8 * 10.0 - 5.42)
    energy = 0.408 * slope * net_radiation(days, latitude=latitude, elevation=elevation)
    drying = gamma * 900.0 / (mean + 273.0) * wind * np.maximum(deficit, 0.0)
    evaporated: Floats = np.maximum((energy + drying) / (slope + gamma * (1.0 + 0.34 * wind)), 0.0)
    return evaporated
