"""Exchange of water between the surface and drain nodes: capacity of inlets and its effect on their cells.

Weir flow over the inlet's perimeter or orifice flow, whichever passes less (Djordjević et al. 2005, Urban Water J. 2;
Rubinato et al. 2017, J. Hydrol. 552: 421-432, eq. 2 and 3). Both are integrated analytically over the coupling
interval for the water of the inlet's cell, so that any interval is stable.
"""

import math

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import add_compensated
from citybraid.kernels.flood.spans import mark_wet
from citybraid.kernels.flood.state import DEEPEST, F64, I32, Water


@compiled()
def depth_after_weir(h: float, weir: float, dt: float) -> float:
    """Return the depth after dh/dt = -weir h^(3/2) over `dt` [m]; `weir` is 2/3 C P sqrt(2 g) over cell area."""
    slower = 1.0 + 0.5 * weir * math.sqrt(h) * dt
    return h / (slower * slower)


@compiled()
def depth_after_orifice(h: float, orifice: float, dt: float) -> float:
    """Return the depth after dh/dt = -orifice h^(1/2) over `dt` [m]; `orifice` is C A sqrt(2 g) over cell area."""
    root = max(0.0, math.sqrt(h) - 0.5 * orifice * dt)
    return root * root


@compiled()
def inlet_drawdown(
    water: Water, cells: I32, sharing: F64, weir: float, orifice: float, dt: float, drawdown: F64
) -> None:
    """Set the depth that each inlet drains freely from its cell in an interval [m]; `sharing` inlets share a cell."""
    for k in range(cells.shape[0]):
        h = max(0.0, water.h[cells[k, 0], cells[k, 1]])
        n = sharing[k]
        drawdown[k] = (h - max(depth_after_weir(h, n * weir, dt), depth_after_orifice(h, n * orifice, dt))) / n


@compiled()
def exchange(water: Water, cells: I32, out: F64, back: F64, area: float, shortfall: F64, sums: F64) -> None:
    """Move `out` from the cells to their nodes and `back` from the nodes to the cells [m³].

    `sums` accumulates both: 0 and 1 from the surface, 2 and 3 onto it. What a cell cannot give is carried
    as its `shortfall` and taken once there is water.
    """
    for k in range(cells.shape[0]):
        j, i = cells[k, 0], cells[k, 1]
        h = water.h[j, i]
        if back[k] > 0.0:
            h += back[k] / area
            mark_wet(water.first, water.last, j, i)
            add_compensated(sums, 2, back[k])
        shortfall[k] += out[k]
        if shortfall[k] > 0.0:
            drawn = min(h, shortfall[k] / area)
            h -= drawn
            add_compensated(sums, 0, drawn * area)
            shortfall[k] -= drawn * area
        water.h[j, i] = h
        water.clock[DEEPEST] = max(water.clock[DEEPEST], h)
