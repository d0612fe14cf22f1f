"""Paths of least resistance of the wind across a town (Wong et al. 2010, Build. Environ. 45: 1880-1889)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]
Cells = NDArray[np.intp]

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
AHEAD = math.cos(math.radians(67.5)) - 1e-9
"""Least part of a step along the wind: of eight directions those up to 67.5 degrees off it, never straight across."""


class Crossing(NamedTuple):
    """Paths from the windward edge to the leeward edge."""

    share: F64
    """Share of the windward edge's cells whose path passes a cell (rows, columns)."""
    resistance: F64
    """Least mean resistance over the length of the paths that pass a cell; infinite where none does."""


def crossing(resistance: F64, known: Flags, wind_from: float, cell_y: float, cell_x: float) -> Crossing:
    """Return the paths of least resistance from each windward edge cell to the leeward edge.

    `resistance` per length of a cell, above 0; `wind_from` [rad], clockwise from north. A path goes from cell to one
    of eight neighbours, never against or straight across the wind; it costs the mean of both cells' resistance times
    the distance. Edge cells are known cells whose neighbour up or down the wind is not known.
    """
    rows, columns = resistance.shape
    wind = np.array([math.cos(wind_from), -math.sin(wind_from)])
    number = np.arange(rows * columns).reshape(rows, columns)
    tails: list[Cells] = []
    heads: list[Cells] = []
    costs: list[F64] = []
    for down, across in STEPS:
        here, there = _pairs(number, down, across)
        both = known.ravel()[here] & known.ravel()[there]
        here, there = here[both], there[both]
        length = math.hypot(down * cell_y, across * cell_x)
        cost = 0.5 * (resistance.ravel()[here] + resistance.ravel()[there]) * length
        along = (wind * np.array([down * cell_y, across * cell_x])).sum() / length
        if along >= AHEAD:
            tails, heads, costs = [*tails, here], [*heads, there], [*costs, cost]
        if along <= -AHEAD:
            tails, heads, costs = [*tails, there], [*heads, here], [*costs, cost]
    graph = csr_array(
        (np.concatenate(costs), (np.concatenate(heads), np.concatenate(tails))), shape=(number.size, number.size)
    )
    starts, ends = _edge(known, -wind), _edge(known, wind)
    share, least = np.zeros(number.size), np.full(number.size, np.inf)
    first, last = np.flatnonzero(starts), np.flatnonzero(ends)
    if not first.size or not last.size:
        return Crossing(share.reshape(rows, columns), least.reshape(rows, columns))
    cost, before, _ = dijkstra(graph, indices=last, min_only=True, return_predecessors=True)
    y, x = np.divmod(np.arange(number.size), columns)
    for cell in first:
        path = _path(before, int(cell))
        if len(path) < 2 or not np.isfinite(cost[cell]):
            continue
        share[path] += 1.0
        length = float(np.hypot(np.diff(y[path]) * cell_y, np.diff(x[path]) * cell_x).sum())
        least[path] = np.minimum(least[path], cost[cell] / length)
    return Crossing((share / first.size).reshape(rows, columns), least.reshape(rows, columns))


def _pairs(number: Cells, down: int, across: int) -> tuple[Cells, Cells]:
    """Return all pairs of cells that are so many rows and columns apart."""
    height, width = number.shape
    left, right = max(0, -across), width - max(0, across)
    return (
        number[: height - down, left:right].ravel(),
        number[down:, left + across : right + across].ravel(),
    )


def _edge(known: Flags, outward: F64) -> Flags:
    """Return known cells whose neighbour in the nearest of eight directions is not known."""
    down, across = (round(float(part)) for part in outward / np.abs(outward).max())
    padded = np.pad(known, 1)
    rows, columns = known.shape
    return known & ~padded[1 + down : 1 + down + rows, 1 + across : 1 + across + columns]


def _path(before: NDArray[np.integer], cell: int) -> list[int]:
    """Return the cells from one to the end of its way."""
    path = [cell]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path
