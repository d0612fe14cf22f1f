"""Earthquake screening: shaking that the user states, and what it does to buildings."""

from typing import Annotated

from citybraid.core.var import Column, Raster, Var

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
