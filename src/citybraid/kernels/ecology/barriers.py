"""Cost-weighted distances, and what removing a barrier gains (McRae et al. 2012)."""

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@compiled(fast=frozenset())
def cost_distance(resistance: Floats, passable: Flags, source: Flags, high: float, wide: float) -> Floats:
    """Return the least cost-weighted distance from the source cells over 8 neighbours; infinite where not reached.

    A step costs its length [m] times the mean resistance of its two cells.
    """
    rows, columns = resistance.shape
    distance = np.full((rows, columns), np.inf)
    waiting = [(0.0, 0)]
    waiting.pop()
    for i in range(rows):
        for j in range(columns):
            if source[i, j] and passable[i, j]:
                distance[i, j] = 0.0
                waiting.append((0.0, i * columns + j))
    while len(waiting) > 0:
        near, cell = heappop(waiting)
        i, j = cell // columns, cell % columns
        if near > distance[i, j]:
            continue
        for di in range(-1, 2):
            for dj in range(-1, 2):
                k, m = i + di, j + dj
                if (di == 0 and dj == 0) or k < 0 or m < 0 or k >= rows or m >= columns or not passable[k, m]:
                    continue
                length = np.sqrt((di * high) ** 2 + (dj * wide) ** 2)
                there = near + 0.5 * (resistance[i, j] + resistance[k, m]) * length
                if there < distance[k, m]:
                    distance[k, m] = there
                    heappush(waiting, (there, k * columns + m))
    return distance


def improvement_score(
    resistance: Floats, passable: Flags, patches: Sequence[Flags], *, cell: tuple[float, float], width: float,
    restored: float,
) -> Floats:  # fmt: skip
    """Return the gain of removing a barrier of a width [m] around each cell: least-cost distance saved per metre.

    ΔLCD / width, ΔLCD = LCD - (the least cost-weighted distances of both patches within the width + width × restored
    resistance), the best of all pairs of patches that have a path (McRae et al. 2012, PLoS ONE 7: e52604, eq. 1-2).
    """
    distances = [cost_distance(resistance, passable, patch, *cell) for patch in patches]
    reach = (int(width / 2.0 / cell[0]), int(width / 2.0 / cell[1]))
    down, right = (np.arange(-each, each + 1) for each in reach)
    disc = np.hypot(down[:, None] * cell[0], right[None] * cell[1]) <= width / 2.0
    nearest = [ndimage.minimum_filter(each, footprint=disc, mode="constant", cval=np.inf) for each in distances]
    score = np.zeros(resistance.shape)
    for second, patch in enumerate(patches):
        for first in range(second):
            path = float(distances[first][patch].min())
            if np.isfinite(path):
                bridged = nearest[first] + nearest[second] + width * restored
                np.maximum(score, (path - bridged) / width, out=score)
    return score
