"""Patches of cells and the gaps between them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
Labels = NDArray[np.int32]


class Patches(NamedTuple):
    """Patches on a grid: their number on each cell (0 is none) and their areas."""

    label: Labels
    area: Floats
    """Area of patch 1, 2, … [m2]."""


def patches(habitat: Mask, *, cell: tuple[float, float], smallest: float) -> Patches:
    """Return 8-connected patches of at least `smallest` [m2], numbered row by row from the top left."""
    found, count = ndimage.label(habitat, structure=np.ones((3, 3)))
    cells = np.bincount(found.ravel(), minlength=count + 1)
    area = cells.astype(np.float64) * (cell[0] * cell[1])
    kept = area >= smallest * (1.0 - 1e-9)
    kept[0] = False
    number = np.zeros(count + 1, dtype=np.int32)
    number[kept] = np.arange(1, int(kept.sum()) + 1)
    return Patches(number[found], area[kept])


def gaps(label: Labels, count: int, *, cell: tuple[float, float]) -> Floats:
    """Return the edge-to-edge distance between all pairs of patches [m], a count × count matrix.

    Measured between the nearest edges or corners of their cells.
    """
    inner = ndimage.minimum_filter(label, footprint=ndimage.generate_binary_structure(2, 1), mode="constant", cval=0)
    rim = (label > 0) & (inner != label)
    row, column = np.nonzero(rim)
    owner = label[rim] - 1
    order = np.argsort(owner, kind="stable")
    start = np.searchsorted(owner[order], np.arange(count + 1)).astype(np.int64)
    distance = np.zeros((count, count))
    _gaps(row[order].astype(np.int64), column[order].astype(np.int64), start, cell[0], cell[1], distance)
    return distance


@compiled(fast=frozenset())
def _apart(a: int, b: int) -> int:
    return max(abs(a - b) - 1, 0)


@compiled(fast=frozenset())
def _gaps(
    row: NDArray[np.int64], column: NDArray[np.int64], start: NDArray[np.int64], high: float, wide: float, out: Floats
) -> None:
    """Fill the matrix; a cell too far from a patch's bounding box to improve on the best is passed over."""
    count = start.size - 1
    box = np.empty((count, 4), np.int64)
    for patch in range(count):
        first, last = start[patch], start[patch + 1]
        box[patch, 0], box[patch, 1] = row[first:last].min(), row[first:last].max()
        box[patch, 2], box[patch, 3] = column[first:last].min(), column[first:last].max()
    for a in range(count):
        for b in range(a + 1, count):
            best = np.inf
            few, many = a, b
            if start[a + 1] - start[a] > start[b + 1] - start[b]:
                few, many = b, a
            for i in range(start[few], start[few + 1]):
                dy = max(box[many, 0] - row[i], row[i] - box[many, 1], 1) - 1
                dx = max(box[many, 2] - column[i], column[i] - box[many, 3], 1) - 1
                if (dy * high) ** 2 + (dx * wide) ** 2 >= best:
                    continue
                for j in range(start[many], start[many + 1]):
                    dy = _apart(row[i], row[j])
                    dx = _apart(column[i], column[j])
                    best = min(best, (dy * high) ** 2 + (dx * wide) ** 2)
            out[a, b] = out[b, a] = np.sqrt(best)
