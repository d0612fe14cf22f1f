"""All that is built to hold, pass or lift water, a step at a time."""

from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.links import Culverts, Pumps, lift, run_culverts, switch
from citybraid.kernels.flood.passage import AWAY, exchange, lead_on
from citybraid.kernels.flood.rows import FILM
from citybraid.kernels.flood.state import F64, Water
from citybraid.kernels.flood.walls import Gates, Walls, let_through, overtop, rule


class Structures(NamedTuple):
    """Walls, gates, culverts and pumps; which gates are open, which pumps run, and what has passed is state."""

    walls: Walls
    gates: Gates
    culverts: Culverts
    pumps: Pumps


@compiled(inner=True)
def filling_rate(structures: Structures, water: Water, size: F64) -> float:
    """How fast structures may deepen a cell in the step to come [m s⁻¹]: as the last step, running pumps fully."""
    area, last = size[0] * size[1], water.clock[4]
    pumps, culverts = structures.pumps, structures.culverts
    switch(pumps, water.h)
    fastest = 0.0
    for k in range(pumps.capacity.size):
        cells = pumps.passage.cells[k]
        if pumps.on[k] == 1 and cells[2] != AWAY and water.h[cells[0], cells[1]] > FILM:
            fastest = max(fastest, pumps.capacity[k] / area)
    if last > 0.0:
        for k in range(culverts.length.size):
            fastest = max(fastest, abs(culverts.passage.volume[k]) / (area * last))
    return fastest


@compiled(inner=True)
def cross_structures(structures: Structures, water: Water, size: F64, dt: float) -> float:
    """Let a step's water over walls, through gates and culverts, and lift it; returns the deepest where it arrives.

    All but pumps see the water as the sweep left it, so their order does not matter.
    """
    area = size[0] * size[1]
    walls, gates, culverts, pumps = structures
    rule(gates, water.h)
    overtop(walls, water.h, area, dt)
    let_through(gates, water.h, area, dt, water.clock[0])
    run_culverts(culverts, water.h, area, dt)
    deepest = max(
        exchange(walls.passage, water, area, dt),
        exchange(gates.passage, water, area, dt),
        exchange(culverts.passage, water, area, dt),
    )
    lead_on(walls.passage, water, size, dt)
    lead_on(gates.passage, water, size, dt)
    return max(deepest, lift(pumps, water, area, dt))
