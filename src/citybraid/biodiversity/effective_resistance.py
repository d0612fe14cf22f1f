"""Effective resistance between each two focal nodes, and the current of all pairs."""

from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances, solved_or_told
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Raster
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.movement import (
    EFFECTIVE_RESISTANCE,
    MOVEMENT_RESISTANCE,
    PAIR_CURRENT,
    PAIR_LARGEST_CURRENT,
    PAIR_RESIDUAL,
    SHORT_CIRCUIT,
)
from citybraid.kernels.ecology.circuit_modes import flat_cells, pairwise
from citybraid.kernels.ecology.conductance import Averaging, conductances


class EffectiveResistanceParams(Params):
    """Links between cells, and which nodes are short circuited when."""

    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""
    average: Averaging = "resistance"
    """Whether two cells are joined by the mean of their resistances or of their conductances."""
    together: bool = False
    """Whether all nodes of several cells are short circuited in every pair, or the two of the pair alone."""
    patches: int = Field(60, ge=2, le=200)
    """The largest patches that are focal nodes; pairs grow with the square."""


class EffectiveResistance(NamedTuple):
    """Resistances by pair, and maps of current."""

    effective_resistance: EFFECTIVE_RESISTANCE
    pair_current: PAIR_CURRENT
    pair_largest_current: PAIR_LARGEST_CURRENT
    pair_residual: PAIR_RESIDUAL


@model(
    version=1,
    cite="McRae (2006), Evolution 60: 1551-1561; McRae et al. (2008), Ecology 89: 2712-2724; Shah and McRae (2008), "
    "Proc. 7th Python in Science Conf.: 62-66 (pairwise mode, short-circuit regions)",
    validity="Random walkers that know nothing beyond the next cell. Nodes and ground end at the edge of the grid, "
    "along which current is too strong.",
    alone=True,
)
def effective_resistance(
    *,
    movement_resistance: MOVEMENT_RESISTANCE,
    habitat_patch: HABITAT_PATCH,
    p: EffectiveResistanceParams,
    short_circuit: SHORT_CIRCUIT | None = None,
) -> EffectiveResistance:
    """Return the effective resistance between each two patches, and the current of 1 A between each pair.

    Patches are focal nodes of one cell or many, in one part or several; rows are named `1-2` by their numbers, and have
    no value without a path. Regions of `short_circuit` have no resistance within, in every pair, on impassable cells
    either. Maps are summed over, and largest of, all pairs; cells without resistance are impassable.
    Raises InputError for resistances that are not above 0, fewer than two patches, patches on impassable cells only,
    or a circuit without an accurate solution.
    """
    require_resistances(movement_resistance)
    resistance = movement_resistance.to_numpy().astype(np.float64)
    passable = np.isfinite(resistance)
    patch = habitat_patch.to_numpy().astype(np.int64)
    numbers = largest_patches(patch, passable, p.patches)
    if len(numbers) <= 1:
        raise InputError("movement.few_nodes", got=len(numbers))
    links = conductances(
        np.where(passable, resistance, 1.0), passable, neighbours=8 if p.neighbours == "8" else 4, average=p.average
    )
    regions = _regions(short_circuit)
    with solved_or_told():
        maps = pairwise(
            links, [flat_cells((patch == number) & passable) for number in numbers],
            regions=[flat_cells(region) for region in regions], together=p.together,
        )  # fmt: skip
    known = np.logical_or.reduce([passable, *regions])

    def raster(values: NDArray[np.float64]) -> xr.DataArray:
        return xr.DataArray(
            np.where(known, values, np.nan), dims=movement_resistance.dims, coords=movement_resistance.coords
        )

    return EffectiveResistance(
        effective_resistance=_by_pair(numbers, maps.resistance, patch, passable),
        pair_current=raster(maps.cumulative),
        pair_largest_current=raster(maps.largest),
        pair_residual=maps.residual,
    )


def _by_pair(
    numbers: list[int], resistance: NDArray[np.float64], patch: NDArray[np.int64], passable: NDArray[np.bool_]
) -> pd.Series:
    """Return the resistance of each pair; nodes on impassable cells alone have pairs without a path."""
    closed = sorted({int(each) for each in np.unique(patch[patch > 0])} - {int(each) for each in patch[passable]})
    at = {number: place for place, number in enumerate(numbers)}
    between = {
        f"{one}-{other}": resistance[at[one], at[other]] if one in at and other in at else np.inf
        for one, other in combinations(sorted([*numbers, *closed]), 2)
    }
    return pd.Series(between).replace(np.inf, np.nan)


def _regions(short_circuit: Raster | None) -> list[NDArray[np.bool_]]:
    """Return the cells of each short-circuit region, impassable ones too: the region leads across them."""
    if short_circuit is None:
        return []
    region = short_circuit.to_numpy().astype(np.int64)
    return [region == number for number in np.unique(region[region > 0])]
