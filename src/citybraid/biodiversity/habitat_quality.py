"""Habitat quality: suitability reduced by degradation from surrounding threats."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.remembered import remembered
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.ecology import HABITAT_DEGRADATION, HABITAT_QUALITY, HABITAT_SUITABILITY
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.threat import decayed, density, distance_to, half_saturated
from citybraid.kernels.numerics.classes import values_by_class

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]


class HabitatQualityParams(Params):
    """How threats are measured, and the shape of the loss of quality."""

    reading: Literal["density", "nearest"] = "density"
    """Threats by their share of the ground around (InVEST 3.3 to 3.12), or by their nearest cell (3.13 on)."""
    half_saturation: float = Field(0.5, gt=0.0, le=1.0)
    """Degradation at which half the quality is lost [-]."""
    exponent: float = Field(2.5, ge=1.0, le=10.0)
    """Steepness of the loss [-]; 2.5 in InVEST."""


class HabitatQuality(NamedTuple):
    """Degradation and quality of habitat."""

    habitat_degradation: HABITAT_DEGRADATION
    habitat_quality: HABITAT_QUALITY


@model(
    version=1,
    cite="Natural Capital Project, InVEST user's guide: habitat quality, eq. 1-4; "
    "threats by Liu et al. (2017), Acta Ecologica Sinica 37: 4538, tables 3 and 4",
    validity="Comparing plans for one area with one half-saturation. Threats reach kilometres: what lies beyond the "
    "grid is taken to be like what lies within.",
)
def habitat_quality(
    *,
    land_cover: LAND_COVER,
    habitat_suitability: HABITAT_SUITABILITY,
    threats: Annotated[Factors, Fact("habitat_threat")],
    sources: Annotated[Factors, Fact("threat_source")],
    sensitivity: Annotated[Factors, Fact("habitat_sensitivity")],
    grid: GeoBox,
    p: HabitatQualityParams,
) -> HabitatQuality:
    """Return degradation D and quality Q = H (1 - D^z / (D^z + k^z)) of each cell, H its suitability.

    D = Σ over threats of w / Σw × strength × sensitivity of the cover. Strength is the share of
    the surrounding ground with the threat, weighted by its decay with distance; or, in the
    nearest reading, the decay from the nearest such cell, which sets all of a built-up
    district close to 1. Threats are land covers ("transport/road"); threats of the table without
    a land cover, such as mines, are also left out of the sum of weights. D is 0 where
    there is no habitat. Cells without suitability have no value.
    """
    cover = land_cover.to_numpy()
    suitability = habitat_suitability.to_numpy().astype(np.float64)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    present = _sources(sources)
    weight = sum(threats[f"{threat}/weight"] for threat in present)
    degraded = np.zeros(cover.shape)
    for threat, codes in present.items():
        source = np.isin(cover, codes).astype(np.uint8)
        reach, exponential = threats[f"{threat}/reach"], threats[f"{threat}/exponential"] > 0.0
        strength = (
            _density(source, (cover > 0).astype(np.uint8), cell=cell, reach=reach, exponential=exponential)
            if p.reading == "density"
            else decayed(distance_to(source, cell=cell), reach=reach, exponential=exponential)
        )
        sensitive = values_by_class(cover, {code: sensitivity[f"{threat}/{name}"] for code, name in COVER})
        degraded += threats[f"{threat}/weight"] / weight * strength * np.nan_to_num(sensitive)
    degraded = np.where(suitability > 0.0, degraded, np.where(np.isfinite(suitability), 0.0, np.nan))
    quality = suitability * (1.0 - half_saturated(degraded, half=p.half_saturation, exponent=p.exponent))
    return HabitatQuality(*(_raster(values, land_cover) for values in (degraded, quality)))


@remembered(16)
def _density(source: Mask, mask: Mask, *, cell: tuple[float, float], reach: float, exponential: bool) -> Floats:
    """Return a threat's density; most measures leave the land covers of most threats as they are."""
    return density(source, mask, cell=cell, reach=reach, exponential=exponential)


def _sources(sources: Factors) -> dict[str, list[int]]:
    """Return each threat's land-cover codes."""
    codes = {name: code for code, name in COVER}
    codes_by_threat: dict[str, list[int]] = {}
    for key, counts in sources.items():
        threat, _, name = key.partition("/")
        if counts > 0.0:
            codes_by_threat.setdefault(threat, []).append(codes[name])
    return codes_by_threat


def _raster(values: Floats, like: xr.DataArray) -> xr.DataArray:
    return xr.DataArray(values, dims=like.dims, coords=like.coords)
