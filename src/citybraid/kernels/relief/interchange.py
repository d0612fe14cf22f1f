"""The p-median by vertex interchange, and a lower bound on it by Lagrangian relaxation."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDS = 300
"""Steps of the subgradient search."""
PATIENCE = 15
"""Steps without a better bound after which the step is halved."""
LEAST = 1e-12
"""Least saving of an exchange, relative to the cost."""


class Median(NamedTuple):
    """Chosen sites, ascending, and the weighted distance from each demand to the nearest."""

    sites: Ints
    cost: float

    @classmethod
    def of(cls, distance: Floats, weight: Floats, sites: Ints) -> "Median":
        """Return the sites with their cost."""
        return cls(np.sort(sites), float(weight @ distance[:, sites].min(axis=1)))


def interchange(distance: Floats, weight: Floats, count: int, held: Flags) -> Median:
    """Return the sites that no exchange of one for another betters, from a greedy start: Teitz and Bart (1968).

    What an exchange saves is computed for all pairs at once from the nearest and second nearest site of each
    demand (Whitaker 1983). Sites `held` stay.
    """
    sites = _greedy(distance, weight, count, held)
    if count == distance.shape[1]:
        return Median.of(distance, weight, sites)
    while True:
        change = _exchanges(distance, weight, sites)
        change[held[sites]] = np.inf
        change[:, sites] = np.inf
        out, into = np.unravel_index(int(change.argmin()), change.shape)
        cost = float(weight @ distance[:, sites].min(axis=1))
        if not change[out, into] < -LEAST * max(cost, 1.0):
            return Median.of(distance, weight, sites)
        sites[out] = into


def _greedy(distance: Floats, weight: Floats, count: int, held: Flags) -> Ints:
    chosen = [int(site) for site in np.flatnonzero(held)]
    nearest = distance[:, chosen].min(axis=1) if chosen else np.full(len(distance), np.inf)
    while len(chosen) < count:
        cost = weight @ np.minimum(nearest[:, None], distance)
        cost[chosen] = np.inf
        best = int(cost.argmin())
        chosen.append(best)
        nearest = np.minimum(nearest, distance[:, best])
    return np.array(chosen, np.int64)


def _exchanges(distance: Floats, weight: Floats, sites: Ints) -> Floats:
    """Return the change of cost where a chosen site (row) is given up for another one (column)."""
    away = distance[:, sites]
    owner = away.argmin(axis=1)
    first = away[np.arange(len(away)), owner]
    rest = away.copy()
    rest[np.arange(len(away)), owner] = np.inf
    second = rest.min(axis=1)
    saved = weight @ np.maximum(first[:, None] - distance, 0.0)
    moved = np.minimum(np.maximum(distance, first[:, None]), second[:, None]) - first[:, None]
    order = np.argsort(owner, kind="stable")
    lost = np.zeros((sites.size, distance.shape[1]))
    present, start = np.unique(owner[order], return_index=True)
    lost[present] = np.add.reduceat((weight[:, None] * moved)[order], start, axis=0)
    return np.asarray(lost - saved, np.float64)


def relaxed_bound(distance: Floats, weight: Floats, count: int, held: Flags, *, upper: float) -> float:
    """Return a cost that no `count` sites undercut: the best dual value found by a subgradient search.

    Each demand has a price; a site is worth the sum of what its demands pay above their weighted distance, and the most
    worthy sites are opened. `upper` is a known cost, which sizes the steps (Held, Wolfe and Crowder 1974).
    """
    cost = weight[:, None] * distance
    prices = np.partition(cost, min(1, cost.shape[1] - 1), axis=1)[:, min(1, cost.shape[1] - 1)]
    best, scale, stale = -np.inf, 2.0, 0
    free = count - int(held.sum())
    for _ in range(ROUNDS):
        margin = np.minimum(cost - prices[:, None], 0.0)
        worth = margin.sum(axis=0)
        opened = held.copy()
        candidates = np.where(held, np.inf, worth)
        opened[np.argsort(candidates, kind="stable")[:free]] = True
        value = float(prices.sum() + worth[opened].sum())
        stale = 0 if value > best else stale + 1
        best = max(best, value)
        if upper - best <= LEAST * max(abs(upper), 1.0):
            break
        if stale >= PATIENCE:
            scale, stale = 0.5 * scale, 0
        slope = 1.0 - (margin[:, opened] < 0.0).sum(axis=1)
        size = float(slope @ slope)
        if size == 0.0:
            break
        prices = np.maximum(prices + scale * max(1.02 * upper - value, 0.0) / size * slope, 0.0)
    return best
