"""Water between the ground and the nodes of drains: how much an inlet lets through, and what that does to its cell.

A weir round the inlet while the water is shallow, an orifice once it is deep (Djordjević et al. 2005, Urban Water J. 2;
Rubinato et al. 2017, J. Hydrol. 552: 421-432, eq. 2 and 3), whichever passes less. Both are integrated over the
coupling interval for the water of the inlet's own cell, so that no interval is too long.
"""

import math

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import add
from citybraid.kernels.flood.spans import wet_at
from citybraid.kernels.flood.state import F64, I32, Water


@compiled()
def weir_leaves(h: float, weir: float, dt: float) -> float:
    """Depth left after dh/dt = -weir h^(3/2) over `dt` [m]; `weir` is 2/3 C P sqrt(2 g) over the cell's area."""
    slower = 1.0 + 0.5 * weir * math.sqrt(h) * dt
    return h / (slower * slower)


@compiled()
def orifice_leaves(h: float, orifice: float, dt: float) -> float:
    """Depth left after dh/dt = -orifice h^(1/2) over `dt` [m]; `orifice` is C A sqrt(2 g) over the cell's area."""
    root = max(0.0, math.sqrt(h) - 0.5 * orifice * dt)
    return root * root


@compiled()
def inlets_pass(water: Water, cells: I32, crowd: F64, weir: float, orifice: float, dt: float, passed: F64) -> None:
    """Depth of each inlet's cell that falls freely through it in an interval [m]; `crowd` inlets share a cell."""
    for k in range(cells.shape[0]):
        h = max(0.0, water.h[cells[k, 0], cells[k, 1]])
        n = crowd[k]
        passed[k] = (h - max(weir_leaves(h, n * weir, dt), orifice_leaves(h, n * orifice, dt))) / n


@compiled()
def exchange(water: Water, cells: I32, out: F64, back: F64, area: float, owed: F64, sums: F64) -> None:
    """Take `out` of the cells and put `back` on them [m³].

    Both are added to `sums`: off the ground 0 and 1, onto it 2 and 3. What a cell has not got is `owed` by its node
    and taken when it has.
    """
    for k in range(cells.shape[0]):
        j, i = cells[k, 0], cells[k, 1]
        h = water.h[j, i]
        if back[k] > 0.0:
            h += back[k] / area
            wet_at(water.first, water.last, j, i)
            add(sums, 2, back[k])
        owed[k] += out[k]
        if owed[k] > 0.0:
            less = min(h, owed[k] / area)
            h -= less
            add(sums, 0, less * area)
            owed[k] -= less * area
        water.h[j, i] = h
        water.clock[2] = max(water.clock[2], h)
