"""Conductances between the cells of a grid, as a circuit of resistors."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Averaging = Literal["resistance", "conductance"]


class Conductances(NamedTuple):
    """Conductances from each cell to four of its neighbours, with a margin of one empty cell on every side.

    Cell (i, j) of the grid stands at [i + 1, j + 1]. Where cells have four neighbours only, the diagonals are empty.
    """

    east: Floats
    south: Floats
    south_east: Floats
    south_west: Floats

    @property
    def diagonal(self) -> bool:
        """Whether cells are linked to their diagonal neighbours."""
        return self.south_east.size > 1


def conductances(
    resistance: Floats, passable: Flags, *, neighbours: Literal[4, 8] = 8, average: Averaging = "resistance"
) -> Conductances:
    """Return the conductances between neighbours of a raster of resistances.

    Two cells are joined by the mean of their resistances, or by the mean of their conductances; diagonal neighbours
    lie √2 apart, so that their resistance is √2 times as much (McRae et al. 2008, Ecology 89: 2712-2724, p. 2716;
    Shah and McRae 2008). Cells that are not `passable` have no links.
    Raises ValueError where a passable cell's resistance is not a number above 0.
    """
    if not ((resistance[passable] > 0.0) & np.isfinite(resistance[passable])).all():
        message = "resistances of passable cells must be finite and above 0"
        raise ValueError(message)
    conductance = np.zeros((resistance.shape[0] + 2, resistance.shape[1] + 2))
    conductance[1:-1, 1:-1][passable] = 1.0 / resistance[passable]
    mean = int(average == "resistance")
    links = (_linked(conductance, 0, 1, mean), _linked(conductance, 1, 0, mean))
    if neighbours == 4:
        return Conductances(*links, np.zeros((1, 1)), np.zeros((1, 1)))
    return Conductances(*links, _linked(conductance, 1, 1, mean), _linked(conductance, 1, -1, mean))


@compiled(fast=frozenset())
def _linked(conductance: Floats, down: int, right: int, mean_resistance: int) -> Floats:
    """Return the conductance between each cell and the one so many cells down and right."""
    rows, columns = conductance.shape
    links = np.zeros((rows, columns))
    share = 1.0 / np.sqrt(2.0) if down != 0 and right != 0 else 1.0
    for i in range(rows - 1):
        for j in range(1, columns - 1):
            here, there = conductance[i, j], conductance[i + down, j + right]
            if here > 0.0 and there > 0.0:
                if mean_resistance == 1:
                    links[i, j] = share * 2.0 * here * there / (here + there)
                else:
                    links[i, j] = share * 0.5 * (here + there)
    return links


@compiled()
def node_conductance(east: Floats, south: Floats, south_east: Floats, south_west: Floats, ground: Floats) -> Floats:
    """Return the sum of each cell's conductances, to its neighbours and to the ground: the Laplacian's diagonal."""
    rows, columns = east.shape
    total = np.zeros((rows, columns))
    diagonal = south_east.size > 1
    grounded = ground.size > 1
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            total[i, j] = east[i, j] + east[i, j - 1] + south[i, j] + south[i - 1, j]
        if diagonal:
            for j in range(1, columns - 1):
                total[i, j] += south_east[i, j] + south_east[i - 1, j - 1] + south_west[i, j] + south_west[i - 1, j + 1]
        if grounded:
            for j in range(1, columns - 1):
                total[i, j] += ground[i, j]
    return total
