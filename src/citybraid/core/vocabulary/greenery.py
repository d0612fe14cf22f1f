"""Green on plots, and people's way to green areas."""

from typing import Annotated

from citybraid.core.var import Column, Var

BIOTOPE_AREA_FACTOR = Annotated[
    Column,
    Var("biotope_area_factor", "1", "Ecologically effective area over plot area", on="parcels", ge=0, le=1),
]
GREEN_PLOT_RATIO = Annotated[
    Column, Var("green_plot_ratio", "1", "Leaf area over plot area", on="parcels", ge=0, le=20)
]
GREEN_DISTANCE = Annotated[
    Column,
    Var("green_distance", "m", "Way along streets to the nearest green area; none out of reach", on="buildings", ge=0),
]
PEOPLE_NEAR_GREEN = Annotated[
    Column,
    Var("people_near_green", "person", "Residents with a green area within walking distance", on="buildings", ge=0),
]
GREEN_ACCESS = Annotated[
    Column,
    Var("green_access", "m2 person-1", "Green area within reach for each person, shared with all who reach it",
        on="buildings", ge=0),
]  # fmt: skip
ALLOTTED_GREEN = Annotated[
    Column,
    Var("allotted_green", "m2", "Green area within reach for all residents of the building", on="buildings", ge=0),
]
