"""Design discharge of a zone's drains or pumps: the runoff of a design storm by the rational method."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from citybraid.core.vocabulary.surface import COVER

Floats = NDArray[np.float64]
MINUTES = 60.0


def design_intensity(formula: Mapping[str, float], *, period: float, minutes: float) -> float:
    """Return the storm formula's mean intensity A (1 + C lg P) / (t + b)^n [mm h⁻¹], 0 where it would be below."""
    strength = max(formula["A"] * (1.0 + formula["C"] * math.log10(period)), 0.0)
    return float(MINUTES * strength / (minutes + formula["b"]) ** formula["n"])


def coefficient_of(cover: NDArray[np.generic], coefficient: Mapping[str, float]) -> Floats:
    """Return each cell's runoff coefficient by its land cover; none where the cover is unknown."""
    values = np.full(cover.shape, np.nan)
    for code, name in COVER:
        values[cover == code] = coefficient[name]
    return values


def unit_means(values: Floats, unit: NDArray[np.int64], among: NDArray[np.bool_], *, count: int) -> Floats:
    """Return each unit's mean over some cells, 0 where it has none, and a last 0 for 'outside all units'."""
    counted = among & (unit >= 0) & np.isfinite(values)
    cells = np.bincount(unit[counted], minlength=count)
    sums = np.bincount(unit[counted], weights=values[counted], minlength=count)
    return np.append(sums / np.maximum(cells, 1), 0.0)
