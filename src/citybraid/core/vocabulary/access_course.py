"""Streets and rescue over the time of an event: hours of closure, and duration of people's isolation."""

from typing import Annotated

from citybraid.core.var import Column, Field, Number, Raster, Series, Var

CLOSED_STREET_COURSE = Annotated[
    Series, Var("closed_street_course", "m", "Length of streets that water closes at each time", on="time", ge=0)
]
WATERLOGGED_STREET_COURSE = Annotated[
    Series,
    Var("waterlogged_street_course", "m", "Length of streets with water above the lane's limit at each time", on="time",
        ge=0),
]  # fmt: skip
CLOSED_FROM = Annotated[
    Column, Var("closed_from", "h", "When water first closes the street; none where it never does", on="streets", ge=0)
]
CLOSED_UNTIL = Annotated[
    Column,
    Var("closed_until", "h", "When the street opens for good; none where it never closes or is closed as the event "
        "ends", on="streets", ge=0),
]  # fmt: skip
CLOSED_HOURS = Annotated[
    Column, Var("closed_hours", "h", "Time for which water closes the street, within the event", on="streets", ge=0)
]

RESCUE_STATE = Annotated[
    Field,
    Var(
        "rescue_state", "", "What water does to rescue at each time; 0 where nobody has a way when dry", on="field",
        ge=0, le=3, kind="int", categories=((1, "as when dry"), (2, "too late"), (3, "cut off")),
    ),
]  # fmt: skip
FIRE_COVERAGE_COURSE = Annotated[
    Series,
    Var("fire_coverage_course", "1", "Share of the ground that fire engines reach in time, at each time", on="time",
        ge=0, le=1),
]  # fmt: skip
HOSPITAL_COVERAGE_COURSE = Annotated[
    Series,
    Var("hospital_coverage_course", "1", "Share of the ground that ambulances reach in time, at each time", on="time",
        ge=0, le=1),
]  # fmt: skip
WORST_FIRE_MOMENT = Annotated[
    Number, Var("worst_fire_moment", "h", "When fire engines reach least ground in time", on="", ge=0)
]
WORST_HOSPITAL_MOMENT = Annotated[
    Number, Var("worst_hospital_moment", "h", "When ambulances reach least ground in time", on="", ge=0)
]
WORST_FIRE_TIME = Annotated[
    Raster,
    Var("worst_fire_time", "min", "Drive from the nearest fire station at its worst moment", ge=0),
]
WORST_HOSPITAL_TIME = Annotated[
    Raster,
    Var("worst_hospital_time", "min", "Drive from the nearest hospital at its worst moment", ge=0),
]
CUT_OFF_HOURS = Annotated[
    Raster, Var("cut_off_hours", "h", "Time for which no rescue vehicle has a way; none where none has when dry", ge=0)
]

ISOLATED_COURSE = Annotated[
    Series, Var("isolated_course", "person", "Residents whom no vehicle reaches at each time", on="time", ge=0)
]
LATE_COURSE = Annotated[
    Series, Var("late_course", "person", "Residents reached, but too late, at each time", on="time", ge=0)
]
ISOLATED_AT_ONCE = Annotated[
    Column,
    Var("isolated_at_once", "person", "Residents whom no vehicle reaches when most are cut off", on="buildings", ge=0),
]
ISOLATED_HOURS = Annotated[
    Column,
    Var("isolated_hours", "h", "Longest unbroken time for which no vehicle reaches the building", on="buildings", ge=0),
]
ISOLATED_PERSON_HOURS = Annotated[
    Column,
    Var("isolated_person_hours", "person h", "Residents times the hours for which no vehicle reaches them",
        on="buildings", ge=0),
]  # fmt: skip
