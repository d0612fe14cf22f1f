"""Least-cost corridors between habitat, and zones of accumulated resistance."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy import ndimage

from citybraid.biodiversity.circuit_connectivity import largest_patches, require_resistances
from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Raster
from citybraid.core.vocabulary.biodiversity.corridors import (
    ACCUMULATED_RESISTANCE,
    CORRIDOR_AREA,
    CORRIDOR_COST,
    CORRIDOR_COUNT,
    CORRIDOR_DETOUR,
    CORRIDOR_EXCESS,
    CORRIDOR_GROUND,
    CORRIDOR_LENGTH,
    CORRIDOR_RESISTANCE,
    CORRIDOR_WIDTH,
    CORRIDORS,
    CORRIDORS_LENGTH,
    MEAN_CORRIDOR_RESISTANCE,
    RESISTANCE_ZONE,
)
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_PATCH
from citybraid.core.vocabulary.biodiversity.habitat_pattern import MSPA_CLASS
from citybraid.core.vocabulary.biodiversity.movement import MOVEMENT_RESISTANCE
from citybraid.kernels.ecology.corridors import Corridor, corridors, path_length
from citybraid.kernels.ecology.cost_distance import cost_distance
from citybraid.kernels.ecology.mspa import CORE

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.int32]

HECTARE = 1e4
CORE_IN_OPENING = CORE + 100
"""Class of core within an opening of another core."""
ZONES = 5


class CorridorParams(Params):
    """Habitat that is connected, how far corridors reach, and zones of resistance."""

    sources: Literal["patches", "core"] = "patches"
    """Whether habitat patches are connected, or core areas of the pattern of habitat (MSPA)."""
    smallest_core: float = Field(0.25, ge=0.0, le=1e5)
    """Area from which on a core area is connected [ha]."""
    patches: int = Field(50, ge=2, le=500)
    """The largest sources that are connected."""
    slack: float = Field(0.1, ge=0.0, le=10.0)
    """Share of the least cost by which a way through a corridor may cost more [-]; the width follows from it."""
    zone: float = Field(1000.0, gt=0.0, le=1e7)
    """Outer limit of the first zone: metres of the ground with least resistance that cost as much [m]."""
    zone_ratio: float = Field(3.0, gt=1.0, le=100.0)
    """Limit of each further zone over that of the zone before [-]."""


class _Link(NamedTuple):
    first: int
    second: int
    cost: float
    path: NDArray[np.int64]
    length: float
    width: float


class Corridors(NamedTuple):
    """Paths, corridors and zones."""

    corridors: CORRIDORS
    corridor_cost: CORRIDOR_COST
    corridor_length: CORRIDOR_LENGTH
    corridor_resistance: CORRIDOR_RESISTANCE
    corridor_width: CORRIDOR_WIDTH
    corridor_ground: CORRIDOR_GROUND
    corridor_excess: CORRIDOR_EXCESS
    accumulated_resistance: ACCUMULATED_RESISTANCE
    resistance_zone: RESISTANCE_ZONE
    corridor_count: CORRIDOR_COUNT
    corridor_area: CORRIDOR_AREA
    corridors_length: CORRIDORS_LENGTH
    mean_corridor_resistance: MEAN_CORRIDOR_RESISTANCE
    corridor_detour: CORRIDOR_DETOUR


@model(
    version=1,
    cite="McRae and Kavanagh (2011), Linkage Mapper connectivity analysis software (The Nature Conservancy); "
    "Adriaensen et al. (2003), Landsc. Urban Plan. 64: 233-247 (least cost); Knaapen, Scheffer and Harms (1992), "
    "Landsc. Urban Plan. 23: 1-16 (accumulated resistance)",
    validity="Wildlife that knows the ground and takes the cheapest way. Costs have the unit of metres times a score: "
    "only ratios matter. Ways beyond the edge of the grid are not seen. Width follows from the slack, not from a need.",
)
def habitat_corridors(
    movement_resistance: MOVEMENT_RESISTANCE,
    habitat_patch: HABITAT_PATCH,
    grid: GeoBox,
    p: CorridorParams,
    mspa_class: MSPA_CLASS | None = None,
) -> Corridors:
    """Return least-cost paths between neighbouring habitat, the corridors around them, and zones of resistance.

    Neighbours are sources whose cost allocations touch; a pair whose least-cost path leads through a third source is
    left out. A corridor is the ground outside habitat where the way between both costs at most (1 + `slack`) times
    the least cost. `accumulated_resistance` is the cost-weighted distance from the nearest source; zones end at
    `zone` × `zone_ratio`^k metres of the ground with least resistance. Ids name the numbers of both sources.
    Raises InputError for resistances that are not above 0, or sources = "core" without a pattern of habitat.
    """
    require_resistances(movement_resistance)
    resistance = movement_resistance.to_numpy().astype(np.float64)
    passable = np.isfinite(resistance)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    source = _sources(habitat_patch, mspa_class, p, cell)
    numbers = largest_patches(source, passable, p.patches)
    label = np.where(passable, np.searchsorted(numbers, source) + 1, 0) * np.isin(source, numbers)
    label = label.astype(np.int32)
    filled = np.where(passable, resistance, 1.0)
    between = passable & (source == 0)
    excess, links = _laid(corridors(filled, passable, label, cell=cell, slack=p.slack), between, cell)
    away = cost_distance(filled, passable, label > 0, *cell, np.inf)
    lines = _lines(links, numbers, grid)
    cost, length, width = (
        pd.Series([getattr(each, name) for each in links], index=lines.index, dtype=np.float64)
        for name in ("cost", "length", "width")
    )
    ground = np.isfinite(excess) & between

    def raster(values: NDArray[np.generic]) -> xr.DataArray:
        return xr.DataArray(values, dims=movement_resistance.dims, coords=movement_resistance.coords)

    return Corridors(
        lines, cost, length, cost / length, width,
        raster(ground.astype(np.int32)), raster(np.where(ground, excess, np.nan)),
        raster(np.where(np.isfinite(away), away, np.nan)),
        raster(_zones(away, p, float(resistance[passable].min()))),
        len(links), float(ground.sum()) * cell[0] * cell[1] / HECTARE, float(length.sum()),
        float(cost.sum() / length.sum()) if links else 0.0, p.slack,
    )  # fmt: skip


def _sources(habitat_patch: Raster, mspa_class: Raster | None, p: CorridorParams, cell: tuple[float, float]) -> Labels:
    """Return the number of the source on each cell, 0 elsewhere."""
    if p.sources == "patches":
        return np.asarray(habitat_patch.to_numpy(), np.int32)
    if mspa_class is None:
        raise InputError("corridors.no_pattern")
    core = np.isin(mspa_class.to_numpy(), (CORE, CORE_IN_OPENING))
    label, count = ndimage.label(core, structure=np.ones((3, 3)))
    area = np.bincount(label.ravel(), minlength=count + 1) * cell[0] * cell[1] / HECTARE
    large = area >= p.smallest_core * (1.0 - 1e-9)
    large[0] = False
    return np.asarray(np.where(large[label], np.cumsum(large)[label], 0), np.int32)


def _laid(corridors: Iterable[Corridor], between: Flags, cell: tuple[float, float]) -> tuple[Floats, list[_Link]]:
    """Return the least excess of all corridors, and the links without theirs."""
    excess, links = np.full(between.shape, np.inf), []
    for each in corridors:
        part = excess[each.window]
        np.minimum(part, each.excess, out=part)
        area = float((np.isfinite(each.excess) & between[each.window]).sum()) * cell[0] * cell[1]
        length = path_length(each.path, cell=cell)
        links.append(_Link(each.first, each.second, each.cost, each.path, length, area / length))
    return excess, links


def _lines(links: list[_Link], numbers: list[int], grid: GeoBox) -> gpd.GeoSeries:
    """Return the paths as lines through the centres of their cells, named by both sources."""
    shapes = []
    for each in links:
        x, y = grid.affine * (each.path[::-1, 1] + 0.5, each.path[::-1, 0] + 0.5)
        shapes.append(shapely.LineString(np.column_stack([x, y])))
    names = [f"{numbers[each.first - 1]}-{numbers[each.second - 1]}" for each in links]
    return gpd.GeoSeries(shapes, index=pd.Index(names, dtype=object), crs=str(grid.crs))


def _zones(away: Floats, p: CorridorParams, least: float) -> NDArray[np.int32]:
    """Return the zone of each cell by its accumulated resistance, 0 where it is not reached."""
    limits = p.zone * p.zone_ratio ** np.arange(ZONES - 1) * least
    zone = np.searchsorted(limits, away) + 1
    return np.where(np.isfinite(away), zone, 0).astype(np.int32)
