"""Cool rooms: public rooms that are open and cooled in heat, and the walk to them."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

COOL_ROOMS = Annotated[
    Geometry,
    Var("cool_rooms", "", "Public rooms that are open and cooled in heat", on="cool_rooms", kind="geometry"),
]
COOL_ROOM_TIME = Annotated[
    Column,
    Var("cool_room_time", "min", "Walk to the nearest cool room; none without a way", on="buildings", ge=0),
]
PEOPLE_NEAR_COOL_ROOM = Annotated[
    Column,
    Var("people_near_cool_room", "person", "Residents within the short walk of a cool room", on="buildings", ge=0),
]
PEOPLE_FAR_FROM_COOL_ROOM = Annotated[
    Column,
    Var("people_far_from_cool_room", "person", "Residents beyond the long walk to a cool room", on="buildings", ge=0),
]
ELDERLY_FAR_FROM_COOL_ROOM = Annotated[
    Column,
    Var(
        "elderly_far_from_cool_room",
        "person",
        "Residents of 65 years and over beyond the long walk to a cool room",
        on="buildings",
        ge=0,
    ),
]
