"""Sites with demand assigned to them: fewest sites within reach, capacities, and pairs without a way, by HiGHS."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from citybraid.kernels.relief.programme import Row, least
from citybraid.kernels.relief.siting import Siting

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HALF = 0.5


class AssignedSites(NamedTuple):
    """The sites chosen with the value reached and its bound, and the share of each demand (row) at each site."""

    siting: Siting
    share: Floats


def assigned_sites(
    allowed: Flags, pair_cost: Floats, weight: Floats, *, site_cost: float = 0.0, count: int | None = None,
    fixed: Flags | None = None, capacity: Floats | None = None, split: bool = False, nodes: int = 20_000,
) -> AssignedSites:  # fmt: skip
    """Return the sites, and who goes where, that cost least: Σ site cost + Σ cost × share.

    All of each demand goes to chosen sites it is `allowed` to reach (demand, site): to one, or with `split` to several.
    `capacity` bounds the weight at each site. With a `count` as many sites are chosen: the capacitated p-median
    (Mulvey and Beck 1984); without pair costs and a count the location set covering problem (Toregas et al. 1971),
    with capacities that of Current and Storbeck (1988). Raises ValueError where there is no solution.
    """
    rows, sites = allowed.shape
    held = np.zeros(sites) if fixed is None else fixed.astype(np.float64)
    demand, site = np.nonzero(allowed)
    pairs = demand.size
    ones, at = np.ones(pairs), np.arange(pairs)
    each = csr_array((ones, (demand, sites + at)), shape=(rows, sites + pairs))
    opened = csr_array(
        (np.concatenate([ones, -ones]), (np.tile(at, 2), np.concatenate([sites + at, site]))),
        shape=(pairs, sites + pairs),
    )
    limits = [Row(each, 1.0, 1.0), Row(opened, -np.inf, 0.0)]
    if capacity is not None:
        scale = float(weight.sum()) or 1.0
        load = csr_array(
            (np.concatenate([weight[demand], -capacity]) / scale,
             (np.concatenate([site, np.arange(sites)]), np.concatenate([sites + at, np.arange(sites)]))),
            shape=(sites, sites + pairs),
        )  # fmt: skip
        limits.append(Row(load, -np.inf, 0.0))
    if count is not None:
        limits.append(Row(csr_array(np.concatenate([np.ones(sites), np.zeros(pairs)])[None, :]), count, count))
    cost = np.concatenate([np.full(sites, site_cost), pair_cost[demand, site]])
    # Without capacities every demand goes to its cheapest site whole, so its shares need not be whole numbers
    whole = np.concatenate([np.ones(sites), np.full(pairs, float(capacity is not None and not split))])
    solved = least(cost, limits, lower=np.concatenate([held, np.zeros(pairs)]), upper=1.0, whole=whole, nodes=nodes)
    share = np.zeros((rows, sites))
    share[demand, site] = np.clip(solved.x[sites:], 0.0, 1.0)
    if capacity is not None and not split:
        share = np.round(share)
    chosen = np.flatnonzero(solved.x[:sites] > HALF).astype(np.int64)
    value = site_cost * chosen.size + float((share * np.where(allowed, pair_cost, 0.0)).sum())
    return AssignedSites(Siting(chosen, value, min(value, solved.bound)), share)
