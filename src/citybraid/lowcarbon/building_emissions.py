"""Emissions of building energy use."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import ELECTRICITY, HEAT_FUEL, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.carbon import BUILDING_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.emissions import ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, PV_AVOIDED
from citybraid.core.vocabulary.lowcarbon.supply import GRID_EXPORT, GRID_IMPORT


class BuildingEmissions(NamedTuple):
    electricity_emissions: ELECTRICITY_EMISSIONS
    heat_emissions: HEAT_EMISSIONS
    building_emissions: BUILDING_EMISSIONS
    pv_avoided: PV_AVOIDED


@model(
    version=3,
    cite="GB/T 51366-2019, eq. 4.1.3 (operation: energy times emission factor); GHG Protocol Scope 2 Guidance (2015)",
    validity=(
        "Location-based grid factor of the newest year published. With an hourly balance, the building's own "
        "generation lowers what it takes from the grid, and what it exports stands in its own column; without, all "
        "electricity counts as taken and all generation as exported."
    ),
)
def building_emissions(
    buildings: Annotated[
        View,
        Table("buildings", (ELECTRICITY, HEAT_FUEL), optional=(PV_GENERATION, GRID_IMPORT, GRID_EXPORT)),
    ],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
) -> BuildingEmissions:
    """Emissions of electricity and of district heat or gas [kg CO2 a year].

    Electricity from the grid is that of the hourly balance of load, generation and storage, where there is one.
    Exported generation is not subtracted: the emissions it avoids elsewhere are a separate output.
    """
    power, heat = grid_emission_factor[""], heat_emission_factor[""]
    if "grid_import" in buildings and "grid_export" in buildings:
        taken, given = buildings["grid_import"], buildings["grid_export"]
    else:
        taken = buildings["electricity"]
        given = buildings["pv_generation"] if "pv_generation" in buildings else 0.0 * taken
    electricity, fuel = taken * power, buildings["heat_fuel"] * heat
    return BuildingEmissions(
        electricity_emissions=electricity,
        heat_emissions=fuel,
        building_emissions=electricity + fuel,
        pv_avoided=given * power,
    )
