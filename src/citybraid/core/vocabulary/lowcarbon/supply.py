"""Energy supply: hourly balance with storage, weighted energy, heat density, networks and heat cascades of sites."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Series, Var

BATTERY_CAPACITY = Annotated[
    Column,
    Var("battery_capacity", "kWh", "Usable capacity of the building's battery", on="buildings", ge=0, absent=0.0),
]
PV_SELF_USED = Annotated[
    Column,
    Var("pv_self_used", "kWh year-1", "Load met by the building's own generation", on="buildings", ge=0),
]
GRID_IMPORT = Annotated[
    Column, Var("grid_import", "kWh year-1", "Electricity taken from the grid, hour by hour", on="buildings", ge=0)
]
GRID_EXPORT = Annotated[
    Column, Var("grid_export", "kWh year-1", "Electricity given to the grid, hour by hour", on="buildings", ge=0)
]
STORAGE_LOSS = Annotated[
    Column, Var("storage_loss", "kWh year-1", "Electricity lost in the building's battery", on="buildings", ge=0)
]
PARCEL_IMPORT_PEAK = Annotated[
    Column, Var("parcel_import_peak", "kW", "Highest hourly import less export of the parcel", on="parcels", ge=0)
]
PARCEL_EXPORT_PEAK = Annotated[
    Column, Var("parcel_export_peak", "kW", "Highest hourly export less import of the parcel", on="parcels", ge=0)
]
AREA_LOAD = Annotated[Series, Var("area_load", "kW", "Hourly electricity use of the study area", on="time", ge=0)]
AREA_GENERATION = Annotated[
    Series, Var("area_generation", "kW", "Hourly generation on roofs of the study area", on="time", ge=0)
]
AREA_SELF_USED = Annotated[
    Series, Var("area_self_used", "kW", "Hourly load of buildings met by their own generation", on="time", ge=0)
]
AREA_IMPORT = Annotated[Series, Var("area_import", "kW", "Hourly import of buildings, summed", on="time", ge=0)]
AREA_EXPORT = Annotated[Series, Var("area_export", "kW", "Hourly export of buildings, summed", on="time", ge=0)]
SUPPLY_ERROR = Annotated[
    Number,
    Var(
        "supply_error", "1", "Import and generation less load, export, losses and stock, over load", on="", closes=1e-9
    ),
]

TRANSFORMER_CAPACITY = Annotated[
    Column, Var("transformer_capacity", "kW", "Power that the parcel's transformers can carry", on="parcels", ge=0)
]
HOSTING_MARGIN = Annotated[
    Column,
    Var("hosting_margin", "kW", "Transformer capacity less the highest export; negative where too small", on="parcels"),
]
OVERLOADED_PARCELS = Annotated[
    Number, Var("overloaded_parcels", "1", "Parcels whose highest export exceeds their transformers", on="", ge=0)
]

PRIMARY_ENERGY = Annotated[
    Column,
    Var("primary_energy", "kWh year-1", "Non-renewable primary energy less what exports save", on="buildings"),
]
PRIMARY_ENERGY_USED = Annotated[
    Column,
    Var("primary_energy_used", "kWh year-1", "Non-renewable primary energy without credit for exports", on="buildings",
        ge=0),
]  # fmt: skip
RENEWABLE_ENERGY_USED = Annotated[
    Column,
    Var("renewable_energy_used", "kWh year-1", "Renewable primary energy without credit for exports", on="buildings",
        ge=0),
]  # fmt: skip
PRIMARY_RENEWABLE_SHARE = Annotated[
    Number,
    Var(
        "primary_renewable_share", "1", "Renewable over total primary energy used in the study area", on="", ge=0, le=1
    ),
]

HEAT_DENSITY = Annotated[
    Column,
    Var("heat_density", "kWh m-2 year-1", "Heat demand of the parcel's buildings over its area", on="parcels", ge=0),
]
LINE_HEAT = Annotated[
    Column,
    Var("line_heat", "kWh m-1 year-1", "Heat demand of the buildings along the street over its length", on="streets",
        ge=0),
]  # fmt: skip
STREET_HEAT = Annotated[
    Column, Var("street_heat", "kWh year-1", "Heat demand of the buildings along the street", on="streets", ge=0)
]
NETWORK_COST = Annotated[
    Column,
    Var("network_cost", "{currency} kWh-1", "Yearly cost of the street's pipe over the heat it delivers; none without",
        on="streets", ge=0),
]  # fmt: skip
NETWORK_PAYS = Annotated[
    Column,
    Var("network_pays", "1", "1 where a pipe along the street costs less than heat is allowed to", on="streets",
        ge=0, le=1),
]  # fmt: skip
HEAT_PUMP_POWER = Annotated[
    Number,
    Var("heat_pump_power", "kWh year-1", "Electricity of heat pumps that meet the area's heat demand", on="", ge=0),
]
HEAT_PUMP_FACTOR = Annotated[
    Number, Var("heat_pump_factor", "1", "Heat over electricity of heat pumps over the year", on="", ge=0)
]

HEAT_STREAMS = Annotated[
    Geometry, Var("heat_streams", "", "Places that give off or need heat", on="heat_streams", kind="geometry")
]
SUPPLY_TEMPERATURE = Annotated[
    Column,
    Var("supply_temperature", "degC", "Temperature at which the stream starts", on="heat_streams", ge=-200, le=2000),
]
TARGET_TEMPERATURE = Annotated[
    Column,
    Var("target_temperature", "degC", "Temperature at which the stream ends", on="heat_streams", ge=-200, le=2000),
]
STREAM_HEAT = Annotated[
    Column,
    Var("stream_heat", "kW", "Heat that the stream gives off or takes up", on="heat_streams", ge=0),
]
HEAT_FROM_OUTSIDE = Annotated[
    Number, Var("heat_from_outside", "kW", "Least heating that the site needs from outside", on="", ge=0)
]
HEAT_TO_OUTSIDE = Annotated[
    Number, Var("heat_to_outside", "kW", "Heat that remains once streams have exchanged what they can", on="", ge=0)
]
HEAT_RECOVERED = Annotated[
    Number, Var("heat_recovered", "kW", "Heat that streams can exchange with each other", on="", ge=0)
]
CASCADE_LEVEL = Annotated[
    Column, Var("cascade_level", "degC", "Temperature of a bound of the heat cascade, shifted", on="cascade")
]
CASCADE_FLOW = Annotated[
    Column, Var("cascade_flow", "kW", "Heat that passes a bound of the heat cascade", on="cascade", ge=0)
]
