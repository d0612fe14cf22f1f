"""Patches of cells and the gaps between them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
Labels = NDArray[np.int32]
Places = NDArray[np.int64]


class Patches(NamedTuple):
    """Patches on a grid: their number on each cell (0 is none) and their areas."""

    label: Labels
    area: Floats
    """Area of patch 1, 2, … [m2]."""


def patches(habitat: Mask, *, cell: tuple[float, float], smallest: float) -> Patches:
    """Return 8-connected patches of at least `smallest` [m2], numbered row by row from the top left."""
    labels, count = ndimage.label(habitat, structure=np.ones((3, 3)))
    cells = np.bincount(labels.ravel(), minlength=count + 1)
    area = cells.astype(np.float64) * (cell[0] * cell[1])
    large_enough = area >= smallest * (1.0 - 1e-9)
    large_enough[0] = False
    number = np.zeros(count + 1, dtype=np.int32)
    number[large_enough] = np.arange(1, int(large_enough.sum()) + 1)
    return Patches(number[labels], area[large_enough])


def patch_distances(label: Labels, count: int, *, cell: tuple[float, float]) -> Floats:
    """Return the edge-to-edge distance between all pairs of patches [m], a count × count matrix.

    Measured between the nearest edges or corners of their cells.
    """
    row, column, start = edge_cells(label, count)
    distance = np.zeros((count, count))
    _gaps(row, column, start, cell[0], cell[1], distance)
    return distance


def edge_cells(label: Labels, count: int) -> tuple[Places, Places, Places]:
    """Return rows and columns of the cells at the edges of patches, patch by patch, and where each patch's begin."""
    inner = ndimage.minimum_filter(label, footprint=ndimage.generate_binary_structure(2, 1), mode="constant", cval=0)
    at_edge = (label > 0) & (inner != label)
    row, column = np.nonzero(at_edge)
    owner = label[at_edge] - 1
    order = np.argsort(owner, kind="stable")
    start = np.searchsorted(owner[order], np.arange(count + 1)).astype(np.int64)
    return row[order].astype(np.int64), column[order].astype(np.int64), start


@compiled(fast=frozenset())
def _cells_between(a: int, b: int) -> int:
    return max(abs(a - b) - 1, 0)


@compiled(fast=frozenset())
def gap_between(
    a: int, b: int, row: Places, column: Places, start: Places, box: Places, high: float, wide: float
) -> float:  # fmt: skip
    """Return the gap between two patches; cells too far from the other's bounding box to improve on it are skipped."""
    best = np.inf
    smaller, larger = a, b
    if start[a + 1] - start[a] > start[b + 1] - start[b]:
        smaller, larger = b, a
    for i in range(start[smaller], start[smaller + 1]):
        dy = max(box[larger, 0] - row[i], row[i] - box[larger, 1], 1) - 1
        dx = max(box[larger, 2] - column[i], column[i] - box[larger, 3], 1) - 1
        if (dy * high) ** 2 + (dx * wide) ** 2 >= best:
            continue
        for j in range(start[larger], start[larger + 1]):
            dy = _cells_between(row[i], row[j])
            dx = _cells_between(column[i], column[j])
            best = min(best, (dy * high) ** 2 + (dx * wide) ** 2)
    return math.sqrt(best)


@compiled(fast=frozenset())
def boxes(row: Places, column: Places, start: Places) -> Places:
    """Return the first and last row and column of each patch."""
    box = np.empty((start.size - 1, 4), np.int64)
    for patch in range(start.size - 1):
        first, last = start[patch], start[patch + 1]
        box[patch, 0] = box[patch, 1] = row[first]
        box[patch, 2] = box[patch, 3] = column[first]
        for cell in range(first + 1, last):
            box[patch, 0], box[patch, 1] = min(box[patch, 0], row[cell]), max(box[patch, 1], row[cell])
            box[patch, 2], box[patch, 3] = min(box[patch, 2], column[cell]), max(box[patch, 3], column[cell])
    return box


@compiled(fast=frozenset())
def _gaps(row: Places, column: Places, start: Places, high: float, wide: float, out: Floats) -> None:
    """Fill the matrix of gaps."""
    count = start.size - 1
    box = boxes(row, column, start)
    for a in range(count):
        for b in range(a + 1, count):
            out[a, b] = out[b, a] = gap_between(a, b, row, column, start, box, high, wide)
