"""Anchored homotopic thinning: what is left of a shape when all is removed that joins or encloses nothing."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Mask = NDArray[np.uint8]
Depths = NDArray[np.int32]

RING = np.array(((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)), np.int64)
"""Offsets of the eight neighbours, around the cell; odd places share an edge with it."""


@cache
def simple_cells(*, eight: bool) -> Mask:
    """Return, for each of the 256 states of the neighbours (bit k is RING k), whether the cell may change sides.

    It may where exactly one component of the shape and one of its ground are next to it (Kong and Rosenfeld 1989);
    the ground is 4-connected where the shape is 8-connected, and the reverse. Made once: not to be written to.
    """
    return np.array(
        [
            _components(state, eight=eight) == 1 and _components(state ^ 255, eight=not eight) == 1
            for state in range(256)
        ],
        np.uint8,
    )


def _components(state: int, *, eight: bool) -> int:
    """Return the components among the neighbours in a state that touch the cell itself."""
    present = [k for k in range(8) if state >> k & 1]
    farthest = 2 if eight else 1
    group = {k: k for k in present}
    for _ in present:
        for a in present:
            for b in present:
                step = abs(RING[a] - RING[b])
                if int(step.max()) <= 1 and int(step.sum()) <= farthest:
                    group[a] = group[b] = min(group[a], group[b])
    return len({group[k] for k in present if eight or k % 2 == 1})


def thinned(shape: Mask, anchor: Mask, depth: Depths, *, eight: bool) -> Mask:
    """Return what is left of a shape when all that joins or encloses nothing is removed.

    Cells of `anchor` stay. Others are removed one by one, those of least depth first, as long as the topology stays
    the same. Among cells of equal depth the order decides which of them stays, so the shape is thinned in each of its
    eight turned and mirrored images, row by row from the top left, and what any leaves is returned: a line is as far
    from both sides of a shape, two cells wide where the shape is of even width, and the same whichever way the shape
    lies. The outermost rows and columns must be ground, and depths above 0 where the shape is not anchor.
    """
    simple = simple_cells(eight=eight)
    left = np.zeros_like(shape)
    for across in (False, True):
        for down, right in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            here, kept, deep = (_laid(each, down, right, across=across) for each in (shape, anchor, depth))
            _thin(here, kept, deep, simple)
            left |= (here.T if across else here)[::down, ::right]
    return left


def _laid(cells: NDArray[Any], down: int, right: int, *, across: bool) -> NDArray[Any]:
    """Return a copy of cells, mirrored where a step is -1 and then with rows and columns exchanged."""
    turned = cells[::down, ::right]
    return (turned.T if across else turned).copy(order="C")


@compiled(fast=frozenset())
def _ordered(shape: Mask, anchor: Mask, depth: Depths) -> NDArray[np.int64]:
    """Return the places (row × columns + column) of the cells that may go, by depth, then row by row."""
    rows, columns = shape.shape
    greatest, cells = 0, 0
    for y in range(rows):
        for x in range(columns):
            if shape[y, x] and not anchor[y, x]:
                greatest = max(greatest, depth[y, x])
                cells += 1
    free = np.zeros(greatest + 2, np.int64)
    for y in range(rows):
        for x in range(columns):
            if shape[y, x] and not anchor[y, x]:
                free[depth[y, x] + 1] += 1
    free = free.cumsum()
    places = np.empty(cells, np.int64)
    for place in range(rows * columns):
        y, x = place // columns, place % columns
        if shape[y, x] and not anchor[y, x]:
            places[free[depth[y, x]]] = place
            free[depth[y, x]] += 1
    return places


@compiled(fast=frozenset())
def _thin(shape: Mask, anchor: Mask, depth: Depths, simple: Mask) -> None:
    """Remove cells in place; after each, look again at its neighbours that had their turn before it."""
    columns = shape.shape[1]
    places = _ordered(shape, anchor, depth)
    visited = np.zeros(shape.shape, np.uint8)
    waiting = [0]
    waiting.clear()
    for order in range(places.size):
        waiting.append(places[order])
        while len(waiting) > 0:
            cell = waiting.pop()
            y, x = cell // columns, cell % columns
            visited[y, x] = 1
            state = 0
            for k in range(8):
                if shape[y + RING[k, 0], x + RING[k, 1]]:
                    state |= 1 << k
            if not shape[y, x] or not simple[state]:
                continue
            shape[y, x] = 0
            for k in range(8):
                v, u = y + RING[k, 0], x + RING[k, 1]
                if shape[v, u] and visited[v, u]:
                    waiting.append(v * columns + u)
