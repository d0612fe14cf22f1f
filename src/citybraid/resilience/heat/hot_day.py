"""A day of a weather year, the hottest or any other, hour by hour, with its sun and sky."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.var import Series
from citybraid.kernels.climate.solar import sun_of_year
from citybraid.kernels.outdoor.radiant_day import Day
from citybraid.kernels.outdoor.sky import clear_sky_emissivity, sky_emissivity
from citybraid.kernels.outdoor.utci import saturation_pressure
from citybraid.resilience.heat.summer import by_day, summer_days

Floats = NDArray[np.float64]

NEAR_GROUND = float(np.log(1.1 / 0.01) / np.log(10.0 / 0.01))
"""Wind at 1.1 m over that at 10 m, as in UTCI (Bröde et al. 2012, eq. 1) [-]."""
LOW_SUN = np.radians(10.0)
"""Height of the sun below which an hour does not count for cloud."""
YEAR = 2023
"""Any common year: the sun's path differs by less than a quarter of a degree from one to the next."""


class Weather(NamedTuple):
    """Hourly weather of a year, and where it was measured."""

    dry_bulb: Series
    relative_humidity: Series
    direct_normal: Series
    diffuse_horizontal: Series
    wind_speed: Series
    latitude: float
    longitude: float
    elevation: float
    time_zone: float


class HotDay(NamedTuple):
    """A day's weather for radiation, and what comfort needs besides."""

    day: Day
    wind: Floats
    """Wind at 10 m by hour [m s-1]."""
    vapour: Floats
    """Vapour pressure by hour [kPa]."""


def weather_of_day(weather: Weather, day: int | None = None) -> HotDay:
    """Return a day of the year, 1 being 1 January, or the summer day with the highest mean air temperature.

    Cloud, for the sky's long-wave radiation, is what the day's global radiation lacks of a clear day's (Haurwitz
    1945, J. Meteorol. 2: 154-166). Raises InputError where a series is no full year of 8 760 hours.
    """
    air = by_day(weather.dry_bulb)
    days = summer_days(weather.latitude)
    hottest = int(days[air[days].mean(axis=1).argmax()]) if day is None else day - 1
    sun = sun_of_year(
        latitude=weather.latitude, longitude=weather.longitude, elevation=weather.elevation,
        time_zone=weather.time_zone, year=YEAR,
    )  # fmt: skip
    hours = slice(24 * hottest, 24 * hottest + 24)
    height = np.radians(90.0 - sun.zenith[hours])
    direct, diffuse = (by_day(each)[hottest] for each in (weather.direct_normal, weather.diffuse_horizontal))
    direct = np.where(height > 0.0, direct, 0.0)
    day_air = air[hottest]
    wind = by_day(weather.wind_speed)[hottest]
    vapour = by_day(weather.relative_humidity)[hottest] * saturation_pressure(day_air)
    sky = sky_emissivity(clear_sky_emissivity(day_air, 10.0 * vapour), cloud_cover(height, direct, diffuse))
    return HotDay(
        Day(
            day_air, NEAR_GROUND * wind, direct, diffuse, height, np.radians(sun.azimuth[hours]),
            np.nan_to_num(sun.air_mass[hours]), sun.extraterrestrial[hours], sky,
        ),
        wind,
        vapour,
    )  # fmt: skip


def cloud_cover(height: Floats, direct: Floats, diffuse: Floats) -> Floats:
    """Return the cloud cover of a day, 0 to 1, the same for each hour."""
    high = height > LOW_SUN
    sine = np.sin(height[high])
    clear = float((1098.0 * sine * np.exp(-0.057 / sine)).sum())
    found = float((direct[high] * sine + diffuse[high]).sum())
    return np.full(height.size, 1.0 - min(found / clear, 1.0) if clear > 0.0 else 0.0)
