"""Boundary conditions of coarse cells: fine faces with free outflow or prescribed levels, inflow cells."""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import (
    CRITICAL,
    FREE,
    MAX_OUTFLOW_SHARE,
    add_compensated,
    edge_flux,
    face_index,
    level_flux,
)
from citybraid.kernels.flood.spans import mark_wet
from citybraid.kernels.flood.state import Water
from citybraid.kernels.flood.subgrid_state import SubgridWork, Tables


@compiled(inner=True)
def compute_edge_flux(tables: Tables, water: Water, work: SubgridWork, dt: float) -> None:
    """Compute the outward discharge per metre over every fine boundary face from the state before the step."""
    level, old, edges = work.level, water.edge_q, tables.edges
    for k in range(edges.shape[0]):
        j, i, jn, ni = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        bed, bed_fall, n = tables.edge_at[k, 0], tables.edge_at[k, 1], tables.edge_at[k, 2]
        kind, step = edges[k, 6], tables.size[edges[k, 4]]
        depth = max(level[j, i] - bed, 0.0)
        if kind == FREE:
            fall = 0.0 if bed_fall == -math.inf else max(0.0, bed_fall, level[jn, ni] - level[j, i])
            old[k] = edge_flux(max(old[k], 0.0), depth, fall, n, step, dt)
        else:
            count = work.levels.shape[0]
            outside = work.levels[(kind - 1) % count] - bed
            old[k] = level_flux(old[k], depth, outside, n, 0.5 * step, dt, 1.0 if kind > count else CRITICAL)


@compiled(inner=True)
def apply_edge_flux(tables: Tables, water: Water, work: SubgridWork, dt: float) -> float:
    """Apply the step's discharge over boundary faces; return the greatest depth at level faces [m].

    The first turn clears the coarse faces' flux, the second sums it over their fine faces.
    """
    h, edges = water.h, tables.edges
    area, parts = tables.size[0] * tables.size[1], tables.strickler_x.shape[1]
    deepest = 0.0
    for turn in range(2):
        for k in range(edges.shape[0]):
            j, i, axis, sign = edges[k, 0], edges[k, 1], edges[k, 4], edges[k, 5]
            q = 0.0
            if turn == 1:
                part = dt / (tables.size[axis] * parts)
                q = min(water.edge_q[k], MAX_OUTFLOW_SHARE * h[j, i] / part)
                water.edge_q[k] = q
                h[j, i] -= q * part
                add_compensated(water.sums, 0 if q > 0.0 else 2, abs(q) * part * area)
                if edges[k, 6] > FREE:
                    level = work.levels[(edges[k, 6] - 1) % work.levels.shape[0]]
                    deepest = max(deepest, level - tables.edge_at[k, 0])
                    if h[j, i] > 0.0:
                        mark_wet(water.first, water.last, j, i)
            if edges[k, 7] == 1:
                fj, fi = face_index(edges, k)
                flux = water.qx if axis == 0 else water.qy
                flux[fj, fi] = np.float32(flux[fj, fi] + sign * q / parts) if turn == 1 else np.float32(0.0)
    return deepest


@compiled(inner=True)
def apply_inflow(tables: Tables, water: Water, depth: float) -> None:
    """Add a step's inflow to its cells; `depth` is the total over one cell area [m]."""
    for k in range(tables.inflow_cells.shape[0] if depth > 0.0 else 0):
        j, i = tables.inflow_cells[k, 0], tables.inflow_cells[k, 1]
        water.h[j, i] += depth * tables.inflow_share[k]
        mark_wet(water.first, water.last, j, i)
