"""Teams that bring out people cut off by water: how long people wait for one, by planning unit."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

TEAM_WAIT_PEOPLE = Annotated[
    Column,
    Var("team_wait_people", "person h", "Hours that people cut off wait for a team, from the worst moment", on="units",
        ge=0),
]  # fmt: skip
TEAM_END = Annotated[
    Column, Var("team_end", "h", "When the last of a unit's people cut off is brought out, from the worst moment",
                on="units", ge=0),
]  # fmt: skip
TEAM_LAST = Annotated[
    Number, Var("team_last", "h", "When the last person cut off is brought out, from the worst moment", on="", ge=0)
]
TEAM_COUNT = Annotated[Number, Var("team_count", "1", "Teams that bring out people cut off", on="", ge=0)]
