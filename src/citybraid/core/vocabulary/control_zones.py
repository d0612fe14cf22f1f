"""Three zones and three lines of master plans: ground whose use a plan fixes."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

CONTROL_ZONES = Annotated[
    Geometry,
    Var("control_zones", "", "Three zones and three lines of the master plan", on="control_zones", kind="geometry"),
]
ZONE_CODE = Annotated[
    Column,
    Var("zone_code", "", "Code or name of the boundary: 0102 ecological redline", on="control_zones", kind="text"),
]
