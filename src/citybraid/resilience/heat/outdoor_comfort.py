"""Sky view, mean radiant temperature and thermal comfort of people outdoors on the hottest day."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.remembered import remembered
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.heat import (
    HOURLY_AIR,
    HOURLY_RADIANT,
    HOURLY_UTCI,
    PET,
    RADIANT_TEMPERATURE,
    SEVERE_HEAT_HOURS,
    SKY_VIEW,
    UTCI,
    UTCI_UNDEFINED,
)
from citybraid.core.vocabulary.surface import (
    BUILDING_FRACTION,
    BUILDING_HEIGHT,
    CANOPY_COVER,
    CANOPY_HEIGHT,
    COVER,
    LAND_COVER,
    TERRAIN,
)
from citybraid.kernels.outdoor import utci as index
from citybraid.kernels.outdoor.pet import person, pet_table
from citybraid.kernels.outdoor.radiant_day import (
    Crowns,
    LightParts,
    Material,
    RadiantDay,
    Scene,
    radiant_day,
    sky_light,
    sun_on,
)
from citybraid.resilience.heat.hot_day import HotDay, Sky, Weather, hot_day_of_year, weather_of_day
from citybraid.resilience.heat.local_air import air_of_cells, equivalent_in, felt_in, mean_of_blocks

F32 = NDArray[np.float32]

VERY_STRONG_HEAT = 38.0
"""UTCI from which heat stress is very strong [degC] (Bröde et al. 2012, table 4)."""
LONGEST = 6
"""Most hours around the greatest heat."""
REMEMBERING = LightParts(remembered(2)(sun_on), remembered(2)(sky_light))
"""Alternatives share what stands: where ground, buildings and crowns are the same, so are sun and sky, whatever the
ground is made of and however warm the air between buildings."""


class OutdoorComfortParams(Params):
    """Hours that count and how far trees are looked for."""

    around: int = Field(1, ge=0, le=LONGEST)
    """Hours before and after the hour over which results are averaged [h]."""
    day: int | None = Field(None, ge=1, le=365)
    """Day of the year, 1 being 1 January; the hottest day of summer where not given."""
    hour: int | None = Field(None, ge=0, le=23)
    """Hour of the day, local standard time; that of the area's greatest heat where not given."""
    built_from: float = Field(0.5, gt=0.0, le=1.0)
    """Share of a cell from which on it is a building [-]."""
    tree_distance: float = Field(60.0, gt=0.0, le=500.0)
    """Distance beyond which a tree's crown is not looked for [m]."""
    block: float = Field(25.0, gt=0.0, le=500.0)
    """Side of the blocks whose outdoor cells `hourly_utci` averages, rounded to whole cells [m]."""
    leaf_from: int = Field(97, ge=1, le=365)
    """First day of the year on which deciduous trees are in leaf, north of the equator."""
    leaf_to: int = Field(300, ge=1, le=365)
    """Last day with leaves; from 1 to 365 for evergreen trees."""
    by_hour: bool = False
    """Whether the radiant temperature of every cell and hour is kept, 8 byte each."""


class ByHour(NamedTuple):
    """The whole day, cell by cell."""

    hourly_radiant: HOURLY_RADIANT


class OutdoorComfort(NamedTuple):
    """Comfort of a standing person on the hottest day; no value on buildings."""

    sky_view: SKY_VIEW
    radiant_temperature: RADIANT_TEMPERATURE
    utci: UTCI
    pet: PET
    severe_heat_hours: SEVERE_HEAT_HOURS
    hourly_utci: HOURLY_UTCI
    utci_undefined: UTCI_UNDEFINED
    course: Annotated[ByHour | None, When("terrain", "by_hour", value=True)]


@model(
    version=7,
    cite="VDI 3787-2 (2008); Perez, Seals and Michalsky (1993), Solar Energy 50: 235-245; Prata (1996), Q. J. R. "
    "Meteorol. Soc. 122: 1127-1151; Lindberg, Holmer and Thorsson (2008), Int. J. Biometeorol. 52: 697-713; Bröde et "
    "al. (2012), Int. J. Biometeorol. 56: 481-494; Höppe (1999), Int. J. Biometeorol. 43: 71-75; Walther and Goestchel "
    "(2018), Build. Environ. 137: 1-10",
    validity="Humidity and wind are the weather file's, the same everywhere, and so is the air where no hourly air "
    "temperature is given; surfaces exchange heat with the file's air. Cells of 1 to 10 m; a narrower street is not "
    "resolved. One reflection; crowns let light pass evenly. The day repeats until surfaces are in balance with it.",
)
def outdoor_comfort(
    *,
    terrain: TERRAIN,
    land_cover: LAND_COVER,
    weather: Weather,
    surface_albedo: Annotated[Factors, Fact("surface_albedo")],
    surface_emissivity: Annotated[Factors, Fact("surface_emissivity")],
    thermal_effusivity: Annotated[Factors, Fact("thermal_effusivity")],
    evaporation_share: Annotated[Factors, Fact("evaporation_share")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    grid: GeoBox,
    p: OutdoorComfortParams,
    building_fraction: BUILDING_FRACTION | None = None,
    building_height: BUILDING_HEIGHT | None = None,
    canopy_cover: CANOPY_COVER | None = None,
    canopy_height: CANOPY_HEIGHT | None = None,
    hourly_air: HOURLY_AIR | None = None,
    sky: Sky | None = None,
) -> OutdoorComfort:
    """Return sky view [-], mean radiant temperature, UTCI and PET [degC] and hours of very strong heat stress [h].

    `hourly_utci` is the UTCI of each hour of the day, the mean of the outdoor cells of blocks of side `block`.

    The day is that of summer on which an open paved place feels hottest, or `day`; values are means over `around`
    hours before and after `hour`, or else the one at which the area's mean UTCI is highest. Each direction of a point
    1.1 m above the ground shows sky, wall or crown, bare outside `leaf_from` to `leaf_to`; surfaces are as warm as
    radiation, wind and the heat they store make them over a day that repeats.
    The sky's long-wave radiation is the weather file's where it states any, else computed.
    Trees are as high as `canopy_height` says, else as the factor; crowns begin at a share of that. Outside the terrain
    nothing stands. UTCI and PET take the air of `hourly_air` where there is one.
    UTCI has no value where air, radiant temperature or vapour lie outside what it is defined for; `utci_undefined` is
    the share of cells and hours without one. Wind below 0.5 or above 17 m/s counts as that. Cells without terrain,
    land cover or, where there is a raster, canopy have no value. Raises InputError where a series is no full year of
    8 760 hours, the sun never shines or `hourly_air` is of another day.
    """
    hot = weather_of_day(weather, p.day, sky)
    if not float(hot.day.direct.sum() + hot.day.diffuse.sum()) > 0.0:
        raise InputError("heat.no_sun")
    ground = terrain.to_numpy().astype(np.float32)
    cover = land_cover.to_numpy()
    codes = [code for code, _ in COVER]
    known = np.isfinite(ground) & np.isin(cover, codes)
    crowns = _raster(canopy_cover, ground.shape)
    if canopy_cover is not None:
        known &= np.isfinite(canopy_cover.to_numpy())
    built = _raster(building_height, ground.shape)
    built = np.where(_raster(building_fraction, ground.shape) >= p.built_from, built, np.float32(0.0))
    tops = _tops(canopy_height, ground.shape, float(tree_crown["height"]))
    crowns = np.where(tops > 0.0, crowns, np.float32(0.0)).astype(np.float32)
    scene = Scene(
        ground + built, ground, tops, crowns, np.searchsorted(codes, np.where(known, cover, codes[0])).astype(np.uint8),
        abs(float(grid.resolution.y)), abs(float(grid.resolution.x)),
    )  # fmt: skip
    kinds = tuple(
        Material(surface_albedo[name], surface_emissivity[name], thermal_effusivity[name], evaporation_share[name])
        for _, name in COVER
    )
    wall = Material(surface_albedo["wall"], surface_emissivity["wall"], thermal_effusivity["wall"], 0.0)
    day = hot_day_of_year(weather, p.day, sky)
    through = tree_crown["transmissivity" if in_leaf(day + 1, float(weather.latitude), p) else "transmissivity_bare"]
    stand = Crowns(tree_crown["base_share"], through, p.tree_distance)
    result = radiant_day(scene, hot.day, kinds, wall, stand, REMEMBERING)
    outdoors = known & ~(built > 0.0)
    air = None if hourly_air is None else air_of_cells(hourly_air, day, grid, outdoors)
    return _comfort(result, hot, outdoors, p, terrain, air, grid, 24.0 * day)


def in_leaf(day: int, latitude: float, p: OutdoorComfortParams) -> bool:
    """Tell whether trees are in leaf on a day of the year, 1 being 1 January; south of the equator half a year on."""
    northern = day if latitude >= 0.0 else (day + 182 - 1) % 365 + 1
    return p.leaf_from <= northern <= p.leaf_to


def _comfort(
    result: RadiantDay, hot: HotDay, known: NDArray[np.bool_], p: OutdoorComfortParams, like: xr.DataArray,
    air: F32 | None, grid: GeoBox, start: float,
) -> OutdoorComfort:  # fmt: skip
    """Return comfort from radiation and the air, the day's or that of each known cell by hour.

    `start` is the hour of the year at which the day begins.
    """
    hours = hot.day.air.size
    radiant = result.radiant[known]
    felt = _felt(radiant, hot) if air is None else felt_in(air, radiant, hot)
    worst = p.hour
    if worst is None:
        worst = _worst_hour(felt)
    near = [t % hours for t in range(worst - p.around, worst + p.around + 1)]

    def on_grid(values: NDArray[np.floating]) -> xr.DataArray:
        whole = np.full(known.shape, np.nan)
        whole[known] = values
        return xr.DataArray(whole, dims=like.dims, coords=like.coords)

    def equivalent(hour: int) -> NDArray[np.float64]:
        if air is None:
            return _equivalent(radiant[:, hour], hot, hour)
        return equivalent_in(air[:, hour], radiant[:, hour], hot, hour)

    return OutdoorComfort(
        on_grid(result.sky_view[known]),
        on_grid(radiant[:, near].mean(axis=1)),
        on_grid(felt[:, near].mean(axis=1)),
        on_grid(np.mean([equivalent(t) for t in near], axis=0)),
        on_grid((felt >= VERY_STRONG_HEAT).sum(axis=1)),
        mean_of_blocks(felt, known, grid, side=p.block, start=start),
        float(np.isnan(felt).mean()) if felt.size else 0.0,
        ByHour(mean_of_blocks(radiant, known, grid, side=0.0, start=start)) if p.by_hour else None,
    )


def _worst_hour(felt: F32) -> int:
    """Return the hour with the highest mean UTCI; hours without any do not count, without all it is the middle one."""
    some = np.isfinite(felt).any(axis=0)
    if not some.any():
        return felt.shape[1] // 2  # type: ignore[no-any-return]  # sizes of float32 arrays are Any
    mean = np.full(felt.shape[1], -np.inf)
    mean[some] = np.nanmean(felt[:, some], axis=0)
    return int(mean.argmax())


def _felt(radiant: F32, hot: HotDay) -> F32:
    """Return UTCI by cell and hour in the day's air [degC]."""
    wind = np.clip(hot.wind, index.LEAST_WIND, index.MOST_WIND)
    polynomials = index.offset_polynomial(hot.day.air, wind, hot.vapour)
    felt = np.empty_like(radiant)
    index.utci(radiant, hot.day.air, polynomials, felt)
    felt[:, ~index.defined(hot.day.air, hot.vapour)] = np.nan
    return felt


def _equivalent(radiant: F32, hot: HotDay, hour: int) -> NDArray[np.float64]:
    """Return the physiological equivalent temperature of an hour [degC], between values at every half kelvin."""
    if not radiant.size:
        return radiant.astype(np.float64)
    body = person()
    at = np.arange(np.floor(radiant.min()), np.ceil(radiant.max()) + 1.0, 0.5)
    values = pet_table(
        float(hot.day.air[hour]), at, float(hot.day.wind[hour]), 10.0 * float(hot.vapour[hour]), body.activity,
        body.clothing, body.area, body.height, body.basal,
    )  # fmt: skip
    return np.interp(radiant, at, values)


def _tops(layer: xr.DataArray | None, shape: tuple[int, ...], usual: float) -> F32:
    """Return the heights of trees, the usual one where none is given [m]."""
    if layer is None:
        return np.full(shape, usual, np.float32)
    return np.asarray(np.nan_to_num(layer.to_numpy().astype(np.float32), nan=usual), np.float32)


def _raster(layer: xr.DataArray | None, shape: tuple[int, ...]) -> F32:
    """Return a layer's values, 0 where there is none."""
    return np.zeros(shape, np.float32) if layer is None else np.nan_to_num(layer.to_numpy().astype(np.float32))
