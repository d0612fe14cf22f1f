"""Walls that overtop, and gates in them.

A face under a wall is closed to the face flux. Overtopping follows the weir formula, reduced
for submergence after Villemonte (1947, Engineering News-Record 139: 54-57). An opening passes
the smaller of weir flow and orifice flow.
"""

import math
from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.passage import Passage, level, max_volume
from citybraid.kernels.flood.state import F64, I32
from citybraid.kernels.numerics.false_position import chord_root, narrow_bracket
from citybraid.kernels.numerics.gravity import GRAVITY

MAX_ITERATIONS = 30
"""Most iterations for a volume; about five are needed."""
TOLERANCE = 1e-9
"""Relative tolerance of the volume."""


class Walls(NamedTuple):
    """Faces under walls: level and length of the crest [m]; `law` as of gates."""

    passage: Passage
    crest: F64
    width: F64
    law: F64


class Gates(NamedTuple):
    """Faces with an opening: sill level, height, and width [m].

    The first cell of each pair is inside. `watched` is the cell whose level controls the gate, `ground` its bed. A
    gate with `rising` 1 opens when the level reaches `opens` and shuts when it falls to `shuts`; one with -1 shuts as
    it rises. It may be open only between the times `hours` [s]. `flap` 1 allows outflow only. `is_open` is state: 1
    open. `law` is weir coefficient [m^½ s⁻¹], submergence exponent, orifice coefficient.
    """

    passage: Passage
    sill: F64
    height: F64
    width: F64
    flap: I32
    watched: I32
    ground: F64
    rising: F64
    opens: F64
    shuts: F64
    hours: F64
    is_open: I32
    law: F64


@compiled(inline=True)
def weir(head: float, tail: float, coefficient: float, exponent: float) -> float:
    """Return the discharge per metre of crest [m² s⁻¹] from upstream head and tailwater above it [m]."""
    if head <= 0.0:
        return 0.0
    free = coefficient * head * math.sqrt(head)
    if tail <= 0.0:
        return free
    ratio = min(tail / head, 1.0)
    drowned: float = free * (1.0 - ratio * math.sqrt(ratio)) ** exponent
    return drowned


@compiled(inline=True)
def orifice(head: float, tail: float, height: float, coefficient: float) -> float:
    """Return the orifice discharge per metre of width [m² s⁻¹]; a free jet has its head above the opening's centre."""
    drop = head - max(tail, 0.5 * height)
    return coefficient * height * math.sqrt(2.0 * GRAVITY * drop) if drop > 0.0 else 0.0


@compiled(inline=True)
def opening_discharge(head: float, tail: float, height: float, law: F64) -> float:
    """Return the discharge per metre of an opening [m² s⁻¹]; one without a top has an infinite height."""
    q = weir(head, tail, law[0], law[1])
    return min(q, orifice(head, tail, height, law[2])) if head > height else q


@compiled(inner=True)
def implicit_volume(
    head: float, tail: float, height: float, law: F64, through: float, level_change: float, limit: float
) -> float:
    """Return the volume of a step, implicit in the levels at its end [m³], from 0 to `limit`.

    `through` is width times step [m s], `level_change` the level change per volume on either side [m⁻²].
    Implicit levels make steady flow exact and keep nearly equal levels from oscillating; the root is found
    by false position.
    """
    if limit <= 0.0:
        return 0.0
    low, high = 0.0, limit
    f_low = -through * opening_discharge(head, tail, height, law)
    f_high = limit - through * opening_discharge(head - limit * level_change, tail + limit * level_change, height, law)
    if f_high <= 0.0 or f_low >= 0.0:
        return limit if f_high <= 0.0 else 0.0
    moved = 0
    for _ in range(MAX_ITERATIONS):
        volume = chord_root(low, high, f_low, f_high)
        residual = volume - through * opening_discharge(
            head - volume * level_change, tail + volume * level_change, height, law
        )
        if abs(residual) <= TOLERANCE * volume:
            return volume
        low, high, f_low, f_high, moved = narrow_bracket(low, high, f_low, f_high, moved, volume, residual)
    return low


@compiled(inner=True)
def run_walls(walls: Walls, h: F64, area: float, dt: float) -> None:
    """Set the volume over each wall in a step."""
    passage = walls.passage
    for k in range(walls.crest.size):
        crest = walls.crest[k]
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        passage.volume[k] = 0.0
        if max(one, other) <= crest:
            continue
        end = 0 if one > other else 1
        volume = implicit_volume(
            max(one, other) - crest, min(one, other) - crest, math.inf, walls.law, walls.width[k] * dt,
            1.0 / (area * passage.share[k]), max_volume(passage, h, k, end, crest, area),
        )  # fmt: skip
        passage.volume[k] = volume if end == 0 else -volume


@compiled(inner=True)
def switch_gates(gates: Gates, h: F64) -> None:
    """Open or close each gate by its control level."""
    for k in range(gates.sill.size):
        level_at_gate = gates.rising[k] * (gates.ground[k] + h[gates.watched[k, 0], gates.watched[k, 1]])
        if level_at_gate >= gates.rising[k] * gates.opens[k]:
            gates.is_open[k] = 1
        elif level_at_gate <= gates.rising[k] * gates.shuts[k]:
            gates.is_open[k] = 0


@compiled(inner=True)
def run_gates(gates: Gates, h: F64, area: float, dt: float, now: float) -> None:
    """Set the volume through each gate in a step that ends at `now` [s]."""
    passage = gates.passage
    for k in range(gates.sill.size):
        sill = gates.sill[k]
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        passage.volume[k] = 0.0
        if not gates.hours[k, 0] < now <= gates.hours[k, 1]:
            continue
        if gates.is_open[k] == 0 or max(one, other) <= sill or (end == 1 and gates.flap[k] == 1):
            continue
        volume = implicit_volume(
            max(one, other) - sill, min(one, other) - sill, gates.height[k], gates.law, gates.width[k] * dt,
            1.0 / (area * passage.share[k]), max_volume(passage, h, k, end, sill, area),
        )  # fmt: skip
        passage.volume[k] = volume if end == 0 else -volume
