"""Tables of the culvert kernel: conveyance of a barrel by depth, and discharge of its inlet by head."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.kernels.numerics.gravity import GRAVITY

F64 = NDArray[np.float64]
DEPTHS = 129
"""Entries of a section's table: equal steps from an empty to a full barrel."""
HEADS = 257
"""Entries of an inlet's rating: equal steps of head up to a submerged inlet."""
FULL = 1.0 - 1e-4
"""Relative depth taken for a full round barrel in its surface width, which is 0 when full."""
SI = 0.3048**-0.5
"""Factor from metres to feet of Q / (A D^0.5), as HDS-5 states it."""


class Barrel(NamedTuple):
    """One barrel: round where width is None."""

    height: float
    width: float | None
    roughness: float

    @property
    def area(self) -> float:
        """Area of the full barrel [m²]."""
        return 0.25 * np.pi * self.height**2 if self.width is None else self.height * self.width


def section(barrel: Barrel) -> F64:
    """Return flow area, conveyance and critical discharge at equal steps of depth, a row each [m², m³ s⁻¹, m³ s⁻¹].

    Conveyance is A R^(2/3) / n; a discharge is critical where Q² T = g A³.
    """
    area, wet, top = _shape(barrel, np.linspace(0.0, 1.0, DEPTHS))
    radius = np.divide(area, wet, out=np.zeros(DEPTHS), where=wet > 0.0)
    critical = area * np.sqrt(GRAVITY * np.divide(area, top, out=np.zeros(DEPTHS), where=top > 0.0))
    return np.stack([area, area * radius ** (2.0 / 3.0) / barrel.roughness, critical])


def _shape(barrel: Barrel, part: F64) -> tuple[F64, F64, F64]:
    """Return flow area, wetted perimeter and surface width at relative depths."""
    high = barrel.height
    if barrel.width is not None:
        wide = np.full(part.size, barrel.width)
        lid = np.where(part < 1.0, 0.0, barrel.width)
        return wide * part * high, wide + 2.0 * part * high + lid, wide
    angle = 2.0 * np.arccos(1.0 - 2.0 * part)
    top = high * np.sin(0.5 * 2.0 * np.arccos(1.0 - 2.0 * np.minimum(part, FULL)))
    return 0.125 * high**2 * (angle - np.sin(angle)), 0.5 * high * angle, top


class Inlet(NamedTuple):
    """Discharge under inlet control: a table up to the head `top`, and scale √(head - shift) above it."""

    table: F64
    scale: float
    shift: float
    top: float


def inlet(barrel: Barrel, slope: float, law: Mapping[str, float], *, kind: str) -> Inlet:
    """Return an inlet's rating (HDS-5, app. A, eq. A.1 form 1 and A.3), whose constants are the rows of `kind`.

    With x = 1.811 Q / (A D^0.5), up to `culvert/free_to` the inlet is a weir: HW / D = H_c / D + K x^M + k_s S, H_c
    being the energy of critical flow; from `culvert/drowned_from` on an orifice: HW / D = c x² + Y + k_s S; they are
    joined linearly. Raises InputError where the constants do not give an increasing rating.
    """
    high = barrel.height
    unit = barrel.area * np.sqrt(high) / SI
    slope_term = law["culvert/slope"] * slope
    part = np.linspace(0.0, FULL, 8 * DEPTHS)[1:]
    area, _, top = _shape(barrel, part)
    q = area * np.sqrt(GRAVITY * area / top)
    head = part * high + 0.5 * area / top + high * (law[f"{kind}/K"] * (q / unit) ** law[f"{kind}/M"] + slope_term)
    free, drowned = q <= law["culvert/free_to"] * unit, law["culvert/drowned_from"]
    shift = high * (law[f"{kind}/Y"] + slope_term)
    full = high * law[f"{kind}/c"] * drowned**2 + shift
    heads, flows = np.append(head[free], full), np.append(q[free], drowned * unit)
    if not (np.diff(heads) > 0.0).all() or full <= 0.0:
        raise InputError("flood.culvert_rating", kind=kind)
    table = np.interp(np.linspace(0.0, full, HEADS), heads, flows, left=0.0)
    table[0] = 0.0
    return Inlet(table, unit / float(np.sqrt(high * law[f"{kind}/c"])), shift, full)
