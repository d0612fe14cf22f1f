"""A day of a weather year, the hottest or any other, hour by hour, with its sun and sky."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.remembered import remembered
from citybraid.core.vocabulary.weather import (
    CLOUD_COVER,
    DIFFUSE_HORIZONTAL,
    DIRECT_NORMAL,
    DRY_BULB,
    ELEVATION,
    LATITUDE,
    LONGITUDE,
    RELATIVE_HUMIDITY,
    SKY_LONGWAVE,
    TIME_ZONE,
    WIND_SPEED,
)
from citybraid.kernels.climate.solar import Sun, sun_of_year
from citybraid.kernels.climate.summer import summer_days
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.kernels.outdoor.canopy_air import Forcing
from citybraid.kernels.outdoor.radiant_day import EMISSIVITY, KELVIN, SHORTWAVE_ABSORPTION, Day, convection
from citybraid.kernels.outdoor.sky import STEFAN_BOLTZMANN, clear_sky_emissivity, person_share, sky_emissivity
from citybraid.kernels.outdoor.utci import (
    LEAST_RADIANT,
    LEAST_WIND,
    MOST_RADIANT,
    MOST_WIND,
    defined,
    offset_polynomial,
    saturation_pressure,
)
from citybraid.resilience.heat.summer import by_day

Floats = NDArray[np.float64]

NEAR_GROUND = float(np.log(1.1 / 0.01) / np.log(10.0 / 0.01))
"""Wind at 1.1 m over that at 10 m, as in UTCI (Bröde et al. 2012, eq. 1) [-]."""
LOW_SUN = np.radians(10.0)
"""Height of the sun below which an hour does not count for cloud."""
PAVED = 0.2
"""Albedo of the open place by which days are ranked [-]."""
YEAR = 2023
"""Any common year: the sun's path differs by less than a quarter of a degree from one to the next."""


class Weather(NamedTuple):
    """Hourly weather of a year, and where it was measured."""

    dry_bulb: DRY_BULB
    relative_humidity: RELATIVE_HUMIDITY
    direct_normal: DIRECT_NORMAL
    diffuse_horizontal: DIFFUSE_HORIZONTAL
    wind_speed: WIND_SPEED
    latitude: LATITUDE
    longitude: LONGITUDE
    elevation: ELEVATION
    time_zone: TIME_ZONE


class Sky(NamedTuple):
    """The sky as the weather file tells it; what it lacks is computed."""

    sky_longwave: SKY_LONGWAVE | None = None
    cloud_cover: CLOUD_COVER | None = None


class HotDay(NamedTuple):
    """A day's weather for radiation, and what comfort needs besides."""

    day: Day
    wind: Floats
    """Wind at 10 m by hour [m s-1]."""
    vapour: Floats
    """Vapour pressure by hour [kPa]."""


def weather_of_day(weather: Weather, day: int | None = None, sky: Sky | None = None) -> HotDay:
    """Return a day of the year, 1 being 1 January, or the summer day that feels hottest in an open paved place.

    Raises InputError where a series is no full year of 8 760 hours.
    """
    sun = _sun(weather)
    if day is not None:
        return _on(weather, sun, day - 1, sky)
    return _on(weather, sun, _hottest(weather, sky), sky)


def hot_day_of_year(weather: Weather, day: int | None = None, sky: Sky | None = None) -> int:
    """Return the number of the day that `weather_of_day` takes, 0 being 1 January."""
    return day - 1 if day is not None else _hottest(weather, sky)


@remembered(2)
def _hottest(weather: Weather, sky: Sky | None) -> int:
    """Return the hottest day, which all models and alternatives of a study share."""
    sun = _sun(weather)
    return max(
        (int(each) for each in summer_days(by_day(weather.dry_bulb).ravel(), weather.latitude)),
        key=lambda each: float(open_place_utci(_on(weather, sun, each, sky)).max()),
    )


def _sun(weather: Weather) -> Sun:
    return _sun_at(weather.latitude, weather.longitude, weather.elevation, weather.time_zone)


@remembered(2)
def _sun_at(latitude: float, longitude: float, elevation: float, time_zone: float) -> Sun:
    return sun_of_year(latitude=latitude, longitude=longitude, elevation=elevation, time_zone=time_zone, year=YEAR)


def forcing_of_days(
    weather: Weather, days: NDArray[np.integer], *, calm: float, above: float, sky: Sky | None = None
) -> Forcing:
    """Return the weather of days of the year, 0 being 1 January, one after the other, as air over open grass.

    Wind below `calm` [m s-1] is taken as that; `above` is the height of the air over town and country [m]. Raises
    InputError where a series is no full year of 8 760 hours.
    """
    sun = _sun(weather)
    hot = [_on(weather, sun, int(each), sky) for each in days]
    days_of = [each.day for each in hot]
    air, height = (np.concatenate([getattr(each, name) for each in days_of]) for name in ("air", "sun_height"))
    pressure = 101.3 * ((293.0 - 0.0065 * weather.elevation) / 293.0) ** 5.26
    return Forcing(
        air=air,
        wind=np.maximum(np.concatenate([each.wind for each in hot]), calm),
        vapour=np.concatenate([each.vapour for each in hot]),
        direct=np.concatenate([each.direct * np.maximum(np.sin(each.sun_height), 0.0) for each in days_of]),
        diffuse=np.concatenate([each.diffuse for each in days_of]),
        longwave=np.concatenate([each.sky_emissivity for each in days_of]) * STEFAN_BOLTZMANN * (air + KELVIN) ** 4,
        zenith=0.5 * np.pi - height,
        psychrometric=0.665e-3 * pressure,
        above=above,
        buoyancy=GRAVITY / (float(air.mean()) + KELVIN),
    )


def _on(weather: Weather, sun: Sun, day: int, given: Sky | None) -> HotDay:
    """Return the weather of a day, 0 being 1 January.

    The sky's long-wave radiation is the file's where it is given, else that of a clear sky under the file's clouds.
    Without these, cloud is what the day's global radiation lacks of a clear day's (Haurwitz 1945, J. Meteorol. 2:
    154-166).
    """
    hours = slice(24 * day, 24 * day + 24)
    height = np.radians(90.0 - sun.zenith[hours])
    air, direct, diffuse, wind, humidity = (
        by_day(each)[day]
        for each in (
            weather.dry_bulb, weather.direct_normal, weather.diffuse_horizontal, weather.wind_speed,
            weather.relative_humidity,
        )
    )  # fmt: skip
    direct = np.where(height > 0.0, direct, 0.0)
    vapour = humidity * saturation_pressure(air)
    sky = _emissivity(given or Sky(), day, air, vapour, lambda: cloud_cover(height, direct, diffuse))
    air_mass = np.nan_to_num(sun.air_mass[hours])
    return HotDay(
        Day(
            air, NEAR_GROUND * wind, direct, diffuse, height, np.radians(sun.azimuth[hours]), air_mass,
            sun.extraterrestrial[hours].copy(), sky,
        ),
        wind,
        vapour,
    )  # fmt: skip


def _emissivity(given: Sky, day: int, air: Floats, vapour: Floats, overcast: Callable[[], Floats]) -> Floats:
    """Return the sky's radiation over that of a black body as warm as the air; `overcast` returns its clouds."""
    if given.sky_longwave is not None:
        return np.asarray(by_day(given.sky_longwave)[day] / (STEFAN_BOLTZMANN * (air + KELVIN) ** 4), np.float64)
    cloud = overcast() if given.cloud_cover is None else by_day(given.cloud_cover)[day]
    return sky_emissivity(clear_sky_emissivity(air, 10.0 * vapour), cloud)


def open_place_utci(hot: HotDay) -> Floats:
    """Return UTCI by hour of a person on level paved ground without storage under the open sky [degC].

    Minus infinity in hours whose air or vapour lie outside what the index is defined for.
    """
    day = hot.day
    black = STEFAN_BOLTZMANN * (day.air + KELVIN) ** 4
    level = day.diffuse + day.direct * np.maximum(np.sin(day.sun_height), 0.0)
    gained = (1.0 - PAVED) * level + day.sky_emissivity * black - black
    ground = day.air + gained / (convection(day.wind) + 4.0 * black / (day.air + KELVIN))
    beam = day.direct * person_share(day.sun_height) * (day.sun_height > 0.0)
    short = beam + 0.5 * day.diffuse + 0.5 * PAVED * level
    long = 0.5 * day.sky_emissivity * black + 0.5 * STEFAN_BOLTZMANN * (ground + KELVIN) ** 4
    radiant = ((SHORTWAVE_ABSORPTION / EMISSIVITY * short + long) / STEFAN_BOLTZMANN) ** 0.25 - KELVIN
    polynomial = offset_polynomial(day.air, np.clip(hot.wind, LEAST_WIND, MOST_WIND), hot.vapour)
    powers = np.clip(radiant - day.air, LEAST_RADIANT, MOST_RADIANT)[:, None] ** np.arange(polynomial.shape[1])
    felt = day.air + (polynomial * powers).sum(axis=1)
    return np.where(defined(day.air, hot.vapour), felt, -np.inf)


def cloud_cover(height: Floats, direct: Floats, diffuse: Floats) -> Floats:
    """Return the cloud cover of a day, 0 to 1, the same for each hour."""
    high = height > LOW_SUN
    sine = np.sin(height[high])
    clear = float((1098.0 * sine * np.exp(-0.057 / sine)).sum())
    cloud = float((direct[high] * sine + diffuse[high]).sum())
    return np.full(height.size, 1.0 - min(cloud / clear, 1.0) if clear > 0.0 else 0.0)
