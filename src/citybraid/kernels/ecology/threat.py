"""Decay of a threat with distance: from its nearest cell, or as its density around each cell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from citybraid.kernels.numerics.decay import distances, weighted_mean

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]

EXPONENT = 2.99
"""An exponential threat is down to 5 % (exp(-2.99)) at its greatest distance."""


class Nearest(NamedTuple):
    """Distance of each cell to the nearest source of a threat [m], infinite where there is none, and its intensity."""

    distance: Floats
    intensity: Floats


def nearest_source(intensity: Floats, *, cell: tuple[float, float]) -> Nearest:
    """Return each cell's distance to the centre of the nearest cell with an intensity above 0, and its intensity."""
    source = intensity > 0.0
    if not source.any():
        return Nearest(np.full(source.shape, np.inf), np.zeros(source.shape))
    distance, (row, column) = distance_transform_edt(~source, sampling=cell, return_indices=True)
    return Nearest(distance, intensity[row, column])


def decayed(distance: Floats, *, reach: float, exponential: bool) -> Floats:
    """Return a threat's strength at a distance, 1 at its source and none beyond `reach` [m].

    Linear: 1 - d / reach; exponential: exp(-2.99 d / reach) (InVEST habitat quality, eq. 1 and 2).
    """
    within = distance <= reach
    share = np.where(within, distance, 0.0) / reach
    strength = np.exp(-EXPONENT * share) if exponential else 1.0 - share
    return np.where(within, strength, 0.0)


def density(intensity: Floats, mask: Mask, *, cell: tuple[float, float], reach: float, exponential: bool) -> Floats:
    """Return a threat's mean intensity around each cell, weighted by its decay with distance.

    Where intensities are 0 and 1 it is the share of the threat's cells; 1 where all valid cells within `reach` are
    sources. Cells beyond the edge and cells that `mask` leaves out count in neither sum.
    """
    weights = decayed(distances(cell, reach=reach, shape=intensity.shape), reach=reach, exponential=exponential)
    return weighted_mean(intensity, mask, weights)


def half_saturated(degradation: Floats, *, half: float, exponent: float) -> Floats:
    """Return D^z / (D^z + k^z): 0 without degradation, 1/2 at D = k."""
    raised = degradation**exponent
    share: Floats = raised / (raised + half**exponent)
    return share
