"""Water between the ground and the nodes of drains: over the rim of an inlet, through its opening, and out of it.

Surface to node: a free weir round the inlet while the water is shallow, an orifice once it is deep (Djordjević et al.
2005, Urban Water J. 2; Rubinato et al. 2017, J. Hydrol. 552: 421-432, eq. 2 and 3), whichever passes less. Both are
integrated over the coupling interval for the water of the inlet's own cell, so that no interval is too long.
"""

import math

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood_edges import add
from citybraid.kernels.flood_spans import wet_at
from citybraid.kernels.flood_state import F64, I32, Water


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


@compiled(views=True)
def take(
    water: Water, cells: I32, room: F64, weir: float, orifice: float, dt: float, area: float, taken: F64, sums: F64
) -> None:
    """Let water into nodes for an interval: out of their cells at once, at most the `room` of each [m³].

    `taken` is what each node gets [m³]; it is added to `sums` 0 and 1. Nodes in one cell come one after the other.
    """
    for k in range(cells.shape[0]):
        j, i = cells[k, 0], cells[k, 1]
        h = water.h[j, i]
        taken[k] = 0.0
        if h > 0.0 and room[k] > 0.0:
            left = max(weir_leaves(h, weir, dt), orifice_leaves(h, orifice, dt))
            less = min(h - left, room[k] / area)
            water.h[j, i] = h - less
            taken[k] = less * area
            add(sums, 0, taken[k])


@compiled(views=True)
def give(water: Water, cells: I32, volumes: F64, area: float, sums: F64) -> None:
    """Put what came out of nodes [m³] on their cells, and add it to `sums` 2 and 3."""
    for k in range(cells.shape[0]):
        if volumes[k] > 0.0:
            j, i = cells[k, 0], cells[k, 1]
            water.h[j, i] += volumes[k] / area
            wet_at(water.first, water.last, j, i)
            water.clock[2] = max(water.clock[2], water.h[j, i])
            add(sums, 2, volumes[k])
