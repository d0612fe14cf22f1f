"""One row of the local inertial scheme at a time; each loop writes one array, so that it vectorises.

Symbols: h depth, z bed, e = z + h water level, q unit discharge (m² s⁻¹), n Manning,
t (theta) weight of the face itself in the q-centred average. Row loops keep few arrays
each: the compiler proves that they do not overlap only up to about eight pairs.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood_root import inverse_cube_root, quotient

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

GRAVITY = 9.80665
FILM = np.float32(1e-6)
"""Depth at a face [m] below which nothing flows."""
KEPT = np.float32(1.0 - 1e-6)
"""Share of a cell's water that may leave in one step: less than all, so that rounding cannot overdraw it."""
_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_TWO = np.float32(2.0)
_FOUR = np.float32(4.0)
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
    discharge, `old` and `cross` the old discharge over and along the face, `push` = g dt / dx,
    `drag` = g dt. Friction b q |Q| is wholly implicit: with Q + b Q |Q| = s, |Q| solves a quadratic, and
    its damping never overshoots; eq. 11 takes |q| from before the step and rings where friction
    rules. hf**(-7/3) is the inverse cube root to the seventh.
    """
    deep = max(hf, FILM)
    r = inverse_cube_root(deep)
    r2 = r * r
    b = drag * n * n * (r2 * r2 * r2 * r)
    s = mean + push * deep * fall
    along = cross * (_ONE + b * np.sqrt(old * old + cross * cross))
    q = quotient(_TWO * s, _ONE + np.sqrt(_ONE + _FOUR * b * np.sqrt(s * s + along * along)))
    return q if hf > FILM else _ZERO


@compiled()
def level_row(z: F64, h: F64, e: F64) -> None:
    """Water level of a row."""
    for i in range(z.size):
        e[i] = z[i] + h[i]


@compiled()
def stand_row(z: F64, h: F64, e: F64, deep: F32) -> None:
    """Water level of a row, and its depth rounded to float32."""
    for i in range(z.size):
        e[i] = z[i] + h[i]
        deep[i] = np.float32(h[i])


@compiled()
def fall_x(e: F64, z: F64, hf: F32, fall: F32) -> None:
    """Depth and fall of the water level at the faces within a row; place i is face i, i + 1."""
    for i in range(z.size - 1):
        hf[i] = np.float32(max(e[i], e[i + 1]) - max(z[i], z[i + 1]))
        fall[i] = np.float32(e[i] - e[i + 1])


@compiled()
def rubbing(cross: np.float32, hf: np.float32, depth: np.float32) -> np.float32:
    """Flow along a face at the face's depth: over a step in the bed the deep side flows past it."""
    return cross * quotient(min(hf, depth), max(depth, FILM))


@compiled()
def raw_x(
    hf: F32,
    fall: F32,
    deep: F32,
    n: F32,
    q: F32,
    north: F32,
    south: F32,
    out: F32,
    t: np.float32,
    push: np.float32,
    drag: np.float32,
) -> None:
    """Fluxes over the faces within a row, before outflows are scaled; `out[i + 1]` is face i, i + 1."""
    side = _HALF * (_ONE - t)
    for i in range(n.size - 1):
        cross = _QUARTER * ((north[i] + north[i + 1]) + (south[i] + south[i + 1]))
        cross = rubbing(cross, hf[i], _HALF * (deep[i] + deep[i + 1]))
        mean = t * q[i + 1] + side * (q[i] + q[i + 2])
        rough = _HALF * (n[i] + n[i + 1])
        out[i + 1] = face_flux(hf[i], fall[i], mean, q[i + 1], cross, rough, push, drag)


@compiled()
def cross_row(q0: F32, q1: F32, cross: F32) -> None:
    """Mean of the four x fluxes around each face between two rows."""
    for i in range(cross.size):
        cross[i] = _QUARTER * ((q0[i] + q1[i]) + (q0[i + 1] + q1[i + 1]))


@compiled()
def mean_row(before: F32, q: F32, after: F32, mean: F32, t: np.float32) -> None:
    """Weighted mean of a y face's flux and those above and below it."""
    side = _HALF * (_ONE - t)
    for i in range(q.size):
        mean[i] = t * q[i] + side * (before[i] + after[i])


@compiled()
def bed_row(z0: F64, z1: F64, bed: F64) -> None:
    """Bed of the faces between two rows."""
    for i in range(bed.size):
        bed[i] = max(z0[i], z1[i])


@compiled()
def rough_row(n0: F32, n1: F32, n: F32) -> None:
    """Roughness of the faces between two rows."""
    for i in range(n.size):
        n[i] = _HALF * (n0[i] + n1[i])


@compiled()
def fall_y(e0: F64, e1: F64, bed: F64, hf: F32, fall: F32) -> None:
    """Depth and fall of the water level at the faces between two rows."""
    for i in range(bed.size):
        hf[i] = np.float32(max(e0[i], e1[i]) - bed[i])
        fall[i] = np.float32(e0[i] - e1[i])


@compiled()
def raw_y(
    hf: F32,
    fall: F32,
    deep0: F32,
    deep1: F32,
    n: F32,
    q: F32,
    mean: F32,
    cross: F32,
    out: F32,
    push: np.float32,
    drag: np.float32,
) -> None:
    """Fluxes over the faces between two rows, before outflows are scaled; positive southward."""
    for i in range(out.size):
        along = rubbing(cross[i], hf[i], _HALF * (deep0[i] + deep1[i]))
        out[i] = face_flux(hf[i], fall[i], mean[i], q[i], along, n[i], push, drag)


@compiled()
def scale_row(h: F32, x: F32, north: F32, south: F32, scale: F32, cx: np.float32, cy: np.float32) -> None:
    """Share of its computed outflow that each cell of a row can pay for."""
    for i in range(h.size):
        out = cx * (max(-x[i], _ZERO) + max(x[i + 1], _ZERO)) + cy * (max(-north[i], _ZERO) + max(south[i], _ZERO))
        scale[i] = min(_ONE, quotient(KEPT * h[i], out + _TINY))


@compiled()
def settle_x(raw: F32, scale: F32, q: F32) -> None:
    """Fluxes within a row, scaled by the cell that gives the water."""
    for i in range(scale.size - 1):
        q[i + 1] = raw[i + 1] * (scale[i] if raw[i + 1] > _ZERO else scale[i + 1])


@compiled()
def settle_y(raw: F32, above: F32, below: F32, q: F32) -> None:
    """Fluxes between two rows, scaled by the cell that gives the water."""
    for i in range(q.size):
        q[i] = raw[i] * (above[i] if raw[i] > _ZERO else below[i])


@compiled()
def balance_row(h: F64, x: F32, north: F32, south: F32, cx: float, cy: float) -> None:
    """New depths of a row from the fluxes over its faces."""
    for i in range(h.size):
        h[i] += cx * (np.float64(x[i]) - np.float64(x[i + 1])) + cy * (np.float64(north[i]) - np.float64(south[i]))


@compiled()
def rain_row(h: F64, share: F32, depth: float) -> None:
    """Rain on a row: `share` is 0 on blocked cells, above 1 where roofs drain to."""
    for i in range(h.size):
        h[i] += depth * np.float64(share[i])


@compiled()
def deepest_row(h: F64, deepest: F64) -> None:
    """Keep each column's deepest water."""
    for i in range(h.size):
        deepest[i] = max(deepest[i], h[i])
