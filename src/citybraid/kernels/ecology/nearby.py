"""Nearest cells within a few cells' distance, and the spreading of codes along a shape."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Mask = NDArray[np.uint8]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]

FAR = 2**30


def nearest_within(source: Mask, edge: int) -> Places:
    """Return the place (row × columns + column) of the nearest source within edge + 1/2 cells, -1 where there is none.

    Distances are Euclidean, between centres of cells.
    """
    nearest = np.full(source.shape, -1, np.int64)
    _search(source, edge, nearest, np.empty((0, 0), np.int32))
    return nearest


def depths(source: Mask, edge: int) -> Ints:
    """Return the squared distance to the nearest source [cells²], 0 beyond edge + 1/2 cells and on the source."""
    rings = np.zeros(source.shape, np.int32)
    _search(source, edge, np.empty((0, 0), np.int64), rings)
    return rings


@compiled(fast=frozenset())
def _search(source: Mask, edge: int, place: Places, squared: Ints) -> None:
    """Search each column by its running distance, then the columns within the edge's width of each cell."""
    rows, columns = source.shape
    greatest = (edge + 0.5) ** 2
    above, best_row = np.full(columns, FAR, np.int64), np.empty(columns, np.int64)
    for y in range(rows):
        for x in range(columns):
            if source[y, x]:
                above[x] = y
            best_row[x] = above[x]
            if above[x] != y:
                for v in range(y + 1, min(y + edge + 1, rows)):
                    if source[v, x]:
                        if above[x] == FAR or v - y < y - above[x]:
                            best_row[x] = v
                        break
        for x in range(columns):
            best, where = greatest, -1
            for u in range(max(x - edge, 0), min(x + edge + 1, columns)):
                if best_row[u] != FAR:
                    away = (best_row[u] - y) ** 2 + (u - x) ** 2
                    if away < best:
                        best, where = away, best_row[u] * columns + u
            if where >= 0:
                if place.size > 0:
                    place[y, x] = where
                else:
                    squared[y, x] = best


def reach_out(code: Mask, room: Mask, edge: int, first: int, second: int, *, eight: bool) -> None:
    """Spread two codes from their cells through `room`, in place, over cells within edge + 1/2 of one that had it.

    A cell must hang together with those that had the code by such cells. The first code has the first choice.
    """
    for wanted in (first, second):
        seeds = code == wanted
        near = depths(seeds.astype(np.uint8), edge)
        _spread(code, room, near, wanted, np.flatnonzero(seeds), eight=eight)


@compiled(fast=frozenset())
def _spread(code: Mask, room: Mask, near: Ints, wanted: int, seeds: Places, *, eight: bool) -> None:
    """Spread a code from the places of its cells over cells of `room` without a code that are near any of them."""
    rows, columns = code.shape
    waiting = np.empty(code.size, np.int64)
    waiting[: seeds.size] = seeds
    count = seeds.size
    while count > 0:
        count -= 1
        y, x = waiting[count] // columns, waiting[count] % columns
        for v in range(max(y - 1, 0), min(y + 2, rows)):
            for u in range(max(x - 1, 0), min(x + 2, columns)):
                if near[v, u] > 0 and room[v, u] and code[v, u] == 0 and (eight or v == y or u == x):
                    code[v, u] = wanted
                    waiting[count] = v * columns + u
                    count += 1
