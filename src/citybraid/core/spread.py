"""Spread of a factor row: the value at a level of probability, from the row's own low, high and distribution."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from citybraid.core.factor import Factor

Floats = NDArray[np.float64]
LEVEL_MARGIN = 0.01
"""Levels are clipped this far from 0 and 1, so that no draw lies outside the range of the ensemble's runs [-]."""

MIN_RUNS = 8
"""Minimum runs of an ensemble for cross-validation of a quadratic fit of two sources."""


def has_distribution(row: Factor) -> bool:
    """Tell whether a row states a distribution with distinct bounds."""
    return row.low is not None and row.high is not None and row.distribution in QUANTILES and row.low < row.high


def value_at(row: Factor, level: Floats) -> Floats:
    """Return a row's quantile at each probability level; its plain value where it states no distribution.

    `uniform` and `triangular` reach from low to high; of `normal`, low and high are one
    standard deviation below and above the value, each side with its own.
    """
    if not has_distribution(row) or row.low is None or row.high is None:
        return np.full(np.shape(level), row.value)
    return QUANTILES[row.distribution](row.value, row.low, row.high, np.clip(level, LEVEL_MARGIN, 1.0 - LEVEL_MARGIN))


def _uniform(value: float, low: float, high: float, level: Floats) -> Floats:  # noqa: ARG001  (all take the value)
    return low + (high - low) * level


def _triangular(value: float, low: float, high: float, level: Floats) -> Floats:
    rising = (value - low) / (high - low)
    below = low + np.sqrt(level * (high - low) * (value - low))
    above = high - np.sqrt((1.0 - level) * (high - low) * (high - value))
    return np.where(level < rising, below, above)


def _normal(value: float, low: float, high: float, level: Floats) -> Floats:
    score = ndtri(level)
    return np.asarray(value + score * np.where(score > 0.0, high - value, value - low), np.float64)


QUANTILES = {"uniform": _uniform, "triangular": _triangular, "normal": _normal}
