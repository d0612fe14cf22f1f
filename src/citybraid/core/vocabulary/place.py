"""The plan area: parcels, planning units, buildings and streets."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

STUDY_AREA = Annotated[Geometry, Var("study_area", "", "Area that indicators count", on="study_area", kind="geometry")]

UNITS = Annotated[Geometry, Var("units", "", "Planning units", on="units", kind="geometry")]
UNIT_NAME = Annotated[Column, Var("unit_name", "", "Name of the planning unit", on="units", kind="text")]
UNIT_NAME_EN = Annotated[Column, Var("unit_name_en", "", "English name of the planning unit", on="units", kind="text")]
UNIT_NAME_ZH = Annotated[Column, Var("unit_name_zh", "", "Chinese name of the planning unit", on="units", kind="text")]
POPULATION = Annotated[Column, Var("population", "person", "Residents of the planning unit", on="units", ge=0)]

UNIT_PROFILE = Annotated[
    Column, Var("unit_profile", "", "Profile of the planning unit: what it is judged by", on="units", kind="text")
]

PARCELS = Annotated[Geometry, Var("parcels", "", "Parcels of the detailed plan", on="parcels", kind="geometry")]
PLOT_NUMBER = Annotated[Column, Var("plot_number", "", "Plot number written on the plan", on="parcels", kind="text")]
LAND_USE = Annotated[Column, Var("land_use", "", "Land-use code of the 2023 guide", on="parcels", kind="text")]
FLOOR_AREA_RATIO = Annotated[
    Column, Var("floor_area_ratio", "1", "Gross floor area over plot area", on="parcels", ge=0, le=30)
]
BUILDING_DENSITY = Annotated[Column, Var("building_density", "1", "Footprint over plot area", on="parcels", ge=0, le=1)]
HEIGHT_LIMIT = Annotated[
    Column, Var("height_limit", "m", "Highest building height allowed", on="parcels", ge=0, le=1000)
]
GREEN_RATIO = Annotated[Column, Var("green_ratio", "1", "Green area over plot area", on="parcels", ge=0, le=1)]
LEAST_FLOOR_AREA_RATIO = Annotated[
    Column, Var("least_floor_area_ratio", "1", "Lower limit of the floor area ratio", on="parcels", ge=0, le=30)
]
LEAST_BUILDING_DENSITY = Annotated[
    Column, Var("least_building_density", "1", "Lower limit of the building density", on="parcels", ge=0, le=1)
]
LEAST_HEIGHT = Annotated[
    Column, Var("least_height", "m", "Lower limit of the height of the tallest building", on="parcels", ge=0, le=1000)
]
MOST_GREEN_RATIO = Annotated[
    Column, Var("most_green_ratio", "1", "Upper limit of the green ratio", on="parcels", ge=0, le=1)
]
PARCEL_RESIDENTS = Annotated[
    Column, Var("parcel_residents", "person", "Residents stated for the parcel", on="parcels", ge=0)
]
HOUSEHOLDS = Annotated[Column, Var("households", "1", "Households stated for the parcel", on="parcels", ge=0)]
PARCEL_STATUS = Annotated[
    Column, Var("parcel_status", "", "'built' or 'planned' (empty today)", on="parcels", kind="text")
]

BUILDINGS = Annotated[Geometry, Var("buildings", "", "Building footprints", on="buildings", kind="geometry")]
BUILDING_USE = Annotated[
    Column, Var("building_use", "", "Use of the building (archetype name)", on="buildings", kind="text")
]
FLOORS = Annotated[Column, Var("floors", "1", "Storeys above ground", on="buildings", ge=0, le=200)]
HEIGHT = Annotated[Column, Var("height", "m", "Height above ground", on="buildings", ge=0, le=1000)]
YEAR_BUILT = Annotated[Column, Var("year_built", "year", "Year of completion", on="buildings", ge=1000, le=2200)]
FLOOR_AREA = Annotated[Column, Var("floor_area", "m2", "Gross floor area above ground", on="buildings", ge=0)]
LIVING_WEIGHT = Annotated[
    Column,
    Var("living_weight", "1", "People per floor area of the home over the mean of its unit", on="buildings", ge=0),
]
PLANNED_RESIDENTS = Annotated[
    Column, Var("planned_residents", "person", "Residents that the plan gives to a new building", on="buildings", ge=0)
]
RESIDENTS = Annotated[Column, Var("residents", "person", "People living in the building", on="buildings", ge=0)]

STREETS = Annotated[Geometry, Var("streets", "", "Street centre lines", on="streets", kind="geometry")]
ROAD_CLASS = Annotated[Column, Var("road_class", "", "Road class", on="streets", kind="text")]
VERGE_LENGTH = Annotated[
    Column, Var("verge_length", "m", "Verge still free for planting, both sides", on="streets", ge=0)
]
TREE_COUNT = Annotated[Column, Var("tree_count", "1", "Street trees", on="streets", ge=0, absent=0.0)]
