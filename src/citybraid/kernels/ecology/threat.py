"""Decay of a threat with distance: from its nearest cell, or as its density around each cell."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.numerics.decay import distances, weighted_mean

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
Codes = NDArray[np.uint8]

EXPONENT = 2.99
"""An exponential threat is down to 5 % (exp(-2.99)) at its greatest distance."""


def nearest_strength(intensity: Floats, *, cell: tuple[float, float], reach: float, exponential: bool) -> Floats:
    """Return the intensity of the nearest cell with one above 0, times its decay with distance (see `decayed`).

    Distances are between centres of cells, exact (Meijster, Roerdink and Hesselink 2000: columns first, then the lower
    envelope of parabolas along each row). Of sources equally near the left and then the upper counts.
    """
    strength = np.zeros(intensity.shape)
    if (intensity > 0.0).any():
        _nearest(np.ascontiguousarray(intensity), cell[0], cell[1], reach, strength, exponential=exponential)
    return strength


@compiled(fast=frozenset())
def _nearest_in_columns(intensity: Floats, row: NDArray[np.int32]) -> None:
    """Fill the row of the nearest source in each cell's column, -1 where there is none."""
    rows, columns = intensity.shape
    for y in range(rows):
        for x in range(columns):
            if intensity[y, x] > 0.0:
                row[y, x] = y
            else:
                row[y, x] = row[y - 1, x] if y > 0 else -1
    for y in range(rows - 2, -1, -1):
        for x in range(columns):
            below = row[y + 1, x]
            if below > y and (row[y, x] < 0 or below - y < y - row[y, x]):
                row[y, x] = below


@compiled(fast=frozenset())
def _nearest(
    intensity: Floats, high: float, wide: float, reach: float, strength: Floats, *, exponential: bool
) -> None:  # fmt: skip
    rows, columns = intensity.shape
    row = np.empty((rows, columns), np.int32)
    _nearest_in_columns(intensity, row)
    lowest, begin = np.empty(columns, np.int64), np.empty(columns + 1)
    vertical = np.empty(columns)
    for y in range(rows):
        last = -1
        for x in range(columns):
            if row[y, x] < 0:
                continue
            vertical[x] = ((row[y, x] - y) * high) ** 2
            crossing = -np.inf
            while last >= 0:
                other = lowest[last]
                crossing = 0.5 * (x + other + (vertical[x] - vertical[other]) / (wide * wide * (x - other)))
                if crossing > begin[last]:
                    break
                last -= 1
            last += 1
            lowest[last] = x
            begin[last] = crossing if last > 0 else -1.0
        begin[last + 1] = np.inf
        place = 0
        for x in range(columns):
            while begin[place + 1] < x:
                place += 1
            source = lowest[place]
            away = np.sqrt(vertical[source] + ((x - source) * wide) ** 2)
            if away <= reach:
                share = away / reach
                strength[y, x] = intensity[row[y, source], source] * (
                    np.exp(-EXPONENT * share) if exponential else 1.0 - share
                )


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


@compiled(fast=frozenset())
def add_degradation(degradation: Floats, share: float, strength: Floats, cover: Codes, sensitivity: Floats) -> None:
    """Add a threat's share of the weights × strength × sensitivity of the cover; `sensitivity` is by code, 0 to 255."""
    for y in range(degradation.shape[0]):
        for x in range(degradation.shape[1]):
            degradation[y, x] += share * strength[y, x] * sensitivity[cover[y, x]]


@compiled(fast=frozenset())
def remaining_quality(suitability: Floats, degradation: Floats, half: float, exponent: float) -> Floats:
    """Return H (1 - D^z / (D^z + k^z)): half the suitability is left at D = k (InVEST habitat quality, eq. 4)."""
    quality = np.empty(suitability.shape)
    halved = half**exponent
    for y in range(suitability.shape[0]):
        for x in range(suitability.shape[1]):
            if suitability[y, x] > 0.0 and degradation[y, x] > 0.0:
                quality[y, x] = suitability[y, x] * (1.0 - 1.0 / (1.0 + halved / degradation[y, x] ** exponent))
            else:
                quality[y, x] = suitability[y, x]
    return quality
