"""Limits of comfort: hours above a temperature, beyond the adaptive limit, and at night."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.var import Factors
from citybraid.kernels.climate.summer import hot_span
from citybraid.lowcarbon.climate import HOURS

Array = NDArray[np.float64]

LEVELS = (26.0, 28.0, 30.0, 32.0)
"""Operative temperatures whose hours are counted [degC]."""
NIGHT = (22, 7)
"""Hours of the clock between which people sleep (CIBSE TM59)."""
SUMMER = (4, 5)
"""First month and number of months of May to September (CIBSE TM59), the northern summer half-year."""


class Comfort(NamedTuple):
    """Hourly limits of a year."""

    adaptive: Array
    """Operative temperature that counts as overheated [degC]; infinite outside the summer half-year."""
    night: Array
    """Operative temperature that counts as a hot night [degC]; infinite by day."""


class Counts(NamedTuple):
    """Hours of each zone in a year [h]."""

    above: Array
    """Above each of LEVELS, (zones, 4)."""
    adaptive: Array
    night: Array
    threshold: Array
    """Above the threshold of people."""


def running_mean(air: Array, *, memory: float) -> Array:
    """Return the running mean outdoor temperature of each day of a year [degC] (EN 16798-1, B.2.2).

    T_rm = (1 - memory) T_d-1 + memory T_rm,d-1 of daily means T_d; the year follows on itself.
    """
    days = air.reshape(-1, 24).mean(axis=1)
    age = np.arange(days.size)
    weight = (1 - memory) * memory**age / (1 - memory**days.size)
    return np.array([(weight * days[(day - 1 - age) % days.size]).sum() for day in range(days.size)])


def comfort(air: Array, limits: Factors, *, latitude: float) -> Comfort:
    """Return the limits of a year of outdoor air [degC].

    The adaptive one is `adaptive_slope` T_rm + `adaptive_constant` + `adaptive_width` + `adaptive_excess`, T_rm at
    most `warmest_running_mean`, in the summer half-year only: between the tropics the five warmest months.
    """
    mean = np.minimum(running_mean(air, memory=limits["running_mean"]), limits["warmest_running_mean"])
    limit = limits["adaptive_slope"] * mean + limits["adaptive_constant"]
    hour = np.arange(HOURS)
    first, last = hot_span(air, latitude, season=SUMMER)
    summer = (hour // 24 - first) % 365 < last - first
    daily = np.repeat(limit + limits["adaptive_width"] + limits["adaptive_excess"], 24)
    asleep = (hour % 24 >= NIGHT[0]) | (hour % 24 < NIGHT[1])
    return Comfort(np.where(summer, daily, np.inf), np.where(asleep, limits["night_limit"], np.inf))


def counts(operative: Array, limit: Comfort, *, threshold: float) -> Counts:
    """Return the hours of each zone beyond the limits; `operative` is (zones, hours) [degC]."""
    return Counts(
        np.stack([_hours_of(operative > level) for level in LEVELS], axis=1),
        _hours_of(operative >= limit.adaptive),
        _hours_of(operative > limit.night),
        _hours_of(operative > threshold),
    )


def _hours_of(there: NDArray[np.bool_]) -> Array:
    """Return the hours of each zone; counted row by row, as a sum along the rows takes three times as long."""
    return np.array([np.count_nonzero(row) for row in there], dtype=np.float64)


def hottest_hours(air: Array, length: int) -> int:
    """Return the first hour of the `length` hours of a year whose mean outdoor temperature is highest."""
    around = np.concatenate([air, air[: length - 1]])
    total = np.concatenate([[0.0], np.cumsum(around)])
    return int(np.argmax(total[length:] - total[:-length]))


def hours_until(operative: Array, level: float) -> Array:
    """Return the hours that pass before the first one above a level, by zone; NaN where it is not reached."""
    over = operative > level
    return np.where(over.any(axis=1), np.argmax(over, axis=1).astype(np.float64), np.nan)
