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
from citybraid.kernels.flood.infiltration import drain_row, green_ampt_row, hold_row, horton_row
from citybraid.kernels.flood.rows import (
    balance_row,
    cross_row,
    deepest_row,
    mean_row,
    most_of,
    rain_row,
    raw_x,
    raw_y,
    roof_row,
    rough_row,
    scale_row,
    settle_x,
    settle_y,
    stand_row,
)
from citybraid.kernels.flood.spans import rained, rows_of, span, widen
from citybraid.kernels.flood.state import F32, F64, Bed, Force, Scheme, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures, cross_structures, filling_rate
from citybraid.kernels.flood.track import (
    Peaks,
    arrival_row,
    duration_row,
    fastest_row,
    hazard_row,
    most_row,
    quickest_row,
    round_row,
    speed_out,
    speed_row,
    speed_x,
    speed_y,
)
from citybraid.kernels.numerics.gravity import GRAVITY

SAFE = 0.98
"""Share of the Courant number at which waves begin to grow that a step may have: the water may deepen in it."""


@compiled(inline=True)
def sink_row(soil: Soil, h: F64, j: int, c0: int, c1: int, dt: float) -> None:
    """Storage, infiltration and drains of one row."""
    if soil.room.shape[0] > 0:
        hold_row(h, soil.room[j, c0:c1])
    if soil.conductivity.shape[0] > 0:
        green_ampt_row(
            h, soil.taken[j, c0:c1], soil.conductivity[j, c0:c1], soil.suction[j, c0:c1], soil.deficit[j, c0:c1], dt
        )
    if soil.worn.shape[0] > 0:
        horton_row(
            h, soil.taken[j, c0:c1], soil.worn[j, c0:c1], soil.first[j, c0:c1], soil.last[j, c0:c1],
            soil.decay[j, c0:c1], dt,
        )  # fmt: skip
    if soil.drained.shape[0] > 0:
        drain_row(h, soil.drained[j, c0:c1], soil.capacity[j, c0:c1], dt)


@compiled(inline=True)
def close_row(
    bed: Bed, soil: Soil | None, water: Water, deepest: F64, j: int, c0: int, c1: int, dt: float, rain: float,
    field: F32 | None,
) -> None:  # fmt: skip
    """New depths of row j, whose fluxes are final; `field` is the rain of each cell where it is not the same on all."""
    depth = water.h[j, c0:c1]
    x, north, south = water.qx[j, c0 : c1 + 1], water.qy[j, c0:c1], water.qy[j + 1, c0:c1]
    even = rain * dt if field is None else 0.0
    balance_row(depth, x, north, south, bed.n[j, c0:c1], dt / bed.size[0], dt / bed.size[1], even)
    if field is not None:
        rain_row(depth, field[j, c0:c1], dt)
    if rain > 0.0 and bed.roof_start[j] < bed.roof_start[j + 1]:
        under = slice(bed.roof_start[j], bed.roof_start[j + 1])
        roof_row(water.h[j], bed.roof_column[under], bed.roof_share[under], rain * dt)
    if soil is not None:
        sink_row(soil, depth, j, c0, c1, dt)
    deepest_row(depth, deepest[c0:c1])


@compiled(inline=True)
def faces_within(
    bed: Bed, water: Water, rows: F32, j: int, c0: int, c1: int, t: np.float32, push: np.float32, drag: np.float32
) -> None:
    """Raw fluxes over the faces within row j."""
    a, w = j % 2, c1 - c0
    here = slice(c0, c1)
    x = rows[0, : w + 1]
    x[0] = 0.0
    x[w] = 0.0
    raw_x(
        rows[4 + a, here], rows[6 + a, here], bed.fall_x[j, here], bed.n[j, here], water.qx[j, c0 : c1 + 1],
        water.qy[j, here], water.qy[j + 1, here], x, t, push, drag,
    )  # fmt: skip


@compiled(inline=True)
def faces_below(
    bed: Bed, water: Water, rows: F32, j: int, c0: int, c1: int, t: np.float32, push: np.float32, drag: np.float32
) -> None:
    """Raw fluxes over the faces between rows j and j + 1."""
    a, b, w = j % 2, (j + 1) % 2, c1 - c0
    here = slice(c0, c1)
    qx, qy = water.qx, water.qy
    cross_row(qx[j, c0 : c1 + 1], qx[j + 1, c0 : c1 + 1], rows[1, :w])
    mean_row(qy[j, here], qy[j + 1, here], qy[j + 2, here], rows[2, :w], t)
    rough_row(bed.n[j, here], bed.n[j + 1, here], rows[3, :w])
    raw_y(
        rows[4 + a, here], rows[4 + b, here], rows[8 + a, here], bed.fall_y[j, here], rows[3, :w],
        qy[j + 1, here], rows[2, :w], rows[1, :w], rows[10 + b, here], push, drag,
    )  # fmt: skip


@compiled(views=True, inner=True)
def stand(h: F64, rows: F32, j: int, c0: int, c1: int) -> None:
    """Depth of row j, and how much deeper it is than what lies east and south, in the row's buffers."""
    k, here = j % 2, slice(c0, c1)
    stand_row(h[j, here], h[min(j + 1, h.shape[0] - 1), here], rows[4 + k, here], rows[6 + k, here], rows[8 + k, here])


@compiled(views=True, inner=True)
def sweep(
    bed: Bed, soil: Soil | None, water: Water, theta: float, dt: float, rain: float, field: F32 | None, rows: F32,
    deepest: F64,
) -> float:  # fmt: skip
    """One step over all rows in one pass; returns the deepest water after it.

    A row's faces are computed from old values, its outflows scaled, and the row above
    it settled: three rows are in the cache at a time and no second copy of a flux is needed.
    Each row visits only the columns that water may reach. `rows` holds the fluxes over a row's
    faces (0), what those below it need (1 to 3), and by turns for even and odd rows depth (4),
    falls east (6) and south (8), raw fluxes over the faces above (10), and shares (12).
    """
    h, qx, qy = water.h, water.qx, water.qy
    width = h.shape[1]
    r0, r1 = rows_of(water.first, water.last)
    t = np.float32(theta)
    cx, cy = np.float32(dt / bed.size[0]), np.float32(dt / bed.size[1])
    px, py = np.float32(GRAVITY * dt / bed.size[0]), np.float32(GRAVITY * dt / bed.size[1])
    drag = np.float32(0.25 * GRAVITY * dt)
    deepest[:] = 0.0
    before, after, n0, n1 = 0, 0, 0, 0
    c0, c1 = span(water.first, water.last, r0, width) if r0 < r1 else (0, 0)
    if r0 < r1:
        stand(h, rows, r0, c0, c1)
        rows[10 + r0 % 2, :] = 0.0
    for j in range(r0, r1 + 1 if r0 < r1 else r0):
        a, b, w = j % 2, (j + 1) % 2, c1 - c0
        here = slice(c0, c1)
        north, south, share = rows[10 + a, here], rows[10 + b, here], rows[12 + a, here]
        if j == r1:
            if r1 == h.shape[0]:
                qy[r1, before:after] = 0.0
        else:
            faces_within(bed, water, rows, j, c0, c1, t, px, drag)
            n0, n1 = c0, c1
            if j + 1 < h.shape[0]:
                if j + 1 < r1:
                    n0, n1 = span(water.first, water.last, j + 1, width)
                l0, l1 = min(c0, n0), max(c1, n1)
                stand(h, rows, j + 1, l0, l1)
                faces_below(bed, water, rows, j, c0, c1, t, py, drag)
                rows[10 + b, l0:c0] = 0.0
                rows[10 + b, c1:l1] = 0.0
            else:
                south[:] = 0.0
            scale_row(rows[4 + a, here], rows[0, : w + 1], north, south, share, cx, cy)
            settle_x(rows[0, : w + 1], share, qx[j, c0 : c1 + 1])
            qx[j, c0] = 0.0
            qx[j, c1] = 0.0
            if j > r0:
                settle_y(north, rows[12 + b, here], share, qy[j, here])
            else:
                qy[j, here] = 0.0
            water.tally[1] += w
        if j > r0:
            close_row(bed, soil, water, deepest, j - 1, before, after, dt, rain, field)
        before, after = c0, c1
        c0, c1 = n0, n1
    return most_of(deepest)


@compiled(views=True)
def track(bed: Bed, water: Water, peaks: Peaks, threshold: float, rows: F32) -> float:
    """Bring the peaks up to now; returns the fastest flow that matters to the time step [m s⁻¹]."""
    h, width = water.h, water.h.shape[1]
    r0, r1 = rows_of(water.first, water.last)
    ticks = math.floor(water.clock[0] / peaks.unit[0])
    now, lasted = np.uint16(ticks), np.uint16(ticks - math.floor(water.clock[1] / peaks.unit[0]))
    rx, ry = np.float32(water.clock[4] / bed.size[0]), np.float32(water.clock[4] / bed.size[1])
    step, shallow, deep = np.float32(peaks.debris[0]), np.float32(peaks.debris[1]), np.float32(peaks.debris[2])
    least = np.float32(threshold)
    fastest = rows[4]
    fastest[:] = 0.0
    rows[8:12, :] = 0.0
    c0, c1 = span(water.first, water.last, r0, width) if r0 < r1 else (0, 0)
    for j in range(r0, r1):
        a, b = j % 2, (j + 1) % 2
        here = slice(c0, c1)
        w = c1 - c0
        d, v, x = rows[0, :w], rows[1, :w], rows[2, : w + 1]
        north, south = rows[8 + a, here], rows[8 + b, here]
        n0, n1 = c0, c1
        round_row(h[j, here], d)
        if j + 1 < h.shape[0]:
            round_row(h[j + 1, here], rows[3, :w])
            speed_y(d, rows[3, :w], bed.fall_y[j, here], water.qy[j + 1, here], south, ry)
            n0, n1 = span(water.first, water.last, j + 1, width)
            rows[8 + b, min(n0, c0) : c0] = 0.0
            rows[8 + b, c1 : max(n1, c1)] = 0.0
        else:
            speed_out(water.qy[j + 1, here], north, south)
        if j == 0:
            speed_out(water.qy[0, here], south, north)
        if w > 0:
            speed_x(d, bed.fall_x[j, here], water.qx[j, c0 : c1 + 1], x, rx)
            speed_row(x, north, south, v)
            fastest_row(d, v, fastest[here])
            most_row(d, peaks.depth[j, here])
            quickest_row(d, v, peaks.speed[j, here], least)
            hazard_row(d, v, peaks.hazard[j, here], least, step, shallow, deep)
            arrival_row(d, peaks.arrival[j, here], least, now)
            duration_row(d, peaks.duration[j, here], least, lasted)
        c0, c1 = n0, n1
    water.clock[1] = water.clock[0]
    return most_of(fastest)


@compiled(inner=True)
def time_step(bed: Bed, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Longest stable step [s] by the deepest water, `filled` more of it [m], and the fastest flow.

    Beyond a Courant number of √(θ / 2) the shortest waves of a plane grow: those that alternate from cell to cell both
    ways keep 2 θ - 1 of their discharge in a step, and are stable while 8 α² ≤ 4 θ.
    """
    pace = max(math.sqrt(GRAVITY * (clock[2] + filled)), 5.0 / 3.0 * clock[3])
    courant = min(scheme.alpha, SAFE * math.sqrt(0.5 * scheme.theta))
    stable: float = courant * min(bed.size[0], bed.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled(views=True)
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
    steps: int,
) -> bool:
    """Step until the stretch of forcing ends or `steps` are done; tell whether it ended.

    The time step follows the deepest water (Bates et al. 2010, eq. 14) and the fastest
    flow, whose kinematic wave travels at 5/3 of it. What is left of a stretch is cut into even steps: a short last one
    would let waves grow that even ones damp. It never depends on how a run is sliced, so a resumed run gives the
    same bits. `field` is that of the forcing, or None where rain is the same on all cells; what is None is left out.
    """
    h, clock, tally = water.h, water.clock, water.tally
    area = bed.size[0] * bed.size[1]
    width = h.shape[1]
    rows, columns, spans, levels = work
    filling = force.rain
    for k in range(bed.inflow_share.size):
        filling = max(filling, bed.inflow_share[k] * force.inflow / area)
    even = force.rain > 0.0 and field is None
    if even:
        water.first[:], water.last[:] = 0, width
    if field is not None:
        rained(field, bed, water.first, water.last)
    for _ in range(steps):
        dt = time_step(bed, scheme, clock, scheme.longest, 0.0)
        fill = filling
        if structures is not None:
            fill = max(fill, filling_rate(structures, water, bed.size))
        dt = time_step(bed, scheme, clock, dt, dt * fill)
        left = force.until - clock[0]
        parts = max(math.ceil(left / dt * (1.0 - 1e-12)), 1)
        last = parts == 1
        dt = left / parts
        for k in range(levels.size):
            levels[k] = force.levels[k] - force.rise[k] * (force.until - clock[0] - 0.5 * dt)
        open_edges(bed, water, levels, dt)
        r0, r1 = rows_of(water.first, water.last)
        deepest = sweep(bed, soil, water, scheme.theta, dt, force.rain, field, rows, columns)
        clock[0] = force.until if last else clock[0] + dt
        if not even:
            widen(h, water.first, water.last, spans[0], spans[1], r0, r1)
        edge = cross_edges(bed, water, levels, dt)
        inflow = pour(bed, water, force.inflow * dt / area)
        if structures is not None:
            inflow = max(inflow, cross_structures(structures, water, bed.size, dt))
        tally[0] += 1
        clock[2], clock[4] = max(deepest, edge, inflow), dt
        if tally[0] % scheme.every == 0 or clock[0] - clock[1] >= scheme.latest:
            clock[3] = track(bed, water, peaks, scheme.threshold, rows)
        if last:
            return True
    return False
