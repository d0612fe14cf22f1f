"""Walls that water passes over, and gates in them.

The ordinary flux sees a face under a wall as closed. Over the crest water passes by the weir
formula, reduced by tailwater after Villemonte (1947, Engineering News-Record 139: 54-57). An
opening passes the smaller of what a weir and what an orifice would.
"""

import math
from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.passage import Passage, level, most_volume
from citybraid.kernels.flood.state import F64, I32
from citybraid.kernels.numerics.false_position import narrowed, trial
from citybraid.kernels.numerics.gravity import GRAVITY

ROUNDS = 30
"""Most steps of the search for a volume; it takes about five."""
CLOSE = 1e-9
"""How far the volume may be off what the formula says of it."""


class Walls(NamedTuple):
    """Faces under walls: level and length of the crest [m]; `law` as of gates."""

    passage: Passage
    crest: F64
    width: F64
    law: F64


class Gates(NamedTuple):
    """Faces with an opening: sill level, height, and width [m].

    The first cell of each pair is inside. `watched` is the cell whose level rules, `ground` its bed. A gate
    whose `rising` is 1 opens when the level reaches `opens` and shuts when it falls to `shuts`; one with
    -1 shuts as it rises. It is open at all only between the times `hours` [s]. `flap` 1 lets water out only. `ajar` is
    state: 1 open. `law` weir coefficient
    [m^½ s⁻¹], submergence exponent, orifice coefficient.
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
    ajar: I32
    law: F64


@compiled(inline=True)
def weir(head: float, tail: float, coefficient: float, exponent: float) -> float:
    """Discharge over a metre of crest [m² s⁻¹] under the water's heights above it before and behind [m]."""
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
    """Discharge through a metre of an opening under water [m² s⁻¹]; the jet's middle counts where it falls free."""
    drop = head - max(tail, 0.5 * height)
    return coefficient * height * math.sqrt(2.0 * GRAVITY * drop) if drop > 0.0 else 0.0


@compiled(inline=True)
def opening(head: float, tail: float, height: float, law: F64) -> float:
    """Discharge through a metre of an opening [m² s⁻¹]; one without a top has an infinite height."""
    q = weir(head, tail, law[0], law[1])
    return min(q, orifice(head, tail, height, law[2])) if head > height else q


@compiled(inner=True)
def settled(head: float, tail: float, height: float, law: F64, through: float, falling: float, most: float) -> float:
    """Volume of a step that the formula gives under the levels it leaves behind [m³], from 0 to `most`.

    `through` is width times step [m s], `falling` how far a cubic metre lowers the one side and raises the other
    [m⁻²]. So a steady flow stands as high as the formula says, and levels that are nearly even do
    not swing; the search is by false position.
    """
    if most <= 0.0:
        return 0.0
    low, high = 0.0, most
    short = -through * opening(head, tail, height, law)
    over = most - through * opening(head - most * falling, tail + most * falling, height, law)
    if over <= 0.0 or short >= 0.0:
        return most if over <= 0.0 else 0.0
    last = 0
    for _ in range(ROUNDS):
        volume = trial(low, high, short, over)
        off = volume - through * opening(head - volume * falling, tail + volume * falling, height, law)
        if abs(off) <= CLOSE * volume:
            return volume
        low, high, short, over, last = narrowed(low, high, short, over, last, volume, off)
    return low


@compiled(inner=True)
def overtop(walls: Walls, h: F64, area: float, dt: float) -> None:
    """Set what passes over each wall in a step."""
    passage = walls.passage
    for k in range(walls.crest.size):
        crest = walls.crest[k]
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        passage.volume[k] = 0.0
        if max(one, other) <= crest:
            continue
        end = 0 if one > other else 1
        volume = settled(
            max(one, other) - crest, min(one, other) - crest, math.inf, walls.law, walls.width[k] * dt,
            1.0 / (area * passage.share[k]), most_volume(passage, h, k, end, crest, area),
        )  # fmt: skip
        passage.volume[k] = volume if end == 0 else -volume


@compiled(inner=True)
def rule(gates: Gates, h: F64) -> None:
    """Open or shut each gate by the level it watches."""
    for k in range(gates.sill.size):
        seen = gates.rising[k] * (gates.ground[k] + h[gates.watched[k, 0], gates.watched[k, 1]])
        if seen >= gates.rising[k] * gates.opens[k]:
            gates.ajar[k] = 1
        elif seen <= gates.rising[k] * gates.shuts[k]:
            gates.ajar[k] = 0


@compiled(inner=True)
def let_through(gates: Gates, h: F64, area: float, dt: float, now: float) -> None:
    """Set what passes through each gate in a step that ends `now` [s]."""
    passage = gates.passage
    for k in range(gates.sill.size):
        sill = gates.sill[k]
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        passage.volume[k] = 0.0
        if not gates.hours[k, 0] < now <= gates.hours[k, 1]:
            continue
        if gates.ajar[k] == 0 or max(one, other) <= sill or (end == 1 and gates.flap[k] == 1):
            continue
        volume = settled(
            max(one, other) - sill, min(one, other) - sill, gates.height[k], gates.law, gates.width[k] * dt,
            1.0 / (area * passage.share[k]), most_volume(passage, h, k, end, sill, area),
        )  # fmt: skip
        passage.volume[k] = volume if end == 0 else -volume
