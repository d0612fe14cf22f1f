"""What removing a barrier gains (McRae et al. 2012)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.ecology.cost_distance import cost_distance

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def improvement_score(
    resistance: Floats, passable: Flags, patches: Sequence[Flags], *, cell: tuple[float, float], width: float,
    restored: float,
) -> Floats:  # fmt: skip
    """Return the gain of removing a barrier of a width [m] around each cell: least-cost distance saved per metre.

    ΔLCD / width, ΔLCD = LCD - (the least cost-weighted distances of both patches within the width + width × restored
    resistance), the best of all pairs of patches that have a path (McRae et al. 2012, PLoS ONE 7: e52604, eq. 1-2).
    """
    distances = [cost_distance(resistance, passable, patch, *cell, np.inf) for patch in patches]
    reach = tuple(  # no disc reaches beyond the grid, however wide a barrier is asked for
        min(int(width / 2.0 / side), cells - 1) for side, cells in zip(cell, resistance.shape, strict=True)
    )
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
