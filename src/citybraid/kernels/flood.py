"""The local inertial flood solver: steps of the shallow water equations without advection, on a grid.

Bates, Horritt & Fewtrell (2010, J. Hydrol. 387) with the q-centred weighting of de Almeida,
Bates, Freer & Souvignet (2012, Water Resour. Res. 48, W05528). Depth is float64, fluxes
float32; the same rounded flux leaves one cell and enters the next, so volume closes
to float64. Depth stays positive because a cell's outflows are scaled to what it
holds, never because a negative depth is clipped.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood_edges import cross_edges, open_edges, pour
from citybraid.kernels.flood_rows import (
    GRAVITY,
    balance_row,
    bed_row,
    cross_row,
    deepest_row,
    fall_x,
    fall_y,
    level_row,
    mean_row,
    rain_row,
    raw_x,
    raw_y,
    rough_row,
    scale_row,
    settle_x,
    settle_y,
    stand_row,
)
from citybraid.kernels.flood_state import F32, F64, I64, Bed, Force, Scheme, Soil, Water
from citybraid.kernels.flood_track import (
    Peaks,
    arrival_row,
    duration_row,
    fastest_row,
    hazard_row,
    most_row,
    quickest_row,
    speed_out,
    speed_row,
    speed_x,
    speed_y,
)
from citybraid.kernels.infiltration import drain_row, green_ampt_row, hold_row


@compiled()
def box(tally: I64, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Rows and columns a step must visit: those that may be wet and one more all round."""
    return max(tally[2] - 1, 0), min(tally[3] + 1, shape[0]), max(tally[4] - 1, 0), min(tally[5] + 1, shape[1])


@compiled()
def widen(h: F64, tally: I64, r0: int, r1: int, c0: int, c1: int) -> None:
    """Grow the box that may be wet where water has reached the rows and columns just outside it."""
    if r0 < tally[2] and h[r0, c0:c1].max() > 0.0:
        tally[2] = r0
    if r1 > tally[3] and h[r1 - 1, c0:c1].max() > 0.0:
        tally[3] = r1
    if c0 < tally[4] and h[r0:r1, c0].max() > 0.0:
        tally[4] = c0
    if c1 > tally[5] and h[r0:r1, c1 - 1].max() > 0.0:
        tally[5] = c1


@compiled()
def sink_row(bed: Bed, soil: Soil, h: F64, j: int, c0: int, c1: int, dt: float, depth: float) -> None:
    """Rain, storage, infiltration and drains of one row."""
    if depth > 0.0:
        rain_row(h, bed.rain_share[j, c0:c1], depth)
    if soil.room.shape[0] > 0:
        hold_row(h, soil.room[j, c0:c1])
    if soil.taken.shape[0] > 0:
        green_ampt_row(
            h, soil.taken[j, c0:c1], soil.conductivity[j, c0:c1], soil.suction[j, c0:c1], soil.deficit[j, c0:c1], dt
        )
    if soil.drained.shape[0] > 0:
        drain_row(h, soil.drained[j, c0:c1], soil.capacity[j, c0:c1], dt)


@compiled()
def sweep(bed: Bed, soil: Soil, water: Water, theta: float, dt: float, rain: float, rows32: F32, rows64: F64) -> float:
    """One step over all rows in one pass; returns the deepest water after it.

    A row's faces are computed from old values, its outflows scaled, and the row above
    it settled: three rows are in the cache at a time and no second copy of a flux is needed.
    """
    h, qx, qy, z, n = water.h, water.qx, water.qy, bed.z, bed.n
    r0, r1, c0, c1 = box(water.tally, h.shape)
    w = c1 - c0
    t = np.float32(theta)
    cx, cy = dt / bed.size[0], dt / bed.size[1]
    px, py = np.float32(GRAVITY * cx), np.float32(GRAVITY * cy)
    drag = np.float32(GRAVITY * dt)
    x, cross, mean, rough = rows32[0, : w + 1], rows32[1, :w], rows32[2, :w], rows32[3, :w]
    hf, fall = rows32[8, :w], rows32[9, :w]
    x[0] = 0.0
    x[w] = 0.0
    face, deepest = rows64[2, :w], rows64[3, :w]
    deepest[:] = 0.0
    rows32[4 + r0 % 2, :w] = 0.0
    stand_row(z[r0, c0:c1], h[r0, c0:c1], rows64[r0 % 2, :w], rows32[10 + r0 % 2, :w])
    for j in range(r0, r1 + 1):
        a, b = j % 2, (j + 1) % 2
        if j < r1:
            here, e = slice(c0, c1), rows64[a, :w]
            deep, below = rows32[10 + a, :w], rows32[10 + b, :w]
            north, south = rows32[4 + a, :w], rows32[4 + b, :w]
            fall_x(e, z[j, here], hf, fall)
            raw_x(hf, fall, deep, n[j, here], qx[j, c0 : c1 + 1], qy[j, here], qy[j + 1, here], x, t, px, drag)
            if j + 1 < r1:
                stand_row(z[j + 1, here], h[j + 1, here], rows64[b, :w], below)
                cross_row(qx[j, c0 : c1 + 1], qx[j + 1, c0 : c1 + 1], cross)
                mean_row(qy[j, here], qy[j + 1, here], qy[j + 2, here], mean, t)
                bed_row(z[j, here], z[j + 1, here], face)
                rough_row(n[j, here], n[j + 1, here], rough)
                fall_y(e, rows64[b, :w], face, hf, fall)
                raw_y(hf, fall, deep, below, rough, qy[j + 1, here], mean, cross, south, py, drag)
            else:
                south[:] = 0.0
            scale_row(deep, x, north, south, rows32[6 + a, :w], np.float32(cx), np.float32(cy))
            settle_x(x, rows32[6 + a, :w], qx[j, c0 : c1 + 1])
            qx[j, c0] = 0.0
            qx[j, c1] = 0.0
            if j > r0:
                settle_y(north, rows32[6 + b, :w], rows32[6 + a, :w], qy[j, here])
            else:
                qy[j, here] = 0.0
        else:
            qy[j, c0:c1] = 0.0
        if j > r0:
            depth = h[j - 1, c0:c1]
            balance_row(depth, qx[j - 1, c0 : c1 + 1], qy[j - 1, c0:c1], qy[j, c0:c1], cx, cy)
            sink_row(bed, soil, depth, j - 1, c0, c1, dt, rain * dt)
            deepest_row(depth, deepest)
    return float(deepest.max())


@compiled()
def track(bed: Bed, water: Water, peaks: Peaks, threshold: float, rows32: F32, rows64: F64) -> float:
    """Bring the peaks up to now; returns the fastest flow that matters to the time step [m s⁻¹]."""
    h, z = water.h, bed.z
    r0, r1, c0, c1 = box(water.tally, h.shape)
    w = c1 - c0
    here = slice(c0, c1)
    now, lasted = np.float32(water.clock[0]), np.float32(water.clock[0] - water.clock[1])
    rx, ry = np.float32(water.clock[4] / bed.size[0]), np.float32(water.clock[4] / bed.size[1])
    v, fastest, x, face = rows32[1, :w], rows32[2, :w], rows32[0, : w + 1], rows64[2, :w]
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    fastest[:] = 0.0
    level_row(z[r0, here], h[r0, here], rows64[r0 % 2, :w])
    for j in range(r0, r1):
        north, south = rows32[4 + j % 2, :w], rows32[4 + (j + 1) % 2, :w]
        speed_x(z[j, here], h[j, here], water.qx[j, c0 : c1 + 1], x, rx)
        if j + 1 < r1:
            level_row(z[j + 1, here], h[j + 1, here], rows64[(j + 1) % 2, :w])
            bed_row(z[j, here], z[j + 1, here], face)
            speed_y(rows64[j % 2, :w], rows64[(j + 1) % 2, :w], face, water.qy[j + 1, here], south, ry)
        else:
            speed_out(water.qy[r1, here], north, south)
        if j == r0:
            speed_out(water.qy[r0, here], south, north)
        depth = h[j, here]
        speed_row(x, north, south, v)
        fastest_row(depth, v, fastest)
        most_row(depth, peaks.depth[j, here])
        quickest_row(depth, v, peaks.speed[j, here], threshold)
        hazard_row(depth, v, peaks.hazard[j, here], threshold, step, shallow, deep)
        arrival_row(depth, peaks.arrival[j, here], threshold, now)
        duration_row(depth, peaks.duration[j, here], threshold, lasted)
    water.clock[1] = water.clock[0]
    return float(fastest.max())


@compiled()
def time_step(bed: Bed, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Longest stable step [s] by the deepest water, `filled` more of it [m], and the fastest flow."""
    pace = max(math.sqrt(GRAVITY * (clock[2] + filled)), 5.0 / 3.0 * clock[3])
    stable: float = scheme.alpha * min(bed.size[0], bed.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled()
def advance(bed: Bed, soil: Soil, water: Water, peaks: Peaks, scheme: Scheme, force: Force, steps: int) -> bool:
    """Step until the stretch of forcing ends or `steps` are done; tell whether it ended.

    The time step follows the deepest water (Bates et al. 2010, eq. 14) and the fastest
    flow, whose kinematic wave travels at 5/3 of it. It never depends on how a run
    is sliced, so a resumed run gives the same bits.
    """
    h, clock, tally = water.h, water.clock, water.tally
    area = bed.size[0] * bed.size[1]
    width = h.shape[1]
    rows32 = np.zeros((12, width + 1), np.float32)
    rows64 = np.zeros((4, width), np.float64)
    levels = np.empty_like(force.levels)
    filling = force.rain
    for k in range(bed.inflow_share.size):
        filling = max(filling, bed.inflow_share[k] * force.inflow / area)
    if force.rain > 0.0:
        tally[2], tally[3], tally[4], tally[5] = 0, h.shape[0], 0, width
    for _ in range(steps):
        dt = time_step(bed, scheme, clock, scheme.longest, 0.0)
        dt = time_step(bed, scheme, clock, dt, dt * filling)
        left = force.until - clock[0]
        last = dt >= left * (1.0 - 1e-12)
        dt = left if last else dt
        levels[:] = force.levels - force.rise * (force.until - clock[0] - 0.5 * dt)
        open_edges(bed, water, levels, dt)
        deepest = sweep(bed, soil, water, scheme.theta, dt, force.rain, rows32, rows64)
        clock[0] = force.until if last else clock[0] + dt
        edge = cross_edges(bed, water, levels, dt)
        inflow = pour(h, bed.inflow_cells, bed.inflow_share, force.inflow * dt / area)
        r0, r1, c0, c1 = box(tally, h.shape)
        widen(h, tally, r0, r1, c0, c1)
        tally[0] += 1
        clock[2], clock[4] = max(deepest, edge, inflow), dt
        if tally[0] % scheme.every == 0:
            clock[3] = track(bed, water, peaks, scheme.threshold, rows32, rows64)
        if last:
            return True
    return False


@compiled()
def finish(bed: Bed, water: Water, peaks: Peaks, threshold: float) -> None:
    """Bring the peaks up to the end of the run."""
    width = water.h.shape[1]
    track(bed, water, peaks, threshold, np.zeros((12, width + 1), np.float32), np.zeros((4, width), np.float64))
