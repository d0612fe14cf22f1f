"""Infinite-slope stability of a thin soil: factor of safety with steady wetness, and its probability of exceeding 1."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST = 10.0
"""Upper bound of stability [-]: flat ground has none."""
FLAT = 1e-6
"""Slope below which ground is taken as flat [m m-1]."""
POINTS = 16
"""Points over cohesion and over wetness of the probability's average (exact over friction)."""


class Soil(NamedTuple):
    """Ranges of a soil (low, high), uniformly distributed."""

    cohesion: tuple[float, float]
    """Of roots and soil over soil weight (C_r + C_s) / (h rho_s g) [-]."""
    friction: tuple[float, float]
    """tan of the angle of internal friction [-]."""
    wetness: tuple[float, float]
    """Recharge over transmissivity R / T [m-1]."""
    density: float
    """Water over soil density [-]."""


def relative_wetness(area: Floats, slope: Floats, recharge: float) -> Floats:
    """Return the share of the soil that is saturated [-]: min(R a / (T sin theta), 1) (Montgomery and Dietrich 1994).

    `area` is the contributing area over the cell width [m], `slope` tan theta, `recharge` R / T [m-1].
    """
    return np.asarray(np.minimum(recharge * area / np.maximum(_sine(slope), FLAT), 1.0), dtype=np.float64)


def factor_of_safety(area: Floats, slope: Floats, soil: Soil, *, worst: bool) -> Floats:
    """Return the factor of safety at the worst or best ends of a soil (Pack et al. 1998), MOST at most.

    FS = (C + cos theta (1 - w r) tan phi) / sin theta.
    """
    end, wet = (0, 1) if worst else (1, 0)
    buoyancy = relative_wetness(area, slope, soil.wetness[wet]) * soil.density
    strength = soil.cohesion[end] + _cosine(slope) * (1.0 - buoyancy) * soil.friction[end]
    return np.asarray(np.minimum(strength / np.maximum(_sine(slope), FLAT), MOST), dtype=np.float64)


def probability_above_one(area: Floats, slope: Floats, soil: Soil) -> Floats:
    """Return the probability of a factor of safety above 1 for uniform cohesion, friction and wetness.

    For each cohesion and wetness (midpoints) the critical friction is known, and with it the share of
    frictions above it.
    """
    middles = (np.arange(POINTS) + 0.5) / POINTS
    low, high = soil.friction
    total = np.zeros(slope.shape)
    for wet in soil.wetness[0] + middles * (soil.wetness[1] - soil.wetness[0]):
        effective_weight = _cosine(slope) * (1.0 - relative_wetness(area, slope, float(wet)) * soil.density)
        for cohesion in soil.cohesion[0] + middles * (soil.cohesion[1] - soil.cohesion[0]):
            critical_friction = (_sine(slope) - cohesion) / np.maximum(effective_weight, FLAT)
            share = (high - critical_friction) / max(high - low, FLAT)
            total += np.clip(share, 0.0, 1.0)
    return np.asarray(total / POINTS**2, dtype=np.float64)


def stability_index(area: Floats, slope: Floats, soil: Soil) -> Floats:
    """Return SINMAP's stability index (Pack et al. 1998).

    The least factor of safety where it is 1 or more, 0 where the greatest is not above 1, else the probability.
    """
    least = factor_of_safety(area, slope, soil, worst=True)
    doubtful = least < 1.0
    index = least.copy()
    if doubtful.any():
        chance = np.minimum(probability_above_one(area[doubtful], slope[doubtful], soil), 1.0 - FLAT)
        most = factor_of_safety(area[doubtful], slope[doubtful], soil, worst=False)
        index[doubtful] = np.where(most <= 1.0, 0.0, chance)
    return index


def _sine(slope: Floats) -> Floats:
    return np.asarray(slope / np.sqrt(1.0 + slope**2), dtype=np.float64)


def _cosine(slope: Floats) -> Floats:
    return np.asarray(1.0 / np.sqrt(1.0 + slope**2), dtype=np.float64)
