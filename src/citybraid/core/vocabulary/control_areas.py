"""Areas that plans draw from water: the flood-risk control line, waterlogging points, drainage zones."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Var

FLOOD_RISK_AREAS = Annotated[
    Geometry,
    Var("flood_risk_areas", "", "Areas within the flood-risk control line", on="flood_risk_areas", kind="geometry"),
]
FLOOD_RISK_AREA = Annotated[Column, Var("flood_risk_area", "m2", "Area of the part", on="flood_risk_areas", ge=0)]
FLOOD_RISK_DEPTH = Annotated[
    Column,
    Var(
        "flood_risk_depth",
        "m",
        "Deepest flood of the part outside water; none where it is water alone",
        on="flood_risk_areas",
        ge=0,
        le=500,
    ),
]
FLOOD_RISK_TOTAL = Annotated[
    Number, Var("flood_risk_total", "m2", "Area within the flood-risk control line, water bodies in it included", on="")
]

WATERLOGGING_POINTS = Annotated[
    Geometry,
    Var("waterlogging_points", "", "Waterlogging points: extent of each", on="waterlogging_points", kind="geometry"),
]
WATERLOGGING_AREA = Annotated[
    Column, Var("waterlogging_area", "m2", "Extent of the waterlogging point", on="waterlogging_points", ge=0)
]
WATERLOGGING_DEPTH = Annotated[
    Column, Var("waterlogging_depth", "m", "Deepest water at the point", on="waterlogging_points", ge=0, le=500)
]
WATERLOGGING_DURATION = Annotated[
    Column, Var("waterlogging_duration", "h", "Longest time under water at the point", on="waterlogging_points", ge=0)
]
WATERLOGGING_COUNT = Annotated[Number, Var("waterlogging_count", "1", "Waterlogging points", on="", ge=0)]
WATERLOGGING_TOTAL = Annotated[
    Number, Var("waterlogging_total", "m2", "Extent of all waterlogging points", on="", ge=0)
]

DRAINAGE_ZONES = Annotated[
    Geometry, Var("drainage_zones", "", "Areas that drain together", on="drainage_zones", kind="geometry")
]
DRAINAGE_ZONE_AREA = Annotated[Column, Var("drainage_zone_area", "m2", "Area of the zone", on="drainage_zones", ge=0)]
DRAINAGE_ZONE_OUTLET = Annotated[
    Column,
    Var(
        "drainage_zone_outlet",
        "",
        "Where most of the zone drains to: 'water', 'edge', 'downstream' (a zone) or an outfall's id",
        on="drainage_zones",
        kind="text",
    ),
]
DRAINAGE_ZONE_SLOPE = Annotated[
    Column, Var("drainage_zone_slope", "1", "Mean slope along the ways down", on="drainage_zones", ge=0, le=100)
]
