"""Water that leaves the surface downwards, one row at a time: surface storage, soil, drains."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
NEWTON = 3
"""Rounds of Newton's method: the start is within a step's fall of the rate, and each round squares that."""


@compiled(inner=True)
def hold_row(h: F64, room: F64) -> None:
    """Surface storage takes water until its room [m] is full."""
    for i in range(h.size):
        taken = min(h[i], room[i])
        h[i] -= taken
        room[i] -= taken


@compiled(inner=True)
def green_ampt_row(h: F64, F: F64, K: F32, suction: F32, deficit: F32, dt: float) -> None:
    """Green-Ampt infiltration of one step from ponded water.

    Integrates dF/dt = K (1 + (psi + h) deficit / F) (Chow, Maidment & Mays 1988,
    eq. 4.3.7 with ponding) by the implicit midpoint rule, which is a quadratic in the
    step's infiltration and needs no start value (F = 0 is fine); no more than the
    water on the cell goes in. h, F, suction in m, K in m s⁻¹.
    """
    for i in range(h.size):
        k = np.float64(K[i]) * dt
        head = (np.float64(suction[i]) + h[i]) * np.float64(deficit[i])
        a = F[i] - 0.5 * k
        taken = min(h[i], max(0.0, math.sqrt(a * a + 2.0 * k * (F[i] + head)) - a))
        h[i] -= taken
        F[i] += taken


@compiled(inner=True)
def horton_row(h: F64, F: F64, worn: F64, first: F32, last: F32, decay: F32, dt: float) -> None:
    """Horton infiltration of one step from the water on each cell.

    The rate falls from `first` to `last` [m s⁻¹] as exp(-`decay` t) (Horton 1940; Chow, Maidment & Mays 1988,
    eq. 4.2.3), t being the time `worn` that the soil has taken water at its full rate: a step that has less
    water than the soil could take moves t by as much as that water would have needed (Newton's method; the
    infiltrated depth is concave in time, so that each round nears the root from below).
    """
    for i in range(h.size):
        if h[i] <= 0.0:
            continue
        k, least = np.float64(decay[i]), np.float64(last[i])
        more = (np.float64(first[i]) - least) / k * math.exp(-k * worn[i])
        taken = max(0.0, least * dt - more * math.expm1(-k * dt))
        needed = dt
        if h[i] < taken:
            taken = h[i]
            needed = taken / (least + k * more)
            for _ in range(NEWTON):
                gone = more * math.exp(-k * needed)
                needed += (taken - least * needed - more + gone) / (least + k * gone)
            needed = min(needed, dt)
        h[i] -= taken
        F[i] += taken
        worn[i] += needed


@compiled(inner=True)
def drain_row(h: F64, drained: F64, capacity: F32, dt: float) -> None:
    """Drains take up to their capacity [m s⁻¹]."""
    for i in range(h.size):
        taken = min(h[i], np.float64(capacity[i]) * dt)
        h[i] -= taken
        drained[i] += taken
