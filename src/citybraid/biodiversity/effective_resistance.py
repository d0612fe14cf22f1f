"""Effective resistance between each two focal nodes, and the current of all pairs."""

from collections.abc import Mapping
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances, solved_or_told
from citybraid.biodiversity.circuit_grid import CellValues, focal_cells, resistances_of, short_circuits
from citybraid.biodiversity.circuit_lists import pairs_in
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.graphs import INCLUDED_PAIRS
from citybraid.core.vocabulary.biodiversity.movement import (
    CIRCUIT_MASK,
    EFFECTIVE_RESISTANCE,
    FOCAL_POINTS,
    MOVEMENT_RESISTANCE,
    PAIR_CURRENT,
    PAIR_LARGEST_CURRENT,
    PAIR_RESIDUAL,
    SHORT_CIRCUIT,
)
from citybraid.kernels.ecology.circuit_modes import CurrentMaps, flat_cells, pairwise
from citybraid.kernels.ecology.conductance import Averaging, Conductances, conductances


class EffectiveResistanceParams(Params):
    """Links between cells, and which nodes are short circuited when."""

    cell_values: CellValues = "resistance"
    """Whether the raster of movement_resistance states resistances, or conductances, 0 being impassable."""
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
    p: EffectiveResistanceParams,
    habitat_patch: HABITAT_PATCH | None = None,
    focal_points: FOCAL_POINTS | None = None,
    included_pairs: INCLUDED_PAIRS | None = None,
    short_circuit: SHORT_CIRCUIT | None = None,
    circuit_mask: CIRCUIT_MASK | None = None,
    grid: GeoBox | None = None,
) -> EffectiveResistance:
    """Return the effective resistance between each two patches, and the current of 1 A between each pair.

    Patches, or the points of a list `number x y`, are focal nodes of one cell or many, in one part or several; rows are
    named `1-2` by their numbers, and have no value without a path. Regions of `short_circuit` have no resistance
    within, in every pair, on impassable cells either. Maps are summed over, and largest of, all pairs, or those of
    `included_pairs`; cells without resistance and those that the mask leaves out are impassable.
    Raises InputError for resistances that are not above 0, fewer than two patches, patches on impassable cells only,
    or a circuit without an accurate solution.
    """
    ground = resistances_of(movement_resistance, stated=p.cell_values, mask=circuit_mask)
    require_resistances(ground)
    resistance = ground.to_numpy().astype(np.float64)
    passable = np.isfinite(resistance)
    patch = focal_cells(habitat_patch, focal_points, grid, resistance.shape)
    numbers = largest_patches(patch, passable, p.patches)
    if len(numbers) <= 1:
        raise InputError("movement.few_nodes", got=len(numbers))
    links = conductances(
        np.where(passable, resistance, 1.0), passable, neighbours=8 if p.neighbours == "8" else 4, average=p.average
    )
    shorts = [] if short_circuit is None else short_circuits(short_circuit)
    chosen = None if included_pairs is None else pairs_in(included_pairs, [str(number) for number in numbers])
    focal = [flat_cells((patch == number) & passable) for number in numbers]
    with solved_or_told():
        maps = (
            pairwise(links, focal, regions=shorts, together=p.together)
            if chosen is None
            else _listed(links, dict(zip(map(str, numbers), focal, strict=True)), shorts, chosen, together=p.together)
        )
    known = passable | (False if short_circuit is None else short_circuit.to_numpy() > 0)

    def raster(values: NDArray[np.float64]) -> xr.DataArray:
        return xr.DataArray(
            np.where(known, values, np.nan), dims=movement_resistance.dims, coords=movement_resistance.coords
        )

    return EffectiveResistance(
        effective_resistance=_by_pair(numbers, maps.resistance, patch, passable, chosen),
        pair_current=raster(maps.cumulative),
        pair_largest_current=raster(maps.largest),
        pair_residual=maps.residual,
    )


def _listed(
    links: Conductances, focal: Mapping[str, NDArray[np.int64]], shorts: list[NDArray[np.int64]],
    chosen: set[tuple[str, str]], *, together: bool,
) -> CurrentMaps:  # fmt: skip
    """Return the currents of some pairs, each by itself."""
    place = {name: at for at, name in enumerate(focal)}
    shape = links.east.shape[0] - 2, links.east.shape[1] - 2
    resistance, residual = np.full((len(focal), len(focal)), np.inf), 0.0
    cumulative, largest = np.zeros(shape), np.zeros(shape)
    held = [each for each in focal.values() if each.size > 1] if together else []
    for one, other in sorted(chosen):
        maps = pairwise(links, [focal[one], focal[other]], regions=[*shorts, *held], together=together)
        first, second = place[one], place[other]
        resistance[first, second] = resistance[second, first] = maps.resistance[0, 1]
        cumulative += maps.cumulative
        largest, residual = np.maximum(largest, maps.largest), max(residual, maps.residual)
    return CurrentMaps(resistance, cumulative, largest, residual)


def _by_pair(
    numbers: list[int], resistance: NDArray[np.float64], patch: NDArray[np.int64], passable: NDArray[np.bool_],
    chosen: set[tuple[str, str]] | None,
) -> pd.Series:  # fmt: skip
    """Return the resistance of each pair; nodes on impassable cells alone have pairs without a path."""
    closed = sorted({int(each) for each in np.unique(patch[patch > 0])} - {int(each) for each in patch[passable]})
    at = {number: place for place, number in enumerate(numbers)}
    between = {
        f"{one}-{other}": resistance[at[one], at[other]] if one in at and other in at else np.inf
        for one, other in combinations(sorted([*numbers, *closed]), 2)
        if chosen is None or (str(one), str(other)) in chosen
    }
    return pd.Series(between, dtype=np.float64).replace(np.inf, np.nan)
