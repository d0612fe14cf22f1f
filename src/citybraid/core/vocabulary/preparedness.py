"""Flood preparedness of people."""

from typing import Annotated

from citybraid.core.var import Column, Var

PREPARED_SHARE = Annotated[
    Column,
    Var(
        "prepared_share",
        "1",
        "Share of the building's households and firms that get a flood warning and know what to do",
        on="buildings",
        ge=0,
        le=1,
    ),
]
PEOPLE_UNWARNED = Annotated[
    Column,
    Var("people_unwarned", "person", "Residents flooded without having been warned in time", on="buildings", ge=0),
]
