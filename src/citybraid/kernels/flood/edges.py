"""Boundary conditions of a flood: free outflow, prescribed levels, inflow cells."""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import inverse_cube_root
from citybraid.kernels.flood.rows import DRY_DEPTH
from citybraid.kernels.flood.spans import mark_wet
from citybraid.kernels.flood.state import F64, I32, TAKEN, Bed, Pass, Water
from citybraid.kernels.numerics.gravity import GRAVITY

FREE = 0
"""Kind of a boundary face with free outflow at the local slope.

With n levels, kind k of 1 to n is still water at level number k - 1, kind n + k a river that flows in at that level.
"""
FIELDS = 7
"""Columns of a boundary face: cell row, cell column, inner row, inner column, axis (0 x, 1 y), outward sign, kind."""
MAX_OUTFLOW_SHARE = 1.0 - 1e-6
CRITICAL = (2.0 / 3.0) ** 1.5
"""Greatest discharge of still water with head H over a bed, in H √(g H) [-]: critical flow at a depth of 2/3 H."""


@compiled(fast=frozenset(), inner=True)
def add_compensated(sums: F64, k: int, amount: float) -> None:
    """Compensated summation (Neumaier 1974): `sums[k]` is the total, `sums[k + 1]` its rounding remainder."""
    total = sums[k] + amount
    if abs(sums[k]) >= abs(amount):
        sums[k + 1] += (sums[k] - total) + amount
    else:
        sums[k + 1] += (amount - total) + sums[k]
    sums[k] = total


@compiled(inline=True)
def edge_flux(old: float, hf: float, fall: float, n: float, length: float, dt: float) -> float:
    """Outward unit discharge over a boundary face: the local inertial equation with implicit friction."""
    if hf <= DRY_DEPTH:
        return 0.0
    r = np.float64(inverse_cube_root(np.float32(hf)))
    b = GRAVITY * dt * n * n * r / (hf * hf)
    s = old + GRAVITY * dt * hf * fall / length
    return 2.0 * s / (1.0 + math.sqrt(1.0 + 4.0 * b * abs(s)))


@compiled(inline=True)
def level_flux(old: float, h: float, outside: float, n: float, length: float, dt: float, most: float) -> float:
    """Outward unit discharge over a face with depth `h` inside and a level `outside` above its bed.

    Without advection, the equation alone would let a level far above dry ground drive 0.71 H √(g H) over the face.
    Inflow is limited to `most` H √(g H) (CRITICAL for still water, 1 for a river), outflow to critical flow at the
    depth inside (Henderson 1966, Open Channel Flow, ch. 2).
    """
    q = edge_flux(old, max(h, outside), h - outside, n, length, dt)
    head = max(outside, 0.0)
    return min(max(q, -most * head * math.sqrt(GRAVITY * head)), h * math.sqrt(GRAVITY * h))


@compiled(inner=True)
def face_index(edges: I32, k: int) -> tuple[int, int]:
    """Return row and column of a boundary face in the flux array of its axis."""
    ahead = 1 if edges[k, 5] > 0 else 0
    if edges[k, 4] == 0:
        return edges[k, 0], edges[k, 1] + ahead
    return edges[k, 0] + ahead, edges[k, 1]


@compiled(inner=True)
def compute_edge_flux(bed: Bed, water: Water, levels: F64, dt: float, first: int, last: int) -> None:
    """Compute the outward discharge over the boundary faces `first` to `last` from the state before the step.

    A free face has the steeper of the bed slope and the water surface slope just inside it; a level face
    has the outside level at the face, half a cell away, and passes critical flow at most.
    """
    h, n, old, edges = water.h, bed.n, water.edge_q, bed.edges
    for k in range(first, last):
        j, i, jn, ni = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        z, within = bed.edge_bed[k, 0], bed.edge_bed[k, 1]
        kind = edges[k, 6]
        step = bed.size[edges[k, 4]]
        if kind == FREE:
            fall = 0.0
            if within < math.inf:
                fall = max(0.0, within - z, within + h[jn, ni] - z - h[j, i])
            q = edge_flux(max(old[k], 0.0), h[j, i], fall, n[j, i], step, dt)
        else:
            count = levels.shape[0]
            outside = levels[(kind - 1) % count] - z
            q = level_flux(old[k], h[j, i], outside, n[j, i], 0.5 * step, dt, 1.0 if kind > count else CRITICAL)
        old[k] = q


@compiled(inner=True)
def apply_edge_flux(bed: Bed, water: Water, passed: F64, dt: float, first: int, last: int) -> None:
    """Apply the step's discharge over the boundary faces `first` to `last`, and set what `passed` over each.

    Outflow is limited to what the cell holds. qx and qy get the discharge as well, for the
    q-centred mean of the next faces inside.
    """
    h, edges = water.h, bed.edges
    for k in range(first, last):
        j, i = edges[k, 0], edges[k, 1]
        part = dt / bed.size[edges[k, 4]]
        q = min(water.edge_q[k], MAX_OUTFLOW_SHARE * h[j, i] / part)
        water.edge_q[k] = q
        passed[k] = q
        h[j, i] -= q * part
        fj, fi = face_index(edges, k)
        if edges[k, 4] == 0:
            water.qx[fj, fi] = np.float32(edges[k, 5] * q)
        else:
            water.qy[fj, fi] = np.float32(edges[k, 5] * q)


@compiled(inner=True)
def count_edge_flux(bed: Bed, water: Water, steps: Pass, dt: float) -> float:
    """Add what passed over boundary faces in the steps of a pass to the sums; return the greatest depth at level faces.

    In one order whatever the order of rows, so that any count of threads gives the same sums.
    """
    h, edges, area, last = water.h, bed.edges, bed.size[0] * bed.size[1], steps.steps[TAKEN] - 1
    for s in range(last + 1):
        for k in range(edges.shape[0]):
            q = steps.edge_q[s, k]
            add_compensated(water.sums, 0 if q > 0.0 else 2, abs(q) * (dt / bed.size[edges[k, 4]]) * area)
    deepest = 0.0
    for k in range(edges.shape[0]):
        j, i = edges[k, 0], edges[k, 1]
        if edges[k, 6] > FREE:
            levels = steps.levels[last]
            deepest = max(deepest, h[j, i], levels[(edges[k, 6] - 1) % levels.shape[0]] - bed.edge_bed[k, 0])
            if h[j, i] > 0.0:
                mark_wet(water.first, water.last, j, i)
    return deepest


@compiled(inner=True)
def apply_inflow(bed: Bed, water: Water, depth: float) -> float:
    """Add a step's inflow to its cells and return their greatest depth; `depth` is the total over one cell area [m]."""
    deepest = 0.0
    if depth <= 0.0:
        return deepest
    for k in range(bed.inflow_cells.shape[0]):
        j, i = bed.inflow_cells[k, 0], bed.inflow_cells[k, 1]
        water.h[j, i] += depth * bed.inflow_share[k]
        mark_wet(water.first, water.last, j, i)
        deepest = max(deepest, water.h[j, i])
    return deepest
