"""What a flood on coarse cells leaves behind on fine ones: highest level, fastest flow, hazard, arrival, duration."""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import most_of
from citybraid.kernels.flood.spans import rows_of, span
from citybraid.kernels.flood.state import Water
from citybraid.kernels.flood.subgrid_rows import face_speed_row, keep_row, lift_row, local_row, spread_row
from citybraid.kernels.flood.subgrid_state import Room, Tables
from citybraid.kernels.flood.track import (
    Peaks,
    arrival_row,
    duration_row,
    fastest_row,
    hazard_row,
    quickest_row,
    speed_out,
    speed_row,
)


@compiled(inner=True)
def velocity(tables: Tables, water: Water, room: Room, j: int, c0: int, c1: int) -> None:
    """Speed in each cell of row j, in `room.rows[4]`: that of its faces' mean velocity, each over its wet part."""
    rx, ry = np.float32(water.clock[4] / tables.size[0]), np.float32(water.clock[4] / tables.size[1])
    w, here, faces = c1 - c0, slice(c0, c1), slice(c0, c1 + 1)
    x, north, south, v = room.rows[1, : w + 1], room.rows[2, :w], room.rows[3, :w], room.rows[4, :w]
    face_speed_row(room.section_x[j, faces], water.qx[j, faces], x, rx)
    x[0] = x[1] if water.qx[j, c0] != 0.0 else np.float32(0.0)
    x[w] = x[w - 1] if water.qx[j, c1] != 0.0 else np.float32(0.0)
    face_speed_row(room.section_y[j, here], water.qy[j, here], north, ry)
    face_speed_row(room.section_y[j + 1, here], water.qy[j + 1, here], south, ry)
    if j == 0:
        speed_out(water.qy[0, here], south, north)
    if j + 1 == water.h.shape[0]:
        speed_out(water.qy[j + 1, here], north, south)
    speed_row(x, north, south, v)


@compiled()
def track(tables: Tables, water: Water, room: Room, peaks: Peaks, threshold: float) -> float:
    """Bring highest levels and the fine cells' peaks up to now; returns the fastest flow that matters to time steps."""
    parts, width = tables.ease_x.shape[1], water.h.shape[1]
    rows, columns = tables.above.shape
    r0, r1 = rows_of(water.first, water.last)
    ticks = math.floor(water.clock[0] / peaks.unit[0])
    now, lasted = np.uint16(ticks), np.uint16(ticks - math.floor(water.clock[1] / peaks.unit[0]))
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    least = np.float32(threshold)
    fastest = room.rows[0]
    fastest[:] = 0.0
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, width)
        if c0 >= c1:
            continue
        w, f0, f1 = c1 - c0, c0 * parts, min(c1 * parts, columns)
        velocity(tables, water, room, j, c0, c1)
        v, lift = room.rows[4, :w], room.rows[5, :w]
        keep_row(room.level[j, c0:c1], room.highest[j, c0:c1])
        lift_row(room.level[j, c0:c1], tables.base[j, c0:c1], lift)
        fastest_row(lift, v, fastest[c0:c1])
        high, fast, d = room.fine[0, : f1 - f0], room.fine[1, : f1 - f0], room.fine[2, : f1 - f0]
        spread_row(lift, high, parts)
        spread_row(v, fast, parts)
        for k in range(j * parts, min((j + 1) * parts, rows)):
            local_row(high, tables.above[k, f0:f1], d)
            quickest_row(d, fast, peaks.speed[k, f0:f1], least)
            hazard_row(d, fast, peaks.hazard[k, f0:f1], least, step, shallow, deep)
            arrival_row(d, peaks.arrival[k, f0:f1], least, now)
            duration_row(d, peaks.duration[k, f0:f1], least, lasted)
    water.clock[1] = water.clock[0]
    return most_of(fastest)
