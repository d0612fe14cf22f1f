"""Sums of greenhouse gases, in CO2 equivalents: buildings, parcels, the inventory and its totals."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

BUILDING_EMISSIONS = Annotated[
    Column,
    Var(
        "building_emissions", "kg year-1", "Emissions of energy used in the building", on="buildings", ge=0, gas="CO2e"
    ),
]
TRAVEL_EMISSIONS = Annotated[
    Column,
    Var(
        "travel_emissions",
        "kg year-1",
        "Emissions of the residents' daily travel, all energies",
        on="buildings",
        ge=0,
        gas="CO2e",
    ),
]
PARCEL_EMISSIONS = Annotated[
    Column, Var("parcel_emissions", "kg year-1", "Net emissions on the parcel", on="parcels", gas="CO2e")
]
PARCEL_STATIONARY = Annotated[
    Column,
    Var(
        "parcel_stationary", "kg year-1", "Emissions of stationary energy on the parcel", on="parcels", ge=0, gas="CO2e"
    ),
]
PARCEL_TRANSPORT = Annotated[
    Column,
    Var(
        "parcel_transport",
        "kg year-1",
        "Emissions of transport allocated to the parcel",
        on="parcels",
        ge=0,
        gas="CO2e",
    ),
]
PARCEL_WASTE = Annotated[
    Column,
    Var(
        "parcel_waste", "kg year-1", "Emissions of waste and wastewater from the parcel", on="parcels", ge=0, gas="CO2e"
    ),
]
PARCEL_PROCESSES = Annotated[
    Column,
    Var(
        "parcel_processes",
        "kg year-1",
        "Emissions of industrial processes on the parcel",
        on="parcels",
        ge=0,
        gas="CO2e",
    ),
]
PARCEL_LAND = Annotated[
    Column, Var("parcel_land", "kg year-1", "Emissions less removals of agriculture and land", on="parcels", gas="CO2e")
]
PARCEL_AVOIDED = Annotated[
    Column,
    Var(
        "parcel_avoided",
        "kg year-1",
        "Emissions avoided by electricity generated on the parcel",
        on="parcels",
        ge=0,
        gas="CO2e",
    ),
]
OUTSIDE_PARCELS = Annotated[
    Number, Var("outside_parcels", "kg year-1", "Net emissions outside all parcels", on="", gas="CO2e")
]
INVENTORY_MASS = Annotated[
    Column,
    Var("inventory_mass", "kg year-1", "Mass of the gas, by sector/scope/gas/kind", on="inventory", ge=0),
]
INVENTORY_EQUIVALENT = Annotated[
    Column,
    Var(
        "inventory_equivalent",
        "kg year-1",
        "CO2 equivalent; removals and avoided are negative",
        on="inventory",
        gas="CO2e",
    ),
]
FORMER_INVENTORY = Annotated[
    Column,
    Var(
        "former_inventory",
        "kg year-1",
        "CO2 equivalent before the plan and its measures; removals and avoided are negative",
        on="inventory",
        gas="CO2e",
        before="inventory_equivalent",
    ),
]
INVENTORY_ON_PARCELS = Annotated[
    Column,
    Var("inventory_on_parcels", "kg year-1", "CO2 equivalent on parcels, of that line", on="inventory", gas="CO2e"),
]
DIRECT_EMISSIONS = Annotated[
    Number, Var("direct_emissions", "kg year-1", "Emissions within the area", on="", ge=0, gas="CO2e")
]
ENERGY_INDIRECT_EMISSIONS = Annotated[
    Number,
    Var(
        "energy_indirect_emissions",
        "kg year-1",
        "Emissions of electricity, heat and cold from grids",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
OTHER_INDIRECT_EMISSIONS = Annotated[
    Number,
    Var(
        "other_indirect_emissions",
        "kg year-1",
        "Emissions outside the area caused by activity within",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
REMOVALS = Annotated[Number, Var("removals", "kg year-1", "CO2 taken up within the area", on="", ge=0, gas="CO2")]
AVOIDED_EMISSIONS = Annotated[
    Number, Var("avoided_emissions", "kg year-1", "Emissions avoided by generated electricity", on="", ge=0, gas="CO2e")
]
TOTAL_EMISSIONS = Annotated[
    Number, Var("total_emissions", "kg year-1", "Net emissions of the study area", on="", gas="CO2e")
]
EMISSIONS_ERROR = Annotated[
    Number, Var("emissions_error", "1", "Parcels + outside less total, over gross emissions", on="", closes=1e-6)
]
METERED_EMISSIONS = Annotated[
    Number,
    Var("metered_emissions", "kg year-1", "Emissions from metered activity: the second path", on="", ge=0, gas="CO2e"),
]
SECOND_PATH_GAP = Annotated[
    Number, Var("second_path_gap", "1", "Modelled less metered electricity, over metered", on="")
]
