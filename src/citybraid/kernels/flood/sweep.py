"""One step over a band of rows: face fluxes from old values, outflow limiter, then new depths, one row behind."""

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
from citybraid.kernels.flood.infiltration import drain_row, fill_storage_row, green_ampt_row, horton_row
from citybraid.kernels.flood.rows import continuity_row, copy_row, max_depth_of, rain_row, roof_row
from citybraid.kernels.flood.spans import span
from citybraid.kernels.flood.state import ABOVE, BLOCK, F32, F64, NORTH, SINKING, Bed, Seams, Soil, Step, Water, Work
from citybraid.kernels.numerics.gravity import GRAVITY

_ZERO = np.float32(0.0)


@compiled(inline=True)
def step_factors(bed: Bed, clock: F64, theta: float, dt: float) -> Step:
    """Return the products of a step that face fluxes need."""
    x, y = dt / bed.size[0], dt / bed.size[1]
    return Step(
        dt, clock[SINKING], np.float32(theta), np.float32(x), np.float32(y), np.float32(GRAVITY * x),
        np.float32(GRAVITY * y), np.float32(0.25 * GRAVITY * dt),
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
    bed: Bed, soil: Soil | None, water: Water, j: int, c0: int, c1: int, step: Step, rain: float, field: F32 | None
) -> float:
    """Update the depths of row j from its final fluxes, rain and, where they are due, sinks; return the greatest.

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
    if soil is not None and step.sinking > 0.0:
        apply_sinks_row(soil, depth, j, c0, c1, step.sinking)
    return max_depth_of(depth)


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
def update_flux(
    bed: Bed, water: Water, step: Step, work: Work, seams: Seams, j: int, c0: int, c1: int, top: int, bottom: int
) -> None:
    """Update the fluxes of row j, except over its southern faces, which depend on the limiter of the next row.

    Where the row lies at a seam, number `top` or `bottom`, the fluxes over the seam wait too; -1 is no seam.
    """
    scratch = work.scratch
    scratch[X] = 0.0
    scratch[SHARE] = 0.0
    into = water.qy[j] if top < 0 else work.spare
    for k in range(c0 // BLOCK, (c1 + BLOCK - 1) // BLOCK if c0 < c1 else 0):
        a, b = max(c0, k * BLOCK), min(c1, (k + 1) * BLOCK)
        cells, w = slice(a, b), b - a
        fluxes_east(bed, water, step, scratch, j, a, b - 1 if b == c1 else b, b)
        if bottom < 0:
            fluxes_south(bed, water, step, scratch, j, a, b)
        else:
            copy_row(seams.raw[bottom, cells], scratch[SOUTH : SOUTH + w])
        limit_outflow(work.carry[NORTH, cells], scratch, step.x, step.y)
        apply_limiter_west(scratch, water.qx[j, cells])
        apply_limiter_north(work.carry[NORTH, cells], work.carry[ABOVE, cells], scratch, into[cells])
        scratch[X] = scratch[X + w]
        scratch[SHARE] = scratch[SHARE + w]
    water.qx[j, c1] = 0.0
    if top >= 0:
        copy_row(work.carry[ABOVE, c0:c1], seams.below[top, c0:c1])


@compiled(inner=True)
def sweep(
    bed: Bed, soil: Soil | None, water: Water, step: Step, rain: float, field: F32 | None, work: Work, seams: Seams,
    band: int,
) -> float:  # fmt: skip
    """One step over a band of rows in one pass; return the greatest depth after it.

    A row's face fluxes are computed from old values, its outflow limited, and the depths of the row above
    updated: three rows are in the cache at a time and no second copy of a flux is needed.
    Each row visits only the columns that water may reach. The rows and fluxes at seams keep their old values until
    `finish_seams`, so that bands may be swept concurrently.
    """
    r0, r1 = seams.bounds[band], seams.bounds[band + 1]
    deepest = 0.0
    if r0 >= r1:
        return deepest
    rows, width = water.h.shape
    top, bottom = band - 1, band if r1 < seams.bounds[-1] else -1
    before, after = 0, 0
    c0, c1 = span(water.first, water.last, r0, width)
    work.carry[NORTH, :] = 0.0
    if top >= 0:
        copy_row(seams.raw[top], work.carry[NORTH])
    for j in range(r0, r1 + 1):
        if j < r1:
            update_flux(bed, water, step, work, seams, j, c0, c1, top if j == r0 else -1, bottom if j == r1 - 1 else -1)
        elif bottom >= 0:
            copy_row(work.carry[ABOVE], seams.above[bottom])
            return deepest
        elif r1 == rows:
            water.qy[rows, before:after] = 0.0
        if j > r0 + 1 or (j > r0 and top < 0):
            deepest = max(deepest, update_depth(bed, soil, water, j - 1, before, after, step, rain, field))
        before, after = c0, c1
        if j + 1 < r1:
            c0, c1 = span(water.first, water.last, j + 1, width)
            work.carry[NORTH, c0:before] = 0.0
            work.carry[NORTH, after:c1] = 0.0
    return deepest
