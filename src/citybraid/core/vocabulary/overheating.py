"""Heat in homes: without cooling through the year, and in a blackout."""

from typing import Annotated

from citybraid.core.var import Column, Var

HOURS_ABOVE_26 = Annotated[
    Column, Var("hours_above_26", "h", "Hours a year above 26 degC indoors, uncooled", on="buildings", ge=0, le=8760)
]
HOURS_ABOVE_28 = Annotated[
    Column, Var("hours_above_28", "h", "Hours a year above 28 degC indoors, uncooled", on="buildings", ge=0, le=8760)
]
HOURS_ABOVE_30 = Annotated[
    Column, Var("hours_above_30", "h", "Hours a year above 30 degC indoors, uncooled", on="buildings", ge=0, le=8760)
]
HOURS_ABOVE_32 = Annotated[
    Column, Var("hours_above_32", "h", "Hours a year above 32 degC indoors, uncooled", on="buildings", ge=0, le=8760)
]
TOP_HOURS_ABOVE_30 = Annotated[
    Column, Var("top_hours_above_30", "h", "The same above 30 degC on the top storey", on="buildings", ge=0, le=8760)
]
MIDDLE_HOURS_ABOVE_30 = Annotated[
    Column,
    Var("middle_hours_above_30", "h", "The same above 30 degC on a middle storey", on="buildings", ge=0, le=8760),
]
ADAPTIVE_HOURS = Annotated[
    Column,
    Var("adaptive_hours", "h", "Summer hours beyond the adaptive comfort limit", on="buildings", ge=0, le=3672),
]
HOT_NIGHT_HOURS = Annotated[
    Column,
    Var("hot_night_hours", "h", "Hours a year above 26 degC from 22:00 to 07:00", on="buildings", ge=0, le=3285),
]
OVERHEATED_PERSON_HOURS = Annotated[
    Column,
    Var("overheated_person_hours", "person h", "Residents times hours above the threshold", on="buildings", ge=0),
]
PEOPLE_OVERHEATED = Annotated[
    Column,
    Var("people_overheated", "person", "Residents of storeys that overheat without cooling", on="buildings", ge=0),
]
BLACKOUT_PEAK = Annotated[
    Column,
    Var("blackout_peak", "degC", "Highest indoor temperature in a blackout", on="buildings", ge=-90, le=150),
]
BLACKOUT_TO_30 = Annotated[
    Column, Var("blackout_to_30", "h", "Hours of blackout until 30 degC on the hottest storey", on="buildings", ge=0)
]
BLACKOUT_TO_32 = Annotated[
    Column, Var("blackout_to_32", "h", "Hours of blackout until 32 degC on the hottest storey", on="buildings", ge=0)
]
BLACKOUT_TO_35 = Annotated[
    Column, Var("blackout_to_35", "h", "Hours of blackout until 35 degC on the hottest storey", on="buildings", ge=0)
]
BLACKOUT_PEOPLE = Annotated[
    Column,
    Var("blackout_people", "person", "Residents of storeys too hot in a blackout", on="buildings", ge=0),
]
BLACKOUT_ELDERLY = Annotated[
    Column,
    Var("blackout_elderly", "person", "Residents of 65 and over on such storeys", on="buildings", ge=0),
]
