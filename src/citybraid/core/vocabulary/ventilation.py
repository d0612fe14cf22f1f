"""Wind between buildings."""

from typing import Annotated

from citybraid.core.var import Raster, Var

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
