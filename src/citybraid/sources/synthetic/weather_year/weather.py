"""A synthetic weather year around stated climate normals: sun by geometry, clouds and weather spells by seed."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib import irradiance, solarposition
from scipy.signal import lfilter
from scipy.special import ndtr, ndtri

from citybraid.sources.synthetic.frame import generator
from citybraid.sources.synthetic.weather_year.clearness import of_days, of_hours
from citybraid.sources.synthetic.weather_year.climate import DAYS, Climate, angstrom, climate_of, vapour_of_warmth

COLDEST, WARMEST = 5.0, 14.5
"""Hours of the day of lowest and highest temperature."""
LEAST_RANGE = 0.5
"""Least range of a day [K]."""
DRIEST = 0.18
"""Least relative humidity [-]: that of Hangzhou's typical year."""
SPIN_UP = 30
"""Days that are drawn before the year begins."""
ROUNDS = 5
"""Times that humidity is scaled to the normals."""
MONTH = np.repeat(np.arange(12), DAYS)
"""Month of each day, from 0."""
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


class Course(NamedTuple):
    """What is drawn for the days (365,) and the hours of their sun."""

    clear: Floats
    """Normal scores of clearness [-]."""
    warm: Floats
    """Anomalies of temperature over their standard deviation [-]."""
    vapour: Floats
    """Anomalies of ln vapour pressure that warmth does not explain [-]."""
    even: Floats
    """Numbers between 0 and 1, (8760,)."""


class Sun(NamedTuple):
    """Hourly irradiance [W m-2] and clearness of the days [-]."""

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
    days = np.empty(365)
    # Fixed-point iteration: shift the knots by the error of the monthly means.
    for _ in range(6):
        days = np.interp(np.arange(365) + 0.5, around, [knots[-1], *knots, knots[0]])
        knots += targets - _by_month(days)
    return np.asarray(days, np.float64)


def _persistent(shocks: Floats, memory: float) -> Floats:
    """Join shocks of variance 1 to a series of the same variance that remembers: AR(1)."""
    joined = lfilter([1.0], [1.0, -memory], np.sqrt(1.0 - memory**2) * shocks)
    return np.asarray(joined, np.float64)


def _spells(series: Floats, most: float) -> Floats:
    """Day-to-day anomalies: a series clipped at `most` deviations, with zero mean over each month."""
    cut = np.clip(series, -most, most)
    return np.asarray(cut - _by_month(cut)[MONTH], np.float64)


def _by_month(days: Floats) -> Floats:
    return np.asarray([days[month == MONTH].mean() for month in range(12)])


def _course(random: np.random.Generator, climate: Climate) -> Course:
    """Draw clearness, warmth and vapour of the days: each remembers, and clear days are warm and dry as they are there.

    Shocks of clearness and warmth are correlated so that the joined series are as the place's `Clouds` say (AR(1)
    series of common shocks: Matalas 1967, Water Resour. Res. 3: 937-945).
    """
    clouds, memory = climate.clouds, climate.spread.persistence
    own = random.standard_normal(365 + SPIN_UP)
    even = random.random(8760)
    warm = random.standard_normal(365 + SPIN_UP)
    loss = np.sqrt((1.0 - memory**2) * (1.0 - clouds.persistence**2)) / (1.0 - memory * clouds.persistence)
    month = np.concatenate([np.full(SPIN_UP, 11), MONTH])
    shared = np.clip(np.asarray(clouds.clear_warmth)[month] / loss, -1.0, 1.0)
    clear = _persistent(shared * warm + np.sqrt(1.0 - shared**2) * own, clouds.persistence)[SPIN_UP:]
    warmth = _persistent(warm, memory)[SPIN_UP:]
    rest = _persistent(random.standard_normal(365 + SPIN_UP), clouds.vapour_persistence)[SPIN_UP:]
    vapour = (
        np.asarray(clouds.clear_vapour)[MONTH] * (clear - np.asarray(clouds.clear_warmth)[MONTH] * warmth)
        + np.asarray(clouds.vapour_deviation)[MONTH] * rest
    )
    return Course(clear, warmth, vapour, even)


def _sun(course: Course, climate: Climate) -> Sun:
    """Irradiance from the sun's position and clearness by day and hour; monthly sums match the normals.

    Direct and diffuse light by the clearness of the hour (Erbs, Klein and Duffie 1982).
    """
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
    outside = extraterrestrial.reshape(365, 24).sum(axis=1)
    sunlit = (extraterrestrial > 0.0).reshape(365, 24).sum(axis=1)
    overcast, sunny = angstrom()
    daily = np.empty(365)
    for m, normal in enumerate(climate.normals):
        here = m == MONTH
        mean = overcast + sunny * normal.sunshine / float(sunlit[here].sum())
        daily[here] = of_days(mean, course.clear[here], outside[here])
    angle = np.radians(
        15.0 * (np.arange(8760) % 24 - 11.5) + at.longitude - 15.0 * at.time_zone
        + place["equation_of_time"].to_numpy() / 4.0
    )  # fmt: skip
    clearness = of_hours(daily, *(each.reshape(365, 24) for each in (height, angle, course.even))).ravel()
    global_horizontal = clearness * extraterrestrial
    components = irradiance.erbs(global_horizontal, zenith, days, max_zenith=87.0)
    direct = np.asarray(components["dni"], float)
    diffuse = np.clip(global_horizontal - direct * height, 0.0, None)
    return Sun(global_horizontal, direct, diffuse, extraterrestrial, np.where(extraterrestrial > 0.0, beam, 0.0), daily)


def _temperature(course: Course, clearness: Floats, climate: Climate) -> Floats:
    """Air temperature [degC]: lowest at 05:00, highest at 14:30; a wider range on clear and warm days; spells of days.

    Spells have the standard deviation and the memory of the place's `Spread`.
    """
    normals, spread = climate.normals, climate.spread
    high, low = _by_day([normal.high for normal in normals]), _by_day([normal.low for normal in normals])
    spell = _spells(course.warm, spread.cut) * _by_day(list(spread.deviation))
    swing = high - low + np.asarray(spread.range)[MONTH] * spell
    swing += np.asarray(climate.clouds.clear_range)[MONTH] * (clearness - _by_month(clearness)[MONTH])
    swing = np.clip(swing, LEAST_RANGE, None)
    middle = (high + low) / 2 + spell
    hour = np.arange(24) + 0.5
    rising = -np.cos(np.pi * (hour - COLDEST) / (WARMEST - COLDEST))
    falling = np.cos(np.pi * (np.mod(hour - WARMEST, 24.0)) / (24.0 - WARMEST + COLDEST))
    shape = np.where((hour >= COLDEST) & (hour < WARMEST), rising, falling)
    shape -= shape.mean()
    ends = np.interp(np.arange(8760) / 24.0, np.arange(365) + 0.5, middle)
    return np.asarray(ends + np.repeat(swing, 24) * np.tile(shape, 365) / 2.0, np.float64)


def _humidity(dry: Floats, course: Course, climate: Climate) -> Floats:
    """Relative humidity of the hours [-]: vapour of each day by its warmth and clearness, means of months the normals'.

    Vapour pressure keeps its daily mean while temperature swings, so humidity falls in the afternoon; a summer day
    hotter than usual brings less vapour than its warmth could hold, so it is drier (`vapour_of_warmth`).
    """
    normals = climate.normals
    wanted = np.asarray([normal.humidity for normal in normals]) / 100.0
    usual = _saturation(_by_day([(normal.high + normal.low) / 2.0 for normal in normals]))
    daily = _saturation(dry.reshape(365, 24).mean(axis=1))
    vapour = usual * (daily / usual) ** np.asarray(vapour_of_warmth())[MONTH] * np.exp(course.vapour)
    share, relative = wanted.copy(), np.empty(8760)
    for _ in range(ROUNDS):
        joined = np.interp(np.arange(8760) / 24.0, np.arange(365) + 0.5, vapour * _by_day(list(share)))
        relative = np.clip(joined / _saturation(dry), DRIEST, 1.0)
        share *= wanted / _by_month(relative.reshape(365, 24).mean(axis=1))
    return relative


def _wind(random: np.random.Generator, climate: Climate) -> Floats:
    """Wind speed [m s-1]: Weibull distributed about the course of a day; each hour remembers the last."""
    wind = climate.wind
    breeze = np.tile(1.0 + wind.breeze * np.cos(2.0 * np.pi * (np.arange(24) - 14.0) / 24.0), 365)
    share = ndtr(_persistent(ndtri(random.random(8760)), wind.persistence))
    speed = breeze * (-np.log1p(-share)) ** (1.0 / wind.shape)
    return np.asarray(speed * wind.mean / speed.mean(), np.float64)


def _saturation(temperature: Floats) -> Floats:
    """Saturation vapour pressure over water [Pa], Magnus with Alduchov and Eskridge's (1996) constants, eq. 21."""
    return 610.94 * np.exp(17.625 * temperature / (temperature + 243.04))


def weather(seed: int, place: str = "jiaxing") -> Weather:
    """One year of weather around the normals of a place.

    The share of the sky under opaque clouds is what sunshine leaves of the day, n/N of Angstrom's relation. Long-wave
    from the sky follows the EPW convention: clear-sky emissivity by dew point (Clark and Allen 1978) with cloud cover.
    """
    random, climate = generator(seed, 60), climate_of(place)
    course = _course(random, climate)
    sun = _sun(course, climate)
    dry = _temperature(course, sun.clearness, climate)
    relative = _humidity(dry, course, climate)
    logged = np.log(relative * _saturation(dry) / 610.94)
    dew = np.minimum(243.04 * logged / (17.625 - logged), dry)
    overcast, sunny = angstrom()
    n = np.round(10.0 * np.repeat(1.0 - np.clip((sun.clearness - overcast) / sunny, 0.0, 1.0), 24))
    emissivity = (0.787 + 0.764 * np.log((dew + 273.15) / 273.0)) * (1.0 + 0.0224 * n - 0.0035 * n**2 + 0.00028 * n**3)
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
        wind_speed=_wind(random, climate),
        wind_direction=np.mod(season + 90.0 * (random.random(8760) - 0.5), 360.0),
        sky_cover=n,
        climate=climate,
    )
