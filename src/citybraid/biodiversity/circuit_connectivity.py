"""Current between habitat patches, its pinch points, and barriers worth removing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.precondition import Precondition
from citybraid.core.var import Raster
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.movement import (
    BARRIER_GAIN,
    CIRCUIT_RESIDUAL,
    CURRENT_FLOW,
    JOINED_PAIRS,
    LARGEST_CURRENT,
    MOVEMENT_RESISTANCE,
    PATCH_CONDUCTANCE,
    PINCH_POINT,
)
from citybraid.kernels.ecology.barriers import improvement_score
from citybraid.kernels.ecology.circuit_modes import CurrentMaps, flat_cells, pairwise
from citybraid.kernels.ecology.conductance import Averaging, conductances

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class CircuitParams(Params):
    """Links between cells, patches taken, and how pinch points and barriers are told."""

    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""
    average: Averaging = "resistance"
    """Whether two cells are joined by the mean of their resistances or of their conductances."""
    patches: int = Field(12, ge=2, le=200)
    """The largest patches that current flows between; pairs grow with the square."""
    pinch: float = Field(0.95, gt=0.0, lt=1.0)
    """Share of the ground between patches whose current is below that of pinch points [-]."""
    barrier_width: float = Field(60.0, gt=0.0, le=1e5)
    """Diameter of the ground around a cell that would be restored [m]."""


class CircuitConnectivity(NamedTuple):
    """Maps of current, barriers and how well patches are joined."""

    current_flow: CURRENT_FLOW
    largest_current: LARGEST_CURRENT
    pinch_point: PINCH_POINT
    barrier_gain: BARRIER_GAIN
    patch_conductance: PATCH_CONDUCTANCE
    joined_pairs: JOINED_PAIRS
    circuit_residual: CIRCUIT_RESIDUAL


@model(
    version=5,
    cite="McRae (2006), Evolution 60: 1551-1561; McRae et al. (2008), Ecology 89: 2712-2724 (circuits); "
    "McRae et al. (2012), PLoS ONE 7: e52604 (barriers)",
    validity="Random walkers that know nothing beyond the next cell; the currents of plans are compared, not counted "
    "as animals. Patches and ground end at the edge of the grid, along which current is too strong.",
)
def circuit_connectivity(
    movement_resistance: MOVEMENT_RESISTANCE, habitat_patch: HABITAT_PATCH, grid: GeoBox, p: CircuitParams
) -> CircuitConnectivity:
    """Return the current between habitat patches: 1 A between each pair, summed over all pairs.

    Cells are resistors, patches nodes without resistance within. `patch_conductance` is the sum of 1 / effective
    resistance over all pairs, 0 for pairs without a path. Pinch points are cells outside patches whose current exceeds
    the quantile `pinch` of those that current flows through. `barrier_gain` is the improvement score: least-cost
    distance saved per metre if a disc of `barrier_width` had the least resistance of the surface. With fewer than two
    patches there is no current. Cells without resistance are impassable and have no value.
    Raises InputError for resistances that are not above 0, patches on impassable cells only, or a circuit without an
    accurate solution.
    """
    resistance = movement_resistance.to_numpy().astype(np.float64)
    patch = habitat_patch.to_numpy()
    require_resistances(movement_resistance)
    passable = np.isfinite(resistance)
    numbers = largest_patches(patch, passable, p.patches)
    places = [(patch == number) & passable for number in numbers]
    filled = np.where(passable, resistance, 1.0)
    links = conductances(filled, passable, neighbours=8 if p.neighbours == "8" else 4, average=p.average)
    with solved_or_told():
        maps = pairwise(links, [flat_cells(place) for place in places], together=True)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    gain = np.zeros(filled.shape)
    if len(places) > 1:
        least = float(resistance[passable].min())
        gain = improvement_score(filled, passable, places, cell=cell, width=p.barrier_width, restored=least)
    upper = maps.resistance[np.triu_indices(len(numbers), 1)]
    between = passable & (patch == 0)
    raster = {
        "current_flow": np.where(passable, maps.cumulative, np.nan),
        "largest_current": np.where(passable, maps.largest, np.nan),
        "pinch_point": _pinch_points(maps, between, p.pinch),
        "barrier_gain": np.where(passable, gain, np.nan),
    }
    return CircuitConnectivity(
        **{name: xr.DataArray(values, dims=movement_resistance.dims, coords=movement_resistance.coords)
           for name, values in raster.items()},
        patch_conductance=float((1.0 / upper[upper > 0.0]).sum()),
        joined_pairs=float(np.isfinite(upper).mean()) if upper.size else 0.0,
        circuit_residual=maps.residual,
    )  # fmt: skip


@contextmanager
def solved_or_told() -> Iterator[None]:
    """Raise InputError where a circuit has no accurate solution."""
    try:
        yield
    except ArithmeticError as fault:
        raise InputError("movement.no_solution") from fault


def require_resistances(movement_resistance: Raster) -> None:
    """Raise InputError where a resistance is not above 0, or no cell has one."""
    values = movement_resistance.to_numpy().astype(np.float64)
    wrong = values <= 0.0
    if wrong.any():
        row, column = (int(each[0]) for each in np.nonzero(wrong))
        raise InputError(
            "movement.resistance_not_positive", count=int(wrong.sum()), row=row + 1, column=column + 1,
            got=f"{values[row, column]:g}",
        )  # fmt: skip
    if not np.isfinite(values).any():
        raise InputError("movement.no_resistance")


def resistances_are_positive(*, movement_resistance: Raster) -> None:
    """Raise InputError where a resistance is not above 0."""
    require_resistances(movement_resistance)


POSITIVE_RESISTANCES = Precondition(circuit_connectivity, resistances_are_positive)


def largest_patches(patch: NDArray[np.integer], passable: Flags, most: int) -> list[int]:
    """Return the numbers of the patches with most passable cells, the lower number first among equals."""
    cells = np.bincount(patch.ravel()[passable.ravel()], minlength=int(patch.max(initial=0)) + 1)
    every = np.unique(patch[patch > 0])
    if every.size and not cells[every].any():
        raise InputError("movement.patches_outside", count=int(every.size))
    order = np.argsort(-cells[1:], kind="stable")[:most] + 1
    return sorted(int(number) for number in order if cells[number] > 0)


def _pinch_points(maps: CurrentMaps, between: Flags, share: float) -> NDArray[np.int32]:
    """Return 1 on ground between patches with currents above the quantile."""
    flowing = between & (maps.cumulative > 0.0)
    if not flowing.any():
        return np.zeros(between.shape, np.int32)
    limit = np.quantile(maps.cumulative[flowing], share)
    return (flowing & (maps.cumulative > limit)).astype(np.int32)
