"""Culverts and pumps: flow from one cell to another that need not be a neighbour.

A culvert passes the smaller of its discharges under inlet control and outlet control (FHWA 2012, HDS-5, 3rd
ed., ch. 3 and app. A). Inlet control is a rating; outlet control balances energy between the pools: entrance loss,
friction at the mean conveyance of both ends, exit loss.
"""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import MAX_OUTFLOW_SHARE, add_compensated
from citybraid.kernels.flood.passage import NOW, OUTSIDE, VOLUME, Passage, level, max_volume, update_peak_discharge
from citybraid.kernels.flood.rows import DRY_DEPTH
from citybraid.kernels.flood.spans import mark_wet
from citybraid.kernels.flood.state import F64, I32, Water
from citybraid.kernels.numerics.false_position import chord_root, narrow_bracket
from citybraid.kernels.numerics.gravity import GRAVITY

MAX_ITERATIONS = 30
"""Most iterations for a discharge or volume (Illinois false position); about six are needed."""
TOLERANCE = 1e-7
"""Tolerance of a root, relative to the difference of water levels or to the volume."""
AREA, CONVEYANCE, CRITICAL = 0, 1, 2
"""Rows of a section's table."""
SCALE, SHIFT, TOP = 0, 1, 2
"""Columns of a submerged inlet: Q = scale √(head - shift) from the head `top` on."""


class Culverts(NamedTuple):
    """Barrels from the first cell of each pair to the second; arrays by end hold the first's value, then the second's.

    `invert` [m] by end, `length`, `height` [m], `barrels` side by side, `flap` 1 allows flow from the first cell only.
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
def interpolate(values: F64, place: float) -> float:
    """Return a table's value at a fractional index, constant beyond its ends."""
    moved = values.size - 1
    k = min(max(int(place), 0), moved - 1)
    part = min(max(place - k, 0.0), 1.0)
    value: float = values[k] + part * (values[k + 1] - values[k])
    return value


@compiled(inline=True)
def inlet_discharge(culverts: Culverts, k: int, end: int, head: float) -> float:
    """Return one barrel's discharge under inlet control at a head above its invert [m³ s⁻¹]."""
    if head <= 0.0:
        return 0.0
    top = culverts.drowned[k, end, TOP]
    if head >= top:
        drowned: float = culverts.drowned[k, end, SCALE] * np.sqrt(head - culverts.drowned[k, end, SHIFT])
        return drowned
    rating = culverts.inlet[k, end]
    return interpolate(rating, head / top * (rating.size - 1))


@compiled(inline=True)
def critical_depth(critical: F64, height: float, q: float) -> float:
    """Return the critical depth of a discharge, up to the barrel's height [m]."""
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
def required_head(culverts: Culverts, k: int, q: float, head: float, tail: float) -> float:
    """Return the head above the outlet's invert [m] that a discharge of one barrel needs under outlet control.

    `head` is the depth above the inlet's invert, which sets the flow depth at the barrel's start; `tail` the tailwater.
    """
    section, height = culverts.section[k], culverts.height[k]
    steps = (section.shape[1] - 1) / height
    out = max(tail, critical_depth(section[CRITICAL], height, q))
    a0, a1 = interpolate(section[AREA], head * steps), interpolate(section[AREA], out * steps)
    mean = 0.5 * (interpolate(section[CONVEYANCE], head * steps) + interpolate(section[CONVEYANCE], out * steps))
    v0, v1 = q / max(a0, 1e-9), q / max(a1, 1e-9)
    slope = (q / max(mean, 1e-9)) ** 2
    loss: float = (culverts.losses[k, 0] * v0 * v0 + culverts.losses[k, 1] * v1 * v1) / (2.0 * GRAVITY)
    return out + loss + slope * culverts.length[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def culvert_discharge(culverts: Culverts, k: int, end: int, upper: float, lower: float) -> float:
    """Return the discharge of a culvert between the upper and the lower water level [m³ s⁻¹]."""
    head, fall = upper - culverts.invert[k, end], upper - culverts.invert[k, 1 - end]
    tail = lower - culverts.invert[k, 1 - end]
    limit = inlet_discharge(culverts, k, end, head)
    if limit <= 0.0 or fall <= max(tail, 0.0):
        return 0.0
    low, high = 0.0, limit
    f_low, f_high = max(tail, 0.0) - fall, required_head(culverts, k, limit, head, tail) - fall
    if f_high <= 0.0:
        return limit * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type
    moved = 0
    for _ in range(MAX_ITERATIONS):
        q = chord_root(low, high, f_low, f_high)
        residual = required_head(culverts, k, q, head, tail) - fall
        if abs(residual) <= TOLERANCE * fall:
            return q * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type
        low, high, f_low, f_high, moved = narrow_bracket(low, high, f_low, f_high, moved, q, residual)
    return low * culverts.barrels[k]  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def culvert_volume(
    culverts: Culverts, k: int, end: int, upper: float, lower: float, dt: float, level_change: float, limit: float
) -> float:
    """Return the volume of a culvert's step, implicit in the levels at its end, as `walls.implicit_volume` [m³]."""
    low, high = 0.0, limit
    f_low = -dt * culvert_discharge(culverts, k, end, upper, lower)
    f_high = limit - dt * culvert_discharge(
        culverts, k, end, upper - limit * level_change, lower + limit * level_change
    )
    if f_high <= 0.0 or f_low >= 0.0:
        return limit if f_high <= 0.0 else 0.0
    moved = 0
    for _ in range(MAX_ITERATIONS):
        volume = chord_root(low, high, f_low, f_high)
        residual = volume - dt * culvert_discharge(
            culverts, k, end, upper - volume * level_change, lower + volume * level_change
        )
        if abs(residual) <= TOLERANCE * volume:
            return volume
        low, high, f_low, f_high, moved = narrow_bracket(low, high, f_low, f_high, moved, volume, residual)
    return low


@compiled(inner=True)
def run_culverts(culverts: Culverts, h: F64, area: float, dt: float) -> None:
    """Set the volume through each culvert in a step."""
    passage = culverts.passage
    for k in range(culverts.length.size):
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        limit = max_volume(passage, h, k, end, culverts.invert[k, end], area)
        passage.volume[k] = 0.0
        if limit <= 0.0 or (end == 1 and culverts.flap[k] == 1):
            continue
        upper, lower, level_change = max(one, other), min(one, other), 1.0 / (area * passage.share[k])
        volume = culvert_volume(culverts, k, end, upper, lower, dt, level_change, limit)
        passage.volume[k] = volume if end == 0 else -volume


@compiled(inner=True)
def switch_pumps(pumps: Pumps, h: F64) -> None:
    """Start or stop each pump by its intake level."""
    for k in range(pumps.capacity.size):
        intake_level = level(pumps.passage, h, k, 0)
        if intake_level >= pumps.start[k]:
            pumps.on[k] = 1
        elif intake_level <= pumps.stop[k]:
            pumps.on[k] = 0


@compiled(inner=True)
def run_pumps(pumps: Pumps, water: Water, area: float, dt: float) -> float:
    """Run the pumps for a step; return the greatest depth of receiving cells [m].

    Water pumped out of the area counts as outflow. A pump takes no more than its cell holds above its stop level.
    """
    passage, h = pumps.passage, water.h
    deepest = 0.0
    passage.passed[:, NOW] = 0.0
    for k in range(pumps.capacity.size):
        passage.volume[k] = 0.0
        j, i = passage.cells[k, 0], passage.cells[k, 1]
        if pumps.on[k] == 0 or h[j, i] <= DRY_DEPTH:
            continue
        available = min(MAX_OUTFLOW_SHARE * h[j, i], level(passage, h, k, 0) - pumps.stop[k])
        depth = min(pumps.capacity[k] * dt / area, max(available, 0.0))
        h[j, i] -= depth
        passage.volume[k] = depth * area
        passage.passed[passage.of[k], NOW] += passage.volume[k] / dt
        passage.passed[passage.of[k], VOLUME] += passage.volume[k]
        j, i = passage.cells[k, 2], passage.cells[k, 3]
        if j == OUTSIDE:
            add_compensated(water.sums, 0, passage.volume[k])
        elif depth > 0.0:
            h[j, i] += depth
            mark_wet(water.first, water.last, j, i)
            deepest = max(deepest, h[j, i])
    update_peak_discharge(passage)
    return deepest
