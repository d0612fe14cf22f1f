"""Two-step floating catchment area: supply shared by all who reach it (Luo and Wang 2003; Dai 2011)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

EDGE = float(np.exp(-0.5))
"""Gauss' curve one deviation out: where the weight reaches 0."""


class Access(NamedTuple):
    """Supply within reach for each person of a place, and supply over weighted demand of each site."""

    place: Floats
    site: Floats


def gaussian_weight(distance: Floats, *, reach: float) -> Floats:
    """Return Dai's weight, 1 at the site and 0 from `reach` on (Dai 2011, eq. 2)."""
    weight = (np.exp(-0.5 * (distance / reach) ** 2) - EDGE) / (1.0 - EDGE)
    return np.where(distance < reach, np.maximum(weight, 0.0), 0.0)


def step_weight(distance: Floats, *, reach: float) -> Floats:
    """Return 1 up to `reach` and 0 beyond (Luo and Wang 2003)."""
    return np.where(distance <= reach, 1.0, 0.0)


def two_step(weight: csr_array, *, supply: Floats, demand: Floats) -> Access:
    """Return access by the two steps; `weight` is of sites (rows) and places (columns).

    First each site's supply is divided by the weighted demand that reaches it (Luo and Wang 2003, eq. 1); then each
    place sums the weighted ratios of the sites that it reaches (eq. 2). A site that nobody reaches gives nothing.
    """
    reached = np.asarray(weight @ demand, dtype=np.float64)
    ratio = np.divide(supply, reached, out=np.zeros_like(supply), where=reached > 0.0)
    return Access(np.asarray(weight.T @ ratio, dtype=np.float64), ratio)
