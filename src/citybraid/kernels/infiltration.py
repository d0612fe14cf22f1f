"""Water that leaves the surface downwards, one row at a time: surface storage, soil, drains."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]


@compiled(views=True)
def hold_row(h: F64, room: F64) -> None:
    """Surface storage takes water until its room [m] is full."""
    for i in range(h.size):
        taken = min(h[i], room[i])
        h[i] -= taken
        room[i] -= taken


@compiled(views=True)
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


@compiled(views=True)
def drain_row(h: F64, drained: F64, capacity: F32, dt: float) -> None:
    """Drains take up to their capacity [m s⁻¹]."""
    for i in range(h.size):
        taken = min(h[i], np.float64(capacity[i]) * dt)
        h[i] -= taken
        drained[i] += taken
