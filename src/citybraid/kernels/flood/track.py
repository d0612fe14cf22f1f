"""What a flood leaves behind on each cell: deepest water, fastest flow, hazard, arrival, duration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import quotient
from citybraid.kernels.numerics.gravity import GRAVITY

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U16 = NDArray[np.uint16]

_ZERO = np.float32(0.0)
_HALF = np.float32(0.5)
FILM = np.float32(1e-6)
_SUPERCRITICAL = np.float32(3.0 * GRAVITY**0.5)
_THOUSAND = np.float32(1000.0)
_MOST = np.float32(65535.0)
_NO_TIME = np.uint16(0)
NEVER = np.uint16(65535)
"""Arrival on cells whose depth never passes the threshold."""


class Peaks(NamedTuple):
    """Per cell, over the whole event, in whole thousandths where two bytes do.

    `depth` [m]; `speed` [mm s⁻¹]; `hazard` in thousandths; `arrival` and `duration` in units of
    `unit[0]` seconds. `debris` is threshold depth, debris factor below and above it.
    """

    depth: F32
    speed: U16
    hazard: U16
    arrival: U16
    duration: U16
    debris: F64
    unit: F64


@compiled(views=True, inner=True)
def round_row(h: F64, deep: F32) -> None:
    """Depth of a row rounded to float32."""
    for i in range(h.size):
        deep[i] = np.float32(h[i])


@compiled(views=True, inner=True)
def speed_x(h: F32, bed: F32, q: F32, v: F32, reach: np.float32) -> None:
    """Velocity at a row's faces; `v[i + 1]` is face i, i + 1. An end that water crosses has the next face's.

    A cell that the step emptied has no depth left to divide by: water crosses no more
    than a cell in a step, so the speed is at most dx / dt; `reach` = dt / dx. After a very short step that bounds
    nothing: no face is faster than three times the speed of waves on its depth.
    """
    last = h.size
    for i in range(last - 1):
        hf = max(h[i] + min(bed[i], _ZERO), h[i + 1] - max(bed[i], _ZERO))
        deep = max(hf, FILM)
        most = _SUPERCRITICAL * np.sqrt(deep)
        fast = quotient(q[i + 1], max(deep, reach * abs(q[i + 1])))
        v[i + 1] = min(max(fast, -most), most) if hf > FILM else _ZERO
    v[0] = v[1] if q[0] != _ZERO else _ZERO
    v[last] = v[last - 1] if q[last] != _ZERO else _ZERO


@compiled(views=True, inner=True)
def speed_y(h0: F32, h1: F32, bed: F32, q: F32, v: F32, reach: np.float32) -> None:
    """Velocity at the faces between two rows."""
    for i in range(v.size):
        hf = max(h0[i] + min(bed[i], _ZERO), h1[i] - max(bed[i], _ZERO))
        deep = max(hf, FILM)
        most = _SUPERCRITICAL * np.sqrt(deep)
        fast = quotient(q[i], max(deep, reach * abs(q[i])))
        v[i] = min(max(fast, -most), most) if hf > FILM else _ZERO


@compiled(views=True, inner=True)
def speed_out(q: F32, inner: F32, v: F32) -> None:
    """Velocity over the grid's first or last row of faces: that of the next faces inside where water crosses."""
    for i in range(v.size):
        v[i] = inner[i] if q[i] != _ZERO else _ZERO


@compiled(views=True, inner=True)
def fastest_row(h: F32, v: F32, fastest: F32) -> None:
    """Keep each column's fastest flow, counted up to a Froude number of 3: films over a drop set no time step."""
    for i in range(v.size):
        fastest[i] = max(fastest[i], min(v[i], _SUPERCRITICAL * np.sqrt(h[i])))


@compiled(views=True, inner=True)
def speed_row(vx: F32, north: F32, south: F32, v: F32) -> None:
    """Speed of the flow in each cell: its faces' mean velocity vector."""
    for i in range(v.size):
        u = _HALF * (vx[i] + vx[i + 1])
        w = _HALF * (north[i] + south[i])
        v[i] = np.sqrt(u * u + w * w)


@compiled(views=True, inner=True)
def most_row(h: F32, depth: F32) -> None:
    """Keep the deepest water."""
    for i in range(h.size):
        depth[i] = max(depth[i], h[i])


@compiled(inline=True)
def thousandths(x: np.float32) -> np.uint16:
    """Return a positive number in whole thousandths; the most that fits where it is larger."""
    return np.uint16(min(x * _THOUSAND + _HALF, _MOST))


@compiled(views=True, inner=True)
def quickest_row(h: F32, v: F32, speed: U16, threshold: np.float32) -> None:
    """Keep the fastest flow deeper than the threshold."""
    for i in range(h.size):
        speed[i] = max(speed[i], thousandths(v[i] if h[i] >= threshold else _ZERO))


@compiled(views=True, inner=True)
def hazard_row(
    h: F32, v: F32, hazard: U16, threshold: np.float32, step: np.float32, shallow: np.float32, deep: np.float32
) -> None:
    """Keep the highest hazard rating d (v + 0.5) + DF (Defra & EA 2006, FD2320/TR2, eq. 3.1)."""
    for i in range(h.size):
        rating = h[i] * (v[i] + _HALF) + (deep if h[i] > step else shallow)
        hazard[i] = max(hazard[i], thousandths(rating if h[i] >= threshold else _ZERO))


@compiled(views=True, inner=True)
def arrival_row(h: F32, arrival: U16, threshold: np.float32, now: np.uint16) -> None:
    """Note when the depth first passes the threshold."""
    for i in range(h.size):
        arrival[i] = min(arrival[i], now if h[i] >= threshold else NEVER)


@compiled(views=True, inner=True)
def duration_row(h: F32, duration: U16, threshold: np.float32, lasted: np.uint16) -> None:
    """Add the time with depth above the threshold."""
    for i in range(h.size):
        duration[i] += lasted if h[i] >= threshold else _NO_TIME
