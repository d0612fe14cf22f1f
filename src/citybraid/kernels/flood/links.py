"""Culverts and pumps: water that goes under ground or up a pipe from one cell to another.

A culvert passes the smaller of what its inlet and what its barrel and outlet let through (FHWA
2012, HDS-5, 3rd ed., ch. 3 and app. A). Inlet control comes as a rating; outlet control balances energy
from pool to pool: entrance loss, friction at the mean conveyance of both ends, velocity head lost at the outlet.
"""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import KEPT, add
from citybraid.kernels.flood.passage import AWAY, NOW, VOLUME, Passage, keep_peaks, level, most_volume
from citybraid.kernels.flood.rows import FILM
from citybraid.kernels.flood.spans import wet_at
from citybraid.kernels.flood.state import F64, I32, Water
from citybraid.kernels.numerics.false_position import narrowed, trial
from citybraid.kernels.numerics.gravity import GRAVITY

ROUNDS = 30
"""Most steps of a search for a discharge or volume (false position, Illinois); it takes about six."""
CLOSE = 1e-7
"""How far what is found may be off: share of the fall of the water levels, or of the volume."""
AREA, CONVEYANCE, CRITICAL = 0, 1, 2
"""Rows of a section's table."""
SCALE, SHIFT, TOP = 0, 1, 2
"""Columns of a drowned inlet: Q = scale √(head - shift) from the head `top` on."""


class Culverts(NamedTuple):
    """Barrels from the first cell of each pair to the second; arrays by end hold the first's value, then the second's.

    `invert` [m] by end, `length`, `height` [m], `barrels` side by side, `flap` 1 lets water one way only.
    `section` has flow area [m²], conveyance [m³ s⁻¹] and critical discharge [m³ s⁻¹] of one barrel at equal steps of
    depth; `inlet`, by end, its discharge under inlet control at equal steps of head up to `drowned`'s top.
    `losses` entrance and exit coefficient.
    """

    passage: Passage
    invert: F64
    length: F64
    height: F64
    barrels: F64
    flap: I32
    section: F64
    inlet: F64
    drowned: F64
    losses: F64


class Pumps(NamedTuple):
    """Pumps from the first cell of each pair to the second, or away: capacity [m³ s⁻¹], levels to start and stop [m].

    `on` is state: 1 running.
    """

    passage: Passage
    capacity: F64
    start: F64
    stop: F64
    on: I32


@compiled(inline=True)
def between(values: F64, place: float) -> float:
    """Return a table's value at a place between its entries; the ends hold beyond."""
    last = values.size - 1
    k = min(max(int(place), 0), last - 1)
    part = min(max(place - k, 0.0), 1.0)
    found: float = values[k] + part * (values[k + 1] - values[k])
    return found


@compiled(inline=True)
def inlet_discharge(culverts: Culverts, k: int, end: int, head: float) -> float:
    """Discharge that one barrel's inlet lets through under a head above its invert [m³ s⁻¹]."""
    if head <= 0.0:
        return 0.0
    top = culverts.drowned[k, end, TOP]
    if head >= top:
        drowned: float = culverts.drowned[k, end, SCALE] * np.sqrt(head - culverts.drowned[k, end, SHIFT])
        return drowned
    rating = culverts.inlet[k, end]
    return between(rating, head / top * (rating.size - 1))


@compiled(inline=True)
def critical_depth(critical: F64, height: float, q: float) -> float:
    """Depth at which a discharge is critical, up to the barrel's height [m]."""
    low, high = 0, critical.size - 1
    if q >= critical[high]:
        return height
    while high - low > 1:
        middle = (low + high) // 2
        if critical[middle] > q:
            high = middle
        else:
            low = middle
    part = (q - critical[low]) / (critical[high] - critical[low])
    return height * (low + part) / (critical.size - 1)  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inline=True)
def head_needed(culverts: Culverts, k: int, q: float, head: float, tail: float) -> float:
    """Head above the outlet's invert [m] that drives a discharge through one barrel against a tailwater.

    `head` is the water above the inlet's invert, which says how full the barrel begins.
    """
    section, height = culverts.section[k], culverts.height[k]
    steps = (section.shape[1] - 1) / height
    out = max(tail, critical_depth(section[CRITICAL], height, q))
    a0, a1 = between(section[AREA], head * steps), between(section[AREA], out * steps)
    mean = 0.5 * (between(section[CONVEYANCE], head * steps) + between(section[CONVEYANCE], out * steps))
    v0, v1 = q / max(a0, 1e-9), q / max(a1, 1e-9)
    slope = (q / max(mean, 1e-9)) ** 2
    loss: float = (culverts.losses[k, 0] * v0 * v0 + culverts.losses[k, 1] * v1 * v1) / (2.0 * GRAVITY)
    return out + loss + slope * culverts.length[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def culvert_discharge(culverts: Culverts, k: int, end: int, upper: float, lower: float) -> float:
    """Discharge of a culvert from one end's water level to the lower one at the other end [m³ s⁻¹]."""
    head, fall = upper - culverts.invert[k, end], upper - culverts.invert[k, 1 - end]
    tail = lower - culverts.invert[k, 1 - end]
    most = inlet_discharge(culverts, k, end, head)
    if most <= 0.0 or fall <= max(tail, 0.0):
        return 0.0
    low, high = 0.0, most
    short, over = max(tail, 0.0) - fall, head_needed(culverts, k, most, head, tail) - fall
    if over <= 0.0:
        return most * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type
    last = 0
    for _ in range(ROUNDS):
        q = trial(low, high, short, over)
        off = head_needed(culverts, k, q, head, tail) - fall
        if abs(off) <= CLOSE * fall:
            return q * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type
        low, high, short, over, last = narrowed(low, high, short, over, last, q, off)
    return low * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def culvert_volume(
    culverts: Culverts, k: int, end: int, upper: float, lower: float, dt: float, falling: float, most: float
) -> float:
    """Volume of a step that a culvert passes under the levels it leaves behind, as `flood_walls.settled` [m³]."""
    low, high = 0.0, most
    short = -dt * culvert_discharge(culverts, k, end, upper, lower)
    over = most - dt * culvert_discharge(culverts, k, end, upper - most * falling, lower + most * falling)
    if over <= 0.0 or short >= 0.0:
        return most if over <= 0.0 else 0.0
    last = 0
    for _ in range(ROUNDS):
        volume = trial(low, high, short, over)
        off = volume - dt * culvert_discharge(culverts, k, end, upper - volume * falling, lower + volume * falling)
        if abs(off) <= CLOSE * volume:
            return volume
        low, high, short, over, last = narrowed(low, high, short, over, last, volume, off)
    return low


@compiled(inner=True)
def run_culverts(culverts: Culverts, h: F64, area: float, dt: float) -> None:
    """Set what passes through each culvert in a step."""
    passage = culverts.passage
    for k in range(culverts.length.size):
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        most = most_volume(passage, h, k, end, culverts.invert[k, end], area)
        passage.volume[k] = 0.0
        if most <= 0.0 or (end == 1 and culverts.flap[k] == 1):
            continue
        upper, lower, falling = max(one, other), min(one, other), 1.0 / (area * passage.share[k])
        volume = culvert_volume(culverts, k, end, upper, lower, dt, falling, most)
        passage.volume[k] = volume if end == 0 else -volume


@compiled(inner=True)
def switch(pumps: Pumps, h: F64) -> None:
    """Start or stop each pump by the level at its intake."""
    for k in range(pumps.capacity.size):
        seen = level(pumps.passage, h, k, 0)
        if seen >= pumps.start[k]:
            pumps.on[k] = 1
        elif seen <= pumps.stop[k]:
            pumps.on[k] = 0


@compiled(inner=True)
def lift(pumps: Pumps, water: Water, area: float, dt: float) -> float:
    """Pump for a step; returns the deepest water where it comes out [m]. What is lifted out of the area has left.

    A pump takes no more than its cell holds above the level at which it stops.
    """
    passage, h = pumps.passage, water.h
    deepest = 0.0
    passage.passed[:, NOW] = 0.0
    for k in range(pumps.capacity.size):
        passage.volume[k] = 0.0
        j, i = passage.cells[k, 0], passage.cells[k, 1]
        if pumps.on[k] == 0 or h[j, i] <= FILM:
            continue
        there = min(KEPT * h[j, i], level(passage, h, k, 0) - pumps.stop[k])
        depth = min(pumps.capacity[k] * dt / area, max(there, 0.0))
        h[j, i] -= depth
        passage.volume[k] = depth * area
        passage.passed[passage.of[k], NOW] += passage.volume[k] / dt
        passage.passed[passage.of[k], VOLUME] += passage.volume[k]
        j, i = passage.cells[k, 2], passage.cells[k, 3]
        if j == AWAY:
            add(water.sums, 0, passage.volume[k])
        elif depth > 0.0:
            h[j, i] += depth
            wet_at(water.first, water.last, j, i)
            deepest = max(deepest, h[j, i])
    keep_peaks(passage)
    return deepest
