"""Emissions of building energy use."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.carbon import BUILDING_EMISSIONS
from citybraid.core.vocabulary.emissions import ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, PV_AVOIDED
from citybraid.core.vocabulary.energy import ELECTRICITY, HEAT_FUEL, PV_GENERATION


class BuildingEmissions(NamedTuple):
    electricity_emissions: ELECTRICITY_EMISSIONS
    heat_emissions: HEAT_EMISSIONS
    building_emissions: BUILDING_EMISSIONS
    pv_avoided: PV_AVOIDED


@model(
    version=2,
    cite="GB/T 51366-2019, eq. 4.1.3 (operation: energy times emission factor)",
    validity=(
        "Location-based grid factor of the newest year published; photovoltaics count at the same factor, all of "
        "their electricity, used on site or not, and stand in a column of their own."
    ),
)
def building_emissions(
    buildings: Annotated[View, Table("buildings", (ELECTRICITY, HEAT_FUEL), optional=(PV_GENERATION,))],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
) -> BuildingEmissions:
    """Emissions of electricity and of district heat or gas [kg CO2 a year].

    Electricity generated on the roof is not subtracted from consumption: avoided emissions
    are a separate output, so that either can be counted.
    """
    power, heat = grid_emission_factor[""], heat_emission_factor[""]
    generated = buildings["pv_generation"] if "pv_generation" in buildings else 0.0 * buildings["electricity"]
    electricity, fuel = buildings["electricity"] * power, buildings["heat_fuel"] * heat
    return BuildingEmissions(
        electricity_emissions=electricity,
        heat_emissions=fuel,
        building_emissions=electricity + fuel,
        pv_avoided=generated * power,
    )
