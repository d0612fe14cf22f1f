"""The local inertial flood solver on coarse cells that know the fine ground within them.

Each coarse cell holds a volume, whose level follows from its fine beds (Casulli 2009, Int. J. Numer. Meth. Fluids
60: 391-408; Sanders and Schubert 2019, Adv. Water Resour. 126: 79-95). Over each coarse face area and conveyance are
sums over the fine faces in it, as in van Ormondt et al. (2025, Geosci. Model Dev. 18: 843-861), here summed each step
instead of looked up. Volume is float64, as depth over the whole coarse cell, and closes as `flood` does.
"""

import math

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import mean_row, most_of, scale_row, settle_x, settle_y
from citybraid.kernels.flood.solver import SAFE
from citybraid.kernels.flood.spans import rows_of, span, widen
from citybraid.kernels.flood.state import F32, F64, Force, Scheme, Soil, Water
from citybraid.kernels.flood.subgrid_edges import cross_edges, open_edges, pour
from citybraid.kernels.flood.subgrid_rows import (
    along_row,
    carried_of_row,
    carried_row,
    fall_row,
    flux_row,
    level_row,
    lower_row,
    lowest_row,
    pace_row,
    section_of_row,
    section_row,
    top_row,
    volume_row,
    wet_row,
)
from citybraid.kernels.flood.subgrid_state import Room, Tables
from citybraid.kernels.flood.subgrid_track import track
from citybraid.kernels.flood.sweep import sink_row
from citybraid.kernels.flood.track import Peaks, round_row
from citybraid.kernels.numerics.gravity import GRAVITY


@compiled(inline=True)
def levels_of(tables: Tables, water: Water, room: Room, j: int, c0: int, c1: int) -> None:
    """Levels of row j."""
    here, count, sums = slice(c0, c1), tables.sums.shape[1], tables.sums
    h, level, base, most = water.h[j, here], room.level[j, here], tables.base[j, here], float(count)
    lowest_row(h, level, most)
    for k in range(1, count, 3):
        two, three = min(k + 1, count - 1), min(k + 2, count - 1)
        lower_row(h, sums[j, k, here], sums[j, two, here], sums[j, three, here], level, most, k + 1.0, most)
    level_row(base, level)
    wet_row(h, level, base, room.wet[j % 2, here], np.float32(1.0 / most))


@compiled(inner=True)
def fill_sections(top: F32, over: F32, ease: F32, j: int, here: slice, section: F32, carried: F32) -> None:
    """Section and conveyance per metre of a row of faces, from `top` and its fine faces, the lowest first."""
    parts = ease.shape[1]
    each = np.float32(1.0 / parts)
    section_of_row(top, over[j, 0, here], section, each)
    carried_of_row(top, over[j, 0, here], ease[j, 0, here], ease[j, 1, here], carried, each)
    for k in range(2, parts, 2):
        two = min(k + 1, parts - 1)
        more = each if two > k else np.float32(0.0)
        section_row(top, over[j, k - 1, here], over[j, two - 1, here], section, each, more)
    for k in range(2, parts):
        carried_row(top, over[j, k - 1, here], ease[j, k, here], carried, each)


@compiled(inline=True)
def sections_within(tables: Tables, room: Room, j: int, c0: int, c1: int) -> None:
    """Sections of the faces within row j."""
    n = max(c1 - c0 - 1, 0)
    one, other, top = slice(c0, c0 + n), slice(c0 + 1, c0 + 1 + n), room.rows[0, :n]
    section, carried = room.section_x[j, other], room.carried_x[j, other]
    top_row(room.level[j, one], room.level[j, other], tables.datum_x[j, one], top)
    fill_sections(top, tables.over_x, tables.ease_x, j, one, section, carried)


@compiled(inline=True)
def sections_below(tables: Tables, room: Room, j: int, c0: int, c1: int) -> None:
    """Sections of the faces between rows j and j + 1."""
    here, top = slice(c0, c1), room.rows[0, : c1 - c0]
    section, carried = room.section_y[j + 1, here], room.carried_y[j + 1, here]
    top_row(room.level[j, here], room.level[j + 1, here], tables.datum_y[j, here], top)
    fill_sections(top, tables.over_y, tables.ease_y, j, here, section, carried)


@compiled(inline=True)
def pace_of(room: Room, j: int, c0: int, c1: int) -> None:
    """Take the cells of row j, whose sections are known, into the depths that limit the time step."""
    here = slice(c0, c1)
    wet, pace = room.wet[j % 2, here], room.rows[1, here]
    pace_row(room.section_x[j, c0 : c1 + 1], room.section_y[j, here], room.section_y[j + 1, here], wet, pace)


@compiled()
def stand(tables: Tables, water: Water, room: Room) -> float:
    """Levels and sections wherever water may be; returns the depth that limits the time step [m]."""
    r0, r1 = rows_of(water.first, water.last)
    room.rows[1, :] = 0.0
    before, after = r0, r0
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, water.h.shape[1])
        levels_of(tables, water, room, j, c0, c1)
        sections_within(tables, room, j, c0, c1)
        if j > r0:
            sections_below(tables, room, j - 1, before, after)
            pace_of(room, j - 1, before, after)
        before, after = c0, c1
    if r0 < r1:
        pace_of(room, r1 - 1, before, after)
    return most_of(room.rows[1])


@compiled(inline=True)
def faces_within(
    water: Water, room: Room, j: int, c0: int, c1: int, t: np.float32, push: np.float32, pull: np.float32
) -> None:
    """Raw discharge over the faces within row j."""
    n, q = max(c1 - c0 - 1, 0), water.qx
    one, other = slice(c0, c0 + n), slice(c0 + 1, c0 + 1 + n)
    fall, mean, along, section = room.rows[0, :n], room.rows[1, :n], room.rows[2, :n], room.section_x[j, other]
    fall_row(room.level[j, one], room.level[j, other], fall)
    mean_row(q[j, one], q[j, other], q[j, c0 + 2 : c0 + 2 + n], mean, t)
    north, south, deep = water.qy[j, c0 : c0 + n + 1], water.qy[j + 1, c0 : c0 + n + 1], room.deep[j % 2]
    along_row(north, south, section, deep[one], deep[other], along)
    flux_row(section, room.carried_x[j, other], fall, mean, q[j, other], along, room.raw_x[other], push, pull)
    room.raw_x[c0] = 0.0
    room.raw_x[c1] = 0.0


@compiled(inline=True)
def faces_below(
    water: Water, room: Room, j: int, c0: int, c1: int, t: np.float32, push: np.float32, pull: np.float32
) -> None:
    """Raw discharge over the faces between rows j and j + 1."""
    n, here, q = c1 - c0, slice(c0, c1), water.qy
    fall, mean, along, section = room.rows[0, :n], room.rows[1, :n], room.rows[2, :n], room.section_y[j + 1, here]
    fall_row(room.level[j, here], room.level[j + 1, here], fall)
    mean_row(q[j, here], q[j + 1, here], q[j + 2, here], mean, t)
    above, below = water.qx[j, c0 : c1 + 1], water.qx[j + 1, c0 : c1 + 1]
    along_row(above, below, section, room.deep[0, here], room.deep[1, here], along)
    raw = room.raw_y[(j + 1) % 2, here]
    flux_row(section, room.carried_y[j + 1, here], fall, mean, q[j + 1, here], along, raw, push, pull)


@compiled(inline=True)
def close_row(tables: Tables, soil: Soil, water: Water, supply: F64, j: int, c0: int, c1: int, dt: float) -> None:
    """New volumes of row j, whose discharge is final, less what storage, soil and drains take."""
    h, here = water.h[j, c0:c1], slice(c0, c1)
    cx, cy = dt / tables.size[0], dt / tables.size[1]
    volume_row(h, water.qx[j, c0 : c1 + 1], water.qy[j, here], water.qy[j + 1, here], supply[j, here], cx, cy, dt)
    sink_row(soil, h, j, c0, c1, dt)


@compiled(inner=True)
def sweep(tables: Tables, soil: Soil, water: Water, room: Room, supply: F64, theta: float, dt: float) -> None:
    """One step over all rows in one pass, in the order of `flood.sweep`: discharge paid for by cells, then volumes."""
    rows, width = water.h.shape
    r0, r1 = rows_of(water.first, water.last)
    t, pull = np.float32(theta), np.float32(GRAVITY * dt)
    cx, cy = np.float32(dt / tables.size[0]), np.float32(dt / tables.size[1])
    px, py = np.float32(GRAVITY * dt / tables.size[0]), np.float32(GRAVITY * dt / tables.size[1])
    before, after = r0, r0
    c0, c1 = span(water.first, water.last, r0, width) if r0 < r1 else (0, 0)
    if r0 < r1:
        round_row(water.h[r0, c0:c1], room.deep[r0 % 2, c0:c1])
        room.raw_y[r0 % 2, :] = 0.0
    for j in range(r0, r1):
        a, b, here, faces = j % 2, (j + 1) % 2, slice(c0, c1), slice(c0, c1 + 1)
        north, south, paid = room.raw_y[a, here], room.raw_y[b, here], room.paid[a, here]
        faces_within(water, room, j, c0, c1, t, px, pull)
        n0, n1 = c0, c1
        south[:] = 0.0
        if j + 1 < r1:
            n0, n1 = span(water.first, water.last, j + 1, width)
            both = slice(min(c0, n0), max(c1, n1))
            round_row(water.h[j + 1, both], room.deep[b, both])
            room.raw_y[b, both] = 0.0
            faces_below(water, room, j, c0, c1, t, py, pull)
        scale_row(room.deep[a, here], room.raw_x[faces], north, south, paid, cx, cy)
        settle_x(room.raw_x[faces], paid, water.qx[j, faces])
        water.qx[j, c0] = 0.0
        water.qx[j, c1] = 0.0
        settle_y(north, room.paid[b, here], paid, water.qy[j, here])
        if j > r0:
            close_row(tables, soil, water, supply, j - 1, before, after, dt)
        water.tally[1] += c1 - c0
        before, after = c0, c1
        c0, c1 = n0, n1
    if r0 < r1:
        if r1 == rows:
            water.qy[rows, before:after] = 0.0
        close_row(tables, soil, water, supply, r1 - 1, before, after, dt)


@compiled(inner=True)
def time_step(tables: Tables, scheme: Scheme, clock: F64, longest: float, filled: float) -> float:
    """Longest stable step [s] by the depth that limits it, `filled` more of it [m], and the fastest flow."""
    pace = max(math.sqrt(GRAVITY * (clock[2] + filled)), 5.0 / 3.0 * clock[3])
    courant = min(scheme.alpha, SAFE * math.sqrt(0.5 * scheme.theta))
    stable: float = courant * min(tables.size[0], tables.size[1]) / max(pace, 1e-9)
    return min(longest, stable)


@compiled(inner=True)
def filling(tables: Tables, water: Water, room: Room, supply: float, inflow: float) -> float:
    """How fast a cell's level may rise by what comes down on it and what is poured into it [m s⁻¹]."""
    fastest = supply
    for k in range(tables.inflow_cells.shape[0]):
        j, i = tables.inflow_cells[k, 0], tables.inflow_cells[k, 1]
        high = room.level[j, i] - tables.base[j, i]
        wet = water.h[j, i] / high if high > 0.0 else 1.0 / tables.sums.shape[1]
        fastest = max(fastest, tables.inflow_share[k] * inflow / wet)
    return fastest


@compiled()
def advance(
    tables: Tables, soil: Soil, water: Water, room: Room, peaks: Peaks, scheme: Scheme, force: Force,
    supply: F64, steps: int,
) -> bool:  # fmt: skip
    """Step until the stretch of forcing ends or `steps` are done; tell whether it ended.

    `supply` is what rain and roofs bring to each coarse cell, over its whole area [m s⁻¹]. Levels are those of the
    water as it stands when a call begins and when it returns.
    """
    clock, tally = water.clock, water.tally
    over = force.inflow / (tables.size[0] * tables.size[1])
    for _ in range(steps):
        dt = time_step(tables, scheme, clock, scheme.longest, 0.0)
        dt = time_step(tables, scheme, clock, dt, dt * filling(tables, water, room, force.rain, over))
        left = force.until - clock[0]
        parts = max(math.ceil(left / dt * (1.0 - 1e-12)), 1)
        last = parts == 1
        dt = left / parts
        for k in range(room.levels.size):
            room.levels[k] = force.levels[k] - force.rise[k] * (force.until - clock[0] - 0.5 * dt)
        open_edges(tables, water, room, dt)
        sweep(tables, soil, water, room, supply, scheme.theta, dt)
        clock[0] = force.until if last else clock[0] + dt
        r0, r1 = rows_of(water.first, water.last)
        widen(water.h, water.first, water.last, room.spans[0], room.spans[1], r0, r1)
        edge = cross_edges(tables, water, room, dt)
        pour(tables, water, over * dt)
        tally[0] += 1
        clock[2], clock[4] = max(stand(tables, water, room), edge), dt
        if tally[0] % scheme.every == 0 or clock[0] - clock[1] >= scheme.latest:
            clock[3] = track(tables, water, room, peaks, scheme.threshold)
        if last:
            return True
    return False
