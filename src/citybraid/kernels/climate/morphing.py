"""Hourly weather of a changed climate from a year's weather and monthly changes (morphing).

Belcher, Hacker and Powell (2005), Build. Serv. Eng. Res. Technol. 26: 49-61: a shift (eq. 1), a stretch (eq. 2) and
both together (eq. 3 and 4), month by month.
"""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MONTH = np.repeat(np.arange(12), 24 * DAYS)
"""The month of each of 8 760 hours, 0 being January."""
DAY_MONTH = np.repeat(np.arange(12), DAYS)
"""The month of each day."""


def monthly_mean(values: F64) -> F64:
    """Return the mean of each month of 8 760 hours."""
    return np.asarray(np.bincount(MONTH, values, minlength=12) / np.bincount(MONTH))


def shifted(values: F64, change: F64) -> F64:
    """Return hours moved by a change for each month (eq. 1)."""
    return np.asarray(values + change[MONTH])


def stretched(values: F64, ratio: F64) -> F64:
    """Return hours multiplied by a ratio for each month (eq. 2)."""
    return np.asarray(values * ratio[MONTH])


def range_ratio(values: F64, highest: F64, lowest: F64) -> F64:
    """Return by how much each month's daily range widens, as a share of it (eq. 4).

    `highest` and `lowest` are changes of the mean daily maximum and minimum. A month without a daily range keeps none.
    """
    by_day = values.reshape(-1, 24)
    span = np.bincount(DAY_MONTH, by_day.max(axis=1) - by_day.min(axis=1)) / DAYS
    widened = highest - lowest
    ratio = np.zeros(12)
    np.divide(widened, span, out=ratio, where=span > 0.0)
    return ratio


def combined(values: F64, change: F64, widening: F64) -> F64:
    """Return hours moved by a change of the mean and widened about each month's mean (eq. 3)."""
    away = values - monthly_mean(values)[MONTH]
    return np.asarray(values + change[MONTH] + widening[MONTH] * away)
