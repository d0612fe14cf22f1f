"""Degree of consolidation of a clay layer over time after a change of load (Terzaghi)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TERMS = 200
"""Terms of the series; truncation is below 0.2 % at the smallest time that it is used for."""
EARLY = 1e-4
"""Time factor below which the square-root approximation replaces the series [-]."""


def consolidation_degree(time_factor: Floats) -> Floats:
    """Return the mean degree of consolidation [-] at a time factor T = c_v t / d^2 [-].

    U = 1 - sum of 8 / (pi^2 (2m + 1)^2) exp(-(2m + 1)^2 pi^2 T / 4) (Terzaghi 1943); early U = 2 sqrt(T / pi).
    """
    odd = 2.0 * np.arange(TERMS) + 1.0
    late = np.maximum(time_factor, EARLY)[..., None]
    series = 1.0 - (8.0 / (np.pi**2 * odd**2) * np.exp(-(odd**2) * np.pi**2 * late / 4.0)).sum(axis=-1)
    early = 2.0 * np.sqrt(np.maximum(time_factor, 0.0) / np.pi)
    return np.asarray(np.where(time_factor < EARLY, early, series), dtype=np.float64)
