"""Flow routing on terrain: filled depressions, one or two receivers of each cell, contributing areas."""

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
Ints = NDArray[np.int64]

NONE = -1
"""Receiver of a cell that drains nowhere on the grid: an outlet, or a cell outside."""
DIAGONAL = 2.0**0.5
EIGHTH = np.pi / 4.0


class Routes(NamedTuple):
    """Terrain without depressions, and its drainage network."""

    filled: Floats
    """Terrain with depressions filled to their spill level [m]."""
    receiver: Ints
    """Cell (row by row) that each cell drains to; NONE for outlets and cells outside."""
    order: Ints
    """Cells inside, each after its receiver."""


@compiled(fast=frozenset())
def route(ground: Floats, inside: Mask, outlet: Mask, size: Floats) -> Routes:
    """Return the routes over `ground` [m] where `inside`, ending at `outlet` cells and at the rim of the ground.

    Priority flood (Barnes et al. 2014, algorithm 1) from the outlets upward; a cell drains to its steepest
    lower neighbour of eight on the filled surface (D8, O'Callaghan and Mark 1984), on flats and in
    depressions to the neighbour that the flood came from. `size` is the cell's width and height [m].
    """
    rows, columns = ground.shape
    filled = ground.copy()
    receiver = np.full(rows * columns, NONE, np.int64)
    order = np.empty(rows * columns, np.int64)
    visited = np.zeros((rows, columns), np.uint8)
    heap = [(0.0, np.int64(0), np.int64(0))]
    heap.pop()
    count, done = np.int64(0), np.int64(0)
    for i in range(rows):
        for j in range(columns):
            if not inside[i, j]:
                continue
            rim = outlet[i, j] == 1
            for a in range(i - 1, i + 2):
                for b in range(j - 1, j + 2):
                    if a < 0 or b < 0 or a >= rows or b >= columns or not inside[a, b]:
                        rim = True
            if rim:
                visited[i, j] = 1
                heapq.heappush(heap, (ground[i, j], count, np.int64(i * columns + j)))
                count += 1
    while len(heap) > 0:
        _, _, cell = heapq.heappop(heap)
        order[done] = cell
        done += 1
        i, j = cell // columns, cell % columns
        for a in range(max(i - 1, 0), min(i + 2, rows)):
            for b in range(max(j - 1, 0), min(j + 2, columns)):
                if inside[a, b] and not visited[a, b]:
                    visited[a, b] = 1
                    filled[a, b] = max(ground[a, b], filled[i, j])
                    receiver[a * columns + b] = cell
                    heapq.heappush(heap, (filled[a, b], count, np.int64(a * columns + b)))
                    count += 1
    _steepest(filled, inside, receiver, size)
    return Routes(filled, receiver, order[:done])


@compiled(fast=frozenset())
def _steepest(filled: Floats, inside: Mask, receiver: Ints, size: Floats) -> None:
    """Set the receiver of each draining cell to its steepest lower neighbour, where there is one."""
    rows, columns = filled.shape
    for i in range(rows):
        for j in range(columns):
            cell = i * columns + j
            if receiver[cell] == NONE:
                continue
            best = 0.0
            for a in range(max(i - 1, 0), min(i + 2, rows)):
                for b in range(max(j - 1, 0), min(j + 2, columns)):
                    if inside[a, b] and (a != i or b != j):
                        distance = np.sqrt(((a - i) * size[1]) ** 2 + ((b - j) * size[0]) ** 2)
                        fall = (filled[i, j] - filled[a, b]) / distance
                        if fall > best:
                            best = fall
                            receiver[cell] = a * columns + b


@compiled(fast=frozenset())
def ends(receiver: Ints, order: Ints, closed: Mask) -> Ints:
    """Return the outlet cell that each cell drains to; NONE outside.

    A cell without receiver is its own outlet, and so is one that is `closed` (row by row).
    """
    end = np.full(receiver.size, NONE, np.int64)
    for cell in order:
        end[cell] = cell if receiver[cell] == NONE or closed[cell] else end[receiver[cell]]
    return end


@compiled(fast=frozenset())
def subcatchment_outlets(receiver: Ints, order: Ints, amount: Floats, most: float) -> Mask:
    """Return the cells that cut flow paths (1): accumulation upstream reaches `most`, and restarts downstream."""
    total = amount.copy()
    closed = np.zeros(receiver.size, np.uint8)
    for at in range(order.size - 1, -1, -1):
        cell = order[at]
        if receiver[cell] == NONE:
            continue
        if total[cell] >= most:
            closed[cell] = 1
        else:
            total[receiver[cell]] += total[cell]
    return closed


@compiled(fast=frozenset())
def flow_accumulation(receiver: Ints, order: Ints, amount: Floats) -> Floats:
    """Return the flow accumulation of `amount` through each cell, its own included."""
    total = amount.copy()
    for at in range(order.size - 1, -1, -1):
        cell = order[at]
        if receiver[cell] != NONE:
            total[receiver[cell]] += total[cell]
    return total


@compiled(fast=frozenset())
def contributing_area_dinf(routes: Routes, inside: Mask, size: float) -> tuple[Floats, Floats]:
    """Return contributing area [m2] and downward slope [m m-1] on square cells, D-infinity.

    Tarboton (1997), eq. 1 to 5: flow follows the steepest of eight facets and is divided
    by angle between the two neighbours that enclose its direction. On flats and in filled
    depressions it all goes to the receiver, and the slope is 0.
    """
    rows, columns = routes.filled.shape
    area, slope = np.zeros((rows, columns)), np.zeros((rows, columns))
    down = np.array([0, -1, -1, 0, 0, 1, 1, 0])
    across = np.array([1, 0, 0, -1, -1, 0, 0, 1])
    down_far = np.array([-1, -1, -1, -1, 1, 1, 1, 1])
    across_far = np.array([1, 1, -1, -1, -1, -1, 1, 1])
    for cell in routes.order:
        area[cell // columns, cell % columns] = size * size
    for at in range(routes.order.size - 1, -1, -1):
        cell = routes.order[at]
        i, j = cell // columns, cell % columns
        best, turn, facet = 0.0, 0.0, -1
        for k in range(8):
            a, b, c, d = i + down[k], j + across[k], i + down_far[k], j + across_far[k]
            if min(a, b, c, d) < 0 or max(a, c) >= rows or max(b, d) >= columns:
                continue
            if not (inside[a, b] and inside[c, d]):
                continue
            first = (routes.filled[i, j] - routes.filled[a, b]) / size
            second = (routes.filled[a, b] - routes.filled[c, d]) / size
            angle = np.arctan2(second, first)
            steep = np.sqrt(first * first + second * second)
            if angle < 0.0:
                angle, steep = 0.0, first
            elif angle > EIGHTH:
                angle, steep = EIGHTH, (routes.filled[i, j] - routes.filled[c, d]) / (size * DIAGONAL)
            if steep > best:
                best, turn, facet = steep, angle, k
        slope[i, j] = best
        if routes.receiver[cell] == NONE:
            continue
        if facet < 0:
            to = routes.receiver[cell]
            area[to // columns, to % columns] += area[i, j]
            continue
        share = turn / EIGHTH
        area[i + down[facet], j + across[facet]] += (1.0 - share) * area[i, j]
        area[i + down_far[facet], j + across_far[facet]] += share * area[i, j]
    return area, slope
