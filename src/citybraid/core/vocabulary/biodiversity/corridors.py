"""Corridors of wildlife: least-cost paths between habitat, corridors around them, zones of accumulated resistance."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Raster, Var

CORRIDORS = Annotated[
    Geometry, Var("corridors", "", "Least-cost paths between habitat: lines", on="corridors", kind="geometry")
]
CORRIDOR_COST = Annotated[
    Column, Var("corridor_cost", "m", "Cost-weighted distance along the least-cost path", on="corridors", ge=0)
]
CORRIDOR_LENGTH = Annotated[Column, Var("corridor_length", "m", "Length of the least-cost path", on="corridors", ge=0)]
CORRIDOR_RESISTANCE = Annotated[
    Column, Var("corridor_resistance", "1", "Mean resistance along the least-cost path", on="corridors", ge=0)
]
CORRIDOR_WIDTH = Annotated[
    Column, Var("corridor_width", "m", "Mean width of the corridor: its area over the path's length", on="corridors",
                ge=0)
]  # fmt: skip
CORRIDOR_GROUND = Annotated[
    Raster,
    Var(
        "corridor_ground",
        "",
        "Ground of corridors between habitat",
        kind="int",
        ge=0,
        le=1,
        coarsen="max",
    ),
]
CORRIDOR_EXCESS = Annotated[
    Raster, Var("corridor_excess", "m", "Cost-weighted distance of the best way between habitat through the cell, less "
                "that of the least-cost path", ge=0, coarsen="min")
]  # fmt: skip
ACCUMULATED_RESISTANCE = Annotated[
    Raster, Var("accumulated_resistance", "m", "Cost-weighted distance from the nearest habitat", ge=0)
]
RESISTANCE_ZONE = Annotated[
    Raster,
    Var(
        "resistance_zone",
        "",
        "Zone of accumulated resistance, 1 nearest to habitat; 0 is not reached",
        kind="int",
        ge=0,
        le=5,
        coarsen="majority",
        categories=((0, "not reached"), *((zone, f"zone {zone}") for zone in range(1, 6))),
    ),
]
CORRIDOR_COUNT = Annotated[
    Number, Var("corridor_count", "", "Corridors between neighbouring habitat", kind="int", on="", ge=0)
]
CORRIDOR_AREA = Annotated[Number, Var("corridor_area", "ha", "Area of corridors outside habitat", on="", ge=0)]
CORRIDORS_LENGTH = Annotated[Number, Var("corridors_length", "m", "Length of all least-cost paths", on="", ge=0)]
MEAN_CORRIDOR_RESISTANCE = Annotated[
    Number,
    Var("mean_corridor_resistance", "1", "Mean resistance along least-cost paths, by length", on="", ge=0),
]
CORRIDOR_DETOUR = Annotated[
    Number,
    Var("corridor_detour", "1", "Share of the least cost by which ways through a corridor may cost more", on="", ge=0),
]
