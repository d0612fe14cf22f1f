"""Emissions of building energy use."""

from typing import Annotated, NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import DISTRICT_HEAT, ELECTRICITY, GAS, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.carbon import BUILDING_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.emissions import (
    ELECTRICITY_EMISSIONS,
    GAS_EMISSIONS,
    GAS_METHANE,
    GAS_NITROUS_OXIDE,
    HEAT_EMISSIONS,
    PV_AVOIDED,
)
from citybraid.core.vocabulary.lowcarbon.park import NETWORK_HEAT_FACTOR
from citybraid.core.vocabulary.lowcarbon.supply import GRID_EXPORT, GRID_IMPORT


class BuildingEmissions(NamedTuple):
    electricity_emissions: ELECTRICITY_EMISSIONS
    heat_emissions: HEAT_EMISSIONS
    gas_emissions: GAS_EMISSIONS
    gas_methane: GAS_METHANE
    gas_nitrous_oxide: GAS_NITROUS_OXIDE
    building_emissions: BUILDING_EMISSIONS
    pv_avoided: PV_AVOIDED


@model(
    version=4,
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
        Table("buildings", (ELECTRICITY, DISTRICT_HEAT, GAS), optional=(PV_GENERATION, GRID_IMPORT, GRID_EXPORT)),
    ],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
    gas_emission_factor: Annotated[Factors, Fact("gas_emission_factor")],
    network_heat_factor: NETWORK_HEAT_FACTOR | None = None,
) -> BuildingEmissions:
    """Emissions of electricity, district heat and gas [kg a year].

    Those of gas are released in the building: CO2, and the methane and nitrous oxide of burning. The building's
    emissions are its CO2. Raises InputError where the energy of a building is unknown.

    Electricity from the grid is that of the hourly balance of load, generation and storage, where there is one. Heat
    has the factor of the network that delivers it, where one was computed, else the region's.
    Exported generation is not subtracted: the emissions it avoids elsewhere are a separate output.
    """
    for name in ("electricity", "district_heat", "gas"):
        if (unknown := buildings[name].isna()).any():
            first = str(buildings.index[unknown][0])
            raise InputError("energy.attribute", column=name, count=int(unknown.sum()), first=first)
    power = grid_emission_factor[""]
    heat = heat_emission_factor[""] if network_heat_factor is None else network_heat_factor
    if "grid_import" in buildings and "grid_export" in buildings:
        taken, given = buildings["grid_import"], buildings["grid_export"]
    else:
        taken = buildings["electricity"]
        given = buildings["pv_generation"] if "pv_generation" in buildings else 0.0 * taken
    electricity, fuel = taken * power, buildings["district_heat"] * heat
    burnt = {gas: buildings["gas"] * gas_emission_factor[gas] for gas in ("CO2", "CH4", "N2O")}
    return BuildingEmissions(
        electricity_emissions=electricity,
        heat_emissions=fuel,
        gas_emissions=burnt["CO2"],
        gas_methane=burnt["CH4"],
        gas_nitrous_oxide=burnt["N2O"],
        building_emissions=electricity + fuel + burnt["CO2"],
        pv_avoided=given * power,
    )
