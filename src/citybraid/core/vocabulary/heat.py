"""Urban heat, and the wind between buildings."""

from typing import Annotated

from citybraid.core.var import Field, Number, Raster, Series, Var

RURAL_TEMPERATURE = Annotated[
    Number,
    Var(
        "rural_temperature",
        "degC",
        "Mean summer evening air temperature outside the city, 3 to 5 h after sunset",
        on="",
        ge=-60,
        le=60,
    ),
]
REFERENCE_EVAPOTRANSPIRATION = Annotated[
    Number, Var("reference_evapotranspiration", "mm day-1", "Summer reference evapotranspiration", on="", ge=0, le=20)
]
HEAT_ISLAND = Annotated[
    Number,
    Var(
        "heat_island",
        "K",
        "Heat island of a compact quarter without plants: mean of summer days' largest, in the evening",
        on="",
        ge=0,
        le=15,
    ),
]
POTENTIAL_EVAPOTRANSPIRATION = Annotated[
    Raster,
    Var("potential_evapotranspiration", "mm day-1", "Summer evapotranspiration of well-watered surfaces", ge=0, le=30),
]
WASTE_HEAT = Annotated[Raster, Var("waste_heat", "W m-2", "Heat rejected by buildings in summer", ge=0)]
COOLING_CAPACITY = Annotated[
    Raster, Var("cooling_capacity", "1", "Cooling capacity by shade, albedo and evapotranspiration", ge=0, le=1)
]
AIR_TEMPERATURE = Annotated[
    Raster,
    Var(
        "air_temperature",
        "degC",
        "Mean summer evening air temperature when the heat island is largest, mixed by wind",
        ge=-60,
        le=60,
    ),
]

SKY_VIEW = Annotated[
    Raster,
    Var("sky_view", "1", "Sky-view factor of level ground, cosine-weighted, between buildings and trees", ge=0, le=1),
]
RADIANT_TEMPERATURE = Annotated[
    Raster,
    Var(
        "radiant_temperature",
        "degC",
        "Mean radiant temperature of a standing person, hours before and after the greatest heat of the hottest day",
        ge=-60,
        le=120,
    ),
]
UTCI = Annotated[
    Raster,
    Var(
        "utci",
        "degC",
        "Universal thermal climate index, hours before and after the greatest heat of the hottest day",
        ge=-100,
        le=100,
    ),
]
PET = Annotated[
    Raster,
    Var(
        "pet",
        "degC",
        "Physiological equivalent temperature, hours before and after the greatest heat of the hottest day",
        ge=-100,
        le=120,
    ),
]
HOURLY_RADIANT = Annotated[
    Field,
    Var(
        "hourly_radiant",
        "degC",
        "Mean radiant temperature of a standing person by hour of the hottest day; hours of the year",
        on="field",
        ge=-60,
        le=120,
    ),
]
SEVERE_HEAT_HOURS = Annotated[
    Raster, Var("severe_heat_hours", "h", "Hours of the hottest day with UTCI of 38 degC and more", ge=0, le=24)
]

UTCI_UNDEFINED = Annotated[
    Number,
    Var(
        "utci_undefined",
        "1",
        "Share of outdoor cells and hours of the hottest day whose weather lies outside what UTCI is defined for",
        on="",
        ge=0,
        le=1,
    ),
]
HOURLY_UTCI = Annotated[
    Field,
    Var(
        "hourly_utci",
        "degC",
        "Universal thermal climate index by hour of the hottest day, mean of outdoor cells; hours of the year",
        on="field",
        ge=-100,
        le=100,
        blocks=True,
    ),
]
HOURLY_AIR = Annotated[
    Field,
    Var(
        "hourly_air",
        "degC",
        "Air temperature between buildings by hour, from 0:00 of a hot day to 6:00 of the next; hours of the year",
        on="field",
        ge=-60,
        le=70,
        blocks=True,
    ),
]
AIR_WARMING = Annotated[
    Series,
    Var(
        "air_warming",
        "K",
        "How much warmer than the weather file the air at buildings is by waste heat, ground and trees",
        on="time",
        ge=-20,
        le=20,
    ),
]
NIGHT_HEAT_ISLAND = Annotated[
    Raster,
    Var(
        "night_heat_island",
        "K",
        "Air between buildings less the weather file's, mean of 21:00 to 5:00 after the hottest day",
        ge=-20,
        le=60,
    ),
]
DAY_HEAT_ISLAND = Annotated[
    Raster,
    Var(
        "day_heat_island",
        "K",
        "Air between buildings less the weather file's, mean of 10:00 to 16:00 of the hottest day",
        ge=-20,
        le=60,
    ),
]
CANOPY_ENERGY_ERROR = Annotated[
    Number,
    Var(
        "canopy_energy_error",
        "1",
        "Largest residual of the energy balance of an hour and a block over its largest term",
        on="",
        closes=1e-9,
    ),
]

FRONTAL_AREA_INDEX = Annotated[
    Raster,
    Var(
        "frontal_area_index",
        "1",
        "Walls that the wind meets over plan area, mean over the directions of summer's wind",
        ge=0,
        le=50,
    ),
]
AERODYNAMIC_ROUGHNESS = Annotated[
    Raster,
    Var("aerodynamic_roughness", "m", "Roughness length of the ground and its buildings for the wind", ge=0, le=50),
]
DISPLACEMENT_HEIGHT = Annotated[
    Raster, Var("displacement_height", "m", "Zero-plane displacement of the wind above buildings", ge=0, le=1000)
]
CORRIDOR_USE = Annotated[
    Raster,
    Var(
        "corridor_use",
        "1",
        "Share of the paths of least resistance from the windward edge that pass a place, summer's prevailing wind",
        ge=0,
        le=1,
    ),
]
CORRIDOR_SERVED = Annotated[
    Number,
    Var(
        "corridor_served",
        "1",
        "Share of built land within 500 m of a ventilation corridor, over the built land",
        on="",
        ge=0,
        le=1,
    ),
]
PREVAILING_WIND = Annotated[
    Number, Var("prevailing_wind", "degree", "Direction from which summer's wind mostly blows", on="", ge=0, le=360)
]
