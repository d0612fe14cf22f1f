"""Emissions of the study area by year, the stock of floor area behind them, and what each lever contributes."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

PATHWAY_STATIONARY = Annotated[
    Column,
    Var("pathway_stationary", "kg year-1", "Emissions of stationary energy, by year", on="years", ge=0, gas="CO2e"),
]
PATHWAY_TRANSPORT = Annotated[
    Column, Var("pathway_transport", "kg year-1", "Emissions of transport, by year", on="years", ge=0, gas="CO2e")
]
PATHWAY_WASTE = Annotated[
    Column,
    Var("pathway_waste", "kg year-1", "Emissions of waste and wastewater, by year", on="years", ge=0, gas="CO2e"),
]
PATHWAY_PROCESSES = Annotated[
    Column,
    Var("pathway_processes", "kg year-1", "Emissions of industrial processes, by year", on="years", ge=0, gas="CO2e"),
]
PATHWAY_LAND = Annotated[
    Column,
    Var(
        "pathway_land", "kg year-1", "Emissions less removals of agriculture and land, by year", on="years", gas="CO2e"
    ),
]
PATHWAY_AVOIDED = Annotated[
    Column,
    Var("pathway_avoided", "kg year-1", "Emissions avoided by photovoltaics, by year", on="years", ge=0, gas="CO2e"),
]
PATHWAY_EMISSIONS = Annotated[
    Column, Var("pathway_emissions", "kg year-1", "Net emissions of the study area, by year", on="years", gas="CO2e")
]
PATHWAY_REFERENCE = Annotated[
    Column,
    Var("pathway_reference", "kg year-1", "Net emissions of the growing area without levers", on="years", gas="CO2e"),
]
PATHWAY_OTHER_SECTORS = Annotated[
    Column,
    Var(
        "pathway_other_sectors",
        "kg year-1",
        "Emissions of transport, waste, processes and land, without stationary energy, by year",
        on="years",
        gas="CO2e",
    ),
]
CONSTANT_STATIONARY = Annotated[
    Column,
    Var(
        "constant_stationary",
        "kg year-1",
        "Emissions of stationary energy where every building stays as it is, by year",
        on="years",
        ge=0,
        gas="CO2e",
    ),
]
CONSTANT_EMISSIONS = Annotated[
    Column,
    Var(
        "constant_emissions",
        "kg year-1",
        "Net emissions where every building stays as it is, by year",
        on="years",
        gas="CO2e",
    ),
]
PATHWAY_CONSTRUCTION = Annotated[
    Column,
    Var(
        "pathway_construction",
        "kg year-1",
        "Carbon of what is built, torn down and retrofitted in the year: a memo",
        on="years",
        ge=0,
        gas="CO2e",
    ),
]
WEDGE_GRID = Annotated[
    Column, Var("wedge_grid", "kg year-1", "Reduction by a cleaner grid, by year", on="years", gas="CO2e")
]
WEDGE_TURNOVER = Annotated[
    Column,
    Var("wedge_turnover", "kg year-1", "Reduction by new buildings in place of old, by year", on="years", gas="CO2e"),
]
WEDGE_RETROFIT = Annotated[
    Column, Var("wedge_retrofit", "kg year-1", "Reduction by retrofit of buildings, by year", on="years", gas="CO2e")
]
WEDGE_HEAT_PUMPS = Annotated[
    Column, Var("wedge_heat_pumps", "kg year-1", "Reduction by heat pumps, by year", on="years", gas="CO2e")
]
WEDGE_ELECTRIFICATION = Annotated[
    Column,
    Var(
        "wedge_electrification",
        "kg year-1",
        "Reduction by electricity in place of gas in buildings",
        on="years",
        gas="CO2e",
    ),
]
WEDGE_VEHICLES = Annotated[
    Column, Var("wedge_vehicles", "kg year-1", "Reduction by electric vehicles, by year", on="years", gas="CO2e")
]
WEDGE_PHOTOVOLTAICS = Annotated[
    Column,
    Var("wedge_photovoltaics", "kg year-1", "Reduction by further photovoltaics, by year", on="years", gas="CO2e"),
]
STOCK_FLOOR_AREA = Annotated[Column, Var("stock_floor_area", "m2", "Floor area that stands, by year", on="years", ge=0)]
STOCK_BUILT = Annotated[Column, Var("stock_built", "m2", "Floor area built in the year", on="years", ge=0)]
STOCK_DEMOLISHED = Annotated[
    Column, Var("stock_demolished", "m2", "Floor area torn down in the year", on="years", ge=0)
]
EMISSIONS_PEAK_YEAR = Annotated[
    Number, Var("emissions_peak_year", "year", "Year of the highest net emissions", on="", ge=1900, le=2200)
]
CUMULATIVE_EMISSIONS = Annotated[
    Number, Var("cumulative_emissions", "kg", "Net emissions of all years to the horizon", on="", gas="CO2e")
]
RESIDUAL_EMISSIONS = Annotated[
    Number, Var("residual_emissions", "1", "Gross emissions of the horizon over those of the start", on="", ge=0)
]
RENEWABLE_SHARE = Annotated[
    Number,
    Var("renewable_share", "1", "Electricity generated over energy used in buildings at the horizon", on="", ge=0),
]
NEAR_ZERO_YEAR = Annotated[
    Number,
    Var("near_zero_year", "year", "First year from which residual emissions stay below the limit; none: never", on=""),
]
PATHWAY_ERROR = Annotated[
    Number, Var("pathway_error", "1", "Reference less wedges less pathway, over the reference", on="", closes=1e-9)
]
STOCK_ERROR = Annotated[
    Number, Var("stock_error", "1", "Floor area before + built − torn down − after, over all", on="", closes=1e-9)
]
