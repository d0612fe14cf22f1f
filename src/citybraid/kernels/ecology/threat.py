"""Decay of a threat with distance: from its nearest cell, or as its density around each cell."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from citybraid.kernels.numerics.decay import distances, weighted_mean

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]

EXPONENT = 2.99
"""An exponential threat is down to 5 % (exp(-2.99)) at its greatest distance."""


def distance_to(source: Mask, *, cell: tuple[float, float]) -> Floats:
    """Return each cell's distance [m] to the centre of the nearest source cell; infinite where there is none."""
    if not source.any():
        return np.full(source.shape, np.inf)
    distance: Floats = distance_transform_edt(source == 0, sampling=cell)
    return distance


def decayed(distance: Floats, *, reach: float, exponential: bool) -> Floats:
    """Return a threat's strength at a distance, 1 at its source and none beyond `reach` [m].

    Linear: 1 - d / reach; exponential: exp(-2.99 d / reach) (InVEST habitat quality, eq. 1 and 2).
    """
    within = distance <= reach
    share = np.where(within, distance, 0.0) / reach
    strength = np.exp(-EXPONENT * share) if exponential else 1.0 - share
    return np.where(within, strength, 0.0)


def density(source: Mask, mask: Mask, *, cell: tuple[float, float], reach: float, exponential: bool) -> Floats:
    """Return the share of a threat's cells around each cell, weighted by its decay with distance.

    1 where all valid cells within `reach` are sources. Cells beyond the edge count in neither sum.
    """
    weights = decayed(distances(cell, reach=reach, shape=source.shape), reach=reach, exponential=exponential)
    return weighted_mean(source.astype(np.float64), mask, weights)


def half_saturated(degradation: Floats, *, half: float, exponent: float) -> Floats:
    """Return D^z / (D^z + k^z): 0 without degradation, 1/2 at D = k."""
    raised = degradation**exponent
    share: Floats = raised / (raised + half**exponent)
    return share
