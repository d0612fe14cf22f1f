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
from citybraid.kernels.flood.edges import apply_edge_flux, apply_inflow, compute_edge_flux, count_edge_flux
from citybraid.kernels.flood.rows import copy_row, max_of
from citybraid.kernels.flood.seams import band_of, divide_into_bands
from citybraid.kernels.flood.spans import all_wet, mark_rained, span, wet_rows, widen_spans
from citybraid.kernels.flood.state import (
    BLOCK,
    DEEPEST,
    F32,
    F64,
    FASTEST,
    HELD,
    LAST,
    NORTH,
    NOW,
    PARTS,
    PASS,
    STEPS,
    SUNK,
    TAKEN,
    TOGETHER,
    TRACKED,
    Bed,
    ForcingInterval,
    Pass,
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
def steps_to_tracking(water: Water, scheme: Scheme, dt: float) -> int:
    """Return after how many steps of a length the peaks are due for an update."""
    late = math.ceil((scheme.latest - (water.clock[NOW] - water.clock[TRACKED])) / dt)
    due: int = min(scheme.every - water.tally[STEPS] % scheme.every, max(late, 1))
    return due


@compiled(inline=True)
def choose_steps(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval, fill_rate: float,
    steps: Pass,
) -> float:  # fmt: skip
    """Choose a step and how many have its length, at most PASS; return it [s].

    The step follows from the greatest depth (Bates et al. 2010, eq. 14) and the fastest flow, whose kinematic wave
    celerity is 5/3 of it, both as they are now, with the rain that falls meanwhile. The rest of the interval is
    divided into equal steps: a short last step would let waves grow that equal ones damp. One step alone
    is chosen where water enters or passes through structures, which act between steps.
    """
    clock, most = water.clock, PASS
    if structures is not None:
        fill_rate = max(fill_rate, filling_rate(structures, water, bed.size))
    if structures is not None or (force.inflow > 0.0 and bed.inflow_cells.shape[0] > 0):
        most = 1
    longest = stable_step(bed, scheme, clock, scheme.longest, 0.0)
    left = force.until - clock[NOW]
    stable = stable_step(bed, scheme, clock, longest, most * longest * fill_rate)
    steps.steps[PARTS] = max(math.ceil(left / stable * (1.0 - 1e-12)), 1)
    dt: float = left / steps.steps[PARTS]
    steps.steps[HELD] = min(most, steps.steps[PARTS], steps_to_tracking(water, scheme, dt))
    return dt


@compiled(inline=True)
def start_pass(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval, fill_rate: float,
    steps: Pass,
) -> tuple[float, float]:  # fmt: skip
    """Set out the next pass: its steps, when sinks act in them, boundary levels; return step and end of the pass [s].

    Steps of one length are taken in one pass where no span can widen, else one by one.
    """
    clock, dt = water.clock, water.clock[LAST]
    if steps.steps[HELD] == 0:
        dt = choose_steps(bed, structures, water, scheme, force, fill_rate, steps)
    whole = all_wet(water.first, water.last, water.h.shape[1])
    steps.steps[TAKEN] = min(steps.steps[HELD], steps.steps[TOGETHER]) if whole else 1
    end = clock[NOW]
    for s in range(steps.steps[TAKEN]):
        for k in range(steps.levels.shape[1]):
            steps.levels[s, k] = force.levels[k] - force.rise[k] * (force.until - end - 0.5 * dt)
        steps.steps[PARTS] -= 1
        end = force.until if steps.steps[PARTS] == 0 else end + dt
        since = end - clock[SUNK]
        due = steps.steps[PARTS] == 0 or since + dt > SINK_INTERVAL
        steps.sinking[s] = since if due else 0.0
        clock[SUNK] = end if due else clock[SUNK]
    steps.steps[HELD] -= steps.steps[TAKEN]
    if steps.steps[TAKEN] == 1:
        compute_edge_flux(bed, water, steps.levels[0], dt, 0, bed.edges.shape[0])
    return dt, end


@compiled(inline=True)
def end_pass(
    bed: Bed, structures: Structures | None, water: Water, force: ForcingInterval, field: F32 | None, work: Work,
    steps: Pass, dt: float, now: float, deepest: float, r0: int, r1: int,
) -> None:  # fmt: skip
    """Advance the clock after the rows r0 to r1 are swept, and apply boundary fluxes, inflow and structures."""
    clock, area = water.clock, bed.size[0] * bed.size[1]
    clock[NOW] = now
    if field is not None or force.rain <= 0.0:
        widen_spans(water.h, water.first, water.last, work.spans[0], work.spans[1], r0, r1)
    if steps.steps[TAKEN] == 1:
        apply_edge_flux(bed, water, steps.edge_q[0], dt, 0, bed.edges.shape[0])
    edge = count_edge_flux(bed, water, steps, dt)
    inflow = apply_inflow(bed, water, force.inflow * dt / area)
    if structures is not None:
        inflow = max(inflow, run_structures(structures, water, bed.size, dt))
    water.tally[STEPS] += steps.steps[TAKEN]
    clock[DEEPEST], clock[LAST] = max(deepest, edge, inflow), dt


@compiled(inline=True)
def tracking_due(water: Water, scheme: Scheme, steps: Pass) -> bool:
    """Return whether the peaks are due for an update: never between steps of one length, however they are taken."""
    late: bool = water.clock[NOW] - water.clock[TRACKED] >= scheme.latest
    return steps.steps[HELD] == 0 and (water.tally[STEPS] % scheme.every == 0 or late)


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
    steps: Pass,
    count: int,
) -> bool:
    """Step until the interval of forcing ends or `count` steps are done, in one band; return whether it ended.

    Steps of one length are never parted, so that a few more may be done: steps never depend on how a run is sliced,
    and a resumed run gives the same bits. With `count` 0 only the peaks are updated. `field` is that of the forcing,
    or None where rain is uniform; parts that are None are left out of the compiled code.
    """
    fill_rate = start_forcing(bed, water, force, field) if count > 0 else 0.0
    until = water.tally[STEPS] + count
    while True:
        now = water.clock[NOW]
        if count > 0:
            dt, now = start_pass(bed, structures, water, scheme, force, fill_rate, steps)
            divide_into_bands(water, seams, steps)
            factors = step_factors(bed, scheme.theta, dt)
            deepest = sweep(bed, soil, water, factors, force.rain, field, work, seams, steps, band_of(seams, 0))
            r0, r1 = seams.bounds[0], seams.bounds[-1]
            end_pass(bed, structures, water, force, field, work, steps, dt, now, deepest, r0, r1)
        if count == 0 or tracking_due(water, scheme, steps):
            water.clock[FASTEST] = track(bed, water, peaks, scheme.threshold, work)
        if now >= force.until:
            return True
        if water.tally[STEPS] >= until and steps.steps[HELD] == 0:
            return False
