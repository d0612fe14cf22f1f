"""A synthetic weather year around stated climate normals: sun by geometry, clouds and weather spells by seed."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib import irradiance, solarposition

from citybraid.sources.synthetic.climate import DAYS, Climate, angstrom, climate_of, vapour_of_warmth
from citybraid.sources.synthetic.frame import generator

COLDEST, WARMEST = 5.0, 14.5
"""Hours of the day of lowest and highest temperature."""
LEAST_RANGE = 0.5
"""Least range of a day [K]."""
MONSOON = (2880, 6550)
"""First and last hour of the year with south-east wind: May to September."""
YEAR = 2023
"""A common year for solar geometry; the weather is not that of a particular year."""

Floats = NDArray[np.float64]


class Weather(NamedTuple):
    """8 760 hourly means, each labelled by the start of its hour in local standard time."""

    dry_bulb: Floats
    dew_point: Floats
    relative_humidity: Floats
    pressure: Floats
    global_horizontal: Floats
    direct_normal: Floats
    diffuse_horizontal: Floats
    extraterrestrial: Floats
    extraterrestrial_normal: Floats
    infrared: Floats
    wind_speed: Floats
    wind_direction: Floats
    sky_cover: Floats
    climate: Climate
    """What the year was drawn around."""


class Sun(NamedTuple):
    """Hourly irradiance [W m-2] and clearness [-]."""

    world: Floats
    direct: Floats
    diffuse: Floats
    outside: Floats
    beam: Floats
    clearness: Floats


def _by_day(monthly: list[float]) -> Floats:
    """Interpolate monthly means to 365 smooth daily values that preserve the means."""
    ends = np.cumsum(DAYS)
    middles = ends - np.asarray(DAYS) / 2
    around = np.concatenate(([middles[-1] - 365.0], middles, [middles[0] + 365.0]))
    targets = np.asarray(monthly)
    knots = targets.copy()
    month = np.repeat(np.arange(12), DAYS)
    days = np.empty(365)
    # Fixed-point iteration: shift the knots by the error of the monthly means.
    for _ in range(6):
        days = np.interp(np.arange(365) + 0.5, around, [knots[-1], *knots, knots[0]])
        knots += targets - np.asarray([days[month == m].mean() for m in range(12)])
    return np.asarray(days, np.float64)


def _spells(random: np.random.Generator, memory: float, most: float = 2.0) -> Floats:
    """Day-to-day anomalies: AR(1) of variance 1, clipped at `most` deviations, with zero mean over each month."""
    shocks = random.standard_normal(365 + 30)
    value, series = 0.0, np.empty(365 + 30)
    for day, shock in enumerate(shocks):
        value = memory * value + np.sqrt(1.0 - memory**2) * shock
        series[day] = value
    cut = np.clip(series[30:], -most, most)  # 30 days of spin-up are dropped
    month = np.repeat(np.arange(12), DAYS)
    return np.asarray(cut - np.asarray([cut[month == m].mean() for m in range(12)])[month], np.float64)


def _sun(random: np.random.Generator, climate: Climate) -> Sun:
    """Irradiance from the sun's position and clouds: daily clearness varies, monthly sums match the normals."""
    hours = pd.date_range(f"{YEAR}-01-01 00:30", periods=8760, freq="h", tz="Etc/GMT-8")
    days = hours.day_of_year.to_numpy()
    at = climate.location
    place = solarposition.get_solarposition(
        hours, at.latitude, at.longitude, altitude=at.elevation, method="nrel_numpy"
    )
    zenith = place["zenith"].to_numpy()
    beam = np.asarray(irradiance.get_extra_radiation(days, method="spencer"), float)
    height = np.clip(np.cos(np.radians(zenith)), 0.0, 1.0)
    extraterrestrial = beam * height
    month = hours.month.to_numpy() - 1
    sunlit = np.asarray([(extraterrestrial[month == m] > 0.0).sum() for m in range(12)], float)
    shares = [normal.sunshine / sunlit[m] for m, normal in enumerate(climate.normals)]
    overcast, sunny = angstrom()
    targets = np.asarray([overcast + sunny * share for share in shares])
    daily = _by_day(list(targets)) * (1.0 + 0.42 * _spells(random, 0.45))
    clearness = np.clip(
        np.repeat(np.clip(daily, 0.08, 0.74), 24) * (1.0 + 0.16 * (random.random(8760) - 0.5)), 0.0, 0.78
    )
    for m in range(12):
        in_month = month == m
        clearness[in_month] *= (
            targets[m] * extraterrestrial[in_month].sum() / (clearness[in_month] * extraterrestrial[in_month]).sum()
        )
    global_horizontal = np.clip(clearness, 0.0, 0.80) * extraterrestrial
    components = irradiance.erbs(global_horizontal, zenith, days, max_zenith=87.0)
    direct = np.asarray(components["dni"], float)
    diffuse = np.clip(global_horizontal - direct * height, 0.0, None)
    return Sun(
        global_horizontal, direct, diffuse, extraterrestrial, np.where(extraterrestrial > 0.0, beam, 0.0), clearness
    )


def _temperature(random: np.random.Generator, clearness: Floats, climate: Climate) -> Floats:
    """Air temperature [degC]: lowest at 05:00, highest at 14:30; a wider range on clear and warm days; spells of days.

    Spells have the standard deviation and the memory of the place's `Spread`.
    """
    normals, spread = climate.normals, climate.spread
    high, low = _by_day([normal.high for normal in normals]), _by_day([normal.low for normal in normals])
    clear = clearness.reshape(365, 24).mean(axis=1)
    month = np.repeat(np.arange(12), DAYS)
    usual = np.asarray([clear[month == m].mean() for m in range(12)])[month]
    spell = _spells(random, spread.persistence, spread.cut) * _by_day(list(spread.deviation))
    swing = (high - low) * (0.7 + 0.3 * clear / usual) + np.asarray(spread.range)[month] * spell
    swing = np.clip(swing, LEAST_RANGE, None)
    middle = (high + low) / 2 + spell
    hour = np.arange(24) + 0.5
    rising = -np.cos(np.pi * (hour - COLDEST) / (WARMEST - COLDEST))
    falling = np.cos(np.pi * (np.mod(hour - WARMEST, 24.0)) / (24.0 - WARMEST + COLDEST))
    shape = np.where((hour >= COLDEST) & (hour < WARMEST), rising, falling)
    shape -= shape.mean()
    ends = np.interp(np.arange(8760) / 24.0, np.arange(365) + 0.5, middle)
    return np.asarray(ends + np.repeat(swing, 24) * np.tile(shape, 365) / 2.0, np.float64)


def _saturation(temperature: Floats) -> Floats:
    """Saturation vapour pressure over water [Pa], Magnus with Alduchov and Eskridge's (1996) constants, eq. 21."""
    return 610.94 * np.exp(17.625 * temperature / (temperature + 243.04))


def weather(seed: int, place: str = "jiaxing") -> Weather:
    """One year of weather around the normals of a place.

    Vapour pressure keeps its daily mean while temperature swings, so humidity falls in the afternoon; a summer day
    hotter than usual brings less vapour than its warmth could hold, so it is drier (`vapour_of_warmth`).
    Long-wave from the sky follows the EPW convention: clear-sky emissivity by dew point (Clark and Allen 1978)
    with cloud cover.
    """
    random, climate = generator(seed, 60), climate_of(place)
    sun = _sun(random, climate)
    dry = _temperature(random, sun.clearness, climate)
    daily = dry.reshape(365, 24).mean(axis=1)
    humidity = _by_day([normal.humidity for normal in climate.normals]) / 100.0 * (1.0 + 0.10 * _spells(random, 0.5))
    usual = _saturation(_by_day([(normal.high + normal.low) / 2.0 for normal in climate.normals]))
    warmth = (_saturation(daily) / usual) ** np.repeat(vapour_of_warmth(), DAYS)
    vapour = np.interp(np.arange(8760) / 24.0, np.arange(365) + 0.5, humidity * usual * warmth)
    relative = np.clip(vapour / _saturation(dry), 0.18, 1.0)
    logged = np.log(relative * _saturation(dry) / 610.94)
    dew = np.minimum(243.04 * logged / (17.625 - logged), dry)
    cloud = np.clip(10.0 * (0.78 - np.repeat(sun.clearness.reshape(365, 24).mean(axis=1), 24)) / 0.62, 0.0, 10.0)
    n = np.round(cloud)
    emissivity = (0.787 + 0.764 * np.log((dew + 273.15) / 273.0)) * (1.0 + 0.0224 * n - 0.0035 * n**2 + 0.00028 * n**3)
    breeze = np.tile(1.0 + 0.35 * np.cos(2.0 * np.pi * (np.arange(24) - 14.0) / 24.0), 365)
    wind = np.clip(climate.wind * breeze * (0.55 + 0.9 * random.random(8760)), 0.0, None)
    season = np.where((np.arange(8760) > MONSOON[0]) & (np.arange(8760) < MONSOON[1]), 135.0, 345.0)
    return Weather(
        dry_bulb=dry,
        dew_point=dew,
        relative_humidity=100.0 * relative,
        pressure=101_600.0 + 900.0 * np.cos(2.0 * np.pi * (np.arange(8760) - 360.0) / 8760.0),
        global_horizontal=sun.world,
        direct_normal=sun.direct,
        diffuse_horizontal=sun.diffuse,
        extraterrestrial=sun.outside,
        extraterrestrial_normal=sun.beam,
        infrared=emissivity * 5.6697e-8 * (dry + 273.15) ** 4,
        wind_speed=wind,
        wind_direction=np.mod(season + 90.0 * (random.random(8760) - 0.5), 360.0),
        sky_cover=n,
        climate=climate,
    )
