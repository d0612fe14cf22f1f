"""Graph indices of habitat connectivity: PC, ECA, IIC, what each patch adds, and alpha, beta, gamma."""

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Connectivity(NamedTuple):
    """PC's numerator and the loss of it, patch by patch, as shares of it.

    `importance` = `intra` (the patch's own area) + `flux` (its direct and indirect
    connections) + `connector` (paths between others that led through it).
    """

    numerator: float
    importance: Floats
    intra: Floats
    flux: Floats
    connector: Floats


class NetworkIndices(NamedTuple):
    """Loops, links per node and links over the most possible, of a planar network."""

    alpha: float
    beta: float
    gamma: float


def network_indices(nodes: int, links: int) -> NetworkIndices:
    """Return alpha = (L - V + 1) / (2V - 5), beta = L / V, gamma = L / (3 (V - 2)); needs three nodes or more."""
    return NetworkIndices((links - nodes + 1) / (2 * nodes - 5), links / nodes, links / (3 * (nodes - 2)))


def connectivity(area: Floats, probability: Floats) -> Connectivity:
    """Return PC's numerator, the sum over all pairs of a_i a_j p*_ij, and each patch's part in it.

    `probability` is the n × n matrix of direct dispersal probabilities, symmetric. p*_ij is
    the best product of probabilities over any path (Saura and Pascual-Hortal 2007, eq. 3;
    split by Saura and Rubio 2010, eq. 4-8).
    """
    if area.size == 0:
        none = np.zeros(0)
        return Connectivity(0.0, none, none, none, none)
    with np.errstate(divide="ignore"):
        length = -np.log(np.clip(probability, 0.0, 1.0))
    np.fill_diagonal(length, 0.0)
    start, target, weight = _links(length, _needed(length))
    reached, lost = _sweep(area, start, target, weight)
    own = area * area
    flows = 2.0 * area * reached
    numerator = float(own.sum() + area @ reached)
    if numerator == 0.0:
        none = np.zeros_like(area)
        return Connectivity(0.0, none, none, none, none)
    intra, flux, connector = own / numerator, flows / numerator, lost / numerator
    return Connectivity(numerator, intra + flux + connector, intra, flux, connector)


def integral_numerator(area: Floats, linked: Flags) -> float:
    """Return IIC's numerator, the sum over all pairs of a_i a_j / (1 + links on the shortest path).

    `linked` is the n × n matrix of links, symmetric (Pascual-Hortal and Saura 2006, eq. 1).
    """
    return float(_integral(area, linked.astype(np.uint8)))


def integral_importance(area: Floats, linked: Flags) -> Floats:
    """Return each patch's share of IIC: what is lost when it is taken out."""
    whole = integral_numerator(area, linked)
    left = np.empty_like(area)
    for patch in range(area.size):
        others = np.arange(area.size) != patch
        left[patch] = integral_numerator(area[others], linked[np.ix_(others, others)])
    return (whole - left) / whole


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
def _needed(length: Floats) -> NDArray[np.uint8]:
    """Mark the links that some shortest path may use, whichever one patch is taken out.

    A link is never needed where two different patches each offer a way round by two
    strictly shorter links that is no longer than the link itself: one of them remains.
    """
    count = length.shape[0]
    needed = np.zeros((count, count), np.uint8)
    for a in range(count):
        order = np.argsort(length[a])
        for b in range(a + 1, count):
            direct = length[a, b]
            if direct == np.inf:
                continue
            ways = 0
            for k in order:
                if length[a, k] >= direct or ways == 2:
                    break
                if k not in (a, b) and length[k, b] < direct and length[a, k] + length[k, b] <= direct:
                    ways += 1
            if ways < 2:
                needed[a, b] = needed[b, a] = 1
    return needed


def _links(length: Floats, needed: NDArray[np.uint8]) -> tuple[Ints, Ints, Floats]:
    """Return the links kept, as compressed rows: start of each row, targets, lengths."""
    source, target = np.nonzero(needed)
    start = np.searchsorted(source, np.arange(length.shape[0] + 1)).astype(np.int64)
    return start, target.astype(np.int64), length[source, target]


@compiled(fast=frozenset())
def _sweep(area: Floats, start: Ints, target: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """Return, for each patch, the area it reaches and the flows between others that are lost without it."""
    count = area.size
    reached, lost = np.zeros(count), np.zeros(count)
    distance = np.empty(count)
    parent, order = np.empty(count, np.int64), np.empty(count, np.int64)
    rank, size, branch = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    first, other, length = np.empty(count + 1, np.int64), np.empty_like(target), np.empty_like(weight)
    near, worth, again = np.empty(count), np.empty(count), np.empty(count)
    for source in range(count):
        settled = _shortest(source, start, target, weight, distance, parent, order)
        _lay_out(settled, parent, order, rank, size, branch)
        _renumber(settled, start, target, weight, rank, branch, first, other, length)
        for place in range(settled):
            near[place] = distance[branch[place]]
            worth[place] = area[branch[place]]
        reached[source] = (worth[1:settled] * np.exp(-near[1:settled])).sum()
        for place in range(1, settled):
            gone = branch[place]
            if size[gone] > 1:
                lost[gone] += area[source] * _loss(place, place + size[gone], worth, first, other, length, near, again)
    return reached, lost


@compiled(fast=frozenset())
def _shortest(
    source: int, start: Ints, target: Ints, weight: Floats, distance: Floats, parent: Ints, order: Ints
) -> int:
    """Dijkstra's tree from a source: fills distance, parent and order of settling, returns how many are reached."""
    distance[:] = np.inf
    parent[:] = -1
    done = np.zeros(distance.size, np.uint8)
    distance[source] = 0.0
    heap = [(0.0, source)]
    settled = 0
    while len(heap) > 0:
        far, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = 1
        order[settled] = node
        settled += 1
        for link in range(start[node], start[node + 1]):
            other = target[link]
            if not done[other] and far + weight[link] < distance[other]:
                distance[other] = far + weight[link]
                parent[other] = node
                heapq.heappush(heap, (distance[other], other))
    return settled


@compiled(fast=frozenset())
def _lay_out(settled: int, parent: Ints, order: Ints, rank: Ints, size: Ints, branch: Ints) -> None:
    """Number a tree so that what hangs below a patch is one run of `branch`: from its rank, as long as its size."""
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
def _renumber(
    settled: int, start: Ints, target: Ints, weight: Floats, rank: Ints, branch: Ints,
    first: Ints, other: Ints, length: Floats,
) -> None:  # fmt: skip
    """Copy the links with ranks for patches, row by row, so that a branch's links lie side by side."""
    filled = 0
    for place in range(settled):
        first[place] = filled
        node = branch[place]
        for link in range(start[node], start[node + 1]):
            other[filled] = rank[target[link]]
            length[filled] = weight[link]
            filled += 1
    first[settled] = filled


@compiled(fast=frozenset())
def _loss(
    gone: int, last: int, worth: Floats, first: Ints, other: Ints, length: Floats, near: Floats, again: Floats
) -> float:
    """Return the area less well reached by the branch below rank `gone` when it is gone: it finds its way anew."""
    for place in range(gone + 1, last):
        best = np.inf
        for link in range(first[place], first[place + 1]):
            end = other[link]
            if end < gone or end >= last:
                best = min(best, near[end] + length[link])
            elif gone < end < place:
                best = min(best, again[end] + length[link])
        again[place] = best
    changed = [(0.0, -1)]
    changed.pop()
    for place in range(last - 1, gone, -1):
        best = again[place]
        for link in range(first[place], first[place + 1]):
            if gone < other[link] < last:
                best = min(best, again[other[link]] + length[link])
        if best < again[place]:
            again[place] = best
            heapq.heappush(changed, (best, place))
    while len(changed) > 0:
        far, place = heapq.heappop(changed)
        if far > again[place]:
            continue
        for link in range(first[place], first[place + 1]):
            end = other[link]
            if gone < end < last and far + length[link] < again[end]:
                again[end] = far + length[link]
                heapq.heappush(changed, (again[end], end))
    loss = 0.0
    for place in range(gone + 1, last):
        if again[place] > near[place]:
            loss += worth[place] * (np.exp(-near[place]) - np.exp(-again[place]))
    return loss
