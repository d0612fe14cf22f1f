"""First-order decay of landfilled waste (IPCC 2006 and 2019, vol. 5, ch. 3)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
METHANE_PER_CARBON = 16.0 / 12.0
MONTHS = 12.0
MID_YEAR = 6.0
"""Months from the mean time of deposition to the end of its year."""


class Waste(NamedTuple):
    """What makes methane of landfilled waste: DOC, DOCf, MCF and F of the guidelines, all as shares."""

    degradable_carbon: float
    decomposed_share: float
    methane_correction: float
    methane_share: float


def methane_potential(waste: Waste) -> float:
    """Return L0, the methane that a mass of waste generates in all time, per mass (eq. 3.1A) [-]."""
    carbon = waste.degradable_carbon * waste.decomposed_share * waste.methane_correction
    return carbon * waste.methane_share * METHANE_PER_CARBON


def generated(deposited: F64, *, potential: float, rate: float, delay: float) -> F64:
    """Return the methane generated in each year, of waste deposited in the course of each (eq. 3A1.6) [mass].

    `deposited` holds a mass for each year, `potential` is L0, `rate` is k [year-1], `delay` the months before decay
    starts, 0 to 6: six months after the middle of a year, nothing decays before the next year.
    """
    first = -np.expm1(-rate * (MID_YEAR - delay) / MONTHS)
    later = -np.expm1(-rate)
    left, methane = 0.0, np.zeros(len(deposited))
    for year, mass in enumerate(deposited):
        methane[year] = potential * (left * later + mass * first)
        left = left * (1.0 - later) + mass * (1.0 - first)
    return methane


def emitted(generation: F64, *, recovered: F64, oxidation: float) -> F64:
    """Return what leaves the cover: generation less recovery, less the share oxidised in the cover (eq. 3.1) [mass]."""
    return np.maximum(generation - recovered, 0.0) * (1.0 - oxidation)
