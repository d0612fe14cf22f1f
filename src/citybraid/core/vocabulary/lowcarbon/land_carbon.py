"""Carbon of biomass and soil that a change of cover moves."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

BIOMASS_GROWTH = Annotated[
    Raster,
    Var(
        "biomass_growth",
        "kg m-2 year-1",
        "CO2 that the biomass of a new cover gains, counted by the sink",
        ge=0,
        gas="CO2",
    ),
]
CARBON_STOCK_CHANGE = Annotated[
    Number, Var("carbon_stock_change", "kg", "CO2 of biomass and soil, present less former cover", on="", gas="CO2")
]
UNKNOWN_CHANGE = Annotated[
    Number, Var("unknown_change", "m2", "Area of changed cover without known carbon stocks", on="", ge=0)
]
LAND_CARBON_ERROR = Annotated[
    Number,
    Var("land_carbon_error", "1", "Gains and growth less losses less the change of stock", on="", closes=1e-6),
]
