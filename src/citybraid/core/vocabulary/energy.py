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
COOL_ROOF = Annotated[
    Column,
    Var("cool_roof", "1", "Share of the roof with a surface that reflects the sun", on="buildings", ge=0, le=1,
        absent=0.0),
]  # fmt: skip
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
DISTRICT_HEAT = Annotated[
    Column, Var("district_heat", "kWh year-1", "District heat delivered to the building", on="buildings", ge=0)
]
GAS = Annotated[
    Column,
    Var("gas", "kWh year-1", "Natural gas delivered to the building, lower calorific value", on="buildings", ge=0),
]
HEATING_ELECTRICITY = Annotated[
    Column, Var("heating_electricity", "kWh year-1", "Electricity for space heating", on="buildings", ge=0)
]
COOLING_ELECTRICITY = Annotated[
    Column, Var("cooling_electricity", "kWh year-1", "Electricity for space cooling", on="buildings", ge=0)
]
LIGHTING_ELECTRICITY = Annotated[
    Column, Var("lighting_electricity", "kWh year-1", "Electricity for lighting", on="buildings", ge=0)
]
EQUIPMENT_ELECTRICITY = Annotated[
    Column, Var("equipment_electricity", "kWh year-1", "Electricity for equipment in use", on="buildings", ge=0)
]
STANDBY_ELECTRICITY = Annotated[
    Column, Var("standby_electricity", "kWh year-1", "Electricity of equipment in standby", on="buildings", ge=0)
]
FAN_ELECTRICITY = Annotated[
    Column, Var("fan_electricity", "kWh year-1", "Electricity of fans for fresh air", on="buildings", ge=0)
]
LIFT_ELECTRICITY = Annotated[
    Column, Var("lift_electricity", "kWh year-1", "Electricity of lifts", on="buildings", ge=0)
]
HOT_WATER_ELECTRICITY = Annotated[
    Column, Var("hot_water_electricity", "kWh year-1", "Electricity for hot water", on="buildings", ge=0)
]
COOKING_ELECTRICITY = Annotated[
    Column,
    Var("cooking_electricity", "kWh year-1", "Electricity for cooking, beyond that of equipment", on="buildings", ge=0),
]
HOT_WATER_GAS = Annotated[Column, Var("hot_water_gas", "kWh year-1", "Gas for hot water", on="buildings", ge=0)]
COOKING_GAS = Annotated[Column, Var("cooking_gas", "kWh year-1", "Gas for cooking", on="buildings", ge=0)]
HEATING_GAS = Annotated[Column, Var("heating_gas", "kWh year-1", "Gas for space heating", on="buildings", ge=0)]
PEAK_ELECTRICITY = Annotated[Column, Var("peak_electricity", "kW", "Highest hourly electricity", on="buildings", ge=0)]
HEAT_REJECTED = Annotated[
    Column, Var("heat_rejected", "W", "Mean heat rejected outdoors in summer", on="buildings", ge=0)
]
ENERGY_ERROR = Annotated[
    Number, Var("energy_error", "1", "Heat balance residual over heat supplied", on="", closes=1e-6)
]
ENERGY_COST = Annotated[
    Column,
    Var("energy_cost", "{currency} year-1", "Electricity, gas and district heat paid for", on="buildings", ge=0),
]
PV_GENERATION = Annotated[
    Column, Var("pv_generation", "kWh year-1", "Electricity generated on the roof", on="buildings", ge=0)
]
METERED_ELECTRICITY = Annotated[
    Number, Var("metered_electricity", "kWh year-1", "Electricity of the study area as metered", on="", ge=0)
]
