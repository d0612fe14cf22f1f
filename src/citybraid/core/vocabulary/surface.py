"""Terrain and land cover."""

from typing import Annotated

from citybraid.core.var import Raster, Var

COVER = (
    (10, "trees"),
    (20, "shrubs"),
    (30, "grass"),
    (40, "cropland"),
    (50, "paved"),
    (51, "road"),
    (52, "roof"),
    (60, "bare"),
    (80, "water"),
    (90, "wetland"),
)
"""Land-cover codes: ESA WorldCover's, with built-up (50) split into other paved ground, road and roof."""

TERRAIN = Annotated[Raster, Var("terrain", "m", "Ground elevation", ge=-500, le=9000)]
LAND_COVER = Annotated[
    Raster, Var("land_cover", "", "Land cover class", kind="int", ge=0, le=255, coarsen="area", categories=COVER)
]
ASSUMED_LAND_COVER = Annotated[
    Raster,
    Var(
        "assumed_land_cover",
        "",
        "Land cover class assumed where no file tells it, 0 where one does",
        kind="int",
        ge=0,
        le=255,
        coarsen="majority",
        categories=((0, "known"), *COVER),
    ),
]
"""Models of water on the ground read the assumed class in the land cover, as they need one everywhere; shares of cover
and rates of runoff control leave these cells out."""
FORMER_LAND_COVER = Annotated[
    Raster,
    Var(
        "former_land_cover",
        "",
        "Land cover before the plan",
        kind="int",
        ge=0,
        le=255,
        coarsen="area",
        categories=COVER,
        before="land_cover",
    ),
]
WATER_BODY = Annotated[
    Raster,
    Var(
        "water_body",
        "",
        "What holds water by its nature: open water, wetland or detention area, channel under a street",
        kind="int",
        ge=0,
        le=3,
        coarsen="majority",
        categories=((0, "land"), (1, "water"), (2, "wetland"), (3, "channel")),
    ),
]
CANOPY_COVER = Annotated[Raster, Var("canopy_cover", "1", "Tree canopy over cell area", ge=0, le=1)]
SOIL_GROUP = Annotated[
    Raster,
    Var(
        "soil_group",
        "",
        "Hydrologic soil group",
        kind="int",
        ge=0,
        le=4,
        coarsen="area",
        categories=((1, "A"), (2, "B"), (3, "C"), (4, "D")),
    ),
]
BUILDING_FRACTION = Annotated[Raster, Var("building_fraction", "1", "Footprint over cell area", ge=0, le=1)]
ALBEDO = Annotated[Raster, Var("albedo", "1", "Solar reflectance of the surface", ge=0, le=1)]
MANNING = Annotated[Raster, Var("manning", "s m-1/3", "Manning roughness coefficient", ge=0, le=1)]
"""No surface is without friction: 0 is for analytic cases."""
GREEN_ROOF_COVER = Annotated[Raster, Var("green_roof_cover", "1", "Green roof over cell area", ge=0, le=1)]
PERMEABLE_PAVING = Annotated[
    Raster, Var("permeable_paving", "1", "Permeable paving over cell area", ge=0, le=1, absent=0.0)
]
RAIN_GARDEN = Annotated[Raster, Var("rain_garden", "1", "Rain garden over cell area", ge=0, le=1, absent=0.0)]
BUILDING_HEIGHT = Annotated[
    Raster, Var("building_height", "m", "Mean height of the buildings in a cell above the ground", ge=0, le=1000)
]
CANOPY_HEIGHT = Annotated[Raster, Var("canopy_height", "m", "Tops of trees above the ground", ge=0, le=120)]
