"""Reclaimed water: electricity of reclaiming against that of the supply it replaces."""

from typing import Annotated, NamedTuple

import shapely
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.byproducts import (
    RECLAIMED_AVOIDED,
    RECLAIMED_ENERGY,
    RECLAIMED_WATER,
    REPLACED_SUPPLY_ENERGY,
)
from citybraid.core.vocabulary.lowcarbon.waste import WASTEWATER_FLOW
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.lowcarbon.waste.shares import not_negative


class ReclaimedWaterParams(Params):
    reclaimed_share: float = Field(ge=0.0, le=1.0)
    """Share of the residents' wastewater that is reclaimed and replaces supply [-]."""


class ReclaimedWater(NamedTuple):
    reclaimed_water: RECLAIMED_WATER
    reclaimed_energy: RECLAIMED_ENERGY
    replaced_supply_energy: REPLACED_SUPPLY_ENERGY
    reclaimed_avoided: RECLAIMED_AVOIDED


@model(
    version=1,
    cite="Smith et al. (2016), Mitig. Adapt. Strateg. Glob. Change 21: 1213; Hoff (2011), Understanding the Nexus",
    validity=(
        "Electricity beyond the treatment that discharge needs, against that of supply; means of a region. Pipes, "
        "chemicals and the use of the water are left out. A potential beside the accounts."
    ),
)
def reclaimed_water(
    buildings: Annotated[View, Table("buildings", (WASTEWATER_FLOW,))],
    study_area: STUDY_AREA,
    water_energy: Annotated[Factors, Fact("water_energy")],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    p: ReclaimedWaterParams,
) -> ReclaimedWater:
    """Water reclaimed, its electricity and that of the supply it replaces, and what that avoids [kg CO2 a year].

    Below 0 where reclaiming takes more electricity than supply. The share is asked of the study: without it the model
    is absent. Raises InputError for a negative factor.
    """
    per_volume = {
        name: not_negative(water_energy[name], factor="water_energy", key=name) for name in ("supply", "reclaimed")
    }
    water = buildings["wastewater_flow"] * p.reclaimed_share
    area = shapely.union_all(study_area.to_numpy())
    inside = shapely.covers(area, shapely.point_on_surface(buildings.geometry.to_numpy()))
    volume = float(water[inside].sum())
    replaced, taken = volume * per_volume["supply"], volume * per_volume["reclaimed"]
    return ReclaimedWater(water, taken, replaced, (replaced - taken) * grid_emission_factor[""])
