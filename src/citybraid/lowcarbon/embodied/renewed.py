"""Buildings as they would be under the envelope standard of a year: what retrofit and rebuilding bring."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np

from citybraid.core.var import Fact, Factors
from citybraid.lowcarbon.envelope import AS_BUILT


class Conditioning(NamedTuple):
    """Factor tables of programmes, of what they condition, and of plant."""

    program_share: Annotated[Factors, Fact("program_share")]
    conditioned_share: Annotated[Factors, Fact("conditioned_share")]
    heat_system: Annotated[Factors, Fact("heat_system")]
    service_efficiency: Annotated[Factors, Fact("service_efficiency")]


class FactorsOfCarriers(NamedTuple):
    """Emissions of delivered energy by carrier [kg kWh-1]."""

    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")]
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")]
    gas_emission_factor: Annotated[Factors, Fact("gas_emission_factor")]


def to_standard(buildings: gpd.GeoDataFrame, year: int) -> gpd.GeoDataFrame:
    """Return buildings with the envelope of the standard in force in a year; younger ones stay as they are.

    Form, use, residents, windows and plant are their own.
    """
    built = buildings["year_built"].to_numpy(dtype=np.float64)
    younger = built > year
    standard = buildings["envelope_standard"].where(younger, AS_BUILT)
    return buildings.assign(year_built=np.maximum(built, float(year)), envelope_standard=standard)
