"""Peaks of a flood on each cell: greatest depth, speed and hazard, arrival, duration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import quotient, square_root
from citybraid.kernels.flood.state import PITCH
from citybraid.kernels.numerics.gravity import GRAVITY

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U16 = NDArray[np.uint16]

_ZERO = np.float32(0.0)
_HALF = np.float32(0.5)
DRY_DEPTH = np.float32(1e-6)
_SUPERCRITICAL = np.float32(3.0 * GRAVITY**0.5)
_THOUSAND = np.float32(1000.0)
_MOST = np.float32(65535.0)
_NO_TIME = np.uint16(0)
NEVER = np.uint16(65535)
"""Arrival on cells whose depth never passes the threshold."""


class Peaks(NamedTuple):
    """Peaks of each cell over the event, in integer thousandths where two bytes suffice.

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


@compiled(inline=True)
def thousandths(x: np.float32) -> np.uint16:
    """Return a positive number in integer thousandths, saturated at the greatest that fits."""
    return np.uint16(min(x * _THOUSAND + _HALF, _MOST))


VX, VY, DEPTH, BELOW, FAST = (k * PITCH for k in range(5))
"""Offsets in scratch: velocity over western faces (one more than cells), over southern ones, depth of cells and of
those south of them, square of the fastest flow of each column of blocks. Cell speeds overwrite western velocities."""


@compiled(inline=True)
def face_speed(hf: np.float32, q: np.float32, reach: np.float32) -> np.float32:
    """Return the velocity over a face with flow depth `hf`.

    Where a step emptied the upstream cell there is no depth to divide by: speed is limited to one cell
    per step, dx / dt (`reach` = dt / dx), and, as that is no bound for very short steps, to a Froude number of 3.
    """
    deep = max(hf, DRY_DEPTH)
    most = _SUPERCRITICAL * square_root(deep)
    fast = quotient(q, max(deep, reach * abs(q)))
    return min(max(fast, -most), most) if hf > DRY_DEPTH else _ZERO


@compiled(inner=True)
def speed_east(bed: F32, q: F32, scratch: F32, reach: np.float32) -> None:
    """Velocity over the faces east of a block's cells, `q` being the fluxes over them."""
    for i in range(bed.size):
        hf = max(scratch[DEPTH + i] + min(bed[i], _ZERO), scratch[DEPTH + 1 + i] - max(bed[i], _ZERO))
        scratch[VX + 1 + i] = face_speed(hf, q[i], reach)


@compiled(inner=True)
def speed_south(bed: F32, q: F32, scratch: F32, reach: np.float32) -> None:
    """Velocity over the faces south of a block's cells."""
    for i in range(bed.size):
        hf = max(scratch[DEPTH + i] + min(bed[i], _ZERO), scratch[BELOW + i] - max(bed[i], _ZERO))
        scratch[VY + i] = face_speed(hf, q[i], reach)


@compiled(inner=True)
def cell_speed(north: F32, scratch: F32) -> None:
    """Speed of a block's cells (mean velocity of opposite faces), and the square of the fastest of each column.

    The fastest counts up to a Froude number of 3, so that thin films over a drop do not control the time step. The
    southern velocities are carried over as the northern ones of the next row.
    """
    for i in range(north.size):
        u = _HALF * (scratch[VX + i] + scratch[VX + 1 + i])
        w = _HALF * (north[i] + scratch[VY + i])
        north[i] = scratch[VY + i]
        square = u * u + w * w
        scratch[VX + i] = square_root(square)
        scratch[FAST + i] = max(scratch[FAST + i], min(square, _SUPERCRITICAL * _SUPERCRITICAL * scratch[DEPTH + i]))


@compiled(inner=True)
def peak_row(
    scratch: F32, depth: F32, speed: U16, hazard: U16, threshold: np.float32, step: np.float32, shallow: np.float32,
    deep: np.float32,
) -> None:  # fmt: skip
    """Update a block's greatest depth and, where it is deeper than the threshold, its greatest speed and hazard.

    The hazard rating is d (v + 0.5) + DF (Defra & EA 2006, FD2320/TR2, eq. 3.1).
    """
    for i in range(depth.size):
        h, v = scratch[DEPTH + i], scratch[VX + i]
        rating = h * (v + _HALF) + (deep if h > step else shallow)
        depth[i] = max(depth[i], h)
        speed[i] = max(speed[i], thousandths(v if h >= threshold else _ZERO))
        hazard[i] = max(hazard[i], thousandths(rating if h >= threshold else _ZERO))


@compiled(inner=True)
def time_row(
    scratch: F32, arrival: U16, duration: U16, threshold: np.float32, now: np.uint16, elapsed: np.uint16
) -> None:
    """Record when a block's depth first passes the threshold, and add the time above it."""
    for i in range(arrival.size):
        wet = scratch[DEPTH + i] >= threshold
        arrival[i] = min(arrival[i], now if wet else NEVER)
        duration[i] += elapsed if wet else _NO_TIME


@compiled(inner=True)
def round_row(h: F64, deep: F32) -> None:
    """Round the depths of a row to float32."""
    for i in range(h.size):
        deep[i] = np.float32(h[i])


@compiled(inner=True)
def edge_speed_row(q: F32, inner: F32, v: F32) -> None:
    """Velocity over the grid's first or last row of faces: that of the next faces inside where there is flux."""
    for i in range(v.size):
        v[i] = inner[i] if q[i] != _ZERO else _ZERO


@compiled(inner=True)
def fastest_row(h: F32, v: F32, fastest: F32) -> None:
    """Update each column's fastest flow, up to a Froude number of 3: thin films must not control the time step."""
    for i in range(v.size):
        fastest[i] = max(fastest[i], min(v[i], _SUPERCRITICAL * np.sqrt(h[i])))


@compiled(inner=True)
def speed_row(vx: F32, north: F32, south: F32, v: F32) -> None:
    """Speed of each cell: magnitude of the mean velocity of its faces."""
    for i in range(v.size):
        u = _HALF * (vx[i] + vx[i + 1])
        w = _HALF * (north[i] + south[i])
        v[i] = np.sqrt(u * u + w * w)


@compiled(inner=True)
def max_speed_row(h: F32, v: F32, speed: U16, threshold: np.float32) -> None:
    """Update the greatest speed where water is deeper than the threshold."""
    for i in range(h.size):
        speed[i] = max(speed[i], thousandths(v[i] if h[i] >= threshold else _ZERO))


@compiled(inner=True)
def hazard_row(
    h: F32, v: F32, hazard: U16, threshold: np.float32, step: np.float32, shallow: np.float32, deep: np.float32
) -> None:
    """Update the greatest hazard rating d (v + 0.5) + DF (Defra & EA 2006, FD2320/TR2, eq. 3.1)."""
    for i in range(h.size):
        rating = h[i] * (v[i] + _HALF) + (deep if h[i] > step else shallow)
        hazard[i] = max(hazard[i], thousandths(rating if h[i] >= threshold else _ZERO))


@compiled(inner=True)
def arrival_row(h: F32, arrival: U16, threshold: np.float32, now: np.uint16) -> None:
    """Record when the depth first passes the threshold."""
    for i in range(h.size):
        arrival[i] = min(arrival[i], now if h[i] >= threshold else NEVER)


@compiled(inner=True)
def duration_row(h: F32, duration: U16, threshold: np.float32, elapsed: np.uint16) -> None:
    """Add the time with depth above the threshold."""
    for i in range(h.size):
        duration[i] += elapsed if h[i] >= threshold else _NO_TIME
