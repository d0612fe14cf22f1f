"""One block of a row of the local inertial scheme at a time: loops that vectorise, over values that stay in the cache.

Symbols: h depth, q unit discharge (m² s⁻¹), n Manning, t (theta) weight of the face itself in the q-centred average.
The bed enters by its fall over each face alone: with the higher bed of the two as datum, the water stands at
h0 + min(fall, 0) on the one side and at h1 - max(fall, 0) on the other. All of a face is float32; only what must
close is float64.

What a block's loops hand to each other lies in one scratch array, each kind at its own fixed place. The compiler so
knows that they do not overlap; of other arrays it proves that at run time, for up to about eight pairs in a loop.
"""

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import quotient
from citybraid.kernels.flood.rows import face_flux, rubbing
from citybraid.kernels.flood.state import F32, F64, PITCH

DEEP, BELOW, EAST, DEEPER, X, SOUTH, SHARE = (k * PITCH for k in range(7))
"""Places in scratch: depth of cells and of those south of them; how much deeper cells are than those east and south of
them; raw fluxes over their western faces (one more than cells) and southern ones; and, after that of the cell before
them, the shares of these that they can pay for."""
KEPT = np.float32(1.0 - 1e-6)
"""Share of a cell's water that may leave in one step: less than all, so that rounding cannot overdraw it."""
_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)
_TINY = np.float32(1e-30)


@compiled(inner=True)
def stand(h: F64, below: F64, scratch: F32) -> None:
    """Depths of a block's cells, one more to the east, and those south of them in float32, and what they differ by.

    A loop of its own: beside float64, half as many float32 fit what is computed at once.
    """
    for i in range(below.size):
        scratch[DEEP + i] = np.float32(h[i])
        scratch[BELOW + i] = np.float32(below[i])
        scratch[EAST + i] = np.float32(h[i] - h[i + 1])
        scratch[DEEPER + i] = np.float32(h[i] - below[i])


@compiled(inner=True)
def raw_x(
    q: F32, north: F32, south: F32, bed: F32, n: F32, scratch: F32, t: np.float32, push: np.float32, drag: np.float32
) -> None:
    """Raw fluxes over the faces east of a block's cells; one cell more lies to the east.

    `north` and `south` are the fluxes over the cells' other faces, `q` over their western ones.
    """
    side = _HALF * (_ONE - t)
    for i in range(bed.size):
        fall, deep, other = bed[i], scratch[DEEP + i], scratch[DEEP + 1 + i]
        hf = max(deep + min(fall, _ZERO), other - max(fall, _ZERO))
        cross = _QUARTER * ((north[i] + north[i + 1]) + (south[i] + south[i + 1]))
        cross = rubbing(cross, hf, deep + other)
        mean = t * q[i + 1] + side * (q[i] + q[i + 2])
        scratch[X + 1 + i] = face_flux(hf, fall + scratch[EAST + i], mean, q[i + 1], cross, n[i] + n[i + 1], push, drag)


@compiled(inner=True)
def raw_y(
    q0: F32, q1: F32, before: F32, q: F32, after: F32, bed: F32, n0: F32, n1: F32, scratch: F32, t: np.float32,
    push: np.float32, drag: np.float32,
) -> None:  # fmt: skip
    """Raw fluxes over the faces south of a block's cells, positive southward.

    `q0` and `q1` are the fluxes over western faces of the cells' row and the next, `before`, `q` and `after` those over
    the cells' northern faces, these faces, and the next ones south.
    """
    side = _HALF * (_ONE - t)
    for i in range(bed.size):
        fall, deep, other = bed[i], scratch[DEEP + i], scratch[BELOW + i]
        hf = max(deep + min(fall, _ZERO), other - max(fall, _ZERO))
        cross = _QUARTER * ((q0[i] + q1[i]) + (q0[i + 1] + q1[i + 1]))
        cross = rubbing(cross, hf, deep + other)
        mean = t * q[i] + side * (before[i] + after[i])
        scratch[SOUTH + i] = face_flux(hf, fall + scratch[DEEPER + i], mean, q[i], cross, n0[i] + n1[i], push, drag)


@compiled(inner=True)
def share_out(north: F32, scratch: F32, cx: np.float32, cy: np.float32) -> None:
    """Share of its raw outflow that each cell can pay for; below 1e-30 m float32 would round it up."""
    for i in range(north.size):
        x = max(scratch[X + 1 + i], _ZERO) - min(scratch[X + i], _ZERO)
        out = cx * x + cy * (max(scratch[SOUTH + i], _ZERO) - min(north[i], _ZERO))
        scratch[SHARE + 1 + i] = min(_ONE, quotient(max(KEPT * scratch[DEEP + i] - _TINY, _ZERO), out + _TINY))


@compiled(inner=True)
def settle_west(scratch: F32, q: F32) -> None:
    """Fluxes over western faces, scaled by the cell that gives the water."""
    for i in range(q.size):
        west, east, face = scratch[SHARE + i], scratch[SHARE + 1 + i], scratch[X + i]
        q[i] = face * (west if face > _ZERO else east)


@compiled(inner=True)
def settle_north(north: F32, above: F32, scratch: F32, q: F32) -> None:
    """Fluxes over northern faces, scaled by the cell that gives the water; `above` is the shares of the row there.

    The block's southern faces are northern ones of the next row, its shares then those above.
    """
    for i in range(q.size):
        giving, taking, face = above[i], scratch[SHARE + 1 + i], north[i]
        q[i] = face * (giving if face > _ZERO else taking)
        north[i] = scratch[SOUTH + i]
        above[i] = taking
