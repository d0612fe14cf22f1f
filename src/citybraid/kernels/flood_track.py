"""What a flood leaves behind on each cell: deepest water, fastest flow, hazard, arrival, duration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood_root import quotient

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

_ZERO = np.float32(0.0)
_HALF = np.float32(0.5)
FILM = np.float32(1e-6)
_SUPERCRITICAL = np.float32(3.0 * 9.80665**0.5)
NEVER = np.float32(-1.0)
"""Arrival on cells whose depth never passes the threshold."""


class Peaks(NamedTuple):
    """Per cell, over the whole event; `debris` is threshold depth, debris factor below and above it."""

    depth: F64
    speed: F32
    hazard: F32
    arrival: F32
    duration: F32
    debris: F64


@compiled()
def speed_x(z: F64, h: F64, q: F32, v: F32, reach: np.float32) -> None:
    """Velocity at a row's faces; `v[i + 1]` is face i, i + 1. An end that water crosses has the next face's.

    A cell that the step emptied has no depth left to divide by: water crosses no more
    than a cell in a step, so the speed is at most dx / dt; `reach` = dt / dx.
    """
    for i in range(z.size - 1):
        hf = np.float32(max(z[i] + h[i], z[i + 1] + h[i + 1]) - max(z[i], z[i + 1]))
        v[i + 1] = quotient(q[i + 1], max(hf, FILM, reach * abs(q[i + 1]))) if hf > FILM else _ZERO
    v[0] = v[1] if q[0] != _ZERO else _ZERO
    v[z.size] = v[z.size - 1] if q[z.size] != _ZERO else _ZERO


@compiled()
def speed_y(e0: F64, e1: F64, bed: F64, q: F32, v: F32, reach: np.float32) -> None:
    """Velocity at the faces between two rows."""
    for i in range(v.size):
        hf = np.float32(max(e0[i], e1[i]) - bed[i])
        v[i] = quotient(q[i], max(hf, FILM, reach * abs(q[i]))) if hf > FILM else _ZERO


@compiled()
def speed_out(q: F32, inner: F32, v: F32) -> None:
    """Velocity over the grid's first or last row of faces: that of the next faces inside where water crosses."""
    for i in range(v.size):
        v[i] = inner[i] if q[i] != _ZERO else _ZERO


@compiled()
def fastest_row(h: F64, v: F32, fastest: F32) -> None:
    """Keep each column's fastest flow, counted up to a Froude number of 3: films over a drop set no time step."""
    for i in range(v.size):
        fastest[i] = max(fastest[i], min(v[i], _SUPERCRITICAL * np.sqrt(np.float32(h[i]))))


@compiled()
def speed_row(vx: F32, north: F32, south: F32, v: F32) -> None:
    """Speed of the flow in each cell: its faces' mean velocity vector."""
    for i in range(v.size):
        u = _HALF * (vx[i] + vx[i + 1])
        w = _HALF * (north[i] + south[i])
        v[i] = np.sqrt(u * u + w * w)


@compiled()
def most_row(h: F64, depth: F64) -> None:
    """Keep the deepest water."""
    for i in range(h.size):
        depth[i] = max(depth[i], h[i])


@compiled()
def quickest_row(h: F64, v: F32, speed: F32, threshold: float) -> None:
    """Keep the fastest flow deeper than the threshold."""
    for i in range(h.size):
        speed[i] = max(speed[i], v[i] if h[i] >= threshold else _ZERO)


@compiled()
def hazard_row(
    h: F64, v: F32, hazard: F32, threshold: float, step: np.float32, shallow: np.float32, deep: np.float32
) -> None:
    """Keep the highest hazard rating d (v + 0.5) + DF (Defra & EA 2006, FD2320/TR2, eq. 3.1)."""
    for i in range(h.size):
        d = np.float32(h[i])
        rating = d * (v[i] + _HALF) + (deep if d > step else shallow)
        hazard[i] = max(hazard[i], rating if h[i] >= threshold else _ZERO)


@compiled()
def arrival_row(h: F64, arrival: F32, threshold: float, now: np.float32) -> None:
    """Note when the depth first passes the threshold."""
    for i in range(h.size):
        arrival[i] = now if (h[i] >= threshold and arrival[i] < _ZERO) else arrival[i]


@compiled()
def duration_row(h: F64, duration: F32, threshold: float, lasted: np.float32) -> None:
    """Add the time with depth above the threshold."""
    for i in range(h.size):
        duration[i] += lasted if h[i] >= threshold else _ZERO
