"""Cost-weighted distances over the cells of a grid, found in order of distance by means of buckets.

After Denardo and Fox (1979), Oper. Res. 27: 161-186. Cells wait in buckets as wide as the shortest step: what one of a
bucket adds lies in a later one, so that none has to be sorted. A bucket is a chain of cells, buckets are a ring.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Chain = NDArray[np.int32]

MOST_BUCKETS = 65_536
"""Buckets of the ring at most; where steps differ by more than this, cells of a bucket may be looked at again."""
NARROWER = 1.0 - 1e-6
"""Width of a bucket over the shortest step: rounding then never puts the two ends of a step into one bucket."""


@compiled(fast=frozenset())
def cost_distance(resistance: Floats, passable: Flags, source: Flags, high: float, wide: float, limit: float) -> Floats:
    """Return the least cost-weighted distance from the source cells up to a limit; infinite where not reached.

    Over 8 neighbours; a step costs its length [m] times the mean resistance of its two cells. A cell's distance is the
    least of those through its neighbours, whatever the order in which cells are visited.
    """
    rows, columns = resistance.shape
    distance, length = np.full((rows, columns), np.inf), np.empty((3, 3))
    for di in range(-1, 2):
        for dj in range(-1, 2):
            length[di + 1, dj + 1] = np.sqrt((di * high) ** 2 + (dj * wide) ** 2)
    least, most = np.inf, 0.0
    for i in range(rows):
        for j in range(columns):
            if passable[i, j]:
                least, most = min(least, resistance[i, j]), max(most, resistance[i, j])
    longest = most * length[0, 0]
    width = max(least * min(high, wide) * NARROWER, longest / (MOST_BUCKETS - 2))
    if not width > 0.0 or width == np.inf:
        width = 1.0
    count = int(longest / width) + 3
    first = np.full(count, -1, np.int32)
    after, before, bucket = np.full((3, rows * columns), -1, np.int32)
    waiting = 0
    for i in range(rows):
        for j in range(columns):
            if source[i, j] and passable[i, j]:
                distance[i, j] = 0.0
                _put(first, after, before, bucket, i * columns + j, 0)
                waiting += 1
    at = 0
    while waiting > 0:
        while first[at] < 0:
            at = at + 1 if at + 1 < count else 0
        cell = first[at]
        _take(first, after, before, bucket, cell)
        waiting -= 1
        i, j = cell // columns, cell % columns
        near, own = distance[i, j], resistance[i, j]
        for k in range(max(i - 1, 0), min(i + 2, rows)):
            for m in range(max(j - 1, 0), min(j + 2, columns)):
                if not passable[k, m]:
                    continue
                there = near + 0.5 * (own + resistance[k, m]) * length[k - i + 1, m - j + 1]
                if there < distance[k, m] and there <= limit:
                    distance[k, m] = there
                    other = k * columns + m
                    if bucket[other] >= 0:
                        _take(first, after, before, bucket, other)
                        waiting -= 1
                    _put(first, after, before, bucket, other, int(there / width) % count)
                    waiting += 1
    return distance


@compiled(inner=True)
def _put(first: Chain, after: Chain, before: Chain, bucket: Chain, cell: int, into: int) -> None:
    """Put a cell in front of a bucket's chain."""
    head = first[into]
    after[cell], before[cell], bucket[cell] = head, -1, into
    if head >= 0:
        before[head] = cell
    first[into] = cell


@compiled(inner=True)
def _take(first: Chain, after: Chain, before: Chain, bucket: Chain, cell: int) -> None:
    """Take a cell out of its bucket's chain."""
    left, right = before[cell], after[cell]
    if left >= 0:
        after[left] = right
    else:
        first[bucket[cell]] = right
    if right >= 0:
        before[right] = left
    bucket[cell] = -1
