"""Cooling capacity, effect of large green areas and air mixing (InVEST urban cooling)."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.numerics.decay import disc, disc_cells, distances, exponential, gaussian, weighted_mean

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]

EXPONENTIAL_REACH = 5.0
"""An exponential effect is cut off at five times its distance (0.7 % left), as in InVEST."""


def cooling_index(
    shade: Floats, albedo: Floats, wetness: Floats, weights: tuple[float, float, float] = (0.6, 0.2, 0.2)
) -> Floats:
    """Return cooling capacity, the weighted mean of shade, albedo and Kc ET0 / max ET0 (InVEST eq. 2)."""
    a, b, c = (weight / sum(weights) for weight in weights)
    return a * shade + b * albedo + c * wetness


def park_cooling(capacity: Floats, green: Floats, mask: Mask, *, cell: tuple[float, float], distance: float) -> Floats:
    """Return the cooling that green areas provide to each cell: sum g CC w / sum w, w = exp(-d / distance) (eq. 3b).

    `green` is 1 on green cells, 0 elsewhere; both sums run over valid cells within five distances.
    """
    reach = EXPONENTIAL_REACH * distance
    weights = exponential(distances(cell, reach=reach, shape=capacity.shape), scale=distance, reach=reach)
    return weighted_mean(capacity * green, mask, weights)


def heat_mitigation(
    capacity: Floats, green: Floats, mask: Mask, *, cell: tuple[float, float], distance: float, smallest: float
) -> Floats:
    """Return the heat mitigation index (eq. 4): CC, or park cooling where that is greater and green area sufficient.

    Sufficient is `smallest` [m2] or more within `distance` of the cell (eq. 3a); the part of the disc beyond
    the edge is assumed as green as its valid cells.
    """
    park_capacity = park_cooling(capacity, green, mask, cell=cell, distance=distance)
    around = disc(distances(cell, reach=distance, shape=capacity.shape), reach=distance)
    area = weighted_mean(green, mask, around) * disc_cells(cell, reach=distance) * cell[0] * cell[1]
    return np.where((area >= smallest) & (park_capacity > capacity), park_capacity, capacity)


def mix_air(values: Floats, mask: Mask, *, cell: tuple[float, float], radius: float) -> Floats:
    """Return values smoothed by a Gaussian whose radius is three standard deviations; 0 smooths nothing."""
    if radius <= 0.0:
        return values
    weights = gaussian(distances(cell, reach=radius, shape=values.shape), deviation=radius / 3.0, reach=radius)
    return weighted_mean(values, mask, weights)
