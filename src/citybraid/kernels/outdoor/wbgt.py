"""Wet-bulb globe temperature from standard weather: a black globe and a wet wick in balance with sun, sky and air.

Liljegren, Carhart, Lawday, Tschopp and Sharp (2008), J. Occup. Environ. Hyg. 5: 645-655, with their properties of air
(Bird, Stewart and Lightfoot 1960) and their constants of globe, wick and ground. The sky's diffuse light falls on the
wick as in their equation, whole.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

KELVIN = 273.15
STEFAN_BOLTZMANN = 5.6696e-8
AIR_HEAT = 1003.5
"""Specific heat of air [J kg-1 K-1]."""
AIR_MASS, WATER_MASS = 28.97, 18.015
"""Molar masses [kg kmol-1]."""
GAS = 8314.34 / AIR_MASS
"""Gas constant of air [J kg-1 K-1]."""
PRANDTL = AIR_HEAT / (AIR_HEAT + 1.25 * GAS)
RATIO = AIR_HEAT * AIR_MASS / WATER_MASS
GLOBE_EMISSIVITY, GLOBE_ALBEDO, GLOBE_WIDTH = 0.95, 0.05, 0.0508
WICK_EMISSIVITY, WICK_ALBEDO, WICK_WIDTH, WICK_LENGTH = 0.95, 0.4, 0.007, 0.0254
GROUND_EMISSIVITY, GROUND_ALBEDO = 0.999, 0.45
LEAST_WIND = 0.13
"""Air moves at least as fast as this about an instrument [m s-1]."""
SUN_UP = 0.00873
"""Cosine of the zenith angle below which there is no direct sun [-]."""
WIDEST, HALVINGS = 80.0, 44
"""Half of the range searched [K], and how often it is halved: to 1e-11 K."""
RADIATION_STEPS = (925.0, 675.0, 175.0)
"""Global radiation that parts classes of stability by day [W m-2] (EPA-454/R-99-005, table 6-7)."""
WIND_STEPS_DAY, WIND_STEPS_NIGHT = (2.0, 3.0, 5.0, 6.0), (2.0, 2.5)
"""Wind at 10 m that parts them [m s-1]."""
CLASSES_DAY = np.array([[1, 1, 2, 4], [1, 2, 3, 4], [2, 2, 3, 4], [3, 3, 4, 4], [3, 4, 4, 4]])
CLASSES_NIGHT = np.array([5, 5, 4])
URBAN_EXPONENTS = np.array([0.15, 0.15, 0.20, 0.25, 0.30, 0.30])
"""Of the wind's power law over built-up ground, by class A to F."""


class OpenAir(NamedTuple):
    """Weather by hour, each (hours,)."""

    air: F64
    """Air temperature [degC]."""
    humidity: F64
    """Relative humidity [-]."""
    pressure: float
    """Air pressure [hPa]."""
    wind: F64
    """Wind at 2 m [m s-1]."""
    direct: F64
    """Direct normal irradiance that reaches the instruments [W m-2]."""
    diffuse: F64
    """Diffuse horizontal irradiance [W m-2]."""
    cosine: F64
    """Cosine of the sun's zenith angle [-]."""


def wet_bulb_globe(natural: F64, globe: F64, air: F64) -> F64:
    """Return the wet-bulb globe temperature outdoors [degC] (ISO 7243:2017, eq. 1)."""
    return np.asarray(0.7 * natural + 0.2 * globe + 0.1 * air)


def globe_temperature(weather: OpenAir) -> F64:
    """Return the temperature of a black globe [degC] (Liljegren et al. 2008, eq. 15 to 17)."""
    kelvin = weather.air + KELVIN
    direct, level = _sun(weather)
    sun = (1.0 - GLOBE_ALBEDO) * (0.25 * direct + 0.5 * weather.diffuse + 0.5 * GROUND_ALBEDO * level)
    gained = sun + GLOBE_EMISSIVITY * _around(weather)

    def balance(globe: F64) -> F64:
        film = 0.5 * (globe + kelvin)
        nusselt = 2.0 + 0.6 * np.sqrt(_reynolds(weather, film, GLOBE_WIDTH)) * PRANDTL**0.3333
        convection = nusselt * conductivity(film) / GLOBE_WIDTH
        lost = GLOBE_EMISSIVITY * STEFAN_BOLTZMANN * globe**4 + convection * (globe - kelvin)
        return np.asarray(lost - gained)

    return _root(balance, kelvin) - KELVIN


def natural_wet_bulb(weather: OpenAir) -> F64:
    """Return the natural wet-bulb temperature [degC] (Liljegren et al. 2008, eq. 7 to 14)."""
    kelvin = weather.air + KELVIN
    direct, level = _sun(weather)
    end = 0.25 * WICK_WIDTH / WICK_LENGTH
    sine = np.sqrt(np.maximum(1.0 - weather.cosine**2, 0.0))
    beam = direct * (sine / np.pi + end * np.maximum(weather.cosine, 0.0))
    sun = (1.0 - WICK_ALBEDO) * (weather.diffuse * (1.0 + end) + beam + GROUND_ALBEDO * level)
    gained = sun + WICK_EMISSIVITY * _around(weather)
    vapour = weather.humidity * saturation(kelvin)

    def balance(wick: F64) -> F64:
        film = 0.5 * (wick + kelvin)
        reynolds = _reynolds(weather, film, WICK_WIDTH)
        convection = 0.281 * reynolds**0.6 * PRANDTL**0.44 * conductivity(film) / WICK_WIDTH
        schmidt = viscosity(film) / (_density(weather, film) * diffusivity(film, weather.pressure))
        steam = (saturation(wick) - vapour) / (weather.pressure - saturation(wick))
        cooled = evaporation(film) / RATIO * steam * (PRANDTL / schmidt) ** 0.56
        net = gained - WICK_EMISSIVITY * STEFAN_BOLTZMANN * wick**4
        return np.asarray(wick - kelvin + cooled - net / convection)

    return _root(balance, kelvin) - KELVIN


def wind_at_two_metres(wind: F64, level: F64) -> F64:
    """Return the wind at 2 m [m s-1] from that at 10 m over built-up ground, by class of stability.

    `level` is global radiation [W m-2]; an hour without is night (EPA-454/R-99-005, 6.4.4 and table 6-7).
    """
    bright = 3 - np.searchsorted(RADIATION_STEPS[::-1], level, side="right")
    by_day = CLASSES_DAY[np.searchsorted(WIND_STEPS_DAY, wind, side="right"), bright]
    by_night = CLASSES_NIGHT[np.searchsorted(WIND_STEPS_NIGHT, wind, side="right")]
    exponent = URBAN_EXPONENTS[np.where(level > 0.0, by_day, by_night) - 1]
    return np.asarray(np.maximum(wind * (2.0 / 10.0) ** exponent, LEAST_WIND))


def saturation(kelvin: F64) -> F64:
    """Return vapour pressure over water [hPa] (Buck 1981, eq. 3, with its factor for moist air)."""
    return np.asarray(1.004 * 6.1121 * np.exp(17.502 * (kelvin - KELVIN) / (kelvin - 32.18)))


def viscosity(kelvin: F64) -> F64:
    """Return the viscosity of air [kg m-1 s-1]."""
    omega = 1.048 - 0.034 * (kelvin / 97.0 - 2.9) / 0.4
    return np.asarray(2.6693e-6 * np.sqrt(AIR_MASS * kelvin) / (3.617**2 * omega))


def conductivity(kelvin: F64) -> F64:
    """Return the thermal conductivity of air [W m-1 K-1]."""
    return np.asarray((AIR_HEAT + 1.25 * GAS) * viscosity(kelvin))


def diffusivity(kelvin: F64, pressure: float) -> F64:
    """Return the diffusivity of vapour in air [m2 s-1] at a pressure [hPa]."""
    critical = np.sqrt(132.0 * 647.3)
    mixed = (36.4 * 218.0) ** (1 / 3) * (132.0 * 647.3) ** (5 / 12) * np.sqrt(1 / AIR_MASS + 1 / WATER_MASS)
    return np.asarray(3.64e-8 * (kelvin / critical) ** 2.334 * mixed / (pressure / 1013.25))


def evaporation(kelvin: F64) -> F64:
    """Return the heat of evaporation [J kg-1]."""
    return np.asarray(2.4073e6 - 71100.0 * (313.15 - kelvin) / 30.0)


def _sun(weather: OpenAir) -> tuple[F64, F64]:
    """Return the direct normal and the global irradiance [W m-2]; no direct sun at the horizon."""
    direct = np.where(weather.cosine > SUN_UP, weather.direct, 0.0)
    return direct, weather.diffuse + direct * np.maximum(weather.cosine, 0.0)


def _around(weather: OpenAir) -> F64:
    """Return the mean long-wave radiation from sky and ground, the ground as warm as the air [W m-2]."""
    kelvin = weather.air + KELVIN
    vapour = np.maximum(weather.humidity * saturation(kelvin), 0.0)
    return np.asarray(0.5 * STEFAN_BOLTZMANN * kelvin**4 * (0.575 * vapour**0.143 + GROUND_EMISSIVITY))


def _density(weather: OpenAir, kelvin: F64) -> F64:
    return np.asarray(100.0 * weather.pressure / (GAS * kelvin))


def _reynolds(weather: OpenAir, kelvin: F64, width: float) -> F64:
    return np.asarray(weather.wind * _density(weather, kelvin) * width / viscosity(kelvin))


def _root(balance: Callable[[F64], F64], near: F64) -> F64:
    """Return where a rising function is zero, within WIDEST of `near`, by halving."""
    low, high = near - WIDEST, near + WIDEST
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = balance(middle) < 0.0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))
