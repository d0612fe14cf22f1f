"""Where water enters and leaves coarse cells: fine faces at free and fixed-level edges, inflow cells."""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import CRITICAL, FREE, KEPT, add, edge_flux, face_of, level_flux
from citybraid.kernels.flood.spans import wet_at
from citybraid.kernels.flood.state import Water
from citybraid.kernels.flood.subgrid_state import Room, Tables


@compiled(inner=True)
def open_edges(tables: Tables, water: Water, room: Room, dt: float) -> None:
    """Compute the discharge per metre out over every fine edge face from the water before the step."""
    level, old, edges = room.level, water.edge_q, tables.edges
    for k in range(edges.shape[0]):
        j, i, jn, ni = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        bed, bed_fall, n = tables.edge_at[k, 0], tables.edge_at[k, 1], tables.edge_at[k, 2]
        kind, step = edges[k, 6], tables.size[edges[k, 4]]
        depth = max(level[j, i] - bed, 0.0)
        if kind == FREE:
            fall = 0.0 if bed_fall == -math.inf else max(0.0, bed_fall, level[jn, ni] - level[j, i])
            old[k] = edge_flux(max(old[k], 0.0), depth, fall, n, step, dt)
        else:
            count = room.levels.shape[0]
            outside = room.levels[(kind - 1) % count] - bed
            old[k] = level_flux(old[k], depth, outside, n, 0.5 * step, dt, 1.0 if kind > count else CRITICAL)


@compiled(inner=True)
def cross_edges(tables: Tables, water: Water, room: Room, dt: float) -> float:
    """Let the step's discharge over the edges; returns the deepest water at level edges [m]."""
    h, edges = water.h, tables.edges
    area, parts = tables.size[0] * tables.size[1], tables.ease_x.shape[1]
    deepest = 0.0
    for turn in range(2):
        for k in range(edges.shape[0]):
            j, i, axis, sign = edges[k, 0], edges[k, 1], edges[k, 4], edges[k, 5]
            q = 0.0
            if turn == 1:
                part = dt / (tables.size[axis] * parts)
                q = min(water.edge_q[k], KEPT * h[j, i] / part)
                water.edge_q[k] = q
                h[j, i] -= q * part
                add(water.sums, 0 if q > 0.0 else 2, abs(q) * part * area)
                if edges[k, 6] > FREE:
                    level = room.levels[(edges[k, 6] - 1) % room.levels.shape[0]]
                    deepest = max(deepest, level - tables.edge_at[k, 0])
                    if h[j, i] > 0.0:
                        wet_at(water.first, water.last, j, i)
            if edges[k, 7] == 1:
                fj, fi = face_of(edges, k)
                flux = water.qx if axis == 0 else water.qy
                flux[fj, fi] = np.float32(flux[fj, fi] + sign * q / parts) if turn == 1 else np.float32(0.0)
    return deepest


@compiled(inner=True)
def pour(tables: Tables, water: Water, depth: float) -> None:
    """Pour a step's inflow; `depth` is all of it over one cell [m]."""
    for k in range(tables.inflow_cells.shape[0] if depth > 0.0 else 0):
        j, i = tables.inflow_cells[k, 0], tables.inflow_cells[k, 1]
        water.h[j, i] += depth * tables.inflow_share[k]
        wet_at(water.first, water.last, j, i)
