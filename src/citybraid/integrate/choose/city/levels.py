"""The portfolio of a whole city: thousands of groups, shared limits, and a bound that says how far from the best it is.

Prices of the limits split the choice into one for each group; the few groups whose best levels lie close together
are chosen by HiGHS together, all others by price.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.city.dual import Prices, limit_prices
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.solver import Rows, search
from citybraid.kernels.numerics.multiple_choice import regrets

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
CORES, NEARLY = (240, 960, 3840), 4
"""Levels beside the best ones that HiGHS chooses among, in turn, at last all; up to so many times more where those are
all whose regret a better choice could afford."""
NODES = 400
"""Nodes of the search among some of the levels; 25 times as many among all."""
GAP = 5e-4
"""Gap at which a choice is good enough, as a share of the bound [-]."""


@dataclass(frozen=True)
class CityPortfolio:
    """The chosen level of every group, its value, and what proves it.

    No choice within the limits is worth more than `bound`. `price` is what one more of each limit is worth, by the
    bound; `spare` what is left of each limit.
    """

    level: Indices
    value: float
    bound: float
    price: Floats
    spare: Floats

    @property
    def gap(self) -> float:
        """How much more another choice could be worth, as a share of the bound's size [-]."""
        return max(0.0, self.bound - self.value) / max(abs(self.bound), 1e-300) if self.bound else 0.0


def city_portfolio(problem: GroupedChoice, *, gap: float = GAP, prove: bool = False) -> CityPortfolio | None:
    """Return a choice whose value lies within a certified gap of the best; None where no choice keeps the limits.

    The bound is that of Lagrangian relaxation (Fisher 1981), sharpened by the search: a choice that uses any level
    left out of it is worth at most the bound less the least regret left out. `prove` goes on until the choice is
    proved to be the best, as far as sums of floating-point numbers tell. Raises StudyError where the nodes of the
    search end before any choice is found.
    """
    scaled = problem.scaled
    prices = limit_prices(scaled)
    if prices is None:
        return None
    wanted = 0.0 if prove else gap * abs(prices.bound)
    left = regrets(scaled.value, scaled.use, prices.price)
    base = _rounded(scaled, prices)
    best: Indices | None = base if scaled.keeps(base) else None
    bound = prices.bound
    for core in (*CORES, left.size):
        lack = np.inf if best is None else bound - scaled.worth(best)
        if lack <= wanted:
            break
        affordable = int((left <= lack).sum()) - base.size
        size = affordable if affordable <= NEARLY * core else core
        portfolio = _searched(scaled, prices, left, base=base, core=size, gap=wanted)
        if portfolio is None and size >= left.size - base.size:
            return None
        if portfolio is None:
            continue
        bound = min(bound, portfolio.bound)
        if portfolio.level is not None and (best is None or scaled.worth(portfolio.level) > scaled.worth(best)):
            best = portfolio.level
        if best is not None and size >= affordable:
            break
    if best is None:
        raise StudyError("choose.solver", status="no choice found within the nodes")
    value = problem.worth(best)
    price = prices.price * problem.value_scale / problem.use_scale
    spare = problem.limit - problem.used(best)
    return CityPortfolio(best, value, max(bound * problem.value_scale, value), price, spare)


def _rounded(scaled: GroupedChoice, prices: Prices) -> Indices:
    """Return the blend of choices rounded to one level for every group.

    Groups on whose level the choices agree have it; the others follow one after another, each with the level of the
    blend that leaves the amounts used so far nearest to the blend's own.
    """
    level: Indices = prices.blend[prices.weight.argmax()].copy()
    open_groups = np.flatnonzero((prices.blend != prices.blend[0]).any(axis=0))
    off = np.zeros(scaled.limit.size)
    for group in open_groups:
        options, at = np.unique(prices.blend[:, group], return_inverse=True)
        share = np.bincount(at, weights=prices.weight)
        amounts = scaled.use[:, group, options]
        left = off[:, None] + amounts - (amounts @ share)[:, None]
        nearest = int(np.square(left).sum(axis=0).argmin())
        level[group], off = options[nearest], left[:, nearest]
    return level


@dataclass(frozen=True)
class _Outcome:
    """The best choice of a search, None where it found none, and the bound on all choices [scaled]."""

    level: Indices | None
    bound: float


def _searched(
    scaled: GroupedChoice, prices: Prices, left: Floats, *, base: Indices, core: int, gap: float
) -> _Outcome | None:
    """Search among the best levels and the `core` others of least regret; None where these keep no limits."""
    groups = np.arange(base.size)
    others = left.copy()
    others[groups, base] = np.inf
    flat = np.flatnonzero(np.isfinite(others.ravel()))
    order = flat[np.argsort(others.ravel()[flat], kind="stable")]
    taken, beyond = order[:core], order[core:]
    group, level = np.divmod(taken, left.shape[1])
    extra = scaled.value[group, level] - scaled.value[groups, base][group]
    change = scaled.use[:, group, level] - scaled.use[:, groups, base][:, group]
    used, alone = np.unique(group, return_inverse=True)
    choice = sparse.csr_array((np.ones(taken.size), (alone, np.arange(taken.size))), shape=(used.size, taken.size))
    room = scaled.limit - scaled.used(base)
    rows = Rows(
        sparse.csr_array(sparse.vstack([choice, sparse.csr_array(change)])),
        np.full(used.size + room.size, -np.inf), np.append(np.ones(used.size), room),
    )  # fmt: skip
    solution = search(
        extra, rows, upper=np.ones(taken.size), whole=np.ones(taken.size, dtype=np.bool_), gap=0.5 * gap,
        nodes=NODES if beyond.size else 25 * NODES,
    )  # fmt: skip
    outside = prices.bound - float(others.ravel()[beyond[0]]) if beyond.size else -np.inf
    if solution is None:
        return None if not beyond.size else _Outcome(None, outside)
    bound = max(scaled.worth(base) + solution.bound, outside)
    if solution.x is None:
        return _Outcome(None, bound)
    chosen = base.copy()
    picked = solution.x > 0.5  # noqa: PLR2004  (whole numbers to HiGHS's tolerance)
    chosen[group[picked]] = level[picked]
    return _Outcome(chosen if scaled.keeps(chosen) else None, bound)
