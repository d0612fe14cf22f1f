"""A bound on velocity over a face: no more than the head of the water that comes to it can give.

Without advection the scheme accelerates water towards a gap or an edge as long as its surface falls, beyond any head.
Along a streamline total head, level + u² / 2 g, never increases (Bernoulli; Chow 1959, Open-Channel Hydraulics,
eq. 3-2). A face's discharge is therefore limited to its flow depth times √(2 g (H - level)), H being the greatest head
of the water that flows into the upstream cell; but never below the critical discharge at the face's own flow depth,
√g (2 h / 3)^(3/2) (eq. 3-7), which water at rest can reach. Uniform flow of any Froude number keeps within: its head
falls with the bed.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.state import F32, Bed, Water
from citybraid.kernels.numerics.gravity import GRAVITY

BOUND_DEPTH = np.float32(0.05)
"""Flow depth from which a face's velocity is bounded [m]: jets in thinner films carry little."""
CRITICAL_SQUARE = np.float32((2.0 / 3.0) ** 3 * GRAVITY)
"""Square of the critical discharge at a head of 1 m [m⁴ s⁻²]."""
_SHALLOW = np.float32(-1.0)


@compiled(inline=True)
def excess(q: np.float32, hf: np.float32) -> np.float32:
    """Return what the square of a discharge has beyond that of the critical one at its flow depth; -1 where shallow."""
    return q * q - CRITICAL_SQUARE * (hf * hf * hf) if hf > BOUND_DEPTH else _SHALLOW


@compiled(inline=True)
def flow_depth(one: float, other: float, fall: float) -> float:
    """Return the depth over the higher of two beds [m], `fall` being the first less the second."""
    return max(one + min(fall, 0.0), other - max(fall, 0.0))


@compiled(inner=True)
def inflow_head(near: float, far: float, rise: float, inflow: float) -> float:
    """Return the head of water that flows in over one face, above the cell's bed [m]; 0 where none flows in.

    `near` and `far` are the depths of the cell and of the one behind the face, `rise` the bed of that less the
    cell's; `inflow` the discharge into the cell [m² s⁻¹].
    """
    if not inflow > 0.0:
        return 0.0
    velocity = inflow / max(flow_depth(far, near, rise), 1e-6)
    return far + rise + velocity * velocity / (2.0 * GRAVITY)


@compiled(inner=True)
def head(bed: Bed, water: Water, j: int, i: int) -> float:
    """Return the greatest head of the water that flows into a cell, above its bed, at least its depth [m]."""
    h, qx, qy = water.h, water.qx, water.qy
    most = near = h[j, i]
    if i > 0:
        most = max(most, inflow_head(near, h[j, i - 1], np.float64(bed.fall_x[j, i - 1]), qx[j, i]))
    if i + 1 < h.shape[1]:
        most = max(most, inflow_head(near, h[j, i + 1], -np.float64(bed.fall_x[j, i]), -qx[j, i + 1]))
    if j > 0:
        most = max(most, inflow_head(near, h[j - 1, i], np.float64(bed.fall_y[j - 1, i]), qy[j, i]))
    if j + 1 < h.shape[0]:
        most = max(most, inflow_head(near, h[j + 1, i], -np.float64(bed.fall_y[j, i]), -qy[j + 1, i]))
    return most  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def bounded(q: np.float32, hf: np.float32, drop: float) -> float:
    """Return a discharge bounded by the drop from the head of the upstream cell to its level [m² s⁻¹]."""
    most = hf * max(math.sqrt(hf * CRITICAL_SQUARE), math.sqrt(2.0 * GRAVITY * drop))
    return float(max(min(q, most), -most))


@compiled(inner=True)
def bound_east(bed: Bed, water: Water, raw: F32, over: F32, j: int, a: int, e: int) -> None:
    """Bound the fluxes `raw` over the faces east of the cells a to e of row j where their excess `over` is above 0."""
    h, fall = water.h[j], bed.fall_x[j]
    for i in range(a, e):
        if not over[i - a] > 0.0:
            continue
        q, hf = raw[i - a], np.float32(flow_depth(h[i], h[i + 1], fall[i]))
        if excess(q, hf) > 0.0:
            up = i if q > 0.0 else i + 1
            raw[i - a] = bounded(q, hf, head(bed, water, j, up) - h[up])


@compiled(inner=True)
def bound_south(bed: Bed, water: Water, raw: F32, over: F32, j: int, a: int, b: int) -> None:
    """Bound the fluxes `raw` over the faces south of the cells a to b of row j, as `bound_east`."""
    h, below, fall = water.h[j], water.h[j + 1], bed.fall_y[j]
    for i in range(a, b):
        if not over[i - a] > 0.0:
            continue
        q, hf = raw[i - a], np.float32(flow_depth(h[i], below[i], fall[i]))
        if excess(q, hf) > 0.0:
            up = j if q > 0.0 else j + 1
            raw[i - a] = bounded(q, hf, head(bed, water, up, i) - water.h[up, i])
