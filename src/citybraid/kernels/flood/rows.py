"""The local inertial scheme on one row at a time; each loop writes few arrays, so that it vectorises.

Symbols: h depth, q unit discharge (m² s⁻¹), n Manning, t (theta) weight of the face
itself in the q-centred average. The bed enters only by its fall over each face: above the higher of
the two beds, the water levels are h0 + min(fall, 0) on one side and h1 - max(fall, 0) on the
other. Face values are float32; only what must close is float64. Row loops use few arrays each:
the compiler checks for aliasing only up to about eight pairs.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import bits, inverse_cube_root, order, ordered, quotient

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

DRY_DEPTH = np.float32(1e-6)
"""Flow depth at a face below which it counts as dry [m]."""
MAX_OUTFLOW_SHARE = np.float32(1.0 - 1e-6)
"""Largest share of a cell's water that may leave in one step: below 1, so that rounding cannot make depth negative."""
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

    `hf` is the flow depth and `fall` the drop of the water surface over the face [m], `mean` the
    q-centred old discharge, `old` and `cross` the old discharge over and along the face, `n` the sum of both
    cells' Manning roughness, `push` = g dt / dx, `drag` = g dt / 4. Friction b q |Q| is fully
    implicit: with Q + b Q |Q| = s, |Q| is the root of a quadratic, and friction never
    reverses the flow; eq. 11 takes |q| from before the step and oscillates where friction
    dominates. hf**(-7/3) is the inverse cube root to the seventh.
    """
    deep = max(hf, DRY_DEPTH)
    r = inverse_cube_root(deep)
    r2 = r * r
    b = drag * (n * n) * (r2 * r2 * (r2 * r))
    s = mean + push * deep * fall
    along = cross * (_ONE + b * np.sqrt(old * old + cross * cross))
    q = quotient(s, _HALF + np.sqrt(_QUARTER + b * np.sqrt(s * s + along * along)))
    return q if hf > DRY_DEPTH else _ZERO


@compiled(inline=True)
def cross_face_flux(cross: np.float32, hf: np.float32, both: np.float32) -> np.float32:
    """Return the flux along a face (the other component of discharge, for friction), scaled to the face's flow depth.

    Over a step in the bed most of the deeper side's flow passes below the face. `both` is the sum of the two
    cells' depths.
    """
    return cross * quotient(min(hf + hf, both), max(both, DRY_DEPTH))


@compiled(inner=True)
def q_centred_row(before: F32, q: F32, after: F32, mean: F32, t: np.float32) -> None:
    """q-centred mean of each face's flux and those of the faces before and after it (de Almeida et al. 2012)."""
    side = _HALF * (_ONE - t)
    for i in range(q.size):
        mean[i] = t * q[i] + side * (before[i] + after[i])


@compiled(inner=True)
def limit_outflow_row(h: F32, x: F32, north: F32, south: F32, limiter: F32, cx: np.float32, cy: np.float32) -> None:
    """Factor in 0 to 1 by which each cell's outflow is limited to the water it holds (positivity of depth).

    The offset of 1e-30 m keeps float32 from rounding the factor of a nearly dry cell up.
    """
    for i in range(h.size):
        out = cx * (max(x[i + 1], _ZERO) - min(x[i], _ZERO)) + cy * (max(south[i], _ZERO) - min(north[i], _ZERO))
        limiter[i] = min(_ONE, quotient(max(MAX_OUTFLOW_SHARE * h[i] - _TINY, _ZERO), out + _TINY))


@compiled(inner=True)
def apply_limiter_x(raw: F32, limiter: F32, q: F32) -> None:
    """Fluxes within a row, times the limiter of the upstream cell."""
    for i in range(limiter.size - 1):
        west, east, face = limiter[i], limiter[i + 1], raw[i + 1]
        q[i + 1] = face * (west if face > _ZERO else east)


@compiled(inner=True)
def apply_limiter_y(raw: F32, above: F32, below: F32, q: F32) -> None:
    """Fluxes between two rows, times the limiter of the upstream cell."""
    for i in range(q.size):
        north_limiter, south_limiter, face = above[i], below[i], raw[i]
        q[i] = face * (north_limiter if face > _ZERO else south_limiter)


@compiled(inner=True)
def continuity_row(h: F64, x: F32, north: F32, south: F32, n: F32, cx: float, cy: float, rain: float) -> None:
    """Update the depths of a row's open cells by continuity: fluxes over their faces and rain.

    Closed cells are left alone: their northern face may hold what has just left the model area over it.
    """
    for i in range(h.size):
        flows = cx * (np.float64(x[i]) - np.float64(x[i + 1])) + cy * (np.float64(north[i]) - np.float64(south[i]))
        h[i] += flows + rain if n[i] >= _ZERO else 0.0


@compiled(inner=True)
def rain_row(h: F64, rate: F32, dt: float) -> None:
    """Add rain of rates that differ from cell to cell [m s⁻¹]."""
    for i in range(h.size):
        h[i] += np.float64(rate[i]) * dt


@compiled(inner=True)
def max_depth_of(h: F64) -> float:
    """Return the greatest depth of a row; compared as int64, whose maximum vectorises."""
    deepest = np.int64(0)
    for i in range(h.size):
        deepest = max(deepest, order(h[i]))
    return ordered(deepest)


@compiled(inner=True)
def any_positive(values: F32) -> bool:
    """Return whether a value is above 0, compared as int32."""
    most = np.int32(0)
    for i in range(values.size):
        most = max(most, bits(values[i]))
    return bool(most > 0)


@compiled(inner=True)
def roof_row(h: F64, column: I32, share: F64, depth: float) -> None:
    """Add the rain that roofs drain to cells of a row."""
    for k in range(column.size):
        h[column[k]] += depth * share[k]


@compiled(inner=True)
def copy_row(values: F32, into: F32) -> None:
    """Copy a row."""
    for i in range(into.size):
        into[i] = values[i]


@compiled(inner=True)
def max_of(values: NDArray[np.floating]) -> float:
    """Return the maximum of values and 0."""
    most = 0.0
    for i in range(values.size):
        most = max(most, float(values[i]))
    return most
