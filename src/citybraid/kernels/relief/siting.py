"""Where p facilities go: p-median, maximal coverage and p-centre, solved by HiGHS or by a heuristic with its bound."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, identity

from citybraid.kernels.relief.interchange import Median, interchange, relaxed_bound
from citybraid.kernels.relief.programme import Row, least

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

EXACT_PAIRS = 12_000
"""Pairs of demand and site up to which HiGHS proves the p-median optimal."""


class Siting(NamedTuple):
    """The sites chosen (ascending), the value reached, and a bound that no choice of as many sites betters."""

    sites: Ints
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance from value to bound over the larger of them [-]; 0 where the choice is proved the best."""
        size = max(abs(self.value), abs(self.bound))
        return 0.0 if size == 0.0 else abs(self.value - self.bound) / size


def p_median(
    distance: Floats, weight: Floats, count: int, *, fixed: Flags | None = None, exact_pairs: int = EXACT_PAIRS
) -> Siting:
    """Return the `count` sites with the least weighted distance to the nearest: Hakimi (1964).

    `distance` (demand, site) is finite; `fixed` sites are always chosen and count. Up to `exact_pairs` pairs HiGHS
    solves the integer programme (ReVelle and Swain 1970). Beyond, vertex interchange (Teitz and Bart 1968; updates
    after Whitaker 1983) gives the value, and Lagrangian relaxation of the assignment (Narula, Ogbu and Samuelsson
    1977) the bound.
    """
    held = _fixed(distance, fixed)
    count = _count(count, held)
    if distance.size <= exact_pairs:
        return _median_by_highs(distance, weight, count, held)
    chosen_sites = interchange(distance, weight, count, held)
    bound = relaxed_bound(distance, weight, count, held, upper=chosen_sites.cost)
    return Siting(chosen_sites.sites, chosen_sites.cost, min(bound, chosen_sites.cost))


def maximal_coverage(
    covers: Flags, weight: Floats, count: int, *, fixed: Flags | None = None, exact_pairs: int = 100 * EXACT_PAIRS
) -> Siting:
    """Return the `count` sites that cover the most weight: Church and ReVelle (1974).

    `covers` (demand, site) tells which site is near enough. Beyond `exact_pairs` pairs it is solved as the p-median of
    what is left out (distance 0 where covered, else 1), by interchange and Lagrangian bound.
    """
    held = _fixed(covers, fixed)
    count = _count(count, held)
    total = float(weight.sum())
    if covers.size > exact_pairs:
        away = np.where(covers, 0.0, 1.0)
        quick = interchange(away, weight, count, held)
        bound = relaxed_bound(away, weight, count, held, upper=quick.cost)
        return Siting(quick.sites, total - quick.cost, total - min(bound, quick.cost))
    rows, sites = covers.shape
    gain = np.concatenate([np.zeros(sites), -weight])
    reach = hstack([-csr_array(covers.astype(np.float64)), identity(rows)], format="csr")
    one = csr_array(np.concatenate([np.ones(sites), np.zeros(rows)])[None, :])
    whole = np.concatenate([np.ones(sites), np.zeros(rows)])
    solution = least(
        gain, [Row(reach, -np.inf, 0.0), Row(one, count, count)],
        lower=np.concatenate([held, np.zeros(rows)]), upper=1.0, whole=whole,
    )  # fmt: skip
    chosen = np.flatnonzero(solution.x[:sites] > 0.5).astype(np.int64)
    covered = float(weight[covers[:, chosen].any(axis=1)].sum())
    return Siting(chosen, covered, max(covered, -solution.bound))


def p_centre(distance: Floats, count: int, *, fixed: Flags | None = None, exact_pairs: int = EXACT_PAIRS) -> Siting:
    """Return the `count` sites with the least distance of the farthest demand: Hakimi (1964).

    The radius is searched by halving among the distances: the fewest sites that cover all within it, a set cover
    (Minieka 1970). HiGHS solves it up to `exact_pairs` pairs; beyond, a radius counts as reached where greedy covering
    needs no more sites, and as refuted where the linear relaxation needs more: the bound is the least not refuted.
    """
    held = _fixed(distance, fixed)
    count = _count(count, held)
    exact = distance.size <= exact_pairs
    nearest, largest = distance.min(axis=1).max(), distance.max()
    radii = np.unique(distance[(distance >= nearest) & (distance <= largest)])
    low, high, lowest = 0, radii.size - 1, 0
    best = _padded(_greedy_cover(distance <= radii[high], held), count, held)
    while low < high:
        middle = (low + high) // 2
        covers = distance <= radii[middle]
        sites = _cover_by_highs(covers, held) if exact else _greedy_cover(covers, held)
        if sites.size <= count:
            high, best = middle, _padded(sites, count, held)
        else:
            low = middle + 1
    value = float(distance[:, best].min(axis=1).max())
    if exact:
        return Siting(best, value, value)
    high = int(np.searchsorted(radii, value))
    while lowest < high:
        middle = (lowest + high) // 2
        if _relaxed_cover(distance <= radii[middle], held) > count + 1e-6:
            lowest = middle + 1
        else:
            high = middle
    return Siting(best, value, min(value, float(radii[lowest])))


def _fixed(pairs: NDArray[np.generic], fixed: Flags | None) -> Flags:
    if pairs.ndim != 2 or 0 in pairs.shape:
        raise ValueError("siting needs demand and sites")
    return np.zeros(pairs.shape[1], np.bool_) if fixed is None else np.asarray(fixed, np.bool_)


def _count(count: int, held: Flags) -> int:
    """Return how many sites are chosen: at least those that are fixed, at most all."""
    if count < 1:
        raise ValueError("siting needs a positive number of sites")
    return min(max(count, int(held.sum())), held.size)


def _padded(sites: Ints, count: int, held: Flags) -> Ints:
    """Return the sites with the first unused ones, up to the count."""
    unused = np.setdiff1d(np.arange(held.size), sites)
    return np.sort(np.concatenate([sites, unused[: max(count - sites.size, 0)]])).astype(np.int64)


def _median_by_highs(distance: Floats, weight: Floats, count: int, held: Flags) -> Siting:
    rows, sites = distance.shape
    pairs = rows * sites
    demand, site = np.repeat(np.arange(rows), sites), np.tile(np.arange(sites), rows)
    ones, at = np.ones(pairs), np.arange(pairs)
    each = csr_array((ones, (demand, sites + at)), shape=(rows, sites + pairs))
    opened = csr_array(
        (np.concatenate([ones, -ones]), (np.tile(at, 2), np.concatenate([sites + at, site]))),
        shape=(pairs, sites + pairs),
    )
    number = csr_array(np.concatenate([np.ones(sites), np.zeros(pairs)])[None, :])
    solved = least(
        np.concatenate([np.zeros(sites), (weight[:, None] * distance).ravel()]),
        [Row(each, 1.0, 1.0), Row(opened, -np.inf, 0.0), Row(number, count, count)],
        lower=np.concatenate([held, np.zeros(pairs)]), upper=1.0,
        whole=np.concatenate([np.ones(sites), np.zeros(pairs)]),
    )  # fmt: skip
    chosen = np.flatnonzero(solved.x[:sites] > 0.5).astype(np.int64)
    median = Median.of(distance, weight, chosen)
    return Siting(chosen, median.cost, min(median.cost, solved.bound))


def _cover_by_highs(covers: Flags, held: Flags) -> Ints:
    sites = covers.shape[1]
    every = Row(csr_array(covers.astype(np.float64)), 1.0, np.inf)
    solved = least(np.ones(sites), [every], lower=held.astype(np.float64), upper=1.0, whole=np.ones(sites))
    return np.flatnonzero(solved.x > 0.5).astype(np.int64)


def _relaxed_cover(covers: Flags, held: Flags) -> float:
    """Return the least number of sites of the linear relaxation of the set cover."""
    every = Row(csr_array(covers.astype(np.float64)), 1.0, np.inf)
    return least(np.ones(covers.shape[1]), [every], lower=held.astype(np.float64), upper=1.0).cost


def _greedy_cover(covers: Flags, held: Flags) -> Ints:
    """Return sites that cover all demand, each the one that covers most of what is left: Chvatal (1979)."""
    chosen = [int(site) for site in np.flatnonzero(held)]
    left = ~covers[:, held].any(axis=1)
    while left.any():
        gain = covers[left].sum(axis=0)
        best = int(gain.argmax())
        chosen.append(best)
        left &= ~covers[:, best]
    return np.sort(np.array(chosen, np.int64))
