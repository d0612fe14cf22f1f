"""Exchange between givers and takers: the most that passes, by the shortest ways.

A transport problem: each pair that may exchange has a distance; no giver gives more than it has, no taker takes
more than it needs (Hitchcock 1941). The most is sent; of all ways to send it, that with the least distance.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

Array = NDArray[np.float64]
FAR = 2.0
"""Worth of an amount sent, over the greatest distance: above 1, so that no way is too far to be used."""


class Exchange(NamedTuple):
    """Pairs that exchange, by number, and their amounts in the unit of supply and need."""

    giver: NDArray[np.int64]
    taker: NDArray[np.int64]
    amount: Array


def exchange(supply: Array, need: Array, distance: Array) -> Exchange:
    """Return the amounts that pass; `distance` is (givers, takers), infinite where a pair cannot exchange."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    giver, taker = (axis.astype(np.int64) for axis in np.nonzero(np.isfinite(distance)))
    scale = max(float(supply.max(initial=0.0)), float(need.max(initial=0.0)))
    if giver.size == 0 or scale == 0.0:
        return Exchange(giver[:0], taker[:0], np.zeros(0))
    along = distance[giver, taker]
    cost = along / max(float(along.max()), 1.0) - FAR
    number = np.arange(giver.size)
    rows = coo_array(
        (np.ones(2 * giver.size), (np.concatenate([giver, supply.size + taker]), np.tile(number, 2))),
        shape=(supply.size + need.size, giver.size),
    )
    most = LinearConstraint(rows.tocsr(), -np.inf, np.concatenate([supply, need]) / scale)
    solution = milp(cost, constraints=most, bounds=Bounds(0.0, np.inf))
    if solution.x is None:
        raise ArithmeticError(solution.message)
    amount = np.maximum(solution.x, 0.0) * scale
    sent = amount > 1e-9 * scale
    return Exchange(giver[sent], taker[sent], amount[sent])
