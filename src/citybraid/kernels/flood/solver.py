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
from citybraid.kernels.flood.edges import cross_edges, open_edges, pour
from citybraid.kernels.flood.rows import copy_row, most_of
from citybraid.kernels.flood.seams import divide
from citybraid.kernels.flood.spans import rained, rows_of, span, widen
from citybraid.kernels.flood.state import (
    BLOCK,
    DEEPEST,
    F32,
    F64,
    FASTEST,
    LAST,
    NORTH,
    NOW,
    STEPS,
    TRACKED,
    Bed,
    Force,
    Scheme,
    Seams,
    Soil,
    Water,
    Work,
)
from citybraid.kernels.flood.structures import Structures, cross_structures, filling_rate
from citybraid.kernels.flood.sweep import step_of, sweep
from citybraid.kernels.flood.track import (
    BELOW,
    DEPTH,
    FAST,
    VX,
    VY,
    Peaks,
    deep_row,
    peak_row,
    speed_east,
    speed_out,
    speed_south,
    speed_within,
    time_row,
)
from citybraid.kernels.numerics.gravity import GRAVITY

SAFE = 0.98
"""Share of the Courant number at which waves begin to grow that a step may have: the water may deepen in it."""


@compiled(inline=True)
def speeds(bed: Bed, water: Water, scratch: F32, j: int, a: int, b: int, c0: int, c1: int) -> None:
    """Depth and velocities of the cells a to b of row j, whose span is c0 to c1."""
    h, qx, qy, w, here = water.h, water.qx, water.qy, b - a, slice(a, b)
    rx, ry = np.float32(water.clock[LAST] / bed.size[0]), np.float32(water.clock[LAST] / bed.size[1])
    e = b - 1 if b == c1 else b
    deep_row(h[j, a : e + 1], scratch, DEPTH)
    scratch[VX + 1] = 0.0
    speed_east(bed.fall_x[j, a:e], qx[j, a + 1 : e + 1], scratch, rx)
    if a == c0:
        scratch[VX] = scratch[VX + 1] if qx[j, a] != 0.0 else 0.0
    if b == c1:
        scratch[VX + w] = scratch[VX + w - 1] if qx[j, b] != 0.0 else 0.0
    if j + 1 < h.shape[0]:
        deep_row(h[j + 1, here], scratch, BELOW)
        speed_south(bed.fall_y[j, here], qy[j + 1, here], scratch, ry)


@compiled(inner=True)
def track_rows(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work, r0: int, r1: int) -> float:
    """Bring the peaks of rows up to now; returns the fastest flow in them that matters to the time step [m s⁻¹]."""
    clock, scratch = water.clock, work.scratch
    rows, width = water.h.shape
    ticks = math.floor(clock[NOW] / peaks.unit[0])
    now, lasted = np.uint16(ticks), np.uint16(ticks - math.floor(clock[TRACKED] / peaks.unit[0]))
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    least = np.float32(threshold)
    scratch[FAST : FAST + BLOCK] = 0.0
    work.carry[NORTH, :] = 0.0
    before, after = 0, width
    for j in range(max(r0 - 1, 0), r1):
        c0, c1 = span(water.first, water.last, j, width)
        work.carry[NORTH, c0:before] = 0.0
        work.carry[NORTH, after:c1] = 0.0
        before, after = c0, c1
        for k in range(c0 // BLOCK, (c1 + BLOCK - 1) // BLOCK if c0 < c1 else 0):
            a, b = max(c0, k * BLOCK), min(c1, (k + 1) * BLOCK)
            here = slice(a, b)
            north, south = work.carry[NORTH, here], scratch[VY : VY + b - a]
            speeds(bed, water, scratch, j, a, b, c0, c1)
            if j < r0:
                copy_row(south, north)
                continue
            if j + 1 == rows:
                speed_out(water.qy[j + 1, here], north, south)
            if j == 0:
                speed_out(water.qy[0, here], south, north)
            speed_within(north, scratch)
            peak_row(
                scratch, peaks.depth[j, here], peaks.speed[j, here], peaks.hazard[j, here], least, step, shallow, deep
            )
            time_row(scratch, peaks.arrival[j, here], peaks.duration[j, here], least, now, lasted)
            scratch[VX] = scratch[VX + b - a]
    return most_of(scratch[FAST : FAST + BLOCK])


@compiled(inline=True)
def track(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work) -> float:
    """Bring the peaks up to now; returns the fastest flow that matters to the time step [m s⁻¹]."""
    r0, r1 = rows_of(water.first, water.last)
    fastest = track_rows(bed, water, peaks, threshold, work, r0, r1)
    water.clock[TRACKED] = water.clock[NOW]
    return fastest


@compiled(inline=True)
def stable_step(bed: Bed, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Longest stable step [s] by the deepest water, `filled` more of it [m], and the fastest flow.

    Beyond a Courant number of √(θ / 2) the shortest waves of a plane grow: those that alternate from cell to cell both
    ways keep 2 θ - 1 of their discharge in a step, and are stable while 8 α² ≤ 4 θ.
    """
    pace = max(math.sqrt(GRAVITY * (clock[DEEPEST] + filled)), 5.0 / 3.0 * clock[FASTEST])
    courant = min(scheme.alpha, SAFE * math.sqrt(0.5 * scheme.theta))
    stable: float = courant * min(bed.size[0], bed.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled(inline=True)
def enter(bed: Bed, water: Water, force: Force, field: F32 | None) -> float:
    """Take what a stretch rains on into the rows' spans; returns how fast it may fill a cell [m s⁻¹]."""
    filling = force.rain
    for k in range(bed.inflow_share.size):
        filling = max(filling, bed.inflow_share[k] * force.inflow / (bed.size[0] * bed.size[1]))
    if field is not None:
        rained(field, bed, water.first, water.last)
    elif force.rain > 0.0:
        water.first[:], water.last[:] = 0, water.h.shape[1]
    return filling


@compiled(inline=True)
def begin(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: Force, filling: float, levels: F64
) -> tuple[float, float]:
    """Choose a step [s] and open the edges for it; returns the step and the time at which it ends [s].

    The step follows the deepest water (Bates et al. 2010, eq. 14) and the fastest
    flow, whose kinematic wave travels at 5/3 of it. What is left of a stretch is cut into even steps: a short last one
    would let waves grow that even ones damp.
    """
    clock = water.clock
    longest = stable_step(bed, scheme, clock, scheme.longest, 0.0)
    if structures is not None:
        filling = max(filling, filling_rate(structures, water, bed.size))
    left = force.until - clock[NOW]
    stable = stable_step(bed, scheme, clock, longest, longest * filling)
    parts = max(math.ceil(left / stable * (1.0 - 1e-12)), 1)
    dt = left / parts
    for k in range(levels.size):
        levels[k] = force.levels[k] - force.rise[k] * (left - 0.5 * dt)
    open_edges(bed, water, levels, dt)
    return dt, force.until if parts == 1 else clock[NOW] + dt


@compiled(inline=True)
def conclude(
    bed: Bed, structures: Structures | None, water: Water, force: Force, field: F32 | None, work: Work, dt: float,
    now: float, deepest: float, r0: int, r1: int,
) -> None:  # fmt: skip
    """Set the clock on after the rows r0 to r1 are swept, and let water over edges, in, and through structures."""
    clock, area = water.clock, bed.size[0] * bed.size[1]
    clock[NOW] = now
    if field is not None or force.rain <= 0.0:
        widen(water.h, water.first, water.last, work.spans[0], work.spans[1], r0, r1)
    edge = cross_edges(bed, water, work.levels, dt)
    inflow = pour(bed, water, force.inflow * dt / area)
    if structures is not None:
        inflow = max(inflow, cross_structures(structures, water, bed.size, dt))
    water.tally[STEPS] += 1
    clock[DEEPEST], clock[LAST] = max(deepest, edge, inflow), dt


@compiled(inline=True)
def due(water: Water, scheme: Scheme) -> bool:
    """Tell whether the peaks must be brought up to date."""
    late: bool = water.clock[NOW] - water.clock[TRACKED] >= scheme.latest
    return water.tally[STEPS] % scheme.every == 0 or late


@compiled()
def advance(
    bed: Bed,
    soil: Soil | None,
    structures: Structures | None,
    water: Water,
    peaks: Peaks,
    scheme: Scheme,
    force: Force,
    field: F32 | None,
    work: Work,
    seams: Seams,
    steps: int,
) -> bool:
    """Step until the stretch of forcing ends or `steps` are done, in one band; tell whether it ended.

    Where none are to be done, the peaks are brought up to now. Steps never depend on how a run is sliced, so a
    resumed run gives the same bits. `field` is that of the forcing, or None where rain is the same on all cells; what
    is None is left out.
    """
    filling = enter(bed, water, force, field) if steps > 0 else 0.0
    for _ in range(max(steps, 1)):
        now = water.clock[NOW]
        if steps > 0:
            dt, now = begin(bed, structures, water, scheme, force, filling, work.levels)
            divide(water, seams)
            deepest = sweep(bed, soil, water, step_of(bed, scheme.theta, dt), force.rain, field, work, seams, 0)
            conclude(bed, structures, water, force, field, work, dt, now, deepest, seams.bounds[0], seams.bounds[-1])
        if steps == 0 or due(water, scheme):
            water.clock[FASTEST] = track(bed, water, peaks, scheme.threshold, work)
        if now >= force.until:
            return True
    return False
