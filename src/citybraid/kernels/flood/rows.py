"""One row of the local inertial scheme at a time; each loop writes few arrays, so that it vectorises.

Symbols: h depth, q unit discharge (m² s⁻¹), n Manning, t (theta) weight of the face
itself in the q-centred average. The bed enters by its fall over each face alone: with the
higher bed of the two as datum, the water stands at h0 + min(fall, 0) on the one side and at
h1 - max(fall, 0) on the other. All of a face is float32; only what must close is float64.
Row loops keep few arrays each: the compiler proves that they do not overlap only up to
about eight pairs.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import inverse_cube_root, order, ordered, quotient

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

FILM = np.float32(1e-6)
"""Depth at a face [m] below which nothing flows."""
KEPT = np.float32(1.0 - 1e-6)
"""Share of a cell's water that may leave in one step: less than all, so that rounding cannot overdraw it."""
_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)
_TINY = np.float32(1e-30)


@compiled(inline=True)
def face_flux(
    hf: np.float32,
    fall: np.float32,
    mean: np.float32,
    old: np.float32,
    cross: np.float32,
    n: np.float32,
    push: np.float32,
    drag: np.float32,
) -> np.float32:
    """Unit discharge over one face after one step (Bates et al. 2010, eq. 8, with a q-centred mean).

    `fall` is the water level's fall over the face [m], `mean` the weighted old
    discharge, `old` and `cross` the old discharge over and along the face, `n` the sum of both
    cells' roughness, `push` = g dt / dx, `drag` = g dt / 4. Friction b q |Q| is wholly
    implicit: with Q + b Q |Q| = s, |Q| solves a quadratic, and its damping never
    overshoots; eq. 11 takes |q| from before the step and rings where friction
    rules. hf**(-7/3) is the inverse cube root to the seventh.
    """
    deep = max(hf, FILM)
    r = inverse_cube_root(deep)
    r2 = r * r
    b = drag * (n * n) * (r2 * r2 * (r2 * r))
    s = mean + push * deep * fall
    along = cross * (_ONE + b * np.sqrt(old * old + cross * cross))
    q = quotient(s, _HALF + np.sqrt(_QUARTER + b * np.sqrt(s * s + along * along)))
    return q if hf > FILM else _ZERO


@compiled(inline=True)
def rubbing(cross: np.float32, hf: np.float32, both: np.float32) -> np.float32:
    """Flow along a face at the face's depth: over a step in the bed the deep side flows past it.

    `both` is the sum of the two cells' depths.
    """
    return cross * quotient(min(hf + hf, both), max(both, FILM))


@compiled(inner=True)
def mean_row(before: F32, q: F32, after: F32, mean: F32, t: np.float32) -> None:
    """Weighted mean of a y face's flux and those above and below it."""
    side = _HALF * (_ONE - t)
    for i in range(q.size):
        mean[i] = t * q[i] + side * (before[i] + after[i])


@compiled(inner=True)
def scale_row(h: F32, x: F32, north: F32, south: F32, scale: F32, cx: np.float32, cy: np.float32) -> None:
    """Share of its computed outflow that each cell of a row can pay for; below 1e-30 m float32 would round it up."""
    for i in range(h.size):
        out = cx * (max(x[i + 1], _ZERO) - min(x[i], _ZERO)) + cy * (max(south[i], _ZERO) - min(north[i], _ZERO))
        scale[i] = min(_ONE, quotient(max(KEPT * h[i] - _TINY, _ZERO), out + _TINY))


@compiled(inner=True)
def settle_x(raw: F32, scale: F32, q: F32) -> None:
    """Fluxes within a row, scaled by the cell that gives the water."""
    for i in range(scale.size - 1):
        west, east, face = scale[i], scale[i + 1], raw[i + 1]
        q[i + 1] = face * (west if face > _ZERO else east)


@compiled(inner=True)
def settle_y(raw: F32, above: F32, below: F32, q: F32) -> None:
    """Fluxes between two rows, scaled by the cell that gives the water."""
    for i in range(q.size):
        giving, taking, face = above[i], below[i], raw[i]
        q[i] = face * (giving if face > _ZERO else taking)


@compiled(inner=True)
def balance_row(h: F64, x: F32, north: F32, south: F32, n: F32, cx: float, cy: float, rain: float) -> None:
    """New depths of a row from the fluxes over its faces and the rain on its open cells."""
    for i in range(h.size):
        flows = cx * (np.float64(x[i]) - np.float64(x[i + 1])) + cy * (np.float64(north[i]) - np.float64(south[i]))
        h[i] += flows + (rain if n[i] > _ZERO else 0.0)


@compiled(inner=True)
def rain_row(h: F64, rate: F32, dt: float) -> None:
    """Rain of a row whose cells get different rates [m s⁻¹]."""
    for i in range(h.size):
        h[i] += np.float64(rate[i]) * dt


@compiled(inner=True)
def deepest_of(h: F64) -> float:
    """Return a row's deepest water."""
    deepest = np.int64(0)
    for i in range(h.size):
        deepest = max(deepest, order(h[i]))
    return ordered(deepest)


@compiled(inner=True)
def roof_row(h: F64, column: I32, share: F64, depth: float) -> None:
    """Rain that comes down from roofs onto a row."""
    for k in range(column.size):
        h[column[k]] += depth * share[k]


@compiled(inner=True)
def copy_row(values: F32, into: F32) -> None:
    """Copy a row."""
    for i in range(into.size):
        into[i] = values[i]


@compiled(inner=True)
def most_of(values: NDArray[np.floating]) -> float:
    """Return the largest of values, 0 where all are lower."""
    most = 0.0
    for i in range(values.size):
        most = max(most, float(values[i]))
    return most
