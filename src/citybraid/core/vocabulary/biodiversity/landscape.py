"""Landscape metrics of habitat and of covers."""

from typing import Annotated

from citybraid.core.var import Number, Var

HABITAT_PATCHES = Annotated[
    Number, Var("habitat_patches", "", "Patches of habitat, whatever their size", kind="int", on="", ge=0)
]
MEAN_PATCH_AREA = Annotated[Number, Var("mean_patch_area", "ha", "Mean area of patches of habitat", on="", ge=0)]
LARGEST_PATCH_SHARE = Annotated[
    Number, Var("largest_patch_share", "1", "Largest patch of habitat over the landscape", on="", ge=0, le=1)
]
HABITAT_EDGE_DENSITY = Annotated[
    Number, Var("habitat_edge_density", "m ha-1", "Edges of habitat over the landscape", on="", ge=0)
]
HABITAT_SHAPE = Annotated[
    Number,
    Var("habitat_shape", "1", "Perimeter of patches over that of squares of their area, weighted by area", on="", ge=0),
]
HABITAT_AGGREGATION = Annotated[
    Number,
    Var("habitat_aggregation", "1", "Sides that cells of habitat share, over the most that they can", on="", ge=0,
        le=1),
]  # fmt: skip
COVER_DIVERSITY = Annotated[Number, Var("cover_diversity", "1", "Shannon's diversity of land covers", on="", ge=0)]
