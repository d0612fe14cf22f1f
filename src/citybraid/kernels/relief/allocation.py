"""Who goes to which shelter: as many people as capacities hold within reach, then as short a way as possible."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from citybraid.kernels.relief.programme import Row, least

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

TINY = 1e-9
"""Share of the people below which a flow is rounding."""


class Allocation(NamedTuple):
    """People of each demand (row) at each site (column), and those of each demand without a place."""

    people: Floats
    unplaced: Floats

    @property
    def load(self) -> Floats:
        """People at each site."""
        return np.asarray(self.people.sum(axis=0), np.float64)


class CapacitatedSiting(NamedTuple):
    """The sites chosen (ascending), the people placed, and a bound that no choice of as many sites betters."""

    sites: Ints
    placed: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance from the people placed to the bound, over the bound [-]."""
        return 0.0 if self.bound == 0.0 else (self.bound - self.placed) / self.bound


def allocate(people: Floats, capacity: Floats, distance: Floats) -> Allocation:
    """Return the allocation that places the most people and, among those, needs the least way [person m].

    `distance` (demand, site) is infinite where a site is out of reach. A transport problem (Hitchcock 1941), a linear
    programme solved by HiGHS: a place is worth more than any chain of detours that giving it could cost.
    """
    rows, sites = distance.shape
    total = float(people.sum())
    demand, site = np.nonzero(np.isfinite(distance) & (people[:, None] > 0.0) & (capacity[None, :] > 0.0))
    if not demand.size:
        return Allocation(np.zeros((rows, sites)), people.copy())
    way = distance[demand, site]
    longest = max(float(way.max()), 1.0)
    worth = longest * (2 * min(rows, sites) + 1)
    at = np.arange(demand.size)
    ones = np.ones(demand.size)
    limits = csr_array(
        (np.tile(ones, 2), (np.concatenate([demand, rows + site]), np.tile(at, 2))), shape=(rows + sites, demand.size)
    )
    solved = least((way - worth) / longest, [Row(limits, -np.inf, np.concatenate([people, capacity]) / total)])
    moved = np.zeros((rows, sites))
    moved[demand, site] = np.where(solved.x > TINY, solved.x, 0.0) * total
    return Allocation(moved, np.maximum(people - moved.sum(axis=1), 0.0))


def capacitated_coverage(
    people: Floats, capacity: Floats, reach: Flags, count: int, *, fixed: Flags | None = None, nodes: int = 200
) -> CapacitatedSiting:
    """Return the `count` sites that place the most people within reach and capacity: Pirkul and Schilling (1991).

    HiGHS searches a number of nodes; the bound it leaves tells the gap, 0 where the choice is proved the best. A number
    of nodes, not of seconds: the same problem gives the same sites.
    """
    rows, sites = reach.shape
    held = np.zeros(sites, np.bool_) if fixed is None else np.asarray(fixed, np.bool_)
    count = min(max(count, int(held.sum())), sites)
    total = float(people.sum()) or 1.0
    demand, site = np.nonzero(reach & (people[:, None] > 0.0) & (capacity[None, :] > 0.0))
    at, ones = np.arange(demand.size), np.ones(demand.size)
    served = csr_array((ones, (demand, at)), shape=(rows, demand.size))
    loads = csr_array((ones, (site, at)), shape=(sites, demand.size))
    rooms = csr_array((-capacity / total, (np.arange(sites), np.arange(sites))), shape=(sites, sites))
    nothing = csr_array((rows, sites))
    number = csr_array(np.concatenate([np.ones(sites), np.zeros(demand.size)])[None, :])
    solved = least(
        np.concatenate([np.full(sites, 1e-9), -ones]),
        [
            Row(hstack([nothing, served], format="csr"), -np.inf, people / total),
            Row(hstack([rooms, loads], format="csr"), -np.inf, 0.0),
            Row(number, float(held.sum()), float(count)),
        ],
        lower=np.concatenate([held, np.zeros(demand.size)]),
        upper=np.concatenate([np.ones(sites), people[demand] / total]),
        whole=np.concatenate([np.ones(sites), np.zeros(demand.size)]), nodes=nodes,
    )  # fmt: skip
    chosen = np.flatnonzero(solved.x[:sites] > 0.5).astype(np.int64)
    placed = float(np.clip(solved.x[sites:], 0.0, None).sum()) * total
    return CapacitatedSiting(chosen, placed, max(placed, -solved.bound * total))
