"""Courses over years: adoption along a logistic curve, and values between given years."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TENTH_TO_NINE_TENTHS = math.log(81.0)
"""Product of a logistic curve's rate and the time that it takes from 10 % to 90 %."""


def logistic(years: Array, *, midpoint: float, takeover: float) -> Array:
    """Return adoption since the first year, 0 then and towards 1 later, along a logistic curve.

    `midpoint` is the year of half adoption, `takeover` the time from 10 % to 90 % [year]. What is adopted in the first
    year is part of the present and counts as 0.
    """
    curve = 1.0 / (1.0 + np.exp(-TENTH_TO_NINE_TENTHS / takeover * (years - midpoint)))
    return np.asarray((curve - curve[0]) / (1.0 - curve[0]), dtype=np.float64)


def between(points: Mapping[int, float], years: Array) -> Array:
    """Return values for years, linear between given ones and constant before the first and after the last."""
    known = sorted(points)
    return np.asarray(np.interp(years, known, [points[year] for year in known]), dtype=np.float64)
