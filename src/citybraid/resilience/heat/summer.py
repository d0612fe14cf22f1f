"""Hourly series of a weather year by day, and the hours of the evening."""

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Series

Floats = NDArray[np.float64]

HOURS = 8760
DARK = 1.0
"""Mean global radiation of an hour of the day below which the sun is down [W m-2]."""


def by_day(series: Series, *, first_hour: int = 0) -> Floats:
    """Return a year's hourly series as 365 × 24, days starting at an hour; the last day goes on in January.

    Raises InputError where the series is no full year of hours or has gaps.
    """
    hours = series.to_numpy(np.float64)
    if hours.size != HOURS or not np.isfinite(hours).all():
        raise InputError("heat.no_full_year", series=str(series.name), got=int(np.isfinite(hours).sum()), needs=HOURS)
    return np.roll(hours, -first_hour).reshape(365, 24)


def evening_air(air: Floats, sun: Floats, *, first: int, count: int) -> Floats:
    """Return the air of `count` hours from `first` hours after sunset on; all hours where the sun does not set.

    `air` and `sun` are days × 24 hours. Sunset is the start of the first hour after the brightest whose mean
    radiation is below DARK; hours past midnight are those before dawn of the same row.
    """
    by_hour = sun.mean(axis=0)
    brightest = int(by_hour.argmax())
    dark = np.roll(by_hour, -brightest) < DARK
    if dark.all() or not dark.any():
        return air
    start = brightest + int(dark.argmax()) + first
    return air[:, np.arange(start, start + count) % 24]
