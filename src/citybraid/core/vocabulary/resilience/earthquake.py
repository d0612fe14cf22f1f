"""Earthquake screening: shaking that the user states, and what it does to buildings and lifelines."""

from typing import Annotated

from citybraid.core.var import Column, Number, Raster, Series, Var

GROUND_ACCELERATION = Annotated[
    Raster,
    Var("ground_acceleration", "1", "Peak ground acceleration of the earthquake, as a share of gravity", ge=0, le=3),
]
QUAKE_HEAVY_CHANCE = Annotated[
    Column,
    Var("quake_heavy_chance", "1", "Chance that the earthquake damages the building extensively or completely",
        on="buildings", ge=0, le=1),
]  # fmt: skip
QUAKE_COMPLETE_CHANCE = Annotated[
    Column,
    Var("quake_complete_chance", "1", "Chance that the earthquake damages the building completely", on="buildings",
        ge=0, le=1),
]  # fmt: skip
QUAKE_DISPLACED = Annotated[
    Column,
    Var("quake_displaced", "person", "Residents expected to lose the use of their homes to the earthquake",
        on="buildings", ge=0),
]  # fmt: skip
QUAKE_DEBRIS = Annotated[
    Column,
    Var("quake_debris", "kg", "Expected debris of buildings that the earthquake damages completely", on="buildings",
        ge=0),
]  # fmt: skip
QUAKE_HIT_CHANCE = Annotated[
    Column,
    Var("quake_hit_chance", "1", "Chance that the earthquake damages the lifeline component", on="lifelines", ge=0,
        le=1),
]  # fmt: skip
QUAKE_SERVICES_LOST = Annotated[
    Number,
    Var("quake_services_lost", "1", "Share of lifeline services lost before repairs after the earthquake, mean of runs",
        on="", ge=0, le=1),
]  # fmt: skip
QUAKE_BEDS_LOST = Annotated[
    Number, Var("quake_beds_lost", "1", "Beds of hospitals that do not work after the earthquake, mean of runs", on="",
                ge=0),
]  # fmt: skip
QUAKE_RECOVERY_LOSS = Annotated[
    Number,
    Var("quake_recovery_loss", "h", "Hours of full lifeline service lost to the earthquake, mean of runs", on="", ge=0),
]
QUAKE_RECOVERY = Annotated[
    Number,
    Var("quake_recovery", "h", "Time until 95 % of lifeline services are back after the earthquake, median of runs",
        on="", ge=0),
]  # fmt: skip
QUAKE_RECOVERY_COURSE = Annotated[
    Series,
    Var("quake_recovery_course", "1", "Share of lifeline services at each time after the earthquake, mean of runs",
        on="time", ge=0, le=1),
]  # fmt: skip
