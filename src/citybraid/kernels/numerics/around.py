"""Mean and maximum around groups of cells: over the readable cells of the nearest ring that has any."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
Ints = NDArray[np.int64]


@compiled(fast=frozenset())
def nearest_ring_statistics(
    values: Floats, readable: Mask, owner: Ints, row: Ints, column: Ints, count: int, reach: int
) -> tuple[Floats, Floats]:
    """Return, for each of `count` groups, mean and maximum of the readable cells nearest to it; NaN where none is.

    `owner`, `row`, `column` list the groups' cells. Rings grow cell by cell, corners
    included, from 0 (the group's own cells) to `reach`; a group is read from its first ring with a
    readable cell, each cell once.
    """
    rows, columns = values.shape
    mean, maximum = np.full(count, np.nan), np.full(count, np.nan)
    order = np.argsort(owner, kind="mergesort")
    visited = np.full(values.shape, -1, np.int64)
    first = 0
    while first < owner.size:
        group = owner[order[first]]
        last = first
        while last < owner.size and owner[order[last]] == group:
            last += 1
        ring = 0
        while ring <= reach and np.isnan(mean[group]):
            total, count_in_ring, highest = 0.0, 0, -np.inf
            for place in range(first, last):
                cell = order[place]
                for i in range(max(row[cell] - ring, 0), min(row[cell] + ring + 1, rows)):
                    for j in range(max(column[cell] - ring, 0), min(column[cell] + ring + 1, columns)):
                        if readable[i, j] and visited[i, j] != group:
                            visited[i, j] = group
                            total += values[i, j]
                            count_in_ring += 1
                            highest = max(highest, values[i, j])
            if count_in_ring:
                mean[group], maximum[group] = total / count_in_ring, highest
            ring += 1
        first = last
    return mean, maximum
