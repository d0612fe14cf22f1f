"""Urban cooling by shade, albedo and evapotranspiration, and evening air temperature by sky view and plants."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.heat import (
    AIR_TEMPERATURE,
    COOLING_CAPACITY,
    HEAT_ISLAND,
    POTENTIAL_EVAPOTRANSPIRATION,
    REFERENCE_EVAPOTRANSPIRATION,
    RURAL_TEMPERATURE,
)
from citybraid.core.vocabulary.surface import (
    ALBEDO,
    BUILDING_FRACTION,
    BUILDING_HEIGHT,
    CANOPY_COVER,
    COVER,
    GREEN_ROOF_COVER,
    LAND_COVER,
)
from citybraid.kernels.climate.cooling import cooling_index, heat_mitigation, mix_air
from citybraid.kernels.numerics.classes import values_by_class
from citybraid.kernels.numerics.decay import distances, gaussian, weighted_mean
from citybraid.resilience.heat.canopy_form import BUILT_FROM, sky_between

Floats = NDArray[np.float64]

SEALED = (50, 51, 52)
"""Land-cover codes of built-up land: other paved ground, road, roof."""


class CoolingParams(Params):
    """Weights and distances of the method."""

    shade_weight: float = Field(0.6, ge=0.0, le=1.0)
    """Weight of shade in the cooling capacity [-]; weights are divided by their sum."""
    albedo_weight: float = Field(0.2, ge=0.0, le=1.0)
    """Weight of albedo in the cooling capacity [-]."""
    evaporation_weight: float = Field(0.2, gt=0.0, le=1.0)
    """Weight of evapotranspiration in the cooling capacity [-]."""
    cooling_distance: float = Field(450.0, gt=0.0, le=5000.0)
    """Distance over which a large green area's effect fades to 1/e [m]."""
    large_green: float = Field(2.0, ge=0.0, le=1000.0)
    """Green area within the cooling distance from which on its effect counts [ha]."""
    mixing_radius: float = Field(500.0, ge=0.0, le=10000.0)
    """Radius over which the wind mixes the air, three standard deviations of a Gaussian [m]."""
    green_covers: tuple[int, ...] = (10, 20, 30, 90)
    """Land-cover codes that make up green areas: trees, shrubs, grass, wetland."""


class Cooling(NamedTuple):
    """Cooling capacity, evapotranspiration and air temperature."""

    cooling_capacity: COOLING_CAPACITY
    potential_evapotranspiration: POTENTIAL_EVAPOTRANSPIRATION
    air_temperature: AIR_TEMPERATURE


@model(
    version=3,
    cite="Natural Capital Project, InVEST user's guide: urban cooling model, eq. 1-5; Bosch et al. (2021), "
    "Geosci. Model Dev. 14: 3521-3537; Theeuwes et al. (2017), Int. J. Climatol. 37: 443-454",
    validity="A screening of summer evenings for comparing plans of one city: weights of the cooling capacity are of "
    "the day, empirical, from few cities; the evening's formula is of northwestern Europe. Parks beyond the grid are "
    "not seen. Grids of 1 to 100 m; of more than 10 m, streets are too narrow for their sky view.",
)
def cooling(
    *,
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    reference_evapotranspiration: REFERENCE_EVAPOTRANSPIRATION,
    rural_temperature: RURAL_TEMPERATURE,
    heat_island: HEAT_ISLAND,
    surface_albedo: Annotated[Factors, Fact("surface_albedo")],
    crop_coefficient: Annotated[Factors, Fact("crop_coefficient")],
    dense_quarter: Annotated[Factors, Fact("dense_quarter")],
    grid: GeoBox,
    p: CoolingParams,
    albedo: ALBEDO | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
    building_height: BUILDING_HEIGHT | None = None,
) -> Cooling:
    """Return cooling capacity [-], potential evapotranspiration [mm day-1] and evening air [degC] of each cell.

    By day CC = 0.6 shade + 0.2 albedo + 0.2 Kc ET0 / max ET0, shade being the canopy's share of the cell; canopy over
    other covers and green roofs bring their own albedo and Kc for their share of the cell, a measured `albedo` stands
    for ground and canopy together. Evapotranspiration is that of well-watered surfaces.
    In the evening a cell has the heat island times (2 - SVF - f) / (2 - SVF_0 - f_0), with SVF the sky view between
    buildings, mean of the open ground within the mixing radius, f the share of plants, and SVF_0 and f_0 those of the
    compact quarter that the heat island is of; where no heights of buildings are given, SVF_0 holds on built-up land
    and 1 elsewhere. Where more than 2 ha of green lie within the cooling distance, a cell is at most as warm as that
    green's weighted mean makes it, weights exp(-d / distance). Air is then mixed by a Gaussian.
    Cells without land cover or canopy have no value.
    """
    cover = land_cover.to_numpy()
    canopy = canopy_cover.to_numpy().astype(np.float64)
    roof = np.zeros(cover.shape) if green_roof_cover is None else np.nan_to_num(green_roof_cover.to_numpy())
    coefficient = _blended(cover, canopy, roof, crop_coefficient)
    reflected = _blended(cover, canopy, roof, surface_albedo)
    if albedo is not None:
        measured = albedo.to_numpy().astype(np.float64)
        reflected = measured + roof * (surface_albedo["green_roof"] - measured)
    evaporated = coefficient * reference_evapotranspiration
    wetness = (
        evaporated / reference_evapotranspiration if reference_evapotranspiration > 0.0 else np.zeros_like(evaporated)
    )
    valid = np.isfinite(canopy) & np.isfinite(reflected) & np.isfinite(coefficient)
    weights = (p.shade_weight, p.albedo_weight, p.evaporation_weight)
    capacity = cooling_index(
        np.where(valid, canopy, 0.0), np.where(valid, reflected, 0.0), np.where(valid, wetness, 0.0), weights
    )
    mask, cell = valid.astype(np.uint8), (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    green = np.where(valid, np.where(np.isin(cover, p.green_covers), 1.0, np.clip(canopy + roof, 0.0, 1.0)), 0.0)
    view = _sky_view(cover, building_fraction, building_height, dense_quarter["sky_view"], mask, cell, p.mixing_radius)
    compact = 2.0 - dense_quarter["sky_view"] - dense_quarter["vegetation"]
    evening = np.where(valid, 1.0 - (2.0 - view - green) / compact, 0.0)
    mitigation = heat_mitigation(
        evening, green, mask, cell=cell, distance=p.cooling_distance, smallest=p.large_green * 1e4
    )
    air = mix_air(rural_temperature + (1.0 - mitigation) * heat_island, mask, cell=cell, radius=p.mixing_radius)
    no_data = np.where(valid, 0.0, np.nan)
    return Cooling(
        *(_raster(values + no_data, land_cover) for values in (np.clip(capacity, 0.0, 1.0), evaporated, air))
    )


def _sky_view(
    cover: NDArray[np.integer], built: xr.DataArray | None, height: xr.DataArray | None, dense: float,
    mask: NDArray[np.uint8], cell: tuple[float, float], radius: float,
) -> Floats:  # fmt: skip
    """Return the sky view of the quarter around each cell: of its open ground, or by cover without heights."""
    if built is None or height is None:
        return np.where(np.isin(cover, SEALED), dense, 1.0)
    share = np.clip(np.nan_to_num(built.to_numpy().astype(np.float64)), 0.0, 1.0)
    tops = np.where(share >= BUILT_FROM, np.nan_to_num(height.to_numpy()), 0.0).astype(np.float32)
    view = sky_between(np.zeros_like(tops), tops, cell=cell)
    outdoors = (mask * (share < BUILT_FROM)).astype(np.uint8)
    if radius <= 0.0 or not outdoors.any():
        return np.where(outdoors > 0, view, dense)
    weights = gaussian(distances(cell, reach=radius, shape=cover.shape), deviation=radius / 3.0, reach=radius)
    around = weighted_mean(view, outdoors, weights)
    return np.where(around > 0.0, around, dense)


def _blended(cover: NDArray[np.integer], canopy: Floats, roof: Floats, factors: Factors) -> Floats:
    """Return a property of cells by cover, blended with tree canopy and green roofs by their cell shares."""
    ground = values_by_class(cover, {code: factors[name] for code, name in COVER})
    wooded = np.isin(cover, (10, 20))
    crowned = np.where(wooded, ground, ground + canopy * (factors["trees"] - ground))
    return crowned + roof * (factors["green_roof"] - crowned)


def _raster(values: Floats, like: xr.DataArray) -> xr.DataArray:
    return xr.DataArray(values, dims=like.dims, coords=like.coords)
