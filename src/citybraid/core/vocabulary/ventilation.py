"""Wind between buildings."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

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
