"""Parks: electricity of plants by shift, the balance of the whole unit, and waste heat in its heat network."""

from typing import Annotated

from citybraid.core.var import Column, Number, Series, Var

PLANT_SHIFT = Annotated[
    Column,
    Var("plant_shift", "", "Shift pattern of the plant", on="plants", kind="text", absent="continuous"),
]
PLANT_SELF_USED = Annotated[
    Column,
    Var("plant_self_used", "kWh year-1", "Load of the plant met by generation on its halls", on="plants", ge=0),
]
PLANT_IMPORT = Annotated[
    Column, Var("plant_import", "kWh year-1", "Electricity that the plant takes from the grid", on="plants", ge=0)
]
HEAT_PUMP_LOAD = Annotated[
    Series, Var("heat_pump_load", "kW", "Hourly electricity of the heat pumps of the area", on="time", ge=0)
]
NETWORK_PUMP_LOAD = Annotated[
    Series, Var("network_pump_load", "kW", "Hourly electricity of heat pumps on waste heat", on="time", ge=0)
]
NETWORK_HEAT_LEFT = Annotated[
    Series,
    Var("network_heat_left", "kW", "Hourly heat demand of buildings that waste heat leaves to others", on="time", ge=0),
]
NETWORK_SHARE = Annotated[
    Column,
    Var("network_share", "1", "Share of the plant's waste heat that a pipe takes to the heat network", on="plants",
        ge=0, le=1, absent=0.0),
]  # fmt: skip
NETWORK_HEAT_FACTOR = Annotated[
    Number,
    Var("network_heat_factor", "kg kWh-1", "Emissions of the heat that the network delivers, by what feeds it", on="",
        ge=0, gas="CO2"),
]  # fmt: skip
NETWORK_WASTE_HEAT = Annotated[
    Number,
    Var("network_waste_heat", "kWh year-1", "Waste heat of connected plants in the heat delivered by the network",
        on="", ge=0),
]  # fmt: skip
NETWORK_LIFT_POWER = Annotated[
    Number,
    Var("network_lift_power", "kWh year-1", "Electricity that lifts waste heat of connected plants to the network",
        on="", ge=0),
]  # fmt: skip
NETWORK_FEED_ERROR = Annotated[
    Number,
    Var("network_feed_error", "1", "Heat fed in by all sources less heat delivered and lost, over heat delivered",
        on="", closes=1e-9),
]  # fmt: skip

PARK_LOAD = Annotated[
    Number, Var("park_load", "kWh year-1", "Electricity that buildings, plants and heat pumps use", on="", ge=0)
]
PARK_GENERATION = Annotated[
    Number, Var("park_generation", "kWh year-1", "Electricity generated on roofs of the unit", on="", ge=0)
]
PARK_SELF_USED = Annotated[
    Number, Var("park_self_used", "kWh year-1", "Load of the unit met by its own generation", on="", ge=0)
]
PARK_IMPORT = Annotated[
    Number, Var("park_import", "kWh year-1", "Electricity that the unit takes from the grid", on="", ge=0)
]
PARK_EXPORT = Annotated[
    Number, Var("park_export", "kWh year-1", "Electricity that the unit gives to the grid", on="", ge=0)
]
PARK_STORAGE_LOSS = Annotated[
    Number,
    Var("park_storage_loss", "kWh year-1", "Electricity that batteries lose, and hold at the end of the year", on="",
        ge=0),
]  # fmt: skip
PARK_IMPORT_PEAK = Annotated[Number, Var("park_import_peak", "kW", "Highest hourly import of the unit", on="", ge=0)]
PARK_EXPORT_PEAK = Annotated[Number, Var("park_export_peak", "kW", "Highest hourly export of the unit", on="", ge=0)]
PARK_ERROR = Annotated[
    Number,
    Var(
        "park_error",
        "1",
        "Import and generation less load, export and losses, over load and generation",
        on="",
        closes=1e-9,
    ),
]

WASTE_HEAT_TO_NETWORK = Annotated[
    Number, Var("waste_heat_to_network", "kWh year-1", "Waste heat of plants that the network takes", on="", ge=0)
]
WASTE_HEAT_LOST = Annotated[
    Number,
    Var("waste_heat_lost", "kWh year-1", "Waste heat of plants that neither plants nor the network take", on="", ge=0),
]
NETWORK_PUMP_POWER = Annotated[
    Number, Var("network_pump_power", "kWh year-1", "Electricity of heat pumps on waste heat", on="", ge=0)
]
NETWORK_HEAT_MADE = Annotated[
    Number, Var("network_heat_made", "kWh year-1", "Heat that other sources must feed into the network", on="", ge=0)
]
NETWORK_HEAT_LOSS = Annotated[
    Number, Var("network_heat_loss", "kWh year-1", "Heat that the network loses", on="", ge=0)
]
NETWORK_ERROR = Annotated[
    Number,
    Var("network_error", "1", "Heat fed in less demand and losses, over demand", on="", closes=1e-9),
]
