"""Graph indices of habitat connectivity: PC, ECA, IIC, patch importance, and alpha, beta, gamma."""

import heapq
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Connectivity(NamedTuple):
    """PC's numerator, and the share of it lost without each patch.

    `importance` = `intra` (the patch's own area) + `flux` (its direct and indirect
    connections) + `connector` (paths between others that led through it).
    """

    numerator: float
    importance: Floats
    intra: Floats
    flux: Floats
    connector: Floats


class NetworkIndices(NamedTuple):
    """Circuitry, links per node and links over the greatest number possible, of a planar network."""

    alpha: float
    beta: float
    gamma: float


def network_indices(nodes: int, links: int) -> NetworkIndices:
    """Return alpha = (L - V + 1) / (2V - 5), beta = L / V, gamma = L / (3 (V - 2)); needs three nodes or more."""
    return NetworkIndices((links - nodes + 1) / (2 * nodes - 5), links / nodes, links / (3 * (nodes - 2)))


def dispersal_probability(gap: Floats, *, distance: float, probability: float) -> Floats:
    """Return the chance of crossing a gap [m], p^(gap / distance): `probability` p at `distance` [m], 1 without a gap.

    The negative exponential of Saura and Pascual-Hortal (2007), eq. 1, exp(-k gap) with k = -ln p / distance.
    """
    chance: Floats = np.exp(np.log(probability) * gap / distance)
    return chance


def half_chance_distance(distance: float, *, probability: float) -> float:
    """Return the gap [m] crossed with a chance of one half, where one of `distance` is crossed with `probability`."""
    return distance * (math.log(0.5) / math.log(probability))


def connectivity(area: Floats, probability: Floats) -> Connectivity:
    """Return PC's numerator, the sum over all pairs of a_i a_j p*_ij, and each patch's share of it.

    `probability` is the n × n matrix of direct dispersal probabilities, symmetric. p*_ij is
    the best product of probabilities over any path (Saura and Pascual-Hortal 2007, eq. 3;
    split by Saura and Rubio 2010, eq. 4-8).
    """
    if area.size == 0:
        return shares_of(area, *_compressed_links(np.zeros((0, 0)), np.zeros((0, 0), np.uint8)))
    with np.errstate(divide="ignore"):
        length = -np.log(np.clip(probability, 0.0, 1.0))
    np.fill_diagonal(length, 0.0)
    return shares_of(area, *_compressed_links(length, _essential_links(length, np.argsort(length, axis=1))))


def shares_of(area: Floats, start: Ints, target: Ints, weight: Floats) -> Connectivity:
    """Return PC's numerator and its shares over links in compressed rows, of lengths -ln(chance)."""
    if area.size == 0:
        none = np.zeros(0)
        return Connectivity(0.0, none, none, none, none)
    order = outward(start, target, weight)
    reached_area, lost_flow = np.empty_like(area), np.empty_like(area)
    reached_area[order], lost_flow[order] = _reach_and_loss(area[order], *renumbered(order, start, target, weight)[:3])
    own = area * area
    flows = 2.0 * area * reached_area
    numerator = float(own.sum() + area @ reached_area)
    if numerator == 0.0:
        none = np.zeros_like(area)
        return Connectivity(0.0, none, none, none, none)
    intra, flux, connector = own / numerator, flows / numerator, lost_flow / numerator
    return Connectivity(numerator, intra + flux + connector, intra, flux, connector)


def outward(start: Ints, target: Ints, weight: Floats) -> Ints:
    """Return the patches from one edge of the graph to the other, so that branches of a tree mostly go one way."""
    count = start.size - 1
    distance, parent, settled = np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64)
    reached = shortest_paths(0, start, target, weight, distance, parent, settled)
    shortest_paths(int(settled[reached - 1]), start, target, weight, distance, parent, settled)
    return np.argsort(distance, kind="stable").astype(np.int64)


def renumbered(order: Ints, start: Ints, target: Ints, weight: Floats) -> tuple[Ints, Ints, Floats, Ints]:
    """Return the links with patches in another order, and which of the links each was."""
    number = np.empty_like(order)
    number[order] = np.arange(order.size)
    source = number[np.repeat(np.arange(order.size), np.diff(start))]
    other = number[target]
    sort = np.lexsort((other, source))
    return np.searchsorted(source[sort], np.arange(start.size)).astype(np.int64), other[sort], weight[sort], sort


def integral_numerator(area: Floats, linked: Flags) -> float:
    """Return IIC's numerator, the sum over all pairs of a_i a_j / (1 + links on the shortest path).

    `linked` is the n × n matrix of links, symmetric (Pascual-Hortal and Saura 2006, eq. 1).
    """
    return float(_integral(area, linked.astype(np.uint8)))


def integral_importance(area: Floats, linked: Flags) -> Floats:
    """Return each patch's share of IIC: the loss when it is removed."""
    numerator = integral_numerator(area, linked)
    remaining = np.empty_like(area)
    for patch in range(area.size):
        others = np.arange(area.size) != patch
        remaining[patch] = integral_numerator(area[others], linked[np.ix_(others, others)])
    return (numerator - remaining) / numerator


@compiled(fast=frozenset())
def _integral(area: Floats, linked: NDArray[np.uint8]) -> float:
    count = area.size
    total = 0.0
    queue = np.empty(count, np.int64)
    for source in range(count):
        steps = np.full(count, -1, np.int64)
        steps[source] = 0
        queue[0] = source
        head, tail = 0, 1
        while head < tail < count:
            node = queue[head]
            head += 1
            for other in range(count):
                if linked[node, other] and steps[other] < 0:
                    steps[other] = steps[node] + 1
                    queue[tail] = other
                    tail += 1
        for place in range(tail):
            node = queue[place]
            total += area[source] * area[node] / (1.0 + steps[node])
    return total


@compiled(fast=frozenset())
def _essential_links(length: Floats, nearest: Ints) -> NDArray[np.uint8]:
    """Mark the links that a shortest path may use after the removal of any one patch.

    A link is never used where two different patches each give a detour of two strictly
    shorter links that is no longer than the link itself: one of them always remains. `nearest` lists each patch's
    others by length; the order of equal ones makes no difference.
    """
    count = length.shape[0]
    essential = np.zeros((count, count), np.uint8)
    for a in range(count):
        for b in range(a + 1, count):
            direct = length[a, b]
            if direct == np.inf:
                continue
            ways = 0
            for k in nearest[a]:
                if length[a, k] >= direct or ways == 2:
                    break
                if k not in (a, b) and length[k, b] < direct and length[a, k] + length[k, b] <= direct:
                    ways += 1
            if ways < 2:
                essential[a, b] = essential[b, a] = 1
    return essential


def _compressed_links(length: Floats, essential: NDArray[np.uint8]) -> tuple[Ints, Ints, Floats]:
    """Return the essential links in compressed rows: start of each row, targets, lengths."""
    source, target = np.nonzero(essential)
    start = np.searchsorted(source, np.arange(length.shape[0] + 1)).astype(np.int64)
    return start, target.astype(np.int64), length[source, target]


@compiled(fast=frozenset())
def _reach_and_loss(area: Floats, start: Ints, target: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """Return for each patch the area it reaches and the flow between others that is lost without it."""
    count = area.size
    reached_area, lost_flow = np.zeros(count), np.zeros(count)
    distance, flow, detour = np.empty(count), np.empty(count), np.empty(count)
    parent, order = np.empty(count, np.int64), np.empty(count, np.int64)
    rank, size, branch = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    first, other = np.empty(count + 1, np.int64), np.empty_like(target)
    into, out = np.empty_like(weight), np.empty_like(weight)
    farthest, waiting = np.empty(count, np.int64), np.empty(count, np.int64)
    for source in range(count):
        settled = shortest_paths(source, start, target, weight, distance, parent, order)
        preorder(settled, parent, order, rank, size, branch)
        detours_by_rank(settled, start, target, weight, distance, rank, branch, first, other, into, out)
        for place in range(settled):
            flow[place] = area[branch[place]] * np.exp(-distance[branch[place]])
        for place in range(1, settled):
            reached_area[source] += flow[place]
        for place in range(settled - 1, 0, -1):
            # Each pair counts both ways, from its end with the lower number
            farthest[place] = branch[place]
            if branch[place] < source:
                flow[place] = 0.0
            below = place + 1
            while below < place + size[branch[place]]:
                farthest[place] = max(farthest[place], farthest[below])
                below += size[branch[below]]
        for place in range(1, settled):
            removed = branch[place]
            if size[removed] > 1 and farthest[place] > source:
                lost_flow[removed] += (
                    2.0
                    * area[source]
                    * rerouting_loss(
                        place + 1, place + size[removed], place, count, flow, first, other, into, out, detour, waiting
                    )
                )
    return reached_area, lost_flow


@compiled(fast=frozenset())
def detours_by_rank(
    settled: int, start: Ints, target: Ints, weight: Floats, distance: Floats, rank: Ints, branch: Ints,
    first: Ints, other: Ints, into: Floats, out: Floats,
) -> None:  # fmt: skip
    """List each patch's links by rank of the other end, those first that make the shortest detour into the patch.

    A detour is what a way over the link is longer than the shortest path; `out` is the one in the other direction.
    """
    filled = 0
    for place in range(settled):
        first[place] = filled
        node = branch[place]
        for link in range(start[node], start[node + 1]):
            end = target[link]
            longer = max(distance[end] + weight[link] - distance[node], 0.0)
            at = filled
            while at > first[place] and into[at - 1] > longer:
                into[at], out[at], other[at] = into[at - 1], out[at - 1], other[at - 1]
                at -= 1
            into[at], out[at] = longer, max(distance[node] + weight[link] - distance[end], 0.0)
            other[at] = rank[end]
            filled += 1
    first[settled] = filled


@compiled(fast=frozenset())
def shortest_paths(
    source: int, start: Ints, target: Ints, weight: Floats, distance: Floats, parent: Ints, order: Ints
) -> int:
    """Dijkstra's shortest-path tree: fill distance, parent and settling order; return the number of patches reached."""
    distance[:] = np.inf
    parent[:] = -1
    done = np.zeros(distance.size, np.uint8)
    distance[source] = 0.0
    heap = [(0.0, source)]
    settled = 0
    while len(heap) > 0:
        length, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = 1
        order[settled] = node
        settled += 1
        for link in range(start[node], start[node + 1]):
            other = target[link]
            if not done[other] and length + weight[link] < distance[other]:
                distance[other] = length + weight[link]
                parent[other] = node
                heapq.heappush(heap, (distance[other], other))
    return settled


@compiled(fast=frozenset())
def preorder(settled: int, parent: Ints, order: Ints, rank: Ints, size: Ints, branch: Ints) -> None:
    """Number a tree in preorder: a patch's subtree is the run of `branch` from its rank, as long as its size."""
    rank[:] = -1
    for place in range(settled):
        size[order[place]] = 1
    for place in range(settled - 1, 0, -1):
        size[parent[order[place]]] += size[order[place]]
    free = np.empty(rank.size, np.int64)
    for place in range(settled):
        node = order[place]
        if place == 0:
            rank[node] = 0
        else:
            rank[node] = free[parent[node]]
            free[parent[node]] += size[node]
        free[node] = rank[node] + 1
        branch[rank[node]] = node


@compiled(fast=frozenset())
def rerouting_loss(
    lowest: int, last: int, lost_end: int, lost_to: int, flow: Floats, first: Ints, other: Ints, into: Floats,
    out: Floats, detour: Floats, waiting: Ints,
) -> float:  # fmt: skip
    """Return the weighted area lost to the ranks `lowest` to `last`, which shortest paths reached by way of `lost_end`.

    Links from `lost_end` to the ranks up to `lost_to` are gone: all of them where a patch is, one where a link is.
    Links are listed by their detour: once one comes from outside, or is no shorter than what is known, none of the
    rest helps.
    """
    unsure = 0
    for place in range(lowest, last):
        least, ahead = np.inf, False
        for link in range(first[place], first[place + 1]):
            if into[link] >= least:
                break
            end = other[link]
            if end < lowest or end >= last:
                if end == lost_end and place <= lost_to:
                    continue
                least = into[link]
                break
            if end > place:
                ahead = True
            else:
                least = min(least, detour[end] + into[link])
        detour[place] = least
        if ahead:
            waiting[unsure] = place
            unsure += 1
    changed = [(0.0, -1)]
    changed.pop()
    for at in range(unsure - 1, -1, -1):
        place = waiting[at]
        least = detour[place]
        for link in range(first[place], first[place + 1]):
            if into[link] >= least:
                break
            end = other[link]
            if place < end < last:
                least = min(least, detour[end] + into[link])
        if least < detour[place]:
            detour[place] = least
            heapq.heappush(changed, (least, place))
    while len(changed) > 0:
        longer, place = heapq.heappop(changed)
        if longer > detour[place]:
            continue
        for link in range(first[place], first[place + 1]):
            end = other[link]
            if lowest <= end < last and longer + out[link] < detour[end]:
                detour[end] = longer + out[link]
                heapq.heappush(changed, (detour[end], end))
    loss = 0.0
    for place in range(lowest, last):
        if flow[place] > 0.0:
            loss += flow[place] * (1.0 - np.exp(-detour[place]))
    return loss
