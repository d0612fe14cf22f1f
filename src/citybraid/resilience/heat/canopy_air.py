"""Air temperature between buildings by hour and place, from the energy balance of blocks."""

from hashlib import sha256
from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.remembered import content_digest, remembered_rows
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.heat import (
    CANOPY_ENERGY_ERROR,
    DAY_HEAT_ISLAND,
    HOURLY_AIR,
    NIGHT_HEAT_ISLAND,
    WASTE_HEAT,
)
from citybraid.core.vocabulary.surface import (
    BUILDING_FRACTION,
    BUILDING_HEIGHT,
    CANOPY_COVER,
    COVER,
    LAND_COVER,
    TERRAIN,
)
from citybraid.kernels.outdoor.canopy_air import ROUGH, Blocks, Forcing, Tiles
from citybraid.kernels.outdoor.canopy_hours import TERMS, courses, over_open_ground
from citybraid.resilience.heat.canopy_form import BUILT_FROM, GROUNDS, Around, Town, raised, sky_between
from citybraid.resilience.heat.hot_day import Sky, Weather, forcing_of_days, hot_day_of_year

F64 = NDArray[np.float64]

NIGHT, DAY = slice(21, 29), slice(10, 16)
"""Hours after the day's start: 21:00 to 5:00 and 10:00 to 16:00."""
SHOWN = 30
"""Hours from the day's start that are told."""
MILLIMETRES = 1000.0
MOST_DISPLACED = 0.5
"""Share of the height of the air above beyond which buildings do not lift the wind [-]."""
REMEMBERED = 20_000
"""Blocks whose results are kept while the process lasts: about 10 MiB."""


class CanopyAirParams(Params):
    """Which day, how finely, and how the air mixes."""

    day: int | None = Field(None, ge=1, le=365)
    """Day of the year, 1 being 1 January; the hottest day of summer where not given."""
    warm_up: int = Field(10, ge=1, le=60)
    """Days of the weather file before the day that are run first, to warm the ground [day]."""
    block: float = Field(100.0, ge=20.0, le=500.0)
    """Side of the blocks [m]."""
    radius: float = Field(250.0, ge=50.0, le=1000.0)
    """Distance from which surfaces still shape a place's air [m]; 200 to 500 (Stewart and Oke 2012)."""
    above: float = Field(50.0, ge=20.0, le=200.0)
    """Height at which the air is the same over all blocks [m]."""
    calm: float = Field(1.0, gt=0.0, le=5.0)
    """Wind at 10 m below this is taken as this [m s-1]."""
    watered: float = Field(1.0, ge=0.0, le=1.0)
    """Share of vegetation, wetland and open soil of the town that has water to evaporate [-]."""


class CanopyAir(NamedTuple):
    """Air of the day and the night after it."""

    hourly_air: HOURLY_AIR
    night_heat_island: NIGHT_HEAT_ISLAND
    day_heat_island: DAY_HEAT_ISLAND
    canopy_energy_error: CANOPY_ENERGY_ERROR


@model(
    version=5,
    cite="Masson (2000), Boundary-Layer Meteorol. 94: 357-397; Broadbent et al. (2019), Geosci. Model Dev. 12: 785-"
    "803; Louis, Tiedtke and Geleyn (1982), ECMWF workshop on boundary layer parameterization: 59-79; Macdonald, "
    "Griffiths and Hall (1998), Atmos. Environ. 32: 1857-1864; Stewart and Oke (2012), Bull. Am. Meteorol. Soc. 93: "
    "1879-1900",
    validity="Weather of a station over open grass outside the city. The air at 50 m is the same over town and "
    "country: no warming of the boundary layer, no sea or valley wind, no plume from block to block. Roofs warm the "
    "air above, not the street; waste heat is even over the day. Cells of 1 to 10 m.",
)
def canopy_air(
    *,
    terrain: TERRAIN,
    land_cover: LAND_COVER,
    weather: Weather,
    surface_albedo: Annotated[Factors, Fact("surface_albedo")],
    surface_emissivity: Annotated[Factors, Fact("surface_emissivity")],
    thermal_effusivity: Annotated[Factors, Fact("thermal_effusivity")],
    surface_conductance: Annotated[Factors, Fact("surface_conductance")],
    grid: GeoBox,
    p: CanopyAirParams,
    building_fraction: BUILDING_FRACTION | None = None,
    building_height: BUILDING_HEIGHT | None = None,
    canopy_cover: CANOPY_COVER | None = None,
    waste_heat: WASTE_HEAT | None = None,
    sky: Sky | None = None,
) -> CanopyAir:
    """Return air temperature by hour [degC], night and day heat island [K], and the balance's residual [-].

    Blocks of 100 m are street canyons with the cover, roofs, heights and sky view of what lies within 250 m. Hour by
    hour the air between the walls balances what ground and walls give it, waste heat, and exchange with the air at
    50 m, which is that which makes open grass as warm as the weather file. Tiles radiate, store heat in a deep solid
    and evaporate. The sky's long-wave radiation is the weather file's where it states any. The day is the hottest of
    summer or `day`; it follows `warm_up` days of the file. Cells without terrain, land cover or, where there is a
    raster, canopy have no value. Raises InputError where a series is no full
    year of 8 760 hours or no cell is known.
    """
    if not float(weather.direct_normal.sum() + weather.diffuse_horizontal.sum()) > 0.0:
        raise InputError("heat.no_sun")
    day = hot_day_of_year(weather, p.day, sky)
    days = np.arange(day - p.warm_up, day + 2) % 365
    forcing = forcing_of_days(weather, days, calm=p.calm, above=p.above, sky=sky)
    town = _town(terrain, land_cover, building_fraction, building_height, canopy_cover, grid)
    if not town.known.any():
        raise InputError("heat.no_ground")
    properties = (surface_albedo, surface_emissivity, thermal_effusivity, surface_conductance)
    country = tiles_of(*properties)
    form = raised(town, grid, block=p.block, radius=p.radius)
    around, count, hours = form.around, form.blocks.roof.size, forcing.air.size
    blocks = form.blocks._replace(displacement=np.minimum(form.blocks.displacement, MOST_DISPLACED * p.above))
    released = np.zeros((count, hours))
    if waste_heat is not None:
        released += around(np.nan_to_num(waste_heat.to_numpy().astype(np.float64)))[:, None]
    upper = np.zeros(hours)
    over_open_ground(open_grass(), country, forcing, upper)
    shown = slice(24 * p.warm_up, 24 * p.warm_up + SHOWN)
    air, left, most = _air_of_blocks(
        blocks, released, tiles=watered(country, p.watered), forcing=forcing, upper=upper, first=shown.start
    )
    warmer = air - forcing.air[shown]

    def on_grid(values: F64) -> xr.DataArray:
        cells = np.where(town.known, around.on_cells(values), np.nan)
        return xr.DataArray(cells, dims=land_cover.dims, coords=land_cover.coords)

    return CanopyAir(
        on_blocks(air, around, grid, 24 * day),
        on_grid(warmer[:, NIGHT].mean(axis=1)),
        on_grid(warmer[:, DAY].mean(axis=1)),
        float(left.max()) / float(most.max()) if most.max() > 0.0 else 0.0,
    )


def open_grass() -> Blocks:
    """Return one block of grass without buildings: the ground around a weather station."""
    nothing = np.zeros(1)
    ground = np.array([[float(name == "grass") for name in GROUNDS]])
    return Blocks(ground, nothing, nothing, nothing, nothing, np.full(1, ROUGH))


def tiles_of(albedo: Factors, emissivity: Factors, effusivity: Factors, conductance: Factors) -> Tiles:
    """Return the properties of all kinds of ground, roofs and walls; walls evaporate nothing."""
    kinds = (*GROUNDS, "roof")

    def column(values: Factors) -> F64:
        return np.asarray([values[name] for name in (*kinds, "wall")], np.float64)

    def resistance(when: str) -> F64:
        given = np.array([*(conductance[f"{name}/{when}"] for name in kinds), 0.0]) / MILLIMETRES
        return np.asarray(np.divide(1.0, given, out=np.full(given.size, np.inf), where=given > 0.0), np.float64)

    return Tiles(column(albedo), column(emissivity), column(effusivity), resistance("day"), resistance("night"))


def watered(tiles: Tiles, share: float) -> Tiles:
    """Return the tiles with a share of the conductance of all that is no open water."""
    water = np.array([name == "water" for name in (*GROUNDS, "roof", "wall")])

    def drier(resistance: F64) -> F64:
        return np.where(water, resistance, resistance / share if share > 0.0 else np.inf)

    return tiles._replace(day_resistance=drier(tiles.day_resistance), night_resistance=drier(tiles.night_resistance))


def on_blocks(air: F64, around: Around, grid: GeoBox, start: float) -> xr.DataArray:
    """Return the air by hour and block as a field; times are hours of the year, `start` the first."""
    rows, columns = around.cells.shape
    x, _ = grid.affine * ((np.arange(columns) + 0.5) * around.size[1], np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), (np.arange(rows) + 0.5) * around.size[0])
    values = np.where(around.cells.ravel()[:, None] > 0.0, air, np.nan).T.reshape(-1, rows, columns)
    hours = start + np.arange(values.shape[0], dtype=np.float64)
    return xr.DataArray(values, dims=("time", "y", "x"), coords={"time": hours, "y": y, "x": x})


class BlockAir(NamedTuple):
    """Air of blocks, and how their balance closes."""

    air: F64
    """By hour told, (blocks, SHOWN) [degC]."""
    left: F64
    """Largest residual of an hour [W m-2]."""
    most: F64
    """Largest term of an hour [W m-2]."""


def _air_of_blocks(
    blocks: Blocks, released: F64, *, tiles: Tiles, forcing: Forcing, upper: F64, first: int
) -> BlockAir:
    """Return the air of blocks from the hour `first` on; `released` is the heat between buildings, (blocks, hours)."""
    shared = content_digest(tiles, forcing, upper, first)
    rows = np.column_stack([*(values.reshape(len(released), -1) for values in blocks), released])
    keys = [sha256(shared + row.tobytes()).digest() for row in rows]
    courses = _courses_of_blocks(keys, blocks, released, tiles=tiles, forcing=forcing, upper=upper, first=first)
    return BlockAir(courses[:, :SHOWN], courses[:, SHOWN], courses[:, SHOWN + 1])


@remembered_rows(REMEMBERED)
def _courses_of_blocks(
    which: NDArray[np.intp], blocks: Blocks, released: F64, *, tiles: Tiles, forcing: Forcing, upper: F64, first: int
) -> F64:
    """Return, for each block, its air in the hours told, and the largest residual and term of its balance.

    Alternatives share most of their blocks: one whose form and heat were computed before is not computed again.
    """
    hours = forcing.air.size
    air, balance = np.zeros((which.size, hours)), np.zeros((which.size, hours, TERMS))
    courses(Blocks(*(values[which] for values in blocks)), tiles, forcing, released[which], upper, air, balance)
    left, most = residuals(balance)
    return np.column_stack([air[:, first : first + SHOWN], left, most])


def residuals(balance: F64) -> tuple[F64, F64]:
    """Return the largest residual of an hour's balance and its largest term, by block [W m-2]."""
    radiation, heat, sensible, latent, stored = np.moveaxis(balance, -1, 0)
    return (
        np.abs(radiation + heat - sensible - latent - stored).max(axis=1, initial=0.0),
        np.abs(balance).max(axis=(1, 2), initial=0.0),
    )


def _town(
    terrain: xr.DataArray, land_cover: xr.DataArray, built: xr.DataArray | None, height: xr.DataArray | None,
    crowns: xr.DataArray | None, grid: GeoBox,
) -> Town:  # fmt: skip
    """Return the town by cell; what stands where the terrain is unknown is left out."""
    ground, cover = terrain.to_numpy().astype(np.float32), land_cover.to_numpy()
    known = np.isfinite(ground) & np.isin(cover, [code for code, _ in COVER])

    def layer(given: xr.DataArray | None) -> F64:
        return np.zeros(ground.shape) if given is None else np.nan_to_num(given.to_numpy().astype(np.float64))

    if crowns is not None:
        known &= np.isfinite(crowns.to_numpy())
    share, tall = np.clip(layer(built), 0.0, 1.0), layer(height)
    standing = np.where(share >= BUILT_FROM, tall, 0.0).astype(np.float32)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    return Town(cover, known, share, tall, layer(crowns), sky_between(ground, standing, cell=cell))
