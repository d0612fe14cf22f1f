"""The hot season of a place: June to August, south of the equator December to February, in the tropics by its weather.

Between the tropics the sun stands overhead twice a year and rain, not the sun's height, decides when it is hot: Jakarta
is hottest in September and October. There the season is the hottest run of calendar months in the weather file, as the
warmest quarter of bioclimatic variables (Busby 1991; O'Donnell and Ignizio 2012, USGS Data Series 691, BIO10).
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAYS, DAY, MONTHS = 365, 24, 12
TROPIC = 23.44
"""Latitude up to which the sun stands overhead at some time of the year: the tilt of the earth's axis [degree]."""
STARTS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
"""First days of the months, and the end of the year."""
SUMMER = (5, 3)
"""The season north of the tropics: its first month, 0 being January, and how many; June to August."""


def hot_span(air: Floats, latitude: float, *, season: tuple[int, int] = SUMMER) -> tuple[int, int]:
    """Return the first day of the hot season and the one after its last, 0 being 1 January; may pass the year's end.

    `air` is outdoor air by hour of a year [degC], `season` the months that count north of the tropics; south of them
    those of half a year later. Between the tropics as many months count: those in a row whose mean is highest, the
    first of equals. Raises ValueError where there are no 8 760 hours.
    """
    if air.size != DAYS * DAY:
        message = f"a year of air has {DAYS * DAY} hours (got {air.size})"
        raise ValueError(message)
    first, count = season
    if abs(latitude) <= TROPIC:
        first = _hottest(air.reshape(DAYS, DAY).mean(axis=1), count)
    elif latitude < 0.0:
        first = (first + MONTHS // 2) % MONTHS
    last = first + count
    return STARTS[first], STARTS[last % MONTHS] + DAYS * (last // MONTHS)


def _hottest(daily: Floats, count: int) -> int:
    """Return the first of so many months in a row with the highest mean of days."""
    total = np.array([daily[first:last].sum() for first, last in pairwise(STARTS)])
    days = np.diff(STARTS)
    runs = (np.arange(MONTHS)[:, None] + np.arange(count)) % MONTHS
    return int(np.argmax(total[runs].sum(axis=1) / days[runs].sum(axis=1)))


def summer_days(air: Floats, latitude: float) -> NDArray[np.int64]:
    """Return the days of the hot season, 0 being 1 January, from air by hour of a year [degC]."""
    return np.arange(*hot_span(air, latitude)) % DAYS


def summer_hours(air: Floats, latitude: float) -> tuple[int, int]:
    """Return the first hour of the hot season and the one after its last; beyond 8 760 in the next year."""
    first, last = hot_span(air, latitude)
    return first * DAY, last * DAY
