"""The bound of `bernoulli` on coarse cells: flow area and critical discharge of a face are sums over its fine faces.

The discharge of a coarse face is at most its flow area times √(2 g (H - level)), H being the greatest head of the water
that flows into the upstream cell: its level there and the square of its mean velocity over that face, over 2 g. But it
is never below the critical discharge, the sum of √g (2 h / 3)^(3/2) over the fine faces (Chow 1959, Open-Channel
Hydraulics, eq. 3-2 and 3-7). Discharges and flow areas are per metre of the coarse face.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.bernoulli import BOUND_DEPTH, CRITICAL_SQUARE
from citybraid.kernels.flood.rows import any_positive
from citybraid.kernels.flood.state import F32, Water
from citybraid.kernels.flood.subgrid_state import SubgridWork, Tables
from citybraid.kernels.numerics.gravity import GRAVITY

_CRITICAL = math.sqrt(CRITICAL_SQUARE)
_LEAST = 1e-6


@compiled(inner=True)
def excess_row(section: F32, q: F32, out: F32) -> None:
    """What the square of each discharge has beyond that of the critical one if the flow area were of even depth.

    That is the least critical discharge of any face with this flow area, as h^(3/2) is convex.
    """
    for i in range(out.size):
        out[i] = q[i] * q[i] - CRITICAL_SQUARE * (section[i] * section[i] * section[i])


@compiled(inner=True)
def critical(top: float, over: F32, share: float) -> float:
    """Return the critical discharge of fine faces whose lowest has this depth [m] and the others beds `over` it [m]."""
    total = top * math.sqrt(top)
    for k in range(over.size):
        h = top - np.float64(over[k])
        if h > 0.0:
            total += h * math.sqrt(h)
    return float(_CRITICAL * share * total)


@compiled(inner=True)
def inflow_head(level: float, inflow: float, section: float) -> float:
    """Return the head of water that flows in over a face from a cell of this level [m]; -inf where none flows in."""
    if not inflow > 0.0:
        return -math.inf
    velocity = inflow / max(section, _LEAST)
    return level + velocity * velocity / (2.0 * GRAVITY)


@compiled(inner=True)
def head(water: Water, work: SubgridWork, j: int, i: int) -> float:
    """Return the greatest head of the water that flows into a coarse cell, at least its level [m]."""
    level, qx, qy, x, y = work.level, water.qx, water.qy, work.section_x, work.section_y
    most = level[j, i]
    if i > 0:
        most = max(most, inflow_head(level[j, i - 1], np.float64(qx[j, i]), np.float64(x[j, i])))
    if i + 1 < level.shape[1]:
        most = max(most, inflow_head(level[j, i + 1], -np.float64(qx[j, i + 1]), np.float64(x[j, i + 1])))
    if j > 0:
        most = max(most, inflow_head(level[j - 1, i], np.float64(qy[j, i]), np.float64(y[j, i])))
    if j + 1 < level.shape[0]:
        most = max(most, inflow_head(level[j + 1, i], -np.float64(qy[j + 1, i]), np.float64(y[j + 1, i])))
    return float(most)


@compiled(inner=True)
def bounded(q: float, section: float, least: float, drop: float) -> float:
    """Return a discharge bounded by the drop from the head of the upstream cell to its level, or by `least`."""
    most = max(least, section * math.sqrt(2.0 * GRAVITY * drop))
    return max(min(q, most), -most)


@compiled(inner=True)
def bound_within(tables: Tables, water: Water, work: SubgridWork, j: int, c0: int, c1: int, spare: F32) -> None:
    """Bound the unlimited discharges `work.raw_x` over the faces within row j."""
    n = max(c1 - c0 - 1, 0)
    section, raw = work.section_x[j, c0 + 1 : c0 + 1 + n], work.raw_x[c0 + 1 : c0 + 1 + n]
    excess_row(section, raw, spare[:n])
    if not any_positive(spare[:n]):
        return
    share = 1.0 / tables.strickler_x.shape[1]
    for k in range(n):
        if spare[k] > 0.0:
            i = c0 + k
            top = max(work.level[j, i], work.level[j, i + 1]) - tables.datum_x[j, i]
            if top > BOUND_DEPTH:
                up = i if raw[k] > 0.0 else i + 1
                least = critical(top, tables.over_x[j, :, i], share)
                drop = head(water, work, j, up) - work.level[j, up]
                raw[k] = bounded(np.float64(raw[k]), np.float64(section[k]), least, drop)


@compiled(inner=True)
def bound_below(
    tables: Tables, water: Water, work: SubgridWork, raw: F32, j: int, c0: int, c1: int, spare: F32
) -> None:
    """Bound the unlimited discharges `raw` over the faces between the cells c0 to c1 of rows j and j + 1."""
    n = c1 - c0
    section = work.section_y[j + 1, c0:c1]
    excess_row(section, raw, spare[:n])
    if not any_positive(spare[:n]):
        return
    share = 1.0 / tables.strickler_y.shape[1]
    for k in range(n):
        if spare[k] > 0.0:
            i = c0 + k
            top = max(work.level[j, i], work.level[j + 1, i]) - tables.datum_y[j, i]
            if top > BOUND_DEPTH:
                up = j if raw[k] > 0.0 else j + 1
                least = critical(top, tables.over_y[j, :, i], share)
                drop = head(water, work, up, i) - work.level[up, i]
                raw[k] = bounded(np.float64(raw[k]), np.float64(section[k]), least, drop)
