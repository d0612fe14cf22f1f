"""The steps of a pass over rows: face fluxes from old values, outflow limiter, then new depths, one row behind.

Each step follows the one before it REACH rows behind, while the rows are in the cache (temporal blocking).
"""

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.bernoulli import bound_east, bound_south
from citybraid.kernels.flood.blocks import (
    BELOW,
    DEEP,
    DEEPER,
    OVER,
    SHARE,
    SOUTH,
    X,
    apply_limiter_north,
    apply_limiter_west,
    face_flux_x,
    face_flux_y,
    limit_outflow,
    load_depths,
)
from citybraid.kernels.flood.edges import apply_edge_flux, compute_edge_flux
from citybraid.kernels.flood.infiltration import drain_row, fill_storage_row, green_ampt_row, horton_row
from citybraid.kernels.flood.rows import (
    apply_limiter_y,
    continuity_row,
    copy_row,
    max_depth_of,
    rain_row,
    roof_row,
)
from citybraid.kernels.flood.seams import Part, carry_in, rim
from citybraid.kernels.flood.spans import span
from citybraid.kernels.flood.state import (
    ABOVE,
    BLOCK,
    CARRIED,
    F32,
    F64,
    NORTH,
    REACH,
    TAKEN,
    Bed,
    Pass,
    Seams,
    Soil,
    Step,
    Water,
    Work,
)
from citybraid.kernels.numerics.gravity import GRAVITY

_ZERO = np.float32(0.0)


@compiled(inline=True)
def step_factors(bed: Bed, theta: float, dt: float) -> Step:
    """Return the products of a step that face fluxes need."""
    x, y = dt / bed.size[0], dt / bed.size[1]
    return Step(
        dt, np.float32(theta), np.float32(x), np.float32(y), np.float32(GRAVITY * x), np.float32(GRAVITY * y),
        np.float32(0.25 * GRAVITY * dt),
    )  # fmt: skip


@compiled(inline=True)
def apply_sinks_row(soil: Soil, h: F64, j: int, c0: int, c1: int, dt: float) -> None:
    """Apply storage, infiltration and drains to one row.

    A row whose storage is full is not visited again: early in most storms, as nothing empties it.
    """
    if soil.storage_left.shape[0] > 0 and soil.storing[j] > 0:
        free = fill_storage_row(h, soil.storage_left[j, c0:c1])
        if not free and c1 - c0 == soil.storage_left.shape[1]:
            soil.storing[j] = 0
    if soil.conductivity.shape[0] > 0:
        green_ampt_row(
            h,
            soil.infiltrated[j, c0:c1],
            soil.conductivity[j, c0:c1],
            soil.suction[j, c0:c1],
            soil.deficit[j, c0:c1],
            dt,
        )
    if soil.horton_time.shape[0] > 0:
        horton_row(
            h, soil.infiltrated[j, c0:c1], soil.horton_time[j, c0:c1], soil.initial_rate[j, c0:c1],
            soil.final_rate[j, c0:c1], soil.decay[j, c0:c1], dt,
        )  # fmt: skip
    if soil.drained.shape[0] > 0:
        drain_row(h, soil.drained[j, c0:c1], soil.capacity[j, c0:c1], dt)


@compiled(inline=True)
def update_depth(
    bed: Bed, soil: Soil | None, water: Water, j: int, c0: int, c1: int, step: Step, sinking: float, rain: float,
    field: F32 | None,
) -> None:  # fmt: skip
    """Update the depths of row j from its final fluxes, rain and, over `sinking` [s], sinks.

    `field` is the rain of each cell where it is not uniform.
    """
    dt = step.dt
    depth = water.h[j, c0:c1]
    x, north, south = water.qx[j, c0 : c1 + 1], water.qy[j, c0:c1], water.qy[j + 1, c0:c1]
    uniform_rain = rain * dt if field is None else 0.0
    continuity_row(depth, x, north, south, bed.n[j, c0:c1], dt / bed.size[0], dt / bed.size[1], uniform_rain)
    if field is not None:
        rain_row(depth, field[j, c0:c1], dt)
    if rain > 0.0 and bed.roof_start[j] < bed.roof_start[j + 1]:
        targets = slice(bed.roof_start[j], bed.roof_start[j + 1])
        roof_row(water.h[j], bed.roof_column[targets], bed.roof_share[targets], rain * dt)
    if soil is not None and sinking > 0.0:
        apply_sinks_row(soil, depth, j, c0, c1, sinking)


@compiled(inline=True)
def fluxes_east(bed: Bed, water: Water, step: Step, scratch: F32, j: int, a: int, e: int, b: int) -> None:
    """Load depths of the cells a to b of row j and compute unlimited fluxes over the faces east of a to e.

    Where e < b the last cell has no face to the east.
    """
    h, qx, qy, w = water.h, water.qx, water.qy, b - a
    below = min(j + 1, h.shape[0] - 1)
    load_depths(h[j, a : e + 1], h[below, a:e], scratch)
    scratch[DEEP + e - a] = np.float32(h[j, e])
    if e < b:
        scratch[BELOW + w - 1] = np.float32(h[below, e])
        scratch[DEEPER + w - 1] = np.float32(h[j, e] - h[below, e])
        scratch[X + w] = 0.0
    if face_flux_x(
        qx[j, a : e + 2], qy[j, a : e + 1], qy[j + 1, a : e + 1], bed.fall_x[j, a:e], bed.n[j, a : e + 1], scratch,
        step.theta, step.push_x, step.drag,
    ):  # fmt: skip
        bound_east(bed, water, scratch[X + 1 : X + 1 + e - a], scratch[OVER : OVER + e - a], j, a, e)


@compiled(inline=True)
def fluxes_south(bed: Bed, water: Water, step: Step, scratch: F32, j: int, a: int, b: int) -> None:
    """Compute unlimited fluxes over the faces south of the cells a to b of row j, after those to the east."""
    cells, qx, qy = slice(a, b), water.qx, water.qy
    if j + 1 == water.h.shape[0]:
        scratch[SOUTH : SOUTH + b - a] = 0.0
        return
    if face_flux_y(
        qx[j, a : b + 1], qx[j + 1, a : b + 1], qy[j, cells], qy[j + 1, cells], qy[j + 2, cells], bed.fall_y[j, cells],
        bed.n[j, cells], bed.n[j + 1, cells], scratch, step.theta, step.push_y, step.drag,
    ):  # fmt: skip
        bound_south(bed, water, scratch[SOUTH : SOUTH + b - a], scratch[OVER : OVER + b - a], j, a, b)


@compiled(inline=True)
def columns_of(water: Water, count: int, j: int) -> tuple[int, int]:
    """Return the columns to compute in row j: all of them in a pass of more than one step, else its span."""
    width = water.h.shape[1]
    return (0, width) if count > 1 else span(water.first, water.last, j, width)


@compiled(inline=True)
def update_flux(
    bed: Bed, water: Water, step: Step, work: Work, part: Part, seams: Seams, s: int, j: int, lo: int, hi: int, c0: int,
    c1: int,
) -> None:  # fmt: skip
    """Update the fluxes of row j, except over its southern faces, which depend on the limiter of the next row.

    At the rims of a band the fluxes over them wait too: their unlimited values, and the limiters within the
    band, are kept for the gap. Of the row above the band, `lo` - 1, only the southern fluxes are computed.
    """
    scratch, north, above = work.scratch, work.carry[CARRIED * s + NORTH], work.carry[CARRIED * s + ABOVE]
    scratch[X] = 0.0
    scratch[SHARE] = 0.0
    if j < lo:
        seams.raw[rim(part.top, s), :] = 0.0
    if part.down < 0 and j == hi - 1:
        seams.raw[rim(part.bottom, s), :] = 0.0
    into = work.spare if part.up > 0 and j == lo else water.qy[j]
    for k in range(c0 // BLOCK, (c1 + BLOCK - 1) // BLOCK if c0 < c1 else 0):
        a, b = max(c0, k * BLOCK), min(c1, (k + 1) * BLOCK)
        cells, w = slice(a, b), b - a
        fluxes_east(bed, water, step, scratch, j, a, b - 1 if b == c1 else b, b)
        if part.down > 0 and j == hi - 1:
            copy_row(seams.raw[rim(part.bottom, s), cells], scratch[SOUTH : SOUTH + w])
        else:
            fluxes_south(bed, water, step, scratch, j, a, b)
        if part.down < 0 and j == hi - 1:
            copy_row(scratch[SOUTH : SOUTH + w], seams.raw[rim(part.bottom, s), cells])
        if j < lo:
            copy_row(scratch[SOUTH : SOUTH + w], seams.raw[rim(part.top, s), cells])
            copy_row(scratch[SOUTH : SOUTH + w], north[cells])
            continue
        limit_outflow(north[cells], scratch, step.x, step.y)
        apply_limiter_west(scratch, water.qx[j, cells])
        apply_limiter_north(north[cells], above[cells], scratch, into[cells])
        scratch[X] = scratch[X + w]
        scratch[SHARE] = scratch[SHARE + w]
    if j >= lo:
        water.qx[j, c1] = 0.0
    if part.up > 0 and j == lo:
        copy_row(above[c0:c1], seams.below[rim(part.top, s), c0:c1])


@compiled(inner=True)
def sweep(
    bed: Bed, soil: Soil | None, water: Water, step: Step, rain: float, field: F32 | None, work: Work, seams: Seams,
    steps: Pass, part: Part,
) -> float:  # fmt: skip
    """Take the steps of a pass over a part of the rows; return the greatest depth after them.

    A row's face fluxes are computed from old values, its outflow limited, and the depths of the row above
    updated: three rows of a step are in the cache at a time and no second copy of a flux is needed.
    Each row visits only the columns that water may reach. The rows in gaps keep their old values until these are
    swept, so that bands may be swept concurrently.
    """
    deepest, count, rows = 0.0, steps.steps[TAKEN], water.h.shape[0]
    if part.start >= part.stop and part.up >= 0:
        return deepest
    for t in range(part.start + part.up - 1, part.stop + max(part.down, 0) * count + REACH * (count - 1) + 2):
        for s in range(count):
            j, lo, hi = t - REACH * s, part.start + part.up * (s + 1), part.stop + part.down * (s + 1)
            first, last = lo + int(part.up > 0) - int(part.up < 0), hi + int(part.down > 0) - int(part.down < 0)
            if j < lo - 1 or j > max(hi, last):
                continue
            c0, c1 = columns_of(water, count, j) if 0 <= j < rows else (0, 0)
            before, after = columns_of(water, count, j - 1) if j > lo else (0, 0)
            if j < lo:
                carry_in(work.carry, seams, part, s)
            elif lo < j < hi:
                work.carry[CARRIED * s + NORTH, c0:before] = 0.0
                work.carry[CARRIED * s + NORTH, after:c1] = 0.0
            if lo <= j < hi or (j < lo and part.up > 0):
                if count > 1 and j >= lo:
                    compute_edge_flux(bed, water, steps.levels[s], step.dt, bed.edge_start[j], bed.edge_start[j + 1])
                update_flux(bed, water, step, work, part, seams, s, j, lo, hi, c0, c1)
            elif j == hi and part.down != 0:
                above, slot = work.carry[CARRIED * s + ABOVE], rim(part.bottom, s)
                if part.down < 0:
                    copy_row(above, seams.above[slot])
                else:
                    apply_limiter_y(seams.raw[slot, c0:c1], above[c0:c1], seams.below[slot, c0:c1], water.qy[j, c0:c1])
            elif j == hi == rows:
                water.qy[rows, before:after] = 0.0
            if j < lo or not first < j <= last:
                continue
            c0, c1 = columns_of(water, count, j - 1)
            update_depth(bed, soil, water, j - 1, c0, c1, step, steps.sinking[s], rain, field)
            if s == count - 1:
                deepest = max(deepest, max_depth_of(water.h[j - 1, c0:c1]))
            if count > 1:
                apply_edge_flux(bed, water, steps.edge_q[s], step.dt, bed.edge_start[j - 1], bed.edge_start[j])
    return deepest
