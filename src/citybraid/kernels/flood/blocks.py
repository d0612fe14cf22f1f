"""The local inertial scheme on one block of a row at a time: vectorised loops over values that stay in the cache.

Symbols: h depth, q unit discharge (m² s⁻¹), n Manning, t (theta) weight of the face itself in the q-centred average.
The bed enters only by its fall over each face: above the higher of the two beds, the water levels are
h0 + min(fall, 0) on one side and h1 - max(fall, 0) on the other. Face values are float32; only what must close
(depth, volume) is float64.

Intermediate values of a block lie in one scratch array, each quantity at a fixed offset: the compiler then knows
that they do not alias. For other arrays it checks that at run time, for up to about eight pairs in a loop.
"""

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.bernoulli import excess
from citybraid.kernels.flood.root import bits, quotient
from citybraid.kernels.flood.rows import cross_face_flux, face_flux
from citybraid.kernels.flood.state import F32, F64, PITCH

DEEP, BELOW, EAST, DEEPER, X, SOUTH, SHARE, OVER = (k * PITCH for k in range(8))
"""Offsets in scratch: depth of cells and of those south of them; depth differences to the cells east and south;
unlimited fluxes over western faces (one more than cells) and southern ones; the outflow limiter of the cells, after
that of the cell west of the block; and what the squares of the latest faces' fluxes have beyond critical ones."""
MAX_OUTFLOW_SHARE = np.float32(1.0 - 1e-6)
"""Largest share of a cell's water that may leave in one step: below 1, so that rounding cannot make depth negative."""
_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)
_TINY = np.float32(1e-30)


@compiled(inner=True)
def load_depths(h: F64, below: F64, scratch: F32) -> None:
    """Load depths of a block's cells, one more to the east, and those south of them as float32, with their differences.

    A loop of its own: mixed with float64, only half as many float32 lanes fit a vector register.
    """
    for i in range(below.size):
        scratch[DEEP + i] = np.float32(h[i])
        scratch[BELOW + i] = np.float32(below[i])
        scratch[EAST + i] = np.float32(h[i] - h[i + 1])
        scratch[DEEPER + i] = np.float32(h[i] - below[i])


@compiled(inner=True)
def face_flux_x(
    q: F32, north: F32, south: F32, bed: F32, n: F32, scratch: F32, t: np.float32, push: np.float32, drag: np.float32
) -> bool:
    """Unlimited fluxes over the faces east of a block's cells; one more cell lies to the east.

    Returns whether any is beyond critical. The greatest excess is compared as int32, whose maximum vectorises.

    `north` and `south` are the fluxes over the cells' other faces, `q` over their western ones.
    """
    beside = _HALF * (_ONE - t)
    most = np.int32(0)
    for i in range(bed.size):
        fall, deep, other = bed[i], scratch[DEEP + i], scratch[DEEP + 1 + i]
        hf = max(deep + min(fall, _ZERO), other - max(fall, _ZERO))
        cross = _QUARTER * ((north[i] + north[i + 1]) + (south[i] + south[i + 1]))
        cross = cross_face_flux(cross, hf, deep + other)
        mean = t * q[i + 1] + beside * (q[i] + q[i + 2])
        face = face_flux(hf, fall + scratch[EAST + i], mean, q[i + 1], cross, n[i] + n[i + 1], push, drag)
        scratch[X + 1 + i] = face
        over = excess(face, hf)
        scratch[OVER + i] = over
        most = max(most, bits(over))
    return bool(most > 0)


@compiled(inner=True)
def face_flux_y(
    q0: F32, q1: F32, before: F32, q: F32, after: F32, bed: F32, n0: F32, n1: F32, scratch: F32, t: np.float32,
    push: np.float32, drag: np.float32,
) -> bool:  # fmt: skip
    """Unlimited fluxes over the faces south of a block's cells, positive southward; return as `face_flux_x`.

    `q0` and `q1` are the fluxes over western faces of the cells' row and the next, `before`, `q` and `after` those over
    the cells' northern faces, these faces, and the next ones south.
    """
    beside = _HALF * (_ONE - t)
    most = np.int32(0)
    for i in range(bed.size):
        fall, deep, other = bed[i], scratch[DEEP + i], scratch[BELOW + i]
        hf = max(deep + min(fall, _ZERO), other - max(fall, _ZERO))
        cross = _QUARTER * ((q0[i] + q1[i]) + (q0[i + 1] + q1[i + 1]))
        cross = cross_face_flux(cross, hf, deep + other)
        mean = t * q[i] + beside * (before[i] + after[i])
        face = face_flux(hf, fall + scratch[DEEPER + i], mean, q[i], cross, n0[i] + n1[i], push, drag)
        scratch[SOUTH + i] = face
        over = excess(face, hf)
        scratch[OVER + i] = over
        most = max(most, bits(over))
    return bool(most > 0)


@compiled(inner=True)
def limit_outflow(north: F32, scratch: F32, cx: np.float32, cy: np.float32) -> None:
    """Factor in 0 to 1 by which each cell's outflow is limited to the water it holds (positivity of depth).

    The offset of 1e-30 m keeps float32 from rounding the factor of a nearly dry cell up.
    """
    for i in range(north.size):
        x = max(scratch[X + 1 + i], _ZERO) - min(scratch[X + i], _ZERO)
        out = cx * x + cy * (max(scratch[SOUTH + i], _ZERO) - min(north[i], _ZERO))
        scratch[SHARE + 1 + i] = min(
            _ONE, quotient(max(MAX_OUTFLOW_SHARE * scratch[DEEP + i] - _TINY, _ZERO), out + _TINY)
        )


@compiled(inner=True)
def apply_limiter_west(scratch: F32, q: F32) -> None:
    """Fluxes over western faces, times the limiter of the upstream cell."""
    for i in range(q.size):
        west, east, face = scratch[SHARE + i], scratch[SHARE + 1 + i], scratch[X + i]
        q[i] = face * (west if face > _ZERO else east)


@compiled(inner=True)
def apply_limiter_north(north: F32, above: F32, scratch: F32, q: F32) -> None:
    """Fluxes over northern faces, times the limiter of the upstream cell; `above` is the limiter of the row north.

    Then carry the block's southern fluxes and limiter over as the next row's northern ones.
    """
    for i in range(q.size):
        north_limiter, south_limiter, face = above[i], scratch[SHARE + 1 + i], north[i]
        q[i] = face * (north_limiter if face > _ZERO else south_limiter)
        north[i] = scratch[SOUTH + i]
        above[i] = south_limiter
