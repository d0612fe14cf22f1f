"""Refuges of habitat in a warmer climate, and plantings of native species."""

from typing import Annotated

from citybraid.core.var import Column, Number, Raster, Var

REFUGES = ((0, "no habitat"), (1, "habitat too warm"), (2, "climate refuge"))

CLIMATE_REFUGE = Annotated[
    Raster,
    Var("climate_refuge", "", "Habitat whose air stays cool on the hottest day", kind="int", ge=0, le=2,
        coarsen="majority", categories=REFUGES),
]  # fmt: skip
REFUGE_AREA = Annotated[Number, Var("refuge_area", "ha", "Habitat that is a climate refuge", on="", ge=0)]
REFUGE_SHARE = Annotated[Number, Var("refuge_share", "1", "Climate refuges over all habitat", on="", ge=0, le=1)]
REFUGE_LIMIT = Annotated[
    Number, Var("refuge_limit", "degC", "Air by day up to which habitat is a refuge", on="", ge=-60, le=70)
]
NATIVE_SPECIES_SHARE = Annotated[
    Column,
    Var("native_species_share", "1", "Native species among those planted on the plot", on="parcels", ge=0, le=1),
]
NATIVE_PLANTING = Annotated[
    Number, Var("native_planting", "1", "Native species among those planted, mean of plots by area", on="", ge=0, le=1)
]
