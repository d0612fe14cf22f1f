"""Industrial plants: what they make, their bills of a year, their heat, and what they can give each other.

Bills, output and year have no range: a value outside one would be cleared on intake and then count as not used. The
models refuse it.
"""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Var

PLANTS = Annotated[Geometry, Var("plants", "", "Industrial plants: points or outlines", on="plants", kind="geometry")]
PLANT_SECTOR = Annotated[
    Column, Var("plant_sector", "", "Division of GB/T 4754: number or name", on="plants", kind="text")
]
PLANT_PRODUCT = Annotated[Column, Var("plant_product", "", "What the plant makes", on="plants", kind="text")]
PLANT_YEAR = Annotated[Column, Var("plant_year", "year", "Year of the bills and of the output", on="plants")]
PLANT_OUTPUT = Annotated[Column, Var("plant_output", "t", "Product made in the year", on="plants")]
PLANT_ELECTRICITY = Annotated[Column, Var("plant_electricity", "kWh", "Electricity bought in the year", on="plants")]
PLANT_GAS = Annotated[Column, Var("plant_gas", "m3", "Natural gas burnt in the year", on="plants")]
PLANT_COAL = Annotated[Column, Var("plant_coal", "t", "Coal burnt in the year", on="plants")]
PLANT_DIESEL = Annotated[Column, Var("plant_diesel", "t", "Diesel burnt in the year", on="plants")]
PLANT_STEAM = Annotated[Column, Var("plant_steam", "t", "Steam bought in the year", on="plants")]
PLANT_HEAT = Annotated[Column, Var("plant_heat", "GJ", "Heat bought in the year, metered as energy", on="plants")]
HEAT_USE_TEMPERATURE = Annotated[
    Column,
    Var("heat_use_temperature", "degC", "Temperature at which the plant needs its heat", on="plants", ge=0, le=2000),
]
PLANT_WASTE_HEAT = Annotated[
    Column, Var("plant_waste_heat", "GJ", "Heat that the plant gives off in the year", on="plants")
]
PLANT_WASTE_HEAT_TEMPERATURE = Annotated[
    Column,
    Var("plant_waste_heat_temperature", "degC", "Temperature of the heat that the plant gives off", on="plants", ge=0,
        le=2000),
]  # fmt: skip

PLANT_ENERGY = Annotated[
    Column, Var("plant_energy", "kWh year-1", "Energy of fuels, heat and electricity of the plant", on="plants", ge=0)
]
PLANT_POWER = Annotated[
    Column, Var("plant_power", "kWh year-1", "Electricity of the plant, billed or from its output", on="plants", ge=0)
]
PLANT_USEFUL_HEAT = Annotated[
    Column,
    Var("plant_useful_heat", "kWh year-1", "Heat that the plant's process needs: fuels after losses of boilers, and "
        "heat bought", on="plants", ge=0),
]  # fmt: skip
BILLED_PLANTS = Annotated[
    Number, Var("billed_plants", "1", "Plants whose energy is billed, not estimated from output", on="", ge=0)
]

LOW_HEAT = Annotated[Number, Var("low_heat", "kWh year-1", "Heat of plants needed below 100 degC", on="", ge=0)]
MEDIUM_HEAT = Annotated[
    Number, Var("medium_heat", "kWh year-1", "Heat of plants needed from 100 to 400 degC", on="", ge=0)
]
HIGH_HEAT = Annotated[Number, Var("high_heat", "kWh year-1", "Heat of plants needed above 400 degC", on="", ge=0)]
HEAT_GIVEN = Annotated[
    Column, Var("heat_given", "kWh year-1", "Waste heat that other plants can use", on="plants", ge=0)
]
HEAT_TAKEN = Annotated[
    Column, Var("heat_taken", "kWh year-1", "Heat need that waste heat of other plants can meet", on="plants", ge=0)
]
MATCHED_HEAT = Annotated[
    Column, Var("matched_heat", "kWh year-1", "Waste heat from one plant to another", on="heat_matches", ge=0)
]
MATCH_DISTANCE = Annotated[
    Column, Var("match_distance", "m", "Straight distance between the two plants", on="heat_matches", ge=0)
]
EXCHANGED_HEAT = Annotated[
    Number, Var("exchanged_heat", "kWh year-1", "Waste heat that plants can give each other", on="", ge=0)
]
UNUSED_HEAT = Annotated[
    Number, Var("unused_heat", "kWh year-1", "Waste heat of plants that no plant within reach can use", on="", ge=0)
]
EXCHANGE_SAVING = Annotated[
    Number,
    Var(
        "exchange_saving",
        "kg year-1",
        "Emissions of plants' heat that waste heat would replace",
        on="",
        ge=0,
        gas="CO2e",
    ),
]
