"""All structures of a flood, one step at a time."""

from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.links import Culverts, Pumps, run_culverts, run_pumps, switch_pumps
from citybraid.kernels.flood.passage import OUTSIDE, add_to_face_flux, transfer_volumes
from citybraid.kernels.flood.rows import DRY_DEPTH
from citybraid.kernels.flood.state import F64, LAST, NOW, Water
from citybraid.kernels.flood.walls import Gates, Walls, run_gates, run_walls, switch_gates


class Structures(NamedTuple):
    """Walls, gates, culverts and pumps; open gates, running pumps and the flows so far are state."""

    walls: Walls
    gates: Gates
    culverts: Culverts
    pumps: Pumps


@compiled(inner=True)
def filling_rate(structures: Structures, water: Water, size: F64) -> float:
    """Return the rate at which structures may deepen a cell in the next step [m s⁻¹].

    Culverts pass as in the last step, running pumps their full capacity.
    """
    area, last = size[0] * size[1], water.clock[LAST]
    pumps, culverts = structures.pumps, structures.culverts
    switch_pumps(pumps, water.h)
    fastest = 0.0
    for k in range(pumps.capacity.size):
        cells = pumps.passage.cells[k]
        if pumps.on[k] == 1 and cells[2] != OUTSIDE and water.h[cells[0], cells[1]] > DRY_DEPTH:
            fastest = max(fastest, pumps.capacity[k] / area)
    if last > 0.0:
        for k in range(culverts.length.size):
            fastest = max(fastest, abs(culverts.passage.volume[k]) / (area * last))
    return fastest


@compiled(inner=True)
def run_structures(structures: Structures, water: Water, size: F64, dt: float) -> float:
    """Move a step's water through walls, gates, culverts and pumps; return the greatest depth of receiving cells.

    All but pumps use the depths left by the sweep, so their order does not matter.
    """
    area = size[0] * size[1]
    walls, gates, culverts, pumps = structures
    switch_gates(gates, water.h)
    run_walls(walls, water.h, area, dt)
    run_gates(gates, water.h, area, dt, water.clock[NOW])
    run_culverts(culverts, water.h, area, dt)
    deepest = max(
        transfer_volumes(walls.passage, water, area, dt),
        transfer_volumes(gates.passage, water, area, dt),
        transfer_volumes(culverts.passage, water, area, dt),
    )
    add_to_face_flux(walls.passage, water, size, dt)
    add_to_face_flux(gates.passage, water, size, dt)
    return max(deepest, run_pumps(pumps, water, area, dt))
