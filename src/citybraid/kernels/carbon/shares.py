"""Shares of a joint effect: what each of several levers contributes, whatever their order."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def shapley(value: Callable[[frozenset[str]], Array], players: Sequence[str]) -> dict[str, Array]:
    """Return each player's share of value(all) − value(none): the mean of its additions over all orders.

    The shares sum to the whole exactly; 2^n values are computed for n players (Shapley 1953; Ang 2004 calls it the
    refined Laspeyres decomposition).
    """
    known = {
        frozenset(group): value(frozenset(group))
        for size in range(len(players) + 1)
        for group in combinations(players, size)
    }
    count, shares = len(players), {}
    for player in players:
        total = np.zeros_like(known[frozenset()])
        for group, before in known.items():
            if player not in group:
                weight = factorial(len(group)) * factorial(count - len(group) - 1) / factorial(count)
                total = total + weight * (known[group | {player}] - before)
        shares[player] = total
    return shares
