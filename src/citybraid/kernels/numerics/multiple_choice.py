"""Multiple-choice problems at given prices: the best level of every group, and how far the others lie behind it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class Priced(NamedTuple):
    """The best levels at prices: `level` by group, their net value by group, and the amounts that they use."""

    level: Indices
    net: Floats
    used: Floats


def net_values(value: Floats, use: Floats, price: Floats) -> Floats:
    """Return the value of every level (groups, levels) less what its amounts (limits, groups, levels) cost."""
    return np.asarray(value - (price @ use.reshape(price.size, -1)).reshape(value.shape), dtype=np.float64)


def best_levels(value: Floats, use: Floats, price: Floats) -> Priced:
    """Return the levels of the highest net value, the first of equals; sums of net values bound any choice's value.

    This is the inner problem of the Lagrangian relaxation of shared limits (Fisher 1981, eq. 2): with a price on
    each limit, groups choose one by one.
    """
    net = net_values(value, use, price)
    level = net.argmax(axis=1)
    each = np.arange(level.size)
    return Priced(level, net[each, level], use[:, each, level].sum(axis=1))


def regrets(value: Floats, use: Floats, price: Floats) -> Floats:
    """Return how far each level's net value lies below the best of its group, at least 0 (groups, levels)."""
    net = net_values(value, use, price)
    return np.asarray(net.max(axis=1, keepdims=True) - net, dtype=np.float64)
