"""Omnidirectional current of wildlife in a moving window, without patches."""

import math
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.biodiversity.circuit_connectivity import require_resistances, solved_or_told
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Threads, Tick
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.biodiversity.movement import (
    FLOW_POTENTIAL,
    MOVEMENT_RESISTANCE,
    NORMALISED_CURRENT,
    OMNIDIRECTIONAL_CURRENT,
    OMNIDIRECTIONAL_RESIDUAL,
)
from citybraid.kernels.ecology.conductance import Averaging
from citybraid.kernels.ecology.omnidirectional import Window, omnidirectional

Floats = NDArray[np.float64]
PART_OF_A_CELL = 1e-9
"""Share of a cell by which a distance of whole cells may miss them in floating point [-]."""


class OmnidirectionalParams(Params):
    """The window, the sources and the links."""

    radius: float = Field(gt=0.0, le=1e5)
    """Distance up to which sources and target are connected, as far as the species goes: no default [m]."""
    block: int = Field(5, ge=1, le=101)
    """Cells along the side of a block that shares one target; an odd number."""
    buffer: float = Field(0.0, ge=0.0, le=1e5)
    """Distance that current may go round beyond the radius, on ground without sources [m]."""
    corrected: bool = True
    """Whether the pattern of the blocks is taken out of the currents."""
    source: Literal["suitability", "resistance"] = "suitability"
    """Whether cells send current by their habitat suitability or by 1 / resistance."""
    threshold: float = Field(0.0, ge=0.0, le=1e15)
    """Strength above which a cell is a source, in the unit of the strength."""
    neighbours: Literal["4", "8"] = "8"
    """Neighbours that a cell is linked to."""
    average: Averaging = "conductance"
    """Whether two cells are joined by the mean of their resistances or of their conductances."""
    as_published: bool = False
    """Whether edges and holes are treated as by the published program rather than evenly."""


class OmnidirectionalCurrent(NamedTuple):
    """Cumulative current, flow potential and their ratio."""

    omnidirectional_current: OMNIDIRECTIONAL_CURRENT
    flow_potential: FLOW_POTENTIAL
    normalised_current: NORMALISED_CURRENT
    omnidirectional_residual: OMNIDIRECTIONAL_RESIDUAL


@model(
    version=4,
    cite="McRae et al. (2016), Conserving nature's stage: mapping omnidirectional connectivity (The Nature "
    "Conservancy); Landau et al. (2021), J. Open Source Softw. 6: 2829",
    validity="Movement without destination within the radius; currents are relative. Within a radius of the edge of "
    "the grid current is too weak.",
)
def omnidirectional_current(
    movement_resistance: MOVEMENT_RESISTANCE,
    grid: GeoBox,
    threads: Threads,
    tick: Tick,
    p: OmnidirectionalParams,
    habitat_suitability: HABITAT_SUITABILITY | None = None,
) -> OmnidirectionalCurrent:
    """Return the current between all sources within a radius of each other, and its ratio to that on uniform ground.

    In a window around the middle of each block, sources send it current in proportion to their strength, as much in
    all as the block's strength; windows are summed. Normalised current above 1 is channelled, below 1 impeded.
    Raises InputError for resistances that are not above 0, an even block, where no cell is a source, or where none can
    lie in reach: within a radius that stays inside the block, or in a block that holds the whole grid.
    """
    require_resistances(movement_resistance)
    if p.block % 2 == 0:
        raise InputError("movement.even_block", got=p.block)
    resistance = movement_resistance.to_numpy().astype(np.float64)
    passable = np.isfinite(resistance)
    filled = np.where(passable, resistance, 1.0)
    if p.source == "suitability":
        if habitat_suitability is None:
            raise InputError("movement.no_suitability")
        strength = np.nan_to_num(habitat_suitability.to_numpy().astype(np.float64))
    else:
        strength = np.where(passable, 1.0 / filled, 0.0)
    strength = np.where(strength > p.threshold, strength, 0.0)
    if not (passable & (strength > 0.0)).any():
        raise InputError("movement.no_source", threshold=p.threshold)
    size = min(abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    radius, buffer = (math.floor(length / size + PART_OF_A_CELL) for length in (p.radius, p.buffer))
    _require_reach(radius, p, grid, size)
    window = Window(radius, p.block, buffer, as_published=p.as_published)
    with solved_or_told():
        currents = omnidirectional(
            filled, passable, strength, window=window, neighbours=8 if p.neighbours == "8" else 4, average=p.average,
            corrected=p.corrected, threads=threads, tick=tick,
        )  # fmt: skip

    def raster(values: Floats) -> xr.DataArray:
        return xr.DataArray(
            np.where(passable, values, np.nan), dims=movement_resistance.dims, coords=movement_resistance.coords
        )

    return OmnidirectionalCurrent(
        raster(currents.cumulative), raster(currents.potential), raster(currents.normalised), currents.residual
    )


def _require_reach(radius: int, p: OmnidirectionalParams, grid: GeoBox, size: float) -> None:
    """Raise InputError where no source can lie outside a block and within the radius [cells]: nothing would flow.

    The published program keeps sources of the target's own block at the edges, so that a radius of a cell will do.
    """
    if p.block >= max(grid.shape) and not p.as_published:
        raise InputError("movement.wide_block", got=p.block, rows=grid.shape[0], columns=grid.shape[1])
    least = 1 if p.as_published else p.block // 2 + 1
    if radius < least:
        raise InputError("movement.short_radius", got=p.radius, cell=size, block=p.block, needs=least * size)
