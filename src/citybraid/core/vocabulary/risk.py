"""Flood risk to buildings and people."""

from typing import Annotated

from citybraid.core.var import Column, Var

BUILDING_DEPTH = Annotated[Column, Var("building_depth", "m", "Water depth at the building", on="buildings", ge=0)]
BUILDING_DAMAGE = Annotated[
    Column, Var("building_damage", "CNY", "Direct flood damage of an event", on="buildings", ge=0)
]
PEOPLE_EXPOSED = Annotated[
    Column, Var("people_exposed", "person", "Residents whose building is flooded", on="buildings", ge=0)
]
EXPECTED_ANNUAL_DAMAGE = Annotated[
    Column, Var("expected_annual_damage", "CNY year-1", "Flood damage averaged over all years", on="buildings", ge=0)
]
EXPECTED_ANNUAL_EXPOSED = Annotated[
    Column,
    Var("expected_annual_exposed", "person year-1", "People flooded, averaged over all years", on="buildings", ge=0),
]
