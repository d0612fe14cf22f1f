"""Habitat suitability of each cell by its land cover."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER, GREEN_ROOF_COVER, LAND_COVER
from citybraid.kernels.numerics.classes import values_by_class

Floats = NDArray[np.float64]

GREENED = ("canopy", "green_roof")
"""Green over sealed ground, by its cover of the cell."""


class SuitabilityParams(Params):
    """Whose habitat."""

    species: str | None = Field(None, min_length=1)
    """A species that rows of habitat_suitability begin with, such as little_egret; wildlife as a whole without one."""


class HabitatSuitability(NamedTuple):
    """Suitability as habitat."""

    habitat_suitability: HABITAT_SUITABILITY


@model(
    version=1,
    cite="Liu et al. (2017), Acta Ecologica Sinica 37: 4538, table 4 (Fujian); carried over to our covers",
    validity="Wildlife of woods, waters and wetlands as a whole; no single species. Covers stand for classes of a "
    "regional survey, so small differences within a cover are not seen.",
    reach=0.0,
)
def habitat_suitability(
    land_cover: LAND_COVER,
    suitability: Annotated[Factors, Fact("habitat_suitability")],
    p: SuitabilityParams,
    canopy_cover: CANOPY_COVER | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
) -> HabitatSuitability:
    """Return habitat suitability from 0 (none) to 1 (best) by land cover.

    Street trees and green roofs add habitat to streets and roofs: each cell gains
    share × (suitability of "canopy" or "green_roof" less its own), never less than 0. Cells
    without land cover have no value. With a `species` its own rows are read.
    Raises InputError where the species lacks a row.
    """
    prefix = "" if p.species is None else f"{p.species}/"
    keys = [f"{prefix}{name}" for name in (*(name for _, name in COVER), *GREENED)]
    if lacking := [f"habitat_suitability,{key}" for key in keys if key not in suitability]:
        raise InputError("ecology.species_rows", species=p.species or "-", lacking=lacking)
    suits = values_by_class(land_cover.to_numpy(), {code: suitability[prefix + name] for code, name in COVER})
    for share, name in zip((canopy_cover, green_roof_cover), GREENED, strict=True):
        if share is not None:
            suits = _raised(suits, np.nan_to_num(share.to_numpy().astype(np.float64)), suitability[prefix + name])
    return HabitatSuitability(xr.DataArray(suits, dims=land_cover.dims, coords=land_cover.coords))


def _raised(suits: Floats, share: Floats, better: float) -> Floats:
    """Return suitability after a share of the cell becomes better habitat."""
    gained: Floats = suits + share * np.maximum(better - suits, 0.0)
    return gained
