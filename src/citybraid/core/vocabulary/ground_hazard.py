"""Hazards of the ground: landslides and subsidence."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

STABILITY = (
    (1, "stable"),
    (2, "moderately stable"),
    (3, "quasi-stable"),
    (4, "lower threshold"),
    (5, "upper threshold"),
    (6, "defended"),
)
"""Classes of SINMAP by stability index: from 1.5, 1.25, 1, 0.5, above 0, and 0."""

SLOPE_STABILITY = Annotated[
    Raster,
    Var(
        "slope_stability",
        "1",
        "Stability index: least factor of safety where that is 1 or more, else the chance that it is above 1",
        ge=0,
        le=10,
        coarsen="min",
    ),
]
LANDSLIDE_CLASS = Annotated[
    Raster,
    Var(
        "landslide_class",
        "",
        "Landslide susceptibility class",
        kind="int",
        ge=0,
        le=6,
        coarsen="max",
        categories=STABILITY,
    ),
]
LANDSLIDE_AREA = Annotated[
    Number, Var("landslide_area", "m2", "Ground whose factor of safety may fall below 1", on="", ge=0)
]

SUBSIDENCE_RATE = Annotated[
    Raster, Var("subsidence_rate", "mm year-1", "Sinking of the ground, positive down", ge=-500, le=500)
]
HEAD_DECLINE = Annotated[
    Raster, Var("head_decline", "m", "Fall of the groundwater head in the compacting layer", ge=-200, le=200)
]
SUBSIDENCE_YEARS = Annotated[
    Number, Var("subsidence_years", "year", "Years from the terrain's survey to the target year", on="", ge=0, le=200)
]
SUBSIDENCE = Annotated[
    Raster, Var("subsidence", "m", "Sinking of the ground by the target year, positive down", ge=-100, le=100)
]
SUNKEN_TERRAIN = Annotated[Raster, Var("sunken_terrain", "m", "Ground elevation in the target year", ge=-600, le=9100)]
RELATIVE_RISE = Annotated[
    Raster, Var("relative_rise", "m", "Sea or flood level gained on the ground by the target year", ge=-110, le=110)
]
MEAN_SUBSIDENCE = Annotated[
    Number, Var("mean_subsidence", "m", "Mean sinking of the ground by the target year", on="", ge=-100, le=100)
]
