"""Energy of buildings and photovoltaics on their roofs."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

ENVELOPE_STANDARD = Annotated[
    Column,
    Var(
        "envelope_standard",
        "",
        "Envelope standard after retrofit, or 'as_built'",
        on="buildings",
        kind="text",
        absent="as_built",
    ),
]
FREE_ROOF = Annotated[
    Column, Var("free_roof", "1", "Share of the roof not yet used", on="buildings", ge=0, le=1, absent=1.0)
]
GREEN_ROOF = Annotated[
    Column, Var("green_roof", "1", "Share of the roof that is green", on="buildings", ge=0, le=1, absent=0.0)
]
PV_ROOF = Annotated[
    Column,
    Var("pv_roof", "1", "Share of the roof covered by photovoltaic modules", on="buildings", ge=0, le=1, absent=0.0),
]

HEATING_DEMAND = Annotated[
    Column, Var("heating_demand", "kWh year-1", "Useful heat for space heating", on="buildings", ge=0)
]
COOLING_DEMAND = Annotated[
    Column, Var("cooling_demand", "kWh year-1", "Heat removed by space cooling", on="buildings", ge=0)
]
ELECTRICITY = Annotated[
    Column, Var("electricity", "kWh year-1", "Electricity delivered to the building", on="buildings", ge=0)
]
HEAT_FUEL = Annotated[
    Column, Var("heat_fuel", "kWh year-1", "District heat or gas delivered to the building", on="buildings", ge=0)
]
PEAK_ELECTRICITY = Annotated[Column, Var("peak_electricity", "kW", "Highest hourly electricity", on="buildings", ge=0)]
HEAT_REJECTED = Annotated[
    Column, Var("heat_rejected", "W", "Mean heat rejected outdoors, June to August", on="buildings", ge=0)
]
ENERGY_ERROR = Annotated[
    Number, Var("energy_error", "1", "Heat balance residual over heat supplied", on="", closes=1e-6)
]
PV_GENERATION = Annotated[
    Column, Var("pv_generation", "kWh year-1", "Electricity generated on the roof", on="buildings", ge=0)
]
METERED_ELECTRICITY = Annotated[
    Number, Var("metered_electricity", "kWh year-1", "Electricity of the study area as metered", on="", ge=0)
]
