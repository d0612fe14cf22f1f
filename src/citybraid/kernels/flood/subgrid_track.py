"""Peaks of a flood on coarse cells, on their fine cells: level, speed, hazard, arrival, duration."""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import max_of
from citybraid.kernels.flood.spans import span, wet_rows
from citybraid.kernels.flood.state import LAST, NOW, TRACKED, Water
from citybraid.kernels.flood.subgrid_rows import (
    face_speed_row,
    fine_depth_row,
    height_row,
    highest_level_row,
    refine_row,
)
from citybraid.kernels.flood.subgrid_state import SubgridWork, Tables
from citybraid.kernels.flood.track import (
    Peaks,
    arrival_row,
    duration_row,
    edge_speed_row,
    fastest_row,
    hazard_row,
    max_speed_row,
    speed_row,
)


@compiled(inner=True)
def velocity(tables: Tables, water: Water, work: SubgridWork, j: int, c0: int, c1: int) -> None:
    """Speed of each cell of row j, in `work.rows[4]`, from the mean velocity over the wet part of its faces."""
    rx, ry = np.float32(water.clock[LAST] / tables.size[0]), np.float32(water.clock[LAST] / tables.size[1])
    w, cells, faces = c1 - c0, slice(c0, c1), slice(c0, c1 + 1)
    x, north, south, v = work.rows[1, : w + 1], work.rows[2, :w], work.rows[3, :w], work.rows[4, :w]
    face_speed_row(work.section_x[j, faces], water.qx[j, faces], x, rx)
    x[0] = x[1] if water.qx[j, c0] != 0.0 else np.float32(0.0)
    x[w] = x[w - 1] if water.qx[j, c1] != 0.0 else np.float32(0.0)
    face_speed_row(work.section_y[j, cells], water.qy[j, cells], north, ry)
    face_speed_row(work.section_y[j + 1, cells], water.qy[j + 1, cells], south, ry)
    if j == 0:
        edge_speed_row(water.qy[0, cells], south, north)
    if j + 1 == water.h.shape[0]:
        edge_speed_row(water.qy[j + 1, cells], north, south)
    speed_row(x, north, south, v)


@compiled()
def track(tables: Tables, water: Water, work: SubgridWork, peaks: Peaks, threshold: float) -> float:
    """Update highest levels and the fine cells' peaks; return the fastest flow that controls the time step [m s⁻¹]."""
    parts, width = tables.strickler_x.shape[1], water.h.shape[1]
    rows, columns = tables.above.shape
    r0, r1 = wet_rows(water.first, water.last)
    ticks = math.floor(water.clock[NOW] / peaks.unit[0])
    now, elapsed = np.uint16(ticks), np.uint16(ticks - math.floor(water.clock[TRACKED] / peaks.unit[0]))
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    least = np.float32(threshold)
    fastest = work.rows[0]
    fastest[:] = 0.0
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, width)
        if c0 >= c1:
            continue
        w, f0, f1 = c1 - c0, c0 * parts, min(c1 * parts, columns)
        velocity(tables, water, work, j, c0, c1)
        v, height = work.rows[4, :w], work.rows[5, :w]
        highest_level_row(work.level[j, c0:c1], work.highest[j, c0:c1])
        height_row(work.level[j, c0:c1], tables.base[j, c0:c1], height)
        fastest_row(height, v, fastest[c0:c1])
        high, fast, d = work.fine[0, : f1 - f0], work.fine[1, : f1 - f0], work.fine[2, : f1 - f0]
        refine_row(height, high, parts)
        refine_row(v, fast, parts)
        for k in range(j * parts, min((j + 1) * parts, rows)):
            fine_depth_row(high, tables.above[k, f0:f1], d)
            max_speed_row(d, fast, peaks.speed[k, f0:f1], least)
            hazard_row(d, fast, peaks.hazard[k, f0:f1], least, step, shallow, deep)
            arrival_row(d, peaks.arrival[k, f0:f1], least, now)
            duration_row(d, peaks.duration[k, f0:f1], least, elapsed)
    water.clock[TRACKED] = water.clock[NOW]
    return max_of(fastest)
