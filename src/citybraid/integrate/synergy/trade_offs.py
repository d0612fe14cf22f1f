"""Two gains against each other: thirds of both for a bivariate map, and the frontier of points that none beats."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def thirds(values: Floats) -> tuple[float, float]:
    """Return the two limits between the thirds of all values that are known; of equal ones, the same twice."""
    known = values[np.isfinite(values)]
    low, high = np.quantile(known, (1.0 / 3.0, 2.0 / 3.0)) if known.size else (np.nan, np.nan)
    return float(low), float(high)


def bivariate_class(
    first: Floats, second: Floats, *, first_limits: tuple[float, float], second_limits: tuple[float, float]
) -> Floats:
    """Return 3 x the third of the first quantity + that of the second, each from 0; NaN where one has no value.

    A value at a limit is in the lower third.
    """
    both = np.isfinite(first) & np.isfinite(second)
    classes = 3.0 * _third(first, first_limits) + _third(second, second_limits)
    return np.where(both, classes, np.nan)


def _third(values: Floats, limits: tuple[float, float]) -> Floats:
    return np.asarray((values > limits[0]).astype(np.float64) + (values > limits[1]).astype(np.float64))


def frontier(first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Return the points of which none is at least as large in both quantities and larger in one.

    Equal points stand beside one another. Points without a value are none.
    """
    known = np.flatnonzero(np.isfinite(first) & np.isfinite(second))
    on = np.zeros(first.shape, dtype=np.bool_)
    order = known[np.lexsort((-second[known], -first[known]))]
    best, best_first = -np.inf, np.nan
    for at in order:
        if second[at] > best or (second[at] == best and first[at] == best_first):
            on[at], best, best_first = True, second[at], first[at]
    return on
