"""The local inertial flood solver: steps of the shallow water equations without advection, on a grid.

Bates, Horritt & Fewtrell (2010, J. Hydrol. 387) with the q-centred weighting of de Almeida,
Bates, Freer & Souvignet (2012, Water Resour. Res. 48, W05528). Depth is float64, fluxes
float32; the same rounded flux leaves one cell and enters the next, so volume closes
to float64. Depth stays non-negative because a cell's outflow is limited to the water it
holds; negative depths are never clipped.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import apply_edge_flux, apply_inflow, compute_edge_flux
from citybraid.kernels.flood.rows import copy_row, max_of
from citybraid.kernels.flood.seams import divide_into_bands
from citybraid.kernels.flood.spans import mark_rained, span, wet_rows, widen_spans
from citybraid.kernels.flood.state import (
    BLOCK,
    DEEPEST,
    F32,
    F64,
    FASTEST,
    LAST,
    NORTH,
    NOW,
    SINKING,
    STEPS,
    SUNK,
    TRACKED,
    Bed,
    ForcingInterval,
    Scheme,
    Seams,
    Soil,
    Water,
    Work,
)
from citybraid.kernels.flood.structures import Structures, filling_rate, run_structures
from citybraid.kernels.flood.sweep import step_factors, sweep
from citybraid.kernels.flood.track import (
    BELOW,
    DEPTH,
    FAST,
    VX,
    VY,
    Peaks,
    cell_speed,
    edge_speed_row,
    peak_row,
    round_row,
    speed_east,
    speed_south,
    time_row,
)
from citybraid.kernels.numerics.gravity import GRAVITY

COURANT_SAFETY = 0.98
"""Safety factor on the Courant number of linear stability: depth may increase within a step."""
SINK_INTERVAL = 5.0
"""Longest time between two updates of storage, infiltration and drains where steps are shorter [s]: rain of 100 mm/h
leaves a film of 0.14 mm meanwhile."""


@compiled(inline=True)
def speeds(bed: Bed, water: Water, scratch: F32, j: int, a: int, b: int, c0: int, c1: int) -> None:
    """Load depths and compute face velocities of the cells a to b of row j, whose span is c0 to c1."""
    h, qx, qy, w, cells = water.h, water.qx, water.qy, b - a, slice(a, b)
    rx, ry = np.float32(water.clock[LAST] / bed.size[0]), np.float32(water.clock[LAST] / bed.size[1])
    e = b - 1 if b == c1 else b
    round_row(h[j, a : e + 1], scratch[DEPTH : DEPTH + e + 1 - a])
    scratch[VX + 1] = 0.0
    speed_east(bed.fall_x[j, a:e], qx[j, a + 1 : e + 1], scratch, rx)
    if a == c0:
        scratch[VX] = scratch[VX + 1] if qx[j, a] != 0.0 else 0.0
    if b == c1:
        scratch[VX + w] = scratch[VX + w - 1] if qx[j, b] != 0.0 else 0.0
    if j + 1 < h.shape[0]:
        round_row(h[j + 1, cells], scratch[BELOW : BELOW + w])
        speed_south(bed.fall_y[j, cells], qy[j + 1, cells], scratch, ry)


@compiled(inner=True)
def track_rows(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work, r0: int, r1: int) -> float:
    """Update the peaks of rows; return the fastest flow in them that controls the time step [m s⁻¹]."""
    clock, scratch = water.clock, work.scratch
    rows, width = water.h.shape
    ticks = math.floor(clock[NOW] / peaks.unit[0])
    now, elapsed = np.uint16(ticks), np.uint16(ticks - math.floor(clock[TRACKED] / peaks.unit[0]))
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
            cells = slice(a, b)
            north, south = work.carry[NORTH, cells], scratch[VY : VY + b - a]
            speeds(bed, water, scratch, j, a, b, c0, c1)
            if j < r0:
                copy_row(south, north)
                continue
            if j + 1 == rows:
                edge_speed_row(water.qy[j + 1, cells], north, south)
            if j == 0:
                edge_speed_row(water.qy[0, cells], south, north)
            cell_speed(north, scratch)
            peak_row(
                scratch,
                peaks.depth[j, cells],
                peaks.speed[j, cells],
                peaks.hazard[j, cells],
                least,
                step,
                shallow,
                deep,
            )
            time_row(scratch, peaks.arrival[j, cells], peaks.duration[j, cells], least, now, elapsed)
            scratch[VX] = scratch[VX + b - a]
    return math.sqrt(max_of(scratch[FAST : FAST + BLOCK]))


@compiled(inline=True)
def track(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work) -> float:
    """Update the peaks; return the fastest flow that controls the time step [m s⁻¹]."""
    r0, r1 = wet_rows(water.first, water.last)
    fastest = track_rows(bed, water, peaks, threshold, work, r0, r1)
    water.clock[TRACKED] = water.clock[NOW]
    return fastest


@compiled(inline=True)
def stable_step(bed: Bed, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Return the longest stable step [s] from the greatest depth, plus `filled` [m], and the fastest flow.

    Beyond a Courant number of √(θ / 2) the shortest waves in two dimensions grow: the checkerboard mode keeps
    2 θ - 1 of its discharge in a step and is stable while 8 α² ≤ 4 θ.
    """
    pace = max(math.sqrt(GRAVITY * (clock[DEEPEST] + filled)), 5.0 / 3.0 * clock[FASTEST])
    courant = min(scheme.alpha, COURANT_SAFETY * math.sqrt(0.5 * scheme.theta))
    stable: float = courant * min(bed.size[0], bed.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled(inline=True)
def start_forcing(bed: Bed, water: Water, force: ForcingInterval, field: F32 | None) -> float:
    """Include cells that rain falls on in the spans; return the fastest rise of depth by rain and inflow [m s⁻¹]."""
    fill_rate = force.rain
    for k in range(bed.inflow_share.size):
        fill_rate = max(fill_rate, bed.inflow_share[k] * force.inflow / (bed.size[0] * bed.size[1]))
    if field is not None:
        mark_rained(field, bed, water.first, water.last)
    elif force.rain > 0.0:
        water.first[:], water.last[:] = 0, water.h.shape[1]
    return fill_rate


@compiled(inline=True)
def start_step(
    bed: Bed,
    structures: Structures | None,
    water: Water,
    scheme: Scheme,
    force: ForcingInterval,
    fill_rate: float,
    levels: F64,
) -> tuple[float, float]:
    """Choose a step, whether sinks act at its end, and its boundary fluxes; return the step and its end [s].

    The step follows from the greatest depth (Bates et al. 2010, eq. 14) and the fastest flow, whose kinematic wave
    celerity is 5/3 of it. The rest of the interval is divided into equal steps: a short last step would let waves
    grow that equal ones damp.
    """
    clock = water.clock
    longest = stable_step(bed, scheme, clock, scheme.longest, 0.0)
    if structures is not None:
        fill_rate = max(fill_rate, filling_rate(structures, water, bed.size))
    left = force.until - clock[NOW]
    stable = stable_step(bed, scheme, clock, longest, longest * fill_rate)
    parts = max(math.ceil(left / stable * (1.0 - 1e-12)), 1)
    dt = left / parts
    for k in range(levels.size):
        levels[k] = force.levels[k] - force.rise[k] * (left - 0.5 * dt)
    compute_edge_flux(bed, water, levels, dt)
    end = force.until if parts == 1 else clock[NOW] + dt
    since = end - clock[SUNK]
    clock[SINKING] = since if parts == 1 or since + dt > SINK_INTERVAL else 0.0
    return dt, end


@compiled(inline=True)
def end_step(
    bed: Bed, structures: Structures | None, water: Water, force: ForcingInterval, field: F32 | None, work: Work,
    dt: float,
    now: float, deepest: float, r0: int, r1: int,
) -> None:  # fmt: skip
    """Advance the clock after the rows r0 to r1 are swept, and apply boundary fluxes, inflow and structures."""
    clock, area = water.clock, bed.size[0] * bed.size[1]
    clock[NOW] = now
    if clock[SINKING] > 0.0:
        clock[SUNK] = now
    if field is not None or force.rain <= 0.0:
        widen_spans(water.h, water.first, water.last, work.spans[0], work.spans[1], r0, r1)
    edge = apply_edge_flux(bed, water, work.levels, dt)
    inflow = apply_inflow(bed, water, force.inflow * dt / area)
    if structures is not None:
        inflow = max(inflow, run_structures(structures, water, bed.size, dt))
    water.tally[STEPS] += 1
    clock[DEEPEST], clock[LAST] = max(deepest, edge, inflow), dt


@compiled(inline=True)
def tracking_due(water: Water, scheme: Scheme) -> bool:
    """Return whether the peaks are due for an update."""
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
    force: ForcingInterval,
    field: F32 | None,
    work: Work,
    seams: Seams,
    steps: int,
) -> bool:
    """Step until the interval of forcing ends or `steps` are done, in one band; return whether it ended.

    With `steps` 0 only the peaks are updated. Steps never depend on how a run is sliced, so a resumed run
    gives the same bits. `field` is that of the forcing, or None where rain is uniform; parts that are None are
    left out of the compiled code.
    """
    fill_rate = start_forcing(bed, water, force, field) if steps > 0 else 0.0
    for _ in range(max(steps, 1)):
        now = water.clock[NOW]
        if steps > 0:
            dt, now = start_step(bed, structures, water, scheme, force, fill_rate, work.levels)
            divide_into_bands(water, seams)
            deepest = sweep(
                bed, soil, water, step_factors(bed, water.clock, scheme.theta, dt), force.rain, field, work, seams, 0
            )
            end_step(bed, structures, water, force, field, work, dt, now, deepest, seams.bounds[0], seams.bounds[-1])
        if steps == 0 or tracking_due(water, scheme):
            water.clock[FASTEST] = track(bed, water, peaks, scheme.threshold, work)
        if now >= force.until:
            return True
    return False
