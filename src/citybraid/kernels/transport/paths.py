"""Shortest paths by Dijkstra's search with a binary heap, and demand loaded onto them."""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.transport.links import Floats, Ints, Links, Star, forward_star

EXACT: frozenset[str] = frozenset()
NO_LINK = -1


class Loading(NamedTuple):
    """Flow of each link and, per origin and destination, the cost of the shortest path; inf where there is none."""

    flow: Floats
    cost: Floats


@compiled(fast=EXACT)
def _push(keys: Floats, items: Ints, size: int, key: float, item: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) // 2
        if keys[above] <= key:
            break
        keys[at] = keys[above]
        items[at] = items[above]
        at = above
    keys[at] = key
    items[at] = item
    return size + 1


@compiled(fast=EXACT)
def _pop(keys: Floats, items: Ints, size: int) -> int:
    """Remove the root of a heap: its last entry sinks to where it belongs."""
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at] = keys[below]
        items[at] = items[below]
        at = below
    keys[at] = key
    items[at] = item
    return size


@compiled(fast=EXACT)
def search(
    first: Ints, link: Ints, head: Ints, cost: Floats, origin: int, passable: int,
    reached: Floats, via: Ints, order: Ints, keys: Floats, items: Ints,
) -> int:  # fmt: skip
    """Fill `reached` (cost from the origin), `via` (last link) and `order` (nodes by cost); return the count reached.

    Among paths of equal cost the first found stays. `keys` and `items` hold at most links + 1 entries.
    """
    reached[:] = np.inf
    via[:] = NO_LINK
    reached[origin] = 0.0
    size, done = _push(keys, items, 0, 0.0, origin), 0
    while size > 0:
        key, node = keys[0], items[0]
        size = _pop(keys, items, size)
        if key > reached[node]:
            continue
        order[done] = node
        done += 1
        if node < passable and node != origin:
            continue
        for place in range(first[node], first[node + 1]):
            total = key + cost[link[place]]
            if total < reached[head[place]]:
                reached[head[place]] = total
                via[head[place]] = link[place]
                size = _push(keys, items, size, total, head[place])
    return done


@compiled(fast=EXACT)
def _load(
    first: Ints, link: Ints, head: Ints, tail: Ints, cost: Floats, origins: Ints, ends: Ints, demand: Floats,
    passable: int, flow: Floats, skim: Floats,
) -> None:  # fmt: skip
    nodes, links = first.size - 1, link.size
    reached, via, order = np.empty(nodes), np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    keys, items, load = np.empty(links + 1), np.empty(links + 1, np.int64), np.empty(nodes)
    for row in range(origins.size):
        done = search(first, link, head, cost, origins[row], passable, reached, via, order, keys, items)
        load[:] = 0.0
        for column in range(ends.size):
            skim[row, column] = reached[ends[column]]
            if reached[ends[column]] < np.inf:
                load[ends[column]] += demand[row, column]
        for place in range(done - 1, 0, -1):
            node = order[place]
            if load[node] > 0.0:
                flow[via[node]] += load[node]
                load[tail[via[node]]] += load[node]


@compiled(fast=EXACT)
def _carry(
    first: Ints, link: Ints, head: Ints, tail: Ints, cost: Floats, amount: Floats, origins: Ints, ends: Ints,
    passable: int, skim: Floats,
) -> None:  # fmt: skip
    nodes, links = first.size - 1, link.size
    reached, via, order = np.empty(nodes), np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    keys, items, total = np.empty(links + 1), np.empty(links + 1, np.int64), np.empty(nodes)
    for row in range(origins.size):
        done = search(first, link, head, cost, origins[row], passable, reached, via, order, keys, items)
        total[:] = np.inf
        total[origins[row]] = 0.0
        for place in range(1, done):
            node = order[place]
            total[node] = total[tail[via[node]]] + amount[via[node]]
        for column in range(ends.size):
            skim[row, column] = total[ends[column]]


def all_or_nothing(links: Links, cost: Floats, *, ends: Ints, demand: Floats, star: Star | None = None) -> Loading:
    """Load the demand between `ends` (a square table) onto shortest paths.

    `ends` are the nodes of rows and columns. Costs are positive or zero. Demand without a path is not loaded: its
    cost is inf.
    """
    order = forward_star(links) if star is None else star
    flow, skim = np.zeros(links.tail.size), np.empty((ends.size, ends.size))
    _load(*_arrays(order, links), cost, ends, ends, demand, links.passable, flow, skim)
    return Loading(flow, skim)


def path_costs(links: Links, cost: Floats, *, origins: Ints, ends: Ints) -> Floats:
    """Return the cost of the shortest path from each origin (rows) to each end (columns); inf without a path."""
    return path_sums(links, cost, cost, origins=origins, ends=ends)


def path_sums(links: Links, cost: Floats, amount: Floats, *, origins: Ints, ends: Ints) -> Floats:
    """Return the sum of another amount of each link, such as its length, along the paths of least cost."""
    skim = np.empty((origins.size, ends.size))
    _carry(*_arrays(forward_star(links), links), cost, amount, origins, ends, links.passable, skim)
    return skim


def _arrays(star: Star, links: Links) -> tuple[Ints, Ints, Ints, Ints]:
    return star.first, star.link, star.head, links.tail
