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
SHORT_ROUTE_HEAT = Annotated[
    Column,
    Var("short_route_heat", "min", "Minutes in very strong heat on the shortest walk to a cool room", on="buildings",
        ge=0),
]  # fmt: skip
COOL_ROUTE_HEAT = Annotated[
    Column,
    Var("cool_route_heat", "min", "Minutes in very strong heat on the coolest walk to a cool room", on="buildings",
        ge=0),
]  # fmt: skip
COOL_ROUTE_TIME = Annotated[
    Column, Var("cool_route_time", "min", "Coolest walk to a cool room; none without a way", on="buildings", ge=0)
]
PEOPLE_HOT_SHORT_ROUTE = Annotated[
    Column,
    Var("people_hot_short_route", "person", "Residents whose shortest walk to a cool room is too long in very strong "
        "heat", on="buildings", ge=0),
]  # fmt: skip
PEOPLE_HOT_COOL_ROUTE = Annotated[
    Column,
    Var("people_hot_cool_route", "person", "Residents whose coolest walk to a cool room is too long in very strong "
        "heat", on="buildings", ge=0),
]  # fmt: skip
