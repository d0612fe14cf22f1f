"""Walls that water passes over, and gates in them.

The ordinary flux sees a face under a wall as closed. Over the crest water passes by the weir
formula, reduced by tailwater after Villemonte (1947, Engineering News-Record 139: 54-57). An
opening passes the smaller of what a weir and what an orifice would.
"""

import math
from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood_passage import Passage, level, most_volume
from citybraid.kernels.flood_rows import GRAVITY
from citybraid.kernels.flood_state import F64, I32


class Walls(NamedTuple):
    """Faces under walls: level and length of the crest [m]; `law` weir coefficient [m^½ s⁻¹], submergence exponent."""

    passage: Passage
    crest: F64
    width: F64
    law: F64


class Gates(NamedTuple):
    """Faces with an opening: sill level, height, and width [m].

    The first cell of each pair is inside. `watched` is the cell whose level rules, `ground` its bed. A gate
    whose `rising` is 1 opens when the level reaches `opens` and shuts when it falls to `shuts`; one with
    -1 shuts as it rises. `flap` 1 lets water out only. `ajar` is state: 1 open. `law` weir coefficient,
    submergence exponent, orifice coefficient.
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


@compiled(views=True)
def overtop(walls: Walls, h: F64, area: float, dt: float) -> None:
    """Set what passes over each wall in a step."""
    passage = walls.passage
    for k in range(walls.crest.size):
        crest = walls.crest[k]
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        q = weir(max(one, other) - crest, min(one, other) - crest, walls.law[0], walls.law[1])
        volume = min(q * walls.width[k] * dt, most_volume(passage, h, k, end, crest, area))
        passage.volume[k] = volume if end == 0 else -volume


@compiled(views=True)
def rule(gates: Gates, h: F64) -> None:
    """Open or shut each gate by the level it watches."""
    for k in range(gates.sill.size):
        seen = gates.rising[k] * (gates.ground[k] + h[gates.watched[k, 0], gates.watched[k, 1]])
        if seen >= gates.rising[k] * gates.opens[k]:
            gates.ajar[k] = 1
        elif seen <= gates.rising[k] * gates.shuts[k]:
            gates.ajar[k] = 0


@compiled(views=True)
def let_through(gates: Gates, h: F64, area: float, dt: float) -> None:
    """Set what passes through each gate in a step."""
    passage = gates.passage
    for k in range(gates.sill.size):
        one, other = level(passage, h, k, 0), level(passage, h, k, 1)
        end = 0 if one > other else 1
        passage.volume[k] = 0.0
        if gates.ajar[k] == 0 or (end == 1 and gates.flap[k] == 1):
            continue
        head, tail = max(one, other) - gates.sill[k], min(one, other) - gates.sill[k]
        q = weir(head, tail, gates.law[0], gates.law[1])
        if head > gates.height[k]:
            q = min(q, orifice(head, tail, gates.height[k], gates.law[2]))
        volume = min(q * gates.width[k] * dt, most_volume(passage, h, k, end, gates.sill[k], area))
        passage.volume[k] = volume if end == 0 else -volume
