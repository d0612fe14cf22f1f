"""Activity data of a city: energy consumed by year, sector and fuel, and the emissions that follow from it."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

ACTIVITY_MASS = Annotated[
    Column, Var("activity_mass", "t year-1", "Fuel consumed by year/sector/fuel/item, mass", on="activity_rows", ge=0)
]
ACTIVITY_VOLUME = Annotated[
    Column,
    Var("activity_volume", "m3 year-1", "Fuel consumed by year/sector/fuel/item, volume", on="activity_rows", ge=0),
]
ACTIVITY_ENERGY = Annotated[
    Column,
    Var("activity_energy", "TJ year-1", "Energy consumed by year/sector/fuel/item", on="activity_rows", ge=0),
]
ACTIVITY_SOURCE = Annotated[
    Column, Var("activity_source", "", "Where the amount is stated: file, sheet, row", on="activity_rows", kind="text")
]
ACTIVITY_CONSUMED = Annotated[
    Column,
    Var("activity_consumed", "TJ year-1", "Energy behind a line of emissions", on="activity_lines", ge=0),
]
ACTIVITY_FACTOR = Annotated[
    Column, Var("activity_factor", "kg TJ-1", "Emission factor of a line", on="activity_lines", ge=0)
]
ACTIVITY_EMITTED = Annotated[
    Column,
    Var("activity_emitted", "kg year-1", "Mass of the gas, by year/sector/scope/gas/fuel", on="activity_lines", ge=0),
]
ACTIVITY_EQUIVALENT = Annotated[
    Column, Var("activity_equivalent", "kg year-1", "CO2 equivalent of a line", on="activity_lines", ge=0, gas="CO2e")
]
ACTIVITY_YEAR = Annotated[Number, Var("activity_year", "year", "Year of the activity data", on="", ge=1900, le=2100)]
ACTIVITY_TOTAL = Annotated[
    Number,
    Var(
        "activity_total",
        "kg year-1",
        "Emissions from activity data in that year, location-based",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
ACTIVITY_MARKET_TOTAL = Annotated[
    Number,
    Var(
        "activity_market_total",
        "kg year-1",
        "Emissions from activity data in that year, market-based",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
ACTIVITY_GENERATION = Annotated[
    Number,
    Var(
        "activity_generation",
        "kg year-1",
        "Emissions of power and heat plants in the area, not part of the total",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
GREEN_POWER = Annotated[
    Number, Var("green_power", "kWh year-1", "Green electricity purchased for the study area", on="", ge=0)
]
LOCATION_ELECTRICITY = Annotated[
    Number,
    Var(
        "location_electricity",
        "kg year-1",
        "Emissions of the electricity of buildings, location-based",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
MARKET_ELECTRICITY = Annotated[
    Number,
    Var(
        "market_electricity",
        "kg year-1",
        "Emissions of the electricity of buildings, market-based",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
