"""Thresholded graphs of habitat: links up to a widest gap, indices over them, components, links' importance."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from citybraid.kernels.compiled import compiled
from citybraid.kernels.ecology.connectivity import (
    Connectivity,
    detours_by_rank,
    outward,
    preorder,
    renumbered,
    rerouting_loss,
    shares_of,
    shortest_paths,
)
from citybraid.kernels.ecology.patches import boxes, edge_cells, gap_between

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Labels = NDArray[np.int32]


class Links(NamedTuple):
    """Links in compressed rows, each in both directions: where each patch's begin, the other patch, the gap [m]."""

    start: Ints
    target: Ints
    gap: Floats

    @property
    def source(self) -> Ints:
        """The patch that each link starts from."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))


def links_within(label: Labels, count: int, *, cell: tuple[float, float], widest: float) -> Links:
    """Return the links between patches whose gap, from edge to edge, is at most `widest` [m]."""
    row, column, start = edge_cells(label, count)
    first, second, gap = _near_pairs(row, column, start, cell[0], cell[1], widest)
    return links_of(first, second, gap, count=count)


def links_of(first: Ints, second: Ints, gap: Floats, *, count: int) -> Links:
    """Return pairs of patches as links in both directions, sorted by patch."""
    source, target, both = np.r_[first, second], np.r_[second, first], np.r_[gap, gap]
    order = np.lexsort((target, source))
    start = np.searchsorted(source[order], np.arange(count + 1)).astype(np.int64)
    return Links(start, target[order].astype(np.int64), both[order])


def within(links: Links, widest: float) -> Links:
    """Return the links whose gap is at most `widest`."""
    keep = links.gap <= widest
    start = np.r_[0, keep.cumsum()][links.start].astype(np.int64)
    return Links(start, links.target[keep], links.gap[keep])


def linked_connectivity(area: Floats, links: Links, *, decay: float) -> Connectivity:
    """Return PC's numerator and its shares over links that are crossed with the chance exp(-decay × gap).

    Exact for the graph of these links, as `connectivity` is for that of all pairs.
    """
    return shares_of(area, links.start, links.target, links.gap * decay)


def integral_of(area: Floats, links: Links) -> float:
    """Return IIC's numerator over links (Pascual-Hortal and Saura 2006, eq. 1), by a search from each patch."""
    return float(_integral_of(area, links.start, links.target))


def components_of(links: Links) -> Ints:
    """Return the component of each patch, numbered from 0."""
    count = links.start.size - 1
    graph = csr_matrix((np.ones(links.target.size), links.target, links.start), shape=(count, count))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def link_importance(area: Floats, links: Links, *, decay: float) -> Floats:
    """Return the share of PC lost without each link alone, equal for both directions.

    In the tree of shortest paths from each patch only the branch below the link is affected; its detours are searched.
    """
    if area.size == 0 or links.target.size == 0:
        return np.zeros(links.target.size)
    order = outward(links.start, links.target, links.gap * decay)
    start, target, weight, sort = renumbered(order, links.start, links.target, links.gap * decay)
    lost = np.empty(target.size)
    lost[sort], between = _lost_by_link(area[order], start, target, weight)
    numerator = float((area * area).sum()) + between
    back = _reverse(links.start, links.target)
    share: Floats = (lost + lost[back]) / numerator if numerator > 0.0 else np.zeros_like(lost)
    return share


@compiled(fast=frozenset())
def _near_pairs(
    row: Ints, column: Ints, start: Ints, high: float, wide: float, widest: float
) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of patches no farther apart than `widest`; pairs whose bounding boxes are, are not compared."""
    count = start.size - 1
    box = boxes(row, column, start)
    pairs = [(0, 0, 0.0)]
    pairs.clear()
    for a in range(count):
        for b in range(a + 1, count):
            dy = max(box[b, 0] - box[a, 1], box[a, 0] - box[b, 1], 1) - 1
            dx = max(box[b, 2] - box[a, 3], box[a, 2] - box[b, 3], 1) - 1
            if (dy * high) ** 2 + (dx * wide) ** 2 <= widest**2:
                gap = gap_between(a, b, row, column, start, box, high, wide)
                if gap <= widest:
                    pairs.append((a, b, gap))
    first, second, gaps = np.empty(len(pairs), np.int64), np.empty(len(pairs), np.int64), np.empty(len(pairs))
    for k in range(len(pairs)):
        first[k], second[k], gaps[k] = pairs[k]
    return first, second, gaps


@compiled(fast=frozenset())
def _integral_of(area: Floats, start: Ints, target: Ints) -> float:
    count = area.size
    total = 0.0
    queue, steps = np.empty(count, np.int64), np.empty(count, np.int64)
    for source in range(count):
        steps[:] = -1
        steps[source] = 0
        queue[0] = source
        head, tail = 0, 1
        while head < tail:
            node = queue[head]
            head += 1
            total += area[source] * area[node] / (1.0 + steps[node])
            for link in range(start[node], start[node + 1]):
                if steps[target[link]] < 0:
                    steps[target[link]] = steps[node] + 1
                    queue[tail] = target[link]
                    tail += 1
    return total


@compiled(fast=frozenset())
def _reverse(start: Ints, target: Ints) -> Ints:
    """Return, for each link, the place of the link in the other direction; targets ascend within each row."""
    back = np.empty(target.size, np.int64)
    for source in range(start.size - 1):
        for link in range(start[source], start[source + 1]):
            other = target[link]
            back[link] = start[other] + np.searchsorted(target[start[other] : start[other + 1]], source)
    return back


@compiled(fast=frozenset())
def _lost_by_link(area: Floats, start: Ints, target: Ints, weight: Floats) -> tuple[Floats, float]:
    """Return the flow lost without each link, seen from the patches whose shortest paths run along it, and all flow.

    Each pair counts both ways, from its end with the lower number.
    """
    count = area.size
    lost, between = np.zeros(target.size), 0.0
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
        for place in range(settled - 1, 0, -1):
            node = branch[place]
            flow[place] = area[node] * np.exp(-distance[node]) if node > source else 0.0
            farthest[place] = node
            below = place + 1
            while below < place + size[node]:
                farthest[place] = max(farthest[place], farthest[below])
                below += size[branch[below]]
        between += 2.0 * area[source] * flow[1:settled].sum()
        for place in range(1, settled):
            node = branch[place]
            above = parent[node]
            if farthest[place] <= source:
                continue
            for link in range(start[above], start[above + 1]):
                if target[link] == node:
                    lost[link] += 2.0 * area[source] * rerouting_loss(
                        place, place + size[node], rank[above], place, flow, first, other, into, out, detour, waiting
                    )  # fmt: skip
    return lost, between
