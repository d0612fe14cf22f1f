"""Waste and wastewater of residents: amounts, and what a landfill makes of a year's waste."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

HOUSEHOLD_WASTE = Annotated[
    Column, Var("household_waste", "kg year-1", "Solid waste of the residents", on="buildings", ge=0)
]
WASTEWATER_FLOW = Annotated[
    Column, Var("wastewater_flow", "m3 year-1", "Wastewater of the residents", on="buildings", ge=0)
]
WASTEWATER_BOD = Annotated[
    Column,
    Var("wastewater_bod", "kg year-1", "Biochemical oxygen demand of the residents' wastewater", on="buildings", ge=0),
]
LANDFILLED_WASTE = Annotated[Number, Var("landfilled_waste", "kg", "Waste landfilled in one year", on="", ge=0)]
COMMITTED_METHANE = Annotated[
    Number, Var("committed_methane", "kg", "Methane that landfilled waste emits in all time", on="", ge=0, gas="CH4")
]
METHANE_IN_YEAR = Annotated[
    Number, Var("methane_in_year", "kg", "Methane emitted in the year asked for", on="", ge=0, gas="CH4")
]
METHANE_UNTIL_YEAR = Annotated[
    Number,
    Var("methane_until_year", "kg", "Methane emitted until the end of the year asked for", on="", ge=0, gas="CH4"),
]
