"""Electricity of heat pumps and air conditioners by outdoor temperature and part load."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.kernels.buildings.zone_inputs import Rates
from citybraid.lowcarbon.rows import rows_with_prefix, value_or

Array = NDArray[np.float64]

KINDS = ("residential", "public")
"""Kinds of buildings whose plants have curves of their own."""
DEGREES = "C"
"""End of the keys of outdoor temperatures: -7C."""


class Curve(NamedTuple):
    """Electricity per heat over that at the conditions of the plant's efficiency, by outdoor air temperature."""

    air: Array
    """Rising temperatures [degC]."""
    needed: Array
    """[-]."""


class Performance(NamedTuple):
    """Curves and coefficients of cycling of heating and cooling; one entry per kind of building."""

    heating: tuple[Curve, ...]
    cooling: tuple[Curve, ...]
    heat_cycling: Array
    """Coefficient of EN 14825 [-]: at a share r of the highest load the efficiency is 1 - c (1 - r) of that at it."""
    cool_cycling: Array


def performance(system: Factors) -> Performance:
    """Return the performance of plants from rows `residential/heating_input/-7C` and `residential/heating_cycling`.

    Where a kind has none, its efficiency is that of the season: the same in every hour. Raises InputError for a key
    whose temperature is no number, an input that is not above 0, and a coefficient outside 0 to 1.
    """
    return Performance(
        tuple(_curve(system, f"{kind}/heating_input/") for kind in KINDS),
        tuple(_curve(system, f"{kind}/cooling_input/") for kind in KINDS),
        np.array([_cycling(system, f"{kind}/heating_cycling") for kind in KINDS]),
        np.array([_cycling(system, f"{kind}/cooling_cycling") for kind in KINDS]),
    )


def hourly_rates(given: Performance, air: Array) -> Rates:
    """Return the input of plants in each hour by its air [degC]; beyond a curve's ends that of its end."""

    def of(curves: tuple[Curve, ...]) -> Array:
        return np.stack([np.interp(air, curve.air, curve.needed) for curve in curves])

    return Rates(of(given.heating), of(given.cooling))


def _curve(system: Factors, prefix: str) -> Curve:
    rows = rows_with_prefix(system, prefix)
    if not rows:
        return Curve(np.zeros(1), np.ones(1))
    try:
        points = sorted((float(key.removesuffix(DEGREES)), value) for key, value in rows.items())
    except ValueError:
        raise InputError("energy.plant_curve", key=prefix, got=", ".join(sorted(rows))) from None
    air, needed = np.array(points, dtype=np.float64).T
    if not (np.isfinite(air).all() and (needed > 0).all() and np.isfinite(needed).all()):
        raise InputError("energy.plant_curve", key=prefix, got=", ".join(f"{at:g}: {value:g}" for at, value in points))
    return Curve(np.ascontiguousarray(air), np.ascontiguousarray(needed))


def _cycling(system: Factors, key: str) -> float:
    value = value_or(system, key, 0.0)
    if not 0.0 <= value < 1.0:
        raise InputError("energy.plant_cycling", key=key, got=value)
    return value
