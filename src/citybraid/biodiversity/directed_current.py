"""Current from one patch to all others, from all others to one, or between given sources and grounds."""

from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances, solved_or_told
from citybraid.biodiversity.circuit_grid import CellValues, resistances_of, short_circuits
from citybraid.biodiversity.circuit_lists import amounts_in
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Raster
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.graphs import SOURCE_STRENGTHS
from citybraid.core.vocabulary.biodiversity.movement import (
    CIRCUIT_MASK,
    CURRENT_SOURCE,
    DIRECTED_CURRENT,
    DIRECTED_LARGEST_CURRENT,
    DIRECTED_POWER,
    DIRECTED_RESIDUAL,
    GROUND_RESISTANCE,
    ISOLATED_CURRENT,
    MOVEMENT_RESISTANCE,
    SHORT_CIRCUIT,
)
from citybraid.kernels.ecology.circuit_modes import (
    AgainstAll,
    Conflict,
    all_to_one,
    flat_cells,
    grounded_currents,
    merged,
    one_to_all,
)
from citybraid.kernels.ecology.conductance import Averaging, Conductances, conductances

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AGAINST = {"one_to_all": one_to_all, "all_to_one": all_to_one}


class DirectedCurrentParams(Params):
    """From where to where current flows, and how cells are linked."""

    mode: Literal["one_to_all", "all_to_one", "given"] = Field()
    """From each patch to all others, from all others to each, or between given sources and grounds: no default, so
    that a study runs it where it says what it asks."""
    cell_values: CellValues = "resistance"
    """Whether the raster of movement_resistance states resistances, or conductances, 0 being impassable."""
    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""
    average: Averaging = "resistance"
    """Whether two cells are joined by the mean of their resistances or of their conductances."""
    patches: int = Field(12, ge=2, le=200)
    """The largest patches that current flows between; one run for each."""
    conflict: Conflict = "keep_all"
    """What becomes of a given source that is a given ground too."""


class DirectedCurrent(NamedTuple):
    """Maps of current, and what it cost."""

    directed_current: DIRECTED_CURRENT
    directed_largest_current: DIRECTED_LARGEST_CURRENT
    directed_power: DIRECTED_POWER
    isolated_current: ISOLATED_CURRENT
    directed_residual: DIRECTED_RESIDUAL


@model(
    version=2,
    cite="McRae et al. (2008), Ecology 89: 2712-2724; Shah and McRae (2008), Proc. 7th Python in Science Conf.: 62-66 "
    "(modes and rules of conflict)",
    validity="Random walkers that know nothing beyond the next cell; currents compare plans and are no counts of "
    "animals. Patches and ground end at the edge of the grid, along which current is too strong.",
)
def directed_current(
    movement_resistance: MOVEMENT_RESISTANCE,
    p: DirectedCurrentParams,
    habitat_patch: HABITAT_PATCH | None = None,
    current_source: CURRENT_SOURCE | None = None,
    ground_resistance: GROUND_RESISTANCE | None = None,
    short_circuit: SHORT_CIRCUIT | None = None,
    source_strengths: SOURCE_STRENGTHS | None = None,
    circuit_mask: CIRCUIT_MASK | None = None,
) -> DirectedCurrent:
    """Return the current that flows one way: out of patches, into them, or from given sources to given grounds.

    Cells are resistors; patches are focal regions without resistance within, of any shape and in any number of parts.
    One to all: each patch in turn sends 1 A, or its strength of `source_strengths`, to all others, which are grounded.
    All to one: all others send as much each to it. Given: `current_source` sends its amperes, which leave over
    `ground_resistance`, 0 being a direct ground; patches are short-circuit regions if there are any, as those of
    `short_circuit` are in every mode. Maps are summed over runs. `directed_power` is Σ source × voltage, in one to all
    with 1 A the sum of effective resistances; sources without a path to a ground have no current and are told.
    Raises InputError for resistances that are not above 0, fewer than two patches or none given where they are needed,
    no source or no ground, or a circuit without an accurate solution.
    """
    ground = resistances_of(movement_resistance, stated=p.cell_values, mask=circuit_mask)
    require_resistances(ground)
    resistance = ground.to_numpy().astype(np.float64)
    passable = np.isfinite(resistance)
    links = conductances(
        np.where(passable, resistance, 1.0), passable, neighbours=8 if p.neighbours == "8" else 4, average=p.average
    )
    numbers, regions = _regions(habitat_patch, passable, p)
    shorts = [] if short_circuit is None else short_circuits(short_circuit)
    with solved_or_told():
        currents = (
            _given(links, [*regions, *shorts], current_source, ground_resistance, p.conflict)
            if p.mode == "given"
            else AGAINST[p.mode](links, regions, regions=shorts, strength=_strengths(source_strengths, numbers))
        )

    def raster(values: Floats) -> xr.DataArray:
        return xr.DataArray(
            np.where(passable, values, np.nan), dims=movement_resistance.dims, coords=movement_resistance.coords
        )

    return DirectedCurrent(
        raster(currents.cumulative), raster(currents.largest), currents.power, currents.isolated, currents.residual
    )


def _strengths(listed: str | None, numbers: list[int]) -> Floats | None:
    """Return the amperes of each patch, 1 where the list has none; None without a list."""
    if listed is None:
        return None
    amounts = amounts_in(listed, {str(number): number for number in numbers}, name="source_strengths")
    return np.array([amounts.get(str(number), 1.0) for number in numbers])


def _regions(
    habitat_patch: Raster | None, passable: NDArray[np.bool_], p: DirectedCurrentParams
) -> tuple[list[int], list[Ints]]:
    """Return the numbers and the passable cells of each patch.

    Raises InputError where a mode between patches has fewer than two.
    """
    patch = np.zeros(passable.shape, np.int64) if habitat_patch is None else habitat_patch.to_numpy().astype(np.int64)
    numbers = largest_patches(patch, passable, p.patches)
    if p.mode != "given" and len(numbers) <= 1:
        raise InputError("movement.few_patches", got=len(numbers))
    return numbers, [flat_cells((patch == number) & passable) for number in numbers]


def _given(
    links: Conductances, regions: list[Ints], current_source: Raster | None, ground_resistance: Raster | None,
    rule: Conflict,
) -> AgainstAll:  # fmt: skip
    """Return the currents between given sources and grounds. Raises InputError where there are none of either."""
    source, ground = (
        np.pad(np.full([each - 2 for each in links.east.shape], np.nan) if given is None else
               given.to_numpy().astype(np.float64), 1, constant_values=np.nan)
        for given in (current_source, ground_resistance)
    )  # fmt: skip
    source = np.nan_to_num(source)
    if not source.any() or not np.isfinite(ground).any():
        raise InputError("movement.no_source_or_ground", sources=int((source != 0.0).sum()),
                         grounds=int(np.isfinite(ground).sum()))  # fmt: skip
    leak = np.divide(1.0, ground, out=np.zeros_like(ground), where=ground > 0.0)
    currents = grounded_currents(links, source, direct=ground == 0.0, ground=leak, regions=merged(regions), rule=rule)
    return AgainstAll(
        np.full(1, np.nan), currents.current[1:-1, 1:-1], currents.current[1:-1, 1:-1], currents.power,
        currents.isolated, currents.residual,
    )  # fmt: skip
