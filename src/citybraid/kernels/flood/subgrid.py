"""The local inertial flood solver on coarse cells with subgrid topography.

The water level of a coarse cell follows from its volume and its fine beds (Casulli 2009, Int. J. Numer. Meth. Fluids
60: 391-408; Sanders and Schubert 2019, Adv. Water Resour. 126: 79-95). Flow area and conveyance of a
coarse face are sums over its fine faces, as in van Ormondt et al. (2025, Geosci. Model Dev. 18: 843-861), here summed
in each step instead of tabulated. Volume is float64, as mean depth over the coarse cell, and closes as in `solver`.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import apply_limiter_x, apply_limiter_y, limit_outflow_row, max_of, q_centred_row
from citybraid.kernels.flood.solver import COURANT_SAFETY
from citybraid.kernels.flood.spans import span, wet_rows, widen_spans
from citybraid.kernels.flood.state import (
    DEEPEST,
    F32,
    F64,
    FASTEST,
    LAST,
    NOW,
    STEPS,
    SWEPT,
    TRACKED,
    ForcingInterval,
    Scheme,
    Soil,
    Water,
)
from citybraid.kernels.flood.subgrid_bernoulli import bound_below, bound_within
from citybraid.kernels.flood.subgrid_edges import apply_edge_flux, apply_inflow, compute_edge_flux
from citybraid.kernels.flood.subgrid_rows import (
    add_conveyance_row,
    add_sections_row,
    cross_face_flux_row,
    first_conveyances_row,
    first_sections_row,
    flux_row,
    head_row,
    level_drop_row,
    level_row,
    limiting_depth_row,
    lower_row,
    lowest_row,
    volume_row,
    wet_fraction_row,
)
from citybraid.kernels.flood.subgrid_state import SubgridWork, Tables
from citybraid.kernels.flood.subgrid_track import track
from citybraid.kernels.flood.sweep import apply_sinks_row
from citybraid.kernels.flood.track import Peaks, round_row
from citybraid.kernels.numerics.gravity import GRAVITY


@compiled(inline=True)
def levels_row(tables: Tables, water: Water, work: SubgridWork, j: int, c0: int, c1: int) -> None:
    """Compute the levels and wet fractions of row j."""
    cells, count, sums = slice(c0, c1), tables.sums.shape[1], tables.sums
    h, level, base, most = water.h[j, cells], work.level[j, cells], tables.base[j, cells], float(count)
    lowest_row(h, level, most)
    for k in range(1, count, 3):
        two, three = min(k + 1, count - 1), min(k + 2, count - 1)
        lower_row(h, sums[j, k, cells], sums[j, two, cells], sums[j, three, cells], level, most, k + 1.0, most)
    level_row(base, level)
    wet_fraction_row(h, level, base, work.wet[j % 2, cells], np.float32(1.0 / most))


@compiled(inner=True)
def fill_sections(top: F32, over: F32, strickler: F32, j: int, cells: slice, section: F32, conveyance: F32) -> None:
    """Sum flow area and conveyance per metre of a row of faces over its fine faces, the lowest first."""
    parts = strickler.shape[1]
    each = np.float32(1.0 / parts)
    first_sections_row(top, over[j, 0, cells], section, each)
    first_conveyances_row(top, over[j, 0, cells], strickler[j, 0, cells], strickler[j, 1, cells], conveyance, each)
    for k in range(2, parts, 2):
        two = min(k + 1, parts - 1)
        more = each if two > k else np.float32(0.0)
        add_sections_row(top, over[j, k - 1, cells], over[j, two - 1, cells], section, each, more)
    for k in range(2, parts):
        add_conveyance_row(top, over[j, k - 1, cells], strickler[j, k, cells], conveyance, each)


@compiled(inline=True)
def sections_within(tables: Tables, work: SubgridWork, j: int, c0: int, c1: int) -> None:
    """Flow area and conveyance of the faces within row j."""
    n = max(c1 - c0 - 1, 0)
    one, other, top = slice(c0, c0 + n), slice(c0 + 1, c0 + 1 + n), work.rows[0, :n]
    section, conveyance = work.section_x[j, other], work.conveyance_x[j, other]
    head_row(work.level[j, one], work.level[j, other], tables.datum_x[j, one], top)
    fill_sections(top, tables.over_x, tables.strickler_x, j, one, section, conveyance)


@compiled(inline=True)
def sections_below(tables: Tables, work: SubgridWork, j: int, c0: int, c1: int) -> None:
    """Flow area and conveyance of the faces between rows j and j + 1."""
    cells, top = slice(c0, c1), work.rows[0, : c1 - c0]
    section, conveyance = work.section_y[j + 1, cells], work.conveyance_y[j + 1, cells]
    head_row(work.level[j, cells], work.level[j + 1, cells], tables.datum_y[j, cells], top)
    fill_sections(top, tables.over_y, tables.strickler_y, j, cells, section, conveyance)


@compiled(inline=True)
def limiting_depth_of(work: SubgridWork, j: int, c0: int, c1: int) -> None:
    """Update the depth that limits the time step with the cells of row j, whose flow areas are known."""
    cells = slice(c0, c1)
    wet, pace = work.wet[j % 2, cells], work.rows[1, cells]
    limiting_depth_row(
        work.section_x[j, c0 : c1 + 1], work.section_y[j, cells], work.section_y[j + 1, cells], wet, pace
    )


@compiled()
def update_levels(tables: Tables, water: Water, work: SubgridWork) -> float:
    """Update levels and flow areas wherever water may be; return the depth that limits the time step [m]."""
    r0, r1 = wet_rows(water.first, water.last)
    work.rows[1, :] = 0.0
    before, after = r0, r0
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, water.h.shape[1])
        levels_row(tables, water, work, j, c0, c1)
        sections_within(tables, work, j, c0, c1)
        if j > r0:
            sections_below(tables, work, j - 1, before, after)
            limiting_depth_of(work, j - 1, before, after)
        before, after = c0, c1
    if r0 < r1:
        limiting_depth_of(work, r1 - 1, before, after)
    return max_of(work.rows[1])


@compiled(inline=True)
def fluxes_within(
    tables: Tables, water: Water, work: SubgridWork, j: int, c0: int, c1: int, t: np.float32, push: np.float32,
    pull: np.float32,
) -> None:  # fmt: skip
    """Discharge over the faces within row j, bounded by head, not yet limited by outflow."""
    n, q = max(c1 - c0 - 1, 0), water.qx
    one, other = slice(c0, c0 + n), slice(c0 + 1, c0 + 1 + n)
    fall, mean, along, section = work.rows[0, :n], work.rows[1, :n], work.rows[2, :n], work.section_x[j, other]
    level_drop_row(work.level[j, one], work.level[j, other], fall)
    q_centred_row(q[j, one], q[j, other], q[j, c0 + 2 : c0 + 2 + n], mean, t)
    north, south, deep = water.qy[j, c0 : c0 + n + 1], water.qy[j + 1, c0 : c0 + n + 1], work.deep[j % 2]
    cross_face_flux_row(north, south, section, deep[one], deep[other], along)
    flux_row(section, work.conveyance_x[j, other], fall, mean, q[j, other], along, work.raw_x[other], push, pull)
    work.raw_x[c0] = 0.0
    work.raw_x[c1] = 0.0
    bound_within(tables, water, work, j, c0, c1, work.rows[3])


@compiled(inline=True)
def fluxes_below(
    tables: Tables, water: Water, work: SubgridWork, j: int, c0: int, c1: int, t: np.float32, push: np.float32,
    pull: np.float32,
) -> None:  # fmt: skip
    """Discharge over the faces between rows j and j + 1, bounded by head, not yet limited by outflow."""
    n, cells, q = c1 - c0, slice(c0, c1), water.qy
    fall, mean, along, section = work.rows[0, :n], work.rows[1, :n], work.rows[2, :n], work.section_y[j + 1, cells]
    level_drop_row(work.level[j, cells], work.level[j + 1, cells], fall)
    q_centred_row(q[j, cells], q[j + 1, cells], q[j + 2, cells], mean, t)
    above, below = water.qx[j, c0 : c1 + 1], water.qx[j + 1, c0 : c1 + 1]
    cross_face_flux_row(above, below, section, work.deep[0, cells], work.deep[1, cells], along)
    raw = work.raw_y[(j + 1) % 2, cells]
    flux_row(section, work.conveyance_y[j + 1, cells], fall, mean, q[j + 1, cells], along, raw, push, pull)
    bound_below(tables, water, work, raw, j, c0, c1, work.rows[3])


@compiled(inline=True)
def update_volume(tables: Tables, soil: Soil, water: Water, supply: F64, j: int, c0: int, c1: int, dt: float) -> None:
    """Update the volumes of row j from its final discharge, supply and sinks."""
    h, cells = water.h[j, c0:c1], slice(c0, c1)
    cx, cy = dt / tables.size[0], dt / tables.size[1]
    volume_row(h, water.qx[j, c0 : c1 + 1], water.qy[j, cells], water.qy[j + 1, cells], supply[j, cells], cx, cy, dt)
    apply_sinks_row(soil, h, j, c0, c1, dt)


@compiled(inner=True)
def sweep(tables: Tables, soil: Soil, water: Water, work: SubgridWork, supply: F64, theta: float, dt: float) -> None:
    """One step over all rows in one pass, in the order of `sweep.sweep`: limited discharge, then volumes."""
    rows, width = water.h.shape
    r0, r1 = wet_rows(water.first, water.last)
    t, pull = np.float32(theta), np.float32(GRAVITY * dt)
    cx, cy = np.float32(dt / tables.size[0]), np.float32(dt / tables.size[1])
    px, py = np.float32(GRAVITY * dt / tables.size[0]), np.float32(GRAVITY * dt / tables.size[1])
    before, after = r0, r0
    c0, c1 = span(water.first, water.last, r0, width) if r0 < r1 else (0, 0)
    if r0 < r1:
        round_row(water.h[r0, c0:c1], work.deep[r0 % 2, c0:c1])
        work.raw_y[r0 % 2, :] = 0.0
    for j in range(r0, r1):
        a, b, cells, faces = j % 2, (j + 1) % 2, slice(c0, c1), slice(c0, c1 + 1)
        north, south, limiter = work.raw_y[a, cells], work.raw_y[b, cells], work.limiter[a, cells]
        fluxes_within(tables, water, work, j, c0, c1, t, px, pull)
        n0, n1 = c0, c1
        south[:] = 0.0
        if j + 1 < r1:
            n0, n1 = span(water.first, water.last, j + 1, width)
            both = slice(min(c0, n0), max(c1, n1))
            round_row(water.h[j + 1, both], work.deep[b, both])
            work.raw_y[b, both] = 0.0
            fluxes_below(tables, water, work, j, c0, c1, t, py, pull)
        limit_outflow_row(work.deep[a, cells], work.raw_x[faces], north, south, limiter, cx, cy)
        apply_limiter_x(work.raw_x[faces], limiter, water.qx[j, faces])
        water.qx[j, c0] = 0.0
        water.qx[j, c1] = 0.0
        apply_limiter_y(north, work.limiter[b, cells], limiter, water.qy[j, cells])
        if j > r0:
            update_volume(tables, soil, water, supply, j - 1, before, after, dt)
        water.tally[SWEPT] += c1 - c0
        before, after = c0, c1
        c0, c1 = n0, n1
    if r0 < r1:
        if r1 == rows:
            water.qy[rows, before:after] = 0.0
        update_volume(tables, soil, water, supply, r1 - 1, before, after, dt)


@compiled(inner=True)
def limited_step(tables: Tables, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Return the longest stable step [s] from the limiting depth, plus `filled` [m], and the fastest flow."""
    pace = max(math.sqrt(GRAVITY * (clock[DEEPEST] + filled)), 5.0 / 3.0 * clock[FASTEST])
    courant = min(scheme.alpha, COURANT_SAFETY * math.sqrt(0.5 * scheme.theta))
    stable: float = courant * min(tables.size[0], tables.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled(inner=True)
def fill_rate(tables: Tables, water: Water, work: SubgridWork, supply: float, inflow: float) -> float:
    """Return the fastest rise of a cell's level by rain and inflow [m s⁻¹]."""
    fastest = supply
    for k in range(tables.inflow_cells.shape[0]):
        j, i = tables.inflow_cells[k, 0], tables.inflow_cells[k, 1]
        high = work.level[j, i] - tables.base[j, i]
        wet = water.h[j, i] / high if high > 0.0 else 1.0 / tables.sums.shape[1]
        fastest = max(fastest, tables.inflow_share[k] * inflow / wet)
    return fastest


@compiled()
def advance(
    tables: Tables, soil: Soil, water: Water, work: SubgridWork, peaks: Peaks, scheme: Scheme, force: ForcingInterval,
    supply: F64, steps: int,
) -> bool:  # fmt: skip
    """Step until the interval of forcing ends or `steps` are done; return whether it ended.

    `supply` is rain on each coarse cell, from roofs as well, over its whole area [m s⁻¹]. Levels are up to date when
    a call begins and when it returns.
    """
    clock, tally = water.clock, water.tally
    inflow_depth = force.inflow / (tables.size[0] * tables.size[1])
    for _ in range(steps):
        dt = limited_step(tables, scheme, clock, scheme.longest, 0.0)
        dt = limited_step(tables, scheme, clock, dt, dt * fill_rate(tables, water, work, force.rain, inflow_depth))
        left = force.until - clock[NOW]
        parts = max(math.ceil(left / dt * (1.0 - 1e-12)), 1)
        last = parts == 1
        dt = left / parts
        for k in range(work.levels.size):
            work.levels[k] = force.levels[k] - force.rise[k] * (force.until - clock[NOW] - 0.5 * dt)
        compute_edge_flux(tables, water, work, dt)
        sweep(tables, soil, water, work, supply, scheme.theta, dt)
        clock[NOW] = force.until if last else clock[NOW] + dt
        r0, r1 = wet_rows(water.first, water.last)
        widen_spans(water.h, water.first, water.last, work.spans[0], work.spans[1], r0, r1)
        edge_depth = apply_edge_flux(tables, water, work, dt)
        apply_inflow(tables, water, inflow_depth * dt)
        tally[STEPS] += 1
        clock[DEEPEST], clock[LAST] = max(update_levels(tables, water, work), edge_depth), dt
        if tally[STEPS] % scheme.every == 0 or clock[NOW] - clock[TRACKED] >= scheme.latest:
            clock[FASTEST] = track(tables, water, work, peaks, scheme.threshold)
        if last:
            return True
    return False
