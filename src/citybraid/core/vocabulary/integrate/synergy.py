"""Nature and climate together: ecosystem services on one grid, their hot and cold spots, joint corridors."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

SPOTS = ((1, "cold spot"), (2, "not significant"), (3, "hot spot"))
COLD, NEITHER, HOT = 1, 2, 3
WILDLIFE, WATER, WIND = 1, 2, 4
"""What a cell serves, added up."""
JOINT = (
    (0, "none"),
    (1, "wildlife"),
    (2, "water"),
    (3, "wildlife and water"),
    (4, "wind"),
    (5, "wildlife and wind"),
    (6, "water and wind"),
    (7, "wildlife, water and wind"),
)

COOLING_SERVICE = Annotated[
    Raster, Var("cooling_service", "K", "Night air cooler than in the warmest cell of the grid", ge=0)
]
RETENTION_SERVICE = Annotated[
    Raster, Var("retention_service", "mm", "Runoff of the largest storm less than in the cell that sheds most", ge=0)
]
SERVICE_INDEX = Annotated[
    Raster,
    Var("service_index", "1", "Mean of the ecosystem services, each scaled to its range on the grid", ge=0, le=1),
]
MULTIFUNCTIONALITY = Annotated[
    Raster, Var("multifunctionality", "1", "Ecosystem services of which the cell gives more than the median", ge=0)
]
SERVICE_RICHNESS = Annotated[
    Raster, Var("service_richness", "1", "Ecosystem services of which the cell gives any", ge=0)
]
SERVICES_COMPUTED = Annotated[
    Number, Var("services_computed", "", "Ecosystem services that could be computed", kind="int", on="", ge=2)
]
SERVICE_CLUSTERING = Annotated[
    Raster, Var("service_clustering", "1", "Gi* of the mean of ecosystem services: standard deviations from chance")
]
SERVICE_HOT_SPOT = Annotated[
    Raster,
    Var("service_hot_spot", "", "Hot and cold spots of ecosystem services", kind="int", ge=0, le=3,
        coarsen="majority", categories=SPOTS),
]  # fmt: skip
HOT_SPOT_AREA = Annotated[Number, Var("hot_spot_area", "ha", "Hot spots of ecosystem services", on="", ge=0)]
COLD_SPOT_AREA = Annotated[Number, Var("cold_spot_area", "ha", "Cold spots of ecosystem services", on="", ge=0)]
HOT_SPOT_REACH = Annotated[Number, Var("hot_spot_reach", "m", "Reach within which cells are neighbours", on="", ge=0)]
FLOW_ACCUMULATION = Annotated[
    Raster, Var("flow_accumulation", "m2", "Ground from which water runs through the cell, itself included", ge=0)
]
JOINT_CORRIDOR = Annotated[
    Raster,
    Var("joint_corridor", "", "What moves along the cell: wildlife, water, wind", kind="int", ge=0, le=7,
        coarsen="majority", categories=JOINT),
]  # fmt: skip
JOINT_CORRIDOR_AREA = Annotated[
    Number, Var("joint_corridor_area", "ha", "Cells along which all computed flows move", on="", ge=0)
]
CORRIDORS_COMPUTED = Annotated[
    Number, Var("corridors_computed", "", "Flows that could be computed, of wildlife, water and wind", kind="int",
                on="", ge=2, le=3)
]  # fmt: skip
