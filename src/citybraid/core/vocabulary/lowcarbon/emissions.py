"""Emissions, removals and avoided emissions that enter the inventory: each names its sector, scope and gas.

A quantity added here joins the accounts of every study that has it.
"""

from typing import Annotated, Any, get_args

from citybraid.core.account import BY_USE, Account
from citybraid.core.var import Column, Raster, Var

ELECTRICITY_EMISSIONS = Annotated[
    Column,
    Var(
        "electricity_emissions",
        "kg year-1",
        "Emissions of the electricity that the building takes from the grid, location-based",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2"),
    ),
]
HEAT_EMISSIONS = Annotated[
    Column,
    Var(
        "heat_emissions",
        "kg year-1",
        "Emissions of the district heat delivered to the building",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2"),
    ),
]
GAS_EMISSIONS = Annotated[
    Column,
    Var("gas_emissions", "kg year-1", "CO2 of gas burnt in the building", on="buildings", ge=0,
        account=Account(BY_USE, 1, "CO2")),
]  # fmt: skip
GAS_METHANE = Annotated[
    Column,
    Var("gas_methane", "kg year-1", "Methane of gas burnt in the building", on="buildings", ge=0,
        account=Account(BY_USE, 1, "CH4_fossil")),
]  # fmt: skip
GAS_NITROUS_OXIDE = Annotated[
    Column,
    Var("gas_nitrous_oxide", "kg year-1", "Nitrous oxide of gas burnt in the building", on="buildings", ge=0,
        account=Account(BY_USE, 1, "N2O")),
]  # fmt: skip
PV_AVOIDED = Annotated[
    Column,
    Var(
        "pv_avoided",
        "kg year-1",
        "Grid emissions avoided by exported photovoltaics; by all of them without an hourly balance",
        on="buildings",
        ge=0,
        account=Account(BY_USE, 2, "CO2", "avoided"),
    ),
]
TRANSPORT_EMISSIONS = Annotated[
    Column,
    Var(
        "transport_emissions",
        "kg year-1",
        "Emissions of the residents' daily travel; where a network tells energies apart, of fuels alone",
        on="buildings",
        ge=0,
        account=Account("road", 1, "CO2e"),
    ),
]
TRAVEL_ELECTRICITY_EMISSIONS = Annotated[
    Column,
    Var(
        "travel_electricity_emissions",
        "kg year-1",
        "Emissions of the electricity of cars, buses and cycles in the residents' daily travel",
        on="buildings",
        ge=0,
        account=Account("road", 2, "CO2"),
    ),
]
METRO_EMISSIONS = Annotated[
    Column,
    Var(
        "metro_emissions",
        "kg year-1",
        "Emissions of the metro's electricity in the residents' daily travel",
        on="buildings",
        ge=0,
        account=Account("rail", 2, "CO2"),
    ),
]
LANDFILL_METHANE = Annotated[
    Column,
    Var(
        "landfill_methane",
        "kg year-1",
        "Methane of landfilled waste of the residents, in all time, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("solid_waste", 3, "CH4"),
    ),
]
INCINERATION_CARBON = Annotated[
    Column,
    Var(
        "incineration_carbon",
        "kg year-1",
        "Fossil CO2 of incinerated waste of the residents, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("incineration", 3, "CO2"),
    ),
]
INCINERATION_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "incineration_nitrous_oxide",
        "kg year-1",
        "N2O of incinerated waste of the residents, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("incineration", 3, "N2O"),
    ),
]
BIOLOGICAL_METHANE = Annotated[
    Column,
    Var(
        "biological_methane",
        "kg year-1",
        "Methane of composted and digested waste of the residents, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("biological_treatment", 3, "CH4"),
    ),
]
BIOLOGICAL_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "biological_nitrous_oxide",
        "kg year-1",
        "N2O of composted and digested waste of the residents, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("biological_treatment", 3, "N2O"),
    ),
]
WASTEWATER_METHANE = Annotated[
    Column,
    Var(
        "wastewater_methane",
        "kg year-1",
        "Methane of the residents' wastewater, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("wastewater", 3, "CH4"),
    ),
]
WASTEWATER_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "wastewater_nitrous_oxide",
        "kg year-1",
        "N2O of the residents' wastewater, treated outside the area",
        on="buildings",
        ge=0,
        account=Account("wastewater", 3, "N2O"),
    ),
]
LOCAL_LANDFILL_METHANE = Annotated[
    Column,
    Var(
        "local_landfill_methane",
        "kg year-1",
        "Methane of landfilled waste of the residents, in all time, treated within the area",
        on="buildings",
        ge=0,
        account=Account("solid_waste", 1, "CH4"),
    ),
]
LOCAL_INCINERATION_CARBON = Annotated[
    Column,
    Var(
        "local_incineration_carbon",
        "kg year-1",
        "Fossil CO2 of incinerated waste of the residents, treated within the area",
        on="buildings",
        ge=0,
        account=Account("incineration", 1, "CO2"),
    ),
]
LOCAL_INCINERATION_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "local_incineration_nitrous_oxide",
        "kg year-1",
        "N2O of incinerated waste of the residents, treated within the area",
        on="buildings",
        ge=0,
        account=Account("incineration", 1, "N2O"),
    ),
]
LOCAL_BIOLOGICAL_METHANE = Annotated[
    Column,
    Var(
        "local_biological_methane",
        "kg year-1",
        "Methane of composted and digested waste of the residents, treated within the area",
        on="buildings",
        ge=0,
        account=Account("biological_treatment", 1, "CH4"),
    ),
]
LOCAL_BIOLOGICAL_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "local_biological_nitrous_oxide",
        "kg year-1",
        "N2O of composted and digested waste of the residents, treated within the area",
        on="buildings",
        ge=0,
        account=Account("biological_treatment", 1, "N2O"),
    ),
]
LOCAL_WASTEWATER_METHANE = Annotated[
    Column,
    Var(
        "local_wastewater_methane",
        "kg year-1",
        "Methane of the residents' wastewater, treated within the area",
        on="buildings",
        ge=0,
        account=Account("wastewater", 1, "CH4"),
    ),
]
LOCAL_WASTEWATER_NITROUS_OXIDE = Annotated[
    Column,
    Var(
        "local_wastewater_nitrous_oxide",
        "kg year-1",
        "N2O of the residents' wastewater, treated within the area",
        on="buildings",
        ge=0,
        account=Account("wastewater", 1, "N2O"),
    ),
]
PLANT_CARBON = Annotated[
    Column,
    Var("plant_carbon", "kg year-1", "CO2 of fuels burnt by the plant", on="plants", ge=0,
        account=Account("industry", 1, "CO2")),
]  # fmt: skip
PLANT_METHANE = Annotated[
    Column,
    Var("plant_methane", "kg year-1", "Methane of fuels burnt by the plant", on="plants", ge=0,
        account=Account("industry", 1, "CH4_fossil")),
]  # fmt: skip
PLANT_NITROUS_OXIDE = Annotated[
    Column,
    Var("plant_nitrous_oxide", "kg year-1", "Nitrous oxide of fuels burnt by the plant", on="plants", ge=0,
        account=Account("industry", 1, "N2O")),
]  # fmt: skip
PLANT_POWER_EMISSIONS = Annotated[
    Column,
    Var("plant_power_emissions", "kg year-1", "Emissions of the electricity that the plant buys", on="plants", ge=0,
        account=Account("industry", 2, "CO2")),
]  # fmt: skip
PLANT_HEAT_EMISSIONS = Annotated[
    Column,
    Var("plant_heat_emissions", "kg year-1", "Emissions of the steam and heat that the plant buys", on="plants", ge=0,
        account=Account("industry", 2, "CO2")),
]  # fmt: skip
PROCESS_CARBON = Annotated[
    Column,
    Var("process_carbon", "kg year-1", "CO2 of the plant's process, fuels for heat left out", on="plants", ge=0,
        account=Account("processes", 1, "CO2")),
]  # fmt: skip
PLANT_PV_AVOIDED = Annotated[
    Column,
    Var("plant_pv_avoided", "kg year-1", "Grid emissions avoided by generation that the plant uses", on="plants", ge=0,
        account=Account("industry", 2, "CO2", "avoided")),
]  # fmt: skip
RICE_METHANE = Annotated[
    Column,
    Var("rice_methane", "kg year-1", "Methane of paddy fields", on="villages", ge=0,
        account=Account("agriculture", 1, "CH4")),
]  # fmt: skip
SOIL_NITROUS_OXIDE = Annotated[
    Column,
    Var("soil_nitrous_oxide", "kg year-1", "N2O of mineral fertiliser, direct and indirect", on="villages", ge=0,
        account=Account("agriculture", 1, "N2O")),
]  # fmt: skip
STRAW_METHANE = Annotated[
    Column,
    Var("straw_methane", "kg year-1", "Methane of straw burnt on fields", on="villages", ge=0,
        account=Account("agriculture", 1, "CH4")),
]  # fmt: skip
STRAW_NITROUS_OXIDE = Annotated[
    Column,
    Var("straw_nitrous_oxide", "kg year-1", "N2O of straw burnt on fields", on="villages", ge=0,
        account=Account("agriculture", 1, "N2O")),
]  # fmt: skip
LIVESTOCK_METHANE = Annotated[
    Column,
    Var("livestock_methane", "kg year-1", "Methane of animals, their manure and digesters", on="villages", ge=0,
        account=Account("livestock", 1, "CH4")),
]  # fmt: skip
LIVESTOCK_NITROUS_OXIDE = Annotated[
    Column,
    Var("livestock_nitrous_oxide", "kg year-1", "N2O of manure", on="villages", ge=0,
        account=Account("livestock", 1, "N2O")),
]  # fmt: skip
STOVE_CARBON = Annotated[
    Column,
    Var("stove_carbon", "kg year-1", "CO2 of coal in the village's stoves", on="villages", ge=0,
        account=Account("residential", 1, "CO2")),
]  # fmt: skip
STOVE_METHANE = Annotated[
    Column,
    Var("stove_methane", "kg year-1", "Methane of coal, straw and wood in the village's stoves", on="villages", ge=0,
        account=Account("residential", 1, "CH4")),
]  # fmt: skip
STOVE_NITROUS_OXIDE = Annotated[
    Column,
    Var("stove_nitrous_oxide", "kg year-1", "N2O of coal, straw and wood in the village's stoves", on="villages", ge=0,
        account=Account("residential", 1, "N2O")),
]  # fmt: skip
BIOGAS_AVOIDED = Annotated[
    Column,
    Var("biogas_avoided", "kg year-1", "CO2 of liquefied gas that biogas can replace", on="villages", ge=0,
        account=Account("residential", 1, "CO2", "avoided")),
]  # fmt: skip
FREIGHT_EMISSIONS = Annotated[
    Column,
    Var("freight_emissions", "kg year-1", "Emissions of goods by road within the area", on="freight", ge=0,
        account=Account("road", 1, "CO2e")),
]  # fmt: skip
FREIGHT_OUTSIDE_EMISSIONS = Annotated[
    Column,
    Var("freight_outside_emissions", "kg year-1", "Emissions of goods by road beyond the area", on="freight", ge=0,
        account=Account("road", 3, "CO2e")),
]  # fmt: skip
RAIL_FREIGHT_EMISSIONS = Annotated[
    Column,
    Var("rail_freight_emissions", "kg year-1", "Emissions of goods by rail, beyond the area", on="freight", ge=0,
        account=Account("rail", 3, "CO2e")),
]  # fmt: skip
WATERBORNE_FREIGHT_EMISSIONS = Annotated[
    Column,
    Var("waterborne_freight_emissions", "kg year-1", "Emissions of goods by barge, beyond the area", on="freight", ge=0,
        account=Account("waterborne", 3, "CO2e")),
]  # fmt: skip
GREEN_SINK = Annotated[
    Raster,
    Var(
        "green_sink", "kg m-2 year-1", "CO2 taken up by vegetation", ge=0, account=Account("land", 1, "CO2", "removal")
    ),
]
WETLAND_METHANE = Annotated[
    Raster,
    Var("wetland_methane", "kg m-2 year-1", "Methane of waters and wetlands", ge=0, account=Account("land", 1, "CH4")),
]
LAND_CARBON_LOSS = Annotated[
    Raster,
    Var(
        "land_carbon_loss",
        "kg m-2 year-1",
        "CO2 lost from biomass and soil by a change of cover, a year of its transition",
        ge=0,
        account=Account("land", 1, "CO2"),
    ),
]
LAND_CARBON_GAIN = Annotated[
    Raster,
    Var(
        "land_carbon_gain",
        "kg m-2 year-1",
        "CO2 gained by soil by a change of cover, a year of its transition",
        ge=0,
        account=Account("land", 1, "CO2", "removal"),
    ),
]


def accounted(on: str) -> tuple[Any, ...]:
    """Return the names of a domain's quantities that have an account, in the order of their definition."""
    names = (name for name in globals().values() if get_args(name))
    return tuple(name for name in names if any(isinstance(v, Var) and v.account and v.on == on for v in get_args(name)))
