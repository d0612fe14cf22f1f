"""Urban climate map: thermal load of places, in classes."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

TRANSITION = 4
"""Code of the class between loads of heat and of cooling."""
LOADS = (
    (1, "high cooling load"),
    (2, "moderate cooling load"),
    (3, "low cooling load"),
    (TRANSITION, "transition"),
    (5, "low thermal load"),
    (6, "moderate thermal load"),
    (7, "high thermal load"),
)

THERMAL_LOAD = Annotated[
    Raster,
    Var(
        "thermal_load",
        "1",
        "Heat island of the place, by night and by day, less the area's mean, over its range in the area",
        ge=-1,
        le=1,
    ),
]
CLIMATE_MAP_CLASS = Annotated[
    Raster,
    Var("climate_map_class", "", "Class of the urban climate map by thermal load", kind="int", ge=0, le=7,
        coarsen="majority", categories=LOADS),
]  # fmt: skip
THERMAL_LOAD_AREA = Annotated[
    Number, Var("thermal_load_area", "ha", "Area of moderate and high thermal load", on="", ge=0)
]
COOLING_LOAD_AREA = Annotated[
    Number, Var("cooling_load_area", "ha", "Area of moderate and high cooling load", on="", ge=0)
]
