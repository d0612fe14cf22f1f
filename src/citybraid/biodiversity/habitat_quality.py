"""Habitat quality: suitability reduced by degradation from surrounding threats."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.precondition import Precondition
from citybraid.core.remembered import LARGEST, remembered
from citybraid.core.var import Fact, Factors, Over, Raster
from citybraid.core.vocabulary.biodiversity.ecology import (
    HABITAT_DEGRADATION,
    HABITAT_QUALITY,
    HABITAT_SUITABILITY,
    THREAT_ACCESS,
    THREAT_INTENSITY,
)
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.threat import add_degradation, density, nearest_strength, remaining_quality
from citybraid.kernels.numerics.classes import CODES, values_by_class

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]
PARTS = ("weight", "reach", "exponential")
"""Rows of a threat in the factor habitat_threat."""


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


def _reach(*, threats: Factors, p: HabitatQualityParams, **_: object) -> float | None:
    """Return the greatest reach of any threat [m]; a density is a transform of the whole grid."""
    if p.reading == "density":
        return None
    return max(value for key, value in threats.items() if key.endswith("/reach"))


@model(
    version=2,
    cite="Natural Capital Project, InVEST user's guide: habitat quality, eq. 1-4; "
    "threats by Liu et al. (2017), Acta Ecologica Sinica 37: 4538, tables 3 and 4",
    validity="Comparing plans for one area with one half-saturation. Threats reach kilometres: what lies beyond the "
    "grid is taken to be like what lies within. Threats given as rasters stay as they are under every measure.",
    reach=_reach,
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
    threat_intensities: Annotated[Mapping[str, Raster], Over(THREAT_INTENSITY, "threat")] | None = None,
    threat_access: THREAT_ACCESS | None = None,
) -> HabitatQuality:
    """Return degradation D and quality Q = H (1 - D^z / (D^z + k^z)) of each cell, H its suitability.

    D = Σ over threats of w / Σw × strength × access × sensitivity of the cover. Strength is the mean
    intensity of the threat around the cell, weighted by its decay with distance; or, in the
    nearest reading, the intensity of the nearest cell with the threat times the decay from it, which sets all of a
    built-up district close to 1. A threat with a raster in `threat_intensities` has its intensities there; the others
    are land covers ("transport/road"), of intensity 1. Threats of the table without either, such as mines, are also
    left out of the sum of weights. Access is 1 where `threat_access` has no value. D is told outside habitat too, where
    Q is 0, as in InVEST. Cells without suitability have no value.
    Raises InputError for a raster of a threat that lacks factor rows, a reach of 0, a weight below 0 and weights that
    are all 0.
    """
    cover = land_cover.to_numpy().astype(np.uint8)
    suitability = habitat_suitability.to_numpy().astype(np.float64)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    rasters = threat_intensities or {}
    require_threat_rows(rasters, threats, sensitivity)
    present = _present(cover, _sources(sources), rasters)
    require_amounts(present, threats)
    weight = sum(threats[f"{threat}/weight"] for threat in present)
    degraded = np.zeros(cover.shape)
    of_ground = density if degraded.nbytes > LARGEST else _density
    for threat, (intensity, known) in present.items():
        reach, exponential = threats[f"{threat}/reach"], threats[f"{threat}/exponential"] > 0.0
        strength = (
            of_ground(intensity, known, cell=cell, reach=reach, exponential=exponential)
            if p.reading == "density"
            else nearest_strength(intensity, cell=cell, reach=reach, exponential=exponential)
        )
        sensitive = values_by_class(np.arange(CODES), {code: sensitivity[f"{threat}/{name}"] for code, name in COVER})
        share = threats[f"{threat}/weight"] / weight
        add_degradation(degraded, share, strength, cover, np.nan_to_num(sensitive))
    if threat_access is not None:
        degraded *= np.nan_to_num(threat_access.to_numpy().astype(np.float64), nan=1.0)
    quality = remaining_quality(suitability, degraded, p.half_saturation, p.exponent)
    degraded[np.isnan(suitability)] = np.nan
    return HabitatQuality(*(_raster(values, land_cover) for values in (degraded, quality)))


def require_threat_rows(names: Iterable[str], threats: Factors, sensitivity: Factors) -> None:
    """Raise InputError for a threat that lacks its weight, reach or decay, or the sensitivity of a cover."""
    known = sorted({key.partition("/")[0] for key in threats})
    for threat in names:
        lacking = [f"habitat_threat,{key}" for part in PARTS if (key := f"{threat}/{part}") not in threats]
        lacking += [f"habitat_sensitivity,{key}" for _, name in COVER if (key := f"{threat}/{name}") not in sensitivity]
        if lacking:
            raise InputError("ecology.threat_rows", threat=threat, lacking=lacking, known=known)


def require_amounts(names: Iterable[str], threats: Factors) -> None:
    """Raise InputError for a threat that reaches no way or weighs less than nothing, or if none of them weighs."""
    listed = sorted(names)
    for threat in listed:
        for part, fits in (("reach", threats[f"{threat}/reach"] > 0.0), ("weight", threats[f"{threat}/weight"] >= 0.0)):
            if not fits:
                raise InputError(f"ecology.threat_{part}", threat=threat, got=threats[f"{threat}/{part}"])
    if listed and not any(threats[f"{threat}/weight"] > 0.0 for threat in listed):
        raise InputError("ecology.threats_weightless", threats=listed)


def threats_have_rows(
    *, threat_intensities: Mapping[str, Raster] | None, threats: Factors, sources: Factors, sensitivity: Factors
) -> None:
    """Raise InputError for a raster of a threat that lacks factor rows, and for amounts that no threat has."""
    require_threat_rows(threat_intensities or {}, threats, sensitivity)
    require_amounts({*_sources(sources), *(threat_intensities or {})}, threats)


KNOWN_THREATS = Precondition(habitat_quality, threats_have_rows)


def _present(
    cover: NDArray[np.uint8], covers: Mapping[str, list[int]], rasters: Mapping[str, Raster]
) -> dict[str, tuple[Floats, Mask]]:
    """Return the intensity of each threat, filled, and the cells where it is known; rasters come before covers."""
    present: dict[str, tuple[Floats, Mask]] = {}
    for threat in (*covers, *(name for name in rasters if name not in covers)):
        if threat in rasters:
            values = rasters[threat].to_numpy().astype(np.float64)
            present[threat] = np.nan_to_num(values), np.isfinite(values).astype(np.uint8)
        else:
            source = np.zeros(CODES)
            source[covers[threat]] = 1.0
            present[threat] = source[cover], (cover > 0).astype(np.uint8)
    return present


@remembered(16)
def _density(intensity: Floats, known: Mask, *, cell: tuple[float, float], reach: float, exponential: bool) -> Floats:
    """Return a threat's density; most measures leave the land covers of most threats as they are."""
    return density(intensity, known, cell=cell, reach=reach, exponential=exponential)


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
