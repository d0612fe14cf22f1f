"""Ventilation: walls across summer's wind, roughness, and corridors of least resistance through the town."""

import math
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.ndimage import binary_dilation, distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Series
from citybraid.core.vocabulary.heat import (
    AERODYNAMIC_ROUGHNESS,
    CORRIDOR_SERVED,
    CORRIDOR_USE,
    DISPLACEMENT_HEIGHT,
    FRONTAL_AREA_INDEX,
    PREVAILING_WIND,
)
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, BUILDING_HEIGHT, LAND_COVER, TERRAIN
from citybraid.core.vocabulary.weather import DRY_BULB, LATITUDE, WIND_DIRECTION, WIND_SPEED
from citybraid.kernels.climate.summer import summer_days
from citybraid.kernels.outdoor.corridors import crossing
from citybraid.kernels.outdoor.frontal_area import windward_walls
from citybraid.resilience.heat.canopy_form import MOST_ROOF, block_sums, roughness
from citybraid.resilience.heat.summer import by_day

F64 = NDArray[np.float64]

SECTORS = 16
"""Directions of the wind rose."""
FINE, MOST_PARTS = 2.0, 5
"""Side of cells between which lines of wind are told apart [m]: across a corner of a house they miss one line, 5 % of
20 m; larger cells are split, at most so many times."""
OPEN = (10, 20, 30, 40, 60, 80, 90)
"""Classes of land cover on which nobody looks for a building: plants, open soil, water; paved ground, roads and roofs
may belong to a town whose buildings no file tells."""


class VentilationParams(Params):
    """Size of blocks, calm hours, and what counts as a corridor."""

    block: float = Field(100.0, ge=20.0, le=500.0)
    """Side of the blocks [m]; 100 m in Wong et al. (2010)."""
    built_from: float = Field(0.5, gt=0.0, le=1.0)
    """Share of a cell from which on it is a building [-]."""
    calm: float = Field(0.5, ge=0.0, le=5.0)
    """Wind below which its direction does not count [m s-1]."""
    wind_from: float | None = Field(None, ge=0.0, le=360.0)
    """Direction of the wind of corridors, clockwise from north; summer's prevailing one where not given [degree]."""
    open_resistance: float = Field(0.05, gt=0.0, le=1.0)
    """Added to the frontal area index as resistance, so that a detour over open ground costs its length [-]."""
    most_frontal: float = Field(0.35, gt=0.0, le=2.0)
    """Mean frontal area index along a path up to which it is a corridor (Ng et al. 2011: below it, good) [-]."""
    served: float = Field(500.0, gt=0.0, le=5000.0)
    """Distance up to which a corridor serves built land [m]."""
    gap: float = Field(500.0, ge=0.0, le=5000.0)
    """Distance between buildings up to which the ground between them is open; paved ground beyond the outermost ones
    may have buildings that no file tells, and no path takes it [m]."""


class Ventilation(NamedTuple):
    """Form of the town as the wind meets it."""

    frontal_area_index: FRONTAL_AREA_INDEX
    aerodynamic_roughness: AERODYNAMIC_ROUGHNESS
    displacement_height: DISPLACEMENT_HEIGHT
    corridor_use: CORRIDOR_USE
    corridor_served: CORRIDOR_SERVED
    prevailing_wind: PREVAILING_WIND


class Rose(NamedTuple):
    """Summer's wind by direction."""

    wind_from: F64
    """Middle of each sector [rad]."""
    share: F64
    """Of the hours that are not calm, by sector."""

    @property
    def prevailing(self) -> float:
        """Middle of the most frequent sector [rad]."""
        return float(self.wind_from[int(self.share.argmax())])


@model(
    version=4,
    cite="Grimmond and Oke (1999), J. Appl. Meteorol. 38: 1262-1292; Wong, Nichol, To and Wang (2010), Build. Environ. "
    "45: 1880-1889; Macdonald, Griffiths and Hall (1998), Atmos. Environ. 32: 1857-1864; Ng, Yuan, Chen, Ren and Fung "
    "(2011), Landsc. Urban Plan. 101: 59-74",
    validity="A screening by form: no wind speeds, no lee of one block behind another, no slopes, no trees. Cells of 1 "
    "to 10 m; wind of the weather file's station. Paths end at the edge of the plan area, and "
    "where buildings end on paved ground: what lies beyond is not known, and corridors that pass there are not seen.",
)
def ventilation(
    *,
    terrain: TERRAIN,
    building_fraction: BUILDING_FRACTION,
    building_height: BUILDING_HEIGHT,
    dry_bulb: DRY_BULB,
    wind_speed: WIND_SPEED,
    wind_direction: WIND_DIRECTION,
    latitude: LATITUDE,
    grid: GeoBox,
    p: VentilationParams,
    land_cover: LAND_COVER | None = None,
) -> Ventilation:
    """Return frontal area index [-], roughness and displacement [m], use of corridors [-], and built land served [-].

    Blocks of 100 m take all walls in them that face the wind, projected across it, over their plan area, mean over
    summer's wind rose. Roughness follows from it and the share of roofs. Paths of least resistance run from every
    block of the windward edge to the leeward edge for the prevailing direction, never straight across; one is a
    corridor where the frontal area index along it is at most `most_frontal` in the mean. Built land counts as served
    within 500 m of a corridor. Cells without terrain have no value. Raises InputError where a series is no full year
    of 8 760 hours, summer has no wind, or no cell has terrain.
    """
    known = np.isfinite(terrain.to_numpy())
    if not known.any():
        raise InputError("heat.no_ground")
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    share = np.where(known, np.nan_to_num(building_fraction.to_numpy().astype(np.float64)), 0.0)
    tall = np.nan_to_num(building_height.to_numpy().astype(np.float64))
    standing = np.where(share >= p.built_from, tall, 0.0)
    size = (max(1, round(p.block / cell[0])), max(1, round(p.block / cell[1])))
    cells = block_sums(known.astype(np.float64), size)
    rose = summer_rose(wind_speed, wind_direction, days=summer_days(by_day(dry_bulb).ravel(), latitude), calm=p.calm)
    area = np.maximum(cells, 1.0) * cell[0] * cell[1]

    parts = max(1, min(round(max(cell) / FINE), MOST_PARTS))
    split = np.repeat(np.repeat(standing, parts, axis=0), parts, axis=1)

    def index(wind_from: float) -> F64:
        walls = windward_walls(split, wind_from, cell[0] / parts, cell[1] / parts)
        return np.asarray(block_sums(walls, (parts * size[0], parts * size[1])) / area)

    blowing = np.flatnonzero(rose.share)
    frontal = np.sum([rose.share[k] * index(float(rose.wind_from[k])) for k in blowing], axis=0)
    roof = np.clip(block_sums(share, size) / np.maximum(cells, 1.0), 0.0, 1.0)
    height = block_sums(share * tall, size) / np.maximum(block_sums(share, size), 1e-9)
    displaced, rough = roughness(np.minimum(roof, MOST_ROOF), height, frontal)
    wind_from = rose.prevailing if p.wind_from is None else float(np.radians(p.wind_from))
    side = size[0] * cell[0], size[1] * cell[1]
    known_form = form_known(cells, roof > 0.0, _open_ground(land_cover, known, size), side, p.gap)
    paths = crossing(index(wind_from) + p.open_resistance, known_form, wind_from, *side)
    corridor = on_cells(paths.resistance, size, known) <= p.most_frontal + p.open_resistance

    def on_grid(values: F64) -> xr.DataArray:
        return terrain.copy(data=np.where(known, on_cells(values, size, known), np.nan))

    return Ventilation(
        on_grid(frontal), on_grid(rough), on_grid(displaced), on_grid(np.where(known_form, paths.share, np.nan)),
        served(share, corridor, cell, p.served), float(np.degrees(wind_from)) % 360.0,
    )  # fmt: skip


def form_known(
    cells: F64, built: NDArray[np.bool_], bare: NDArray[np.bool_], side: tuple[float, float], gap: float
) -> NDArray[np.bool_]:
    """Return blocks with known `cells` whose buildings, or lack of them, the files tell.

    A block of the town that touches one of unknown form has walls on a part of it alone, and is left out too, unless
    no block of the town would be left.
    """
    known_form = (cells > 0.0) & (between_buildings(built, side, gap) | bare)
    beside = binary_dilation((cells > 0.0) & ~known_form, np.ones((3, 3), bool))
    inner = known_form & (bare | ~beside)
    return np.asarray(inner if (inner & built).any() else known_form)


def between_buildings(built: NDArray[np.bool_], side: tuple[float, float], gap: float) -> NDArray[np.bool_]:
    """Return blocks with buildings and those between them: a closing of the built blocks, half of `gap` [m] wide.

    All blocks where none is built: nothing then is missing beside what the files tell.
    """
    if not built.any():
        return np.ones_like(built)
    rim = tuple(math.ceil(0.5 * gap / each) + 1 for each in side)
    padded = np.pad(built, tuple((each, each) for each in rim))
    near = distance_transform_edt(~padded, sampling=side) <= 0.5 * gap
    inside = distance_transform_edt(near, sampling=side) > 0.5 * gap
    return np.asarray((inside | padded)[rim[0] : rim[0] + built.shape[0], rim[1] : rim[1] + built.shape[1]])


def _open_ground(land_cover: LAND_COVER | None, known: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return blocks at least half of whose known cells have a cover of plants, soil or water."""
    cells = block_sums(known.astype(np.float64), size)
    if land_cover is None:
        return np.zeros(cells.shape, bool)
    bare = known & np.isin(land_cover.to_numpy(), OPEN)
    return np.asarray(block_sums(bare.astype(np.float64), size) >= 0.5 * np.maximum(cells, 1.0))


def summer_rose(speed: Series, direction: Series, *, days: NDArray[np.int64], calm: float) -> Rose:
    """Return the share of summer's hours by direction of wind; raises InputError where no hour has wind."""
    blows, comes = by_day(speed)[days].ravel(), by_day(direction)[days].ravel()
    sector = np.round(comes[blows >= calm] / (360.0 / SECTORS)).astype(np.int64) % SECTORS
    if not sector.size:
        raise InputError("ventilation.no_wind", calm=calm)
    count = np.bincount(sector, minlength=SECTORS).astype(np.float64)
    return Rose(np.asarray(2.0 * np.pi * np.arange(SECTORS) / SECTORS, np.float64), count / count.sum())


def served(share: F64, corridor: NDArray[np.bool_], cell: tuple[float, float], reach: float) -> float:
    """Return the share of built land within a distance [m] of a corridor; 1 where nothing is built."""
    built = float(share.sum())
    if built <= 0.0:
        return 1.0
    if not corridor.any():
        return 0.0
    near = distance_transform_edt(~corridor, sampling=cell) <= reach
    return float(share[near].sum()) / built


def on_cells(values: F64, size: tuple[int, int], known: NDArray[np.bool_]) -> F64:
    """Return values of blocks on their cells."""
    rows, columns = known.shape
    return np.repeat(np.repeat(values, size[0], axis=0), size[1], axis=1)[:rows, :columns]
