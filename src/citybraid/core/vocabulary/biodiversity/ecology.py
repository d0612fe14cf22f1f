"""Habitats, threats and connections."""

from typing import Annotated

from citybraid.core.var import Column, Number, Raster, Var

HABITAT_SUITABILITY = Annotated[
    Raster, Var("habitat_suitability", "1", "Suitability of the cover as habitat", ge=0, le=1)
]
THREAT_INTENSITY = Annotated[
    Raster, Var("threat_intensity", "1", "Intensity of a threat to habitats on the cell, 1 where it is fully present",
                ge=0, le=1)
]  # fmt: skip
"""One raster for each threat, by its name on the outer axis `threat`."""
THREAT_ACCESS = Annotated[
    Raster, Var("threat_access", "1", "Access of threats to the cell: 0 fully protected by law or barrier, 1 open",
                ge=0, le=1)
]  # fmt: skip
HABITAT_DEGRADATION = Annotated[Raster, Var("habitat_degradation", "1", "Total threat level on the cell", ge=0)]
HABITAT_QUALITY = Annotated[Raster, Var("habitat_quality", "1", "Habitat quality", ge=0, le=1)]
HABITAT_PATCH = Annotated[
    Raster, Var("habitat_patch", "", "Number of the habitat patch; 0 is none", kind="int", ge=0, coarsen="majority")
]
PATCH_IMPORTANCE = Annotated[
    Raster, Var("patch_importance", "1", "Loss of PC when the patch is lost", ge=0, le=1, coarsen="max")
]
PATCH_CONNECTOR = Annotated[
    Raster,
    Var(
        "patch_connector",
        "1",
        "Loss of PC between other patches when the patch is lost as stepping stone",
        ge=0,
        le=1,
        coarsen="max",
    ),
]
CONNECTED_AREA = Annotated[Number, Var("connected_area", "ha", "Equivalent connected area (ECA of PC)", on="", ge=0)]
PROBABILITY_OF_CONNECTIVITY = Annotated[
    Number, Var("probability_of_connectivity", "1", "Probability of connectivity (PC)", on="", ge=0, le=1)
]
INTEGRAL_CONNECTIVITY = Annotated[
    Number, Var("integral_connectivity", "1", "Integral index of connectivity (IIC)", on="", ge=0, le=1)
]
HABITAT_AREA = Annotated[Number, Var("habitat_area", "ha", "Area of all habitat patches", on="", ge=0)]
HALF_CHANCE_DISTANCE = Annotated[
    Number,
    Var("half_chance_distance", "m", "Gap that wildlife crosses with a chance of one half, for PC", on="", ge=0),
]
LINK_DISTANCE = Annotated[
    Number, Var("link_distance", "m", "Gap up to which two patches are linked, for IIC", on="", ge=0)
]
HABITAT_COMPONENTS = Annotated[
    Number, Var("habitat_components", "", "Groups of patches that links hold together", kind="int", on="", ge=0)
]
LARGEST_COMPONENT = Annotated[
    Number, Var("largest_component", "ha", "Area of the largest group of linked patches", on="", ge=0)
]
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
NATURE_ACCESS = Annotated[
    Raster,
    Var("nature_access", "m2 person-1", "Green area within reach of the place along streets for each person, shared "
        "with all who reach it", ge=0),
]  # fmt: skip
ALLOTTED_GREEN = Annotated[
    Column,
    Var("allotted_green", "m2", "Green area within reach for all residents of the building", on="buildings", ge=0),
]
