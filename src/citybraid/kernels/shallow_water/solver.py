"""Steps of the full shallow water equations on a grid: two stages, friction, sources, and peaks.

Heun's method of two stages (Shu & Osher 1988, J. Comput. Phys. 77, eq. 2.16) over the fluxes of `fluxes`; friction is
implicit in each stage, so that thin films on slopes run at their uniform velocity whatever the step. Rain, inflow,
sinks and structures act after the stages (operator splitting): what falls has no momentum, what sinks takes its own
with it. An inflow along a closed rim enters over its faces, with momentum. Depth is never clipped: outflow is limited
to a cell's water.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import FREE, add_compensated, apply_inflow
from citybraid.kernels.flood.root import inverse_cube_root, order, ordered
from citybraid.kernels.flood.rows import rain_row, roof_row
from citybraid.kernels.flood.state import (
    BLOCK,
    F32,
    F64,
    LAST,
    NOW,
    STEPS,
    SUNK,
    SWEPT,
    TRACKED,
    Bed,
    ForcingInterval,
    Scheme,
    Soil,
    Water,
)
from citybraid.kernels.flood.structures import Structures, filling_rate, run_structures
from citybraid.kernels.flood.sweep import apply_sinks_row
from citybraid.kernels.flood.track import DEPTH, VX, Peaks, peak_row, time_row
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.kernels.shallow_water.edges import edge_pace, mouth_pace, note_edges, set_edges, set_mouths
from citybraid.kernels.shallow_water.fluxes import limit_tile, tile_fluxes
from citybraid.kernels.shallow_water.tile import (
    CELLS,
    COLUMNS,
    DRY,
    FAR_X,
    FAR_Y,
    HALO,
    HEAD,
    MASS_X,
    MASS_Y,
    NEAR_X,
    NEAR_Y,
    QX,
    QY,
    ROUGH,
    ROWS,
    SHARE,
    SIDE_X,
    SIDE_Y,
    THIN,
    WIDTH,
    Flow,
    Ground,
    H,
    Stage,
    U,
    V,
    Work,
    load_tile,
    mark_busy,
)

COURANT = 0.45
"""Largest Courant number: waves of both axes together cross at most nine tenths of a cell in a step."""
SINK_INTERVAL = 5.0
"""Longest time between two updates of storage, infiltration and drains where steps are shorter [s]."""


@compiled(fast=frozenset(), inner=True)
def change_tile(s: F64, cx: float, cy: float) -> None:
    """Set depth and discharges of a tile's open cells after a stage in place of the old ones."""
    for i in range(HALO * WIDTH, CELLS - HALO * WIDTH):
        deep = s[H + i] - cx * (s[MASS_X + i + 1] - s[MASS_X + i]) - cy * (s[MASS_Y + i + WIDTH] - s[MASS_Y + i])
        x = s[QX + i] - cx * (s[NEAR_X + i + 1] - s[FAR_X + i]) - cy * (s[SIDE_Y + i + WIDTH] - s[SIDE_Y + i])
        y = s[QY + i] - cy * (s[NEAR_Y + i + WIDTH] - s[FAR_Y + i]) - cx * (s[SIDE_X + i + 1] - s[SIDE_X + i])
        is_open = s[ROUGH + i] >= 0.0
        s[H + i] = deep if is_open else s[H + i]
        s[QX + i] = x if is_open else 0.0
        s[QY + i] = y if is_open else 0.0


@compiled(fast=frozenset(), inner=True)
def note_heads(s: F64) -> None:
    """Note the speed that the head of each cell of a tile can give."""
    for i in range(HALO * WIDTH, CELLS - HALO * WIDTH):
        s[HEAD + i] = abs(s[U + i]) + abs(s[V + i]) + 2.0 * math.sqrt(GRAVITY * s[H + i])


@compiled(fast=frozenset(), inner=True)
def hold_tile(s: F64) -> None:
    """Hold cells that all but empty to at most the speed that their head could give."""
    for i in range(HALO * WIDTH, CELLS - HALO * WIDTH):
        speed = math.sqrt(s[QX + i] * s[QX + i] + s[QY + i] * s[QY + i])
        held = min(1.0, s[HEAD + i] * s[H + i] / max(speed, 1e-300)) if s[SHARE + i] < 1.0 else 1.0
        s[QX + i] *= held
        s[QY + i] *= held


@compiled(fast=frozenset(), inner=True)
def rub_tile(s: F64, dt: float) -> None:
    """Friction over a stage, implicit: |q| is the root of q + b q |q| = s, b = g dt n² / h^(7/3)."""
    drag = 4.0 * GRAVITY * dt
    for i in range(HALO * WIDTH, CELLS - HALO * WIDTH):
        deep = s[H + i]
        r = np.float64(inverse_cube_root(np.float32(max(deep, DRY))))
        r2 = r * r
        speed = math.sqrt(s[QX + i] * s[QX + i] + s[QY + i] * s[QY + i])
        rough = max(s[ROUGH + i], 0.0)
        part = 2.0 / (1.0 + math.sqrt(1.0 + drag * rough * (r2 * r2 * (r2 * r)) * speed))
        part = part if deep > DRY else 0.0
        s[QX + i] *= part
        s[QY + i] *= part


@compiled(fast=frozenset(), inner=True)
def keep_row(s: F64, at: int, h: F64, qx: F64, qy: F64) -> None:
    """Keep a row's state after the first stage."""
    for k in range(h.size):
        h[k], qx[k], qy[k] = s[H + at + k], s[QX + at + k], s[QY + at + k]


@compiled(fast=frozenset(), inner=True)
def mean_row(s: F64, at: int, h: F64, qx: F64, qy: F64) -> None:
    """Set a row's state to the mean of that before the step and that after two stages."""
    for k in range(h.size):
        h[k] = 0.5 * (h[k] + s[H + at + k])
        qx[k] = 0.5 * (qx[k] + s[QX + at + k])
        qy[k] = 0.5 * (qy[k] + s[QY + at + k])


@compiled(fast=frozenset())
def stage(
    bed: Bed, ground: Ground, water: Water, flow: Flow, work: Work, number: int, dt: float, start: int, stop: int
) -> None:
    """Take stage 0 or 1 of a step in the tiles numbered `start` to `stop`: others may run beside them."""
    rows, columns = water.h.shape
    across, s = work.busy.shape[1], work.scratch
    now = Stage(water.h, flow.qx, flow.qy)
    state = now if number == 0 else Stage(flow.mid_h, flow.mid_qx, flow.mid_qy)
    cx, cy = dt / bed.size[0], dt / bed.size[1]
    for place in range(start, stop):
        p, q = place // across, place % across
        if work.busy[p, q] == 0:
            continue
        top, left = p * ROWS, q * COLUMNS
        bottom, right = min(top + ROWS, rows), min(left + COLUMNS, columns)
        load_tile(ground, state, s, top, left)
        tile_fluxes(s)
        set_edges(bed, state.h, work.levels, s, top, left)
        set_mouths(ground, work.inflow[0], s, top, left)
        limited = limit_tile(s, cx, cy)
        note_edges(bed, s, work.passed[number], top, left, bottom)
        if limited > 0:
            note_heads(s)
        change_tile(s, cx, cy)
        if limited > 0:
            hold_tile(s)
        rub_tile(s, dt)
        for j in range(top, bottom):
            at = (j - top + HALO) * WIDTH + HALO
            own = slice(left, right)
            if number == 0:
                keep_row(s, at, flow.mid_h[j, own], flow.mid_qx[j, own], flow.mid_qy[j, own])
            else:
                mean_row(s, at, water.h[j, own], flow.qx[j, own], flow.qy[j, own])


@compiled(fast=frozenset(), inner=True)
def settle_row(h: F64, before: F64, qx: F64, qy: F64) -> float:
    """Give water that sinks took its momentum along, still the thinnest films; return the fastest wave [m s⁻¹]."""
    most = np.int64(0)
    for i in range(h.size):
        deep = h[i]
        left = deep / before[i] if deep < before[i] else 1.0
        left = left if deep > DRY else 0.0
        x, y = qx[i] * left, qy[i] * left
        qx[i], qy[i] = x, y
        pace = math.sqrt(x * x + y * y) / max(deep, THIN) + math.sqrt(GRAVITY * deep)
        most = max(most, order(pace))
    return ordered(most)


@compiled(fast=frozenset(), inner=True)
def settle(water: Water, flow: Flow, work: Work) -> float:
    """Settle the water between two steps and find the wet tiles; return the fastest wave [m s⁻¹]."""
    rows, columns = water.h.shape
    down, across = work.wet.shape
    fastest = 0.0
    for p in range(down):
        for q in range(across):
            pace = 0.0
            cells = slice(q * COLUMNS, min((q + 1) * COLUMNS, columns))
            for j in range(p * ROWS, min((p + 1) * ROWS, rows)):
                pace = max(
                    pace, settle_row(water.h[j, cells], flow.mid_h[j, cells], flow.qx[j, cells], flow.qy[j, cells])
                )
            if work.wet[p, q] == 1 and pace == 0.0:
                for j in range(p * ROWS, min((p + 1) * ROWS, rows)):
                    flow.mid_h[j, cells] = 0.0
                    flow.mid_qx[j, cells] = 0.0
                    flow.mid_qy[j, cells] = 0.0
            work.wet[p, q] = int(pace > 0.0)
            fastest = max(fastest, pace)
    return fastest


@compiled(fast=frozenset(), inner=True)
def mark_level_edges(bed: Bed, work: Work) -> None:
    """Count the tiles at edges with a level above their bed as wet."""
    for k in range(bed.edges.shape[0]):
        kind = bed.edges[k, 6]
        if kind > FREE and work.levels[(kind - 1) % work.levels.size] > bed.edge_bed[k, 0]:
            work.wet[bed.edges[k, 0] // ROWS, bed.edges[k, 1] // COLUMNS] = 1


@compiled(fast=frozenset(), inner=True)
def mark_mouths(ground: Ground, work: Work) -> None:
    """Count the tiles where an inflow enters over the rim as wet."""
    for k in range(ground.mouth_unit.size):
        if work.inflow[0] * ground.mouth_unit[k] > 0.0:
            work.wet[ground.mouths[k, 0] // ROWS, ground.mouths[k, 1] // COLUMNS] = 1


@compiled(fast=frozenset(), inner=True)
def choose_step(bed: Bed, scheme: Scheme, water: Water, force: ForcingInterval, pace: float, filling: float) -> float:
    """Return the length of the next step [s]: an equal part of what is left of the interval of forcing.

    `pace` is the fastest wave [m s⁻¹], `filling` the fastest rise by rain and inflow [m s⁻¹]: what falls on dry ground
    in a step may not stand so high that its wave crosses a cell in it.
    """
    reach = min(scheme.alpha, COURANT) * min(bed.size[0], bed.size[1])
    stable = min(scheme.longest, reach / max(pace, 1e-9))
    if filling > 0.0:
        stable = min(stable, (reach * reach / (GRAVITY * filling)) ** (1.0 / 3.0))
    left = force.until - water.clock[NOW]
    return left / max(math.ceil(left / stable * (1.0 - 1e-12)), 1)  # type: ignore[no-any-return]


@compiled(fast=frozenset(), inner=True)
def set_levels(work: Work, force: ForcingInterval, at: float) -> None:
    """Set the levels at edges at a time [s]."""
    for k in range(work.levels.size):
        work.levels[k] = force.levels[k] - force.rise[k] * (force.until - at)


@compiled(fast=frozenset(), inner=True)
def count_edges(bed: Bed, water: Water, work: Work, dt: float) -> None:
    """Add what passed over boundary faces to the sums, in one order."""
    area = bed.size[0] * bed.size[1]
    for k in range(bed.edges.shape[0]):
        for one in range(2):
            q = 0.5 * work.passed[one, k]
            add_compensated(water.sums, 0 if q > 0.0 else 2, abs(q) * (dt / bed.size[bed.edges[k, 4]]) * area)
            work.passed[one, k] = 0.0


@compiled(fast=frozenset(), inner=True)
def rain_on_row(h: F64, n: F32, depth: float) -> None:
    """Add rain to a row's open cells."""
    for i in range(h.size):
        h[i] += depth if n[i] >= np.float32(0.0) else 0.0


@compiled(fast=frozenset(), inner=True)
def note_row(h: F64, before: F64) -> None:
    """Note the depths that a row's discharge belongs to."""
    for i in range(h.size):
        before[i] = h[i]


@compiled(fast=frozenset(), inner=True)
def add_sources(
    bed: Bed, soil: Soil | None, structures: Structures | None, water: Water, flow: Flow, force: ForcingInterval,
    field: F32 | None, dt: float, sinking: float,
) -> None:  # fmt: skip
    """Add a step's rain and inflow, let sinks act over `sinking` [s], and run structures."""
    rows, columns = water.h.shape
    for j in range(rows):
        h = water.h[j]
        note_row(h, flow.mid_h[j])
        if field is not None:
            rain_row(h, field[j], dt)
        elif force.rain > 0.0:
            rain_on_row(h, bed.n[j], force.rain * dt)
        if force.rain > 0.0 and bed.roof_start[j] < bed.roof_start[j + 1]:
            targets = slice(bed.roof_start[j], bed.roof_start[j + 1])
            roof_row(h, bed.roof_column[targets], bed.roof_share[targets], force.rain * dt)
        if soil is not None and sinking > 0.0:
            apply_sinks_row(soil, h, j, 0, columns, sinking)
    apply_inflow(bed, water, force.inflow * dt / (bed.size[0] * bed.size[1]))
    if structures is not None:
        run_structures(structures, water, bed.size, dt)


@compiled(fast=frozenset(), inner=True)
def speed_row(h: F64, before: F64, qx: F64, qy: F64, strip: F32) -> None:
    """Set depth and speed of a block of cells for their peaks."""
    for i in range(h.size):
        strip[DEPTH + i] = np.float32(h[i])
        strip[VX + i] = np.float32(math.sqrt(qx[i] * qx[i] + qy[i] * qy[i]) / max(h[i], before[i], THIN))


@compiled(fast=frozenset())
def track(water: Water, flow: Flow, peaks: Peaks, threshold: float, work: Work) -> None:
    """Update the peaks."""
    clock, strip = water.clock, work.strip
    ticks = math.floor(clock[NOW] / peaks.unit[0])
    now, elapsed = np.uint16(ticks), np.uint16(ticks - math.floor(clock[TRACKED] / peaks.unit[0]))
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    least = np.float32(threshold)
    rows, columns = water.h.shape
    for j in range(rows):
        for a in range(0, columns, BLOCK):
            cells = slice(a, min(a + BLOCK, columns))
            speed_row(water.h[j, cells], flow.mid_h[j, cells], flow.qx[j, cells], flow.qy[j, cells], strip)
            peak_row(
                strip, peaks.depth[j, cells], peaks.speed[j, cells], peaks.hazard[j, cells], least, step, shallow, deep
            )
            time_row(strip, peaks.arrival[j, cells], peaks.duration[j, cells], least, now, elapsed)
    clock[TRACKED] = clock[NOW]


@compiled(fast=frozenset(), inner=True)
def filling_by_inflow(bed: Bed, force: ForcingInterval) -> float:
    """Return the fastest rise of a cell by rain and inflow [m s⁻¹]."""
    fastest = force.rain
    for k in range(bed.inflow_share.size):
        fastest = max(fastest, bed.inflow_share[k] * force.inflow / (bed.size[0] * bed.size[1]))
    return fastest


@compiled(fast=frozenset())
def begin(
    bed: Bed, ground: Ground, structures: Structures | None, water: Water, flow: Flow, work: Work, scheme: Scheme,
    force: ForcingInterval,
) -> float:  # fmt: skip
    """Prepare the next step: settle the water, choose its length, set levels, find tiles; return it [s]."""
    now = water.clock[NOW]
    set_levels(work, force, now)
    pace = settle(water, flow, work)
    pace = max(pace, edge_pace(bed, water.h, flow.qx, flow.qy, work.levels, THIN))
    pace = max(pace, mouth_pace(ground, water.h, flow, force.inflow, THIN))
    filling = filling_by_inflow(bed, force)
    if structures is not None:
        filling = max(filling, filling_rate(structures, water, bed.size))
    dt = choose_step(bed, scheme, water, force, pace, filling)
    set_levels(work, force, now + 0.5 * dt)
    work.inflow[0] = force.inflow
    mark_level_edges(bed, work)
    mark_mouths(ground, work)
    mark_busy(work.wet, work.busy)
    return dt


@compiled(fast=frozenset())
def end(
    bed: Bed, soil: Soil | None, structures: Structures | None, water: Water, flow: Flow, peaks: Peaks, work: Work,
    scheme: Scheme, force: ForcingInterval, field: F32 | None, dt: float,
) -> bool:  # fmt: skip
    """End a step after its stages: sums, sources, clock, peaks; return whether the interval of forcing has ended."""
    clock = water.clock
    left = force.until - clock[NOW]
    over = dt >= left * (1.0 - 1e-9)
    now = force.until if over else clock[NOW] + dt
    since = now - clock[SUNK]
    due = over or since + dt > SINK_INTERVAL
    count_edges(bed, water, work, dt)
    clock[NOW] = now
    add_sources(bed, soil, structures, water, flow, force, field, dt, since if due else 0.0)
    clock[SUNK] = now if due else clock[SUNK]
    clock[LAST] = dt
    water.tally[STEPS] += 1
    busy = 0
    for p in range(work.busy.shape[0]):
        for q in range(work.busy.shape[1]):
            busy += work.busy[p, q]
    water.tally[SWEPT] += min(busy * ROWS * COLUMNS, water.h.size)
    if water.tally[STEPS] % scheme.every == 0 or now - clock[TRACKED] >= scheme.latest:
        track(water, flow, peaks, scheme.threshold, work)
    return over  # type: ignore[no-any-return]
