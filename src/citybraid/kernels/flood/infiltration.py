"""Sinks of surface water, one row at a time: surface storage, infiltration, drains."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import order

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
NEWTON = 3
"""Newton iterations: the start is within one step's decay of the root, and convergence is quadratic."""


@compiled(inner=True)
def fill_storage_row(h: F64, storage_left: F64) -> bool:
    """Fill surface storage, of which `storage_left` is free [m]; return whether any is still free."""
    most = np.int64(0)
    for i in range(h.size):
        loss = min(h[i], storage_left[i])
        left = storage_left[i] - loss
        h[i] -= loss
        storage_left[i] = left
        most = max(most, order(left))
    return bool(most > 0)


@compiled(inner=True)
def green_ampt_row(h: F64, F: F64, K: F32, suction: F32, deficit: F32, dt: float) -> None:
    """Green-Ampt infiltration of one step from ponded water.

    Integrates dF/dt = K (1 + (psi + h) deficit / F) (Chow, Maidment & Mays 1988,
    eq. 4.3.7 with ponding) by the implicit midpoint rule, which is a quadratic in the
    step's infiltration and needs no start value (F = 0 is fine), limited to the
    water on the cell. h, F, suction in m, K in m s⁻¹.
    """
    for i in range(h.size):
        k = np.float64(K[i]) * dt
        head = (np.float64(suction[i]) + h[i]) * np.float64(deficit[i])
        a = F[i] - 0.5 * k
        loss = min(h[i], max(0.0, math.sqrt(a * a + 2.0 * k * (F[i] + head)) - a))
        h[i] -= loss
        F[i] += loss


@compiled(inner=True)
def horton_row(h: F64, F: F64, horton_time: F64, initial_rate: F32, final_rate: F32, decay: F32, dt: float) -> None:
    """Horton infiltration of one step from the water on each cell.

    Capacity declines from `initial_rate` to `final_rate` [m s⁻¹] as exp(-`decay` t) (Horton 1940; Chow, Maidment &
    Mays 1988, eq. 4.2.3), t being `horton_time`, the equivalent time of infiltration at capacity: a step with less
    water than capacity advances t by the time that this water takes to infiltrate at capacity (Newton's method;
    cumulative infiltration is concave in time, so that iterates approach the root from below).
    """
    for i in range(h.size):
        if h[i] <= 0.0:
            continue
        k, final = np.float64(decay[i]), np.float64(final_rate[i])
        excess_rate = (np.float64(initial_rate[i]) - final) / k * math.exp(-k * horton_time[i])
        loss = max(0.0, final * dt - excess_rate * math.expm1(-k * dt))
        needed = dt
        if h[i] < loss:
            loss = h[i]
            needed = loss / (final + k * excess_rate)
            for _ in range(NEWTON):
                remaining = excess_rate * math.exp(-k * needed)
                needed += (loss - final * needed - excess_rate + remaining) / (final + k * remaining)
            needed = min(needed, dt)
        h[i] -= loss
        F[i] += loss
        horton_time[i] += needed


@compiled(inner=True)
def drain_row(h: F64, drained: F64, capacity: F32, dt: float) -> None:
    """Drain up to the `capacity` of drains [m s⁻¹]."""
    for i in range(h.size):
        loss = min(h[i], np.float64(capacity[i]) * dt)
        h[i] -= loss
        drained[i] += loss
