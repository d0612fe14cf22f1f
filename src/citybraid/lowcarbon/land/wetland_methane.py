"""Methane of waters and wetlands."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.lowcarbon.emissions import WETLAND_METHANE
from citybraid.core.vocabulary.surface import LAND_COVER


class WetlandMethane(NamedTuple):
    wetland_methane: WETLAND_METHANE


@model(
    version=1,
    cite="IPCC (2019), Refinement, vol. 4, ch. 7, eq. 7.14 (area times rate); rates: Wang, Lu and Yang (2012)",
    validity="Mean rates of China's lakes and coastal wetlands; single waters differ tenfold with nutrients and depth; "
    "inventories of countries leave out natural waters.",
    reach=0.0,
)
def wetland_methane(
    land_cover: LAND_COVER, wetland_methane_rate: Annotated[Factors, Fact("wetland_methane_rate")]
) -> WetlandMethane:
    """Methane of each cell by its cover [kg m-2 a year]; 0 for covers without a rate, no value without cover.

    Raises InputError for a rate below 0.
    """
    code = land_cover.to_numpy().astype(np.int64)
    rate = np.where(code > 0, 0.0, np.nan)
    for cover, value in wetland_methane_rate.items():
        if value < 0:
            raise InputError("land.negative_rate", key=cover, got=value)
        rate[code.astype(str) == cover] = value
    return WetlandMethane(xr.DataArray(rate, dims=("y", "x"), coords=land_cover.coords))
