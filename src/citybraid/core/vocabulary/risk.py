"""Flood risk to buildings and people."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

BUILDING_DEPTH = Annotated[Column, Var("building_depth", "m", "Water depth at the building", on="buildings", ge=0)]
BUILDING_DAMAGE = Annotated[
    Column, Var("building_damage", "{currency}", "Direct flood damage of an event", on="buildings", ge=0)
]
BUILDING_VALUE = Annotated[
    Column, Var("building_value", "{currency}", "Value of the building and its contents", on="buildings", ge=0)
]
STRUCTURE_DAMAGE = Annotated[
    Column,
    Var("structure_damage", "{currency}", "Flood damage of an event to the building itself", on="buildings", ge=0),
]
CONTENTS_DAMAGE = Annotated[
    Column,
    Var("contents_damage", "{currency}", "Flood damage of an event to what the building holds", on="buildings", ge=0),
]
FLOOR_HEIGHT = Annotated[
    Column, Var("floor_height", "m", "Ground floor above the ground outside", on="buildings", ge=-5, le=20)
]
PROTECTION_HEIGHT = Annotated[
    Column,
    Var(
        "protection_height",
        "m",
        "Depth outside up to which flood barriers keep the building dry; none where it has none",
        on="buildings",
        ge=0,
        le=20,
    ),
]
WARNING_TIME = Annotated[
    Number, Var("warning_time", "h", "Time from the flood warning to the water", on="", ge=0, le=240)
]
PEOPLE_EXPOSED = Annotated[
    Column, Var("people_exposed", "person", "Residents whose building is flooded", on="buildings", ge=0)
]
EXPECTED_ANNUAL_DAMAGE = Annotated[
    Column,
    Var("expected_annual_damage", "{currency} year-1", "Flood damage averaged over all years", on="buildings", ge=0),
]
EXPECTED_ANNUAL_EXPOSED = Annotated[
    Column,
    Var("expected_annual_exposed", "person year-1", "People flooded, averaged over all years", on="buildings", ge=0),
]

CHILDREN = Annotated[Column, Var("children", "person", "Residents under 15 years", on="buildings", ge=0)]
ELDERLY = Annotated[Column, Var("elderly", "person", "Residents of 65 years and over", on="buildings", ge=0)]
LIMITED_MOBILITY = Annotated[
    Column, Var("limited_mobility", "person", "Residents who cannot leave without help", on="buildings", ge=0)
]
CHILDREN_EXPOSED = Annotated[
    Column, Var("children_exposed", "person", "Children whose building is flooded", on="buildings", ge=0)
]
ELDERLY_EXPOSED = Annotated[
    Column,
    Var("elderly_exposed", "person", "Residents of 65 years and over whose building is flooded", on="buildings", ge=0),
]
LIMITED_MOBILITY_EXPOSED = Annotated[
    Column,
    Var(
        "limited_mobility_exposed",
        "person",
        "Residents who cannot leave without help whose building is flooded",
        on="buildings",
        ge=0,
    ),
]
FACILITY_DEPTH = Annotated[Column, Var("facility_depth", "m", "Water depth at the facility", on="facilities", ge=0)]
FACILITY_FLOODED = Annotated[
    Column,
    Var(
        "facility_flooded", "1", "1 where the water at the facility reaches the threshold", on="facilities", ge=0, le=1
    ),
]

MEMBER_DEPTH = Annotated[
    Column,
    Var("member_depth", "m", "Water depth at the building in a run of the ensemble", on="buildings", ge=0),
]
RAIN_SCALE = Annotated[
    Number, Var("rain_scale", "1", "Rain of a run of the ensemble over the event's own", on="", ge=0, le=10)
]
ROUGHNESS_LEVEL = Annotated[
    Number,
    Var("roughness_level", "1", "Level of probability of the roughness in a run of the ensemble", on="", ge=0, le=1),
]
DAMAGE_DRAWS = Annotated[
    Column, Var("damage_draws", "{currency}", "Flood damage of an event to all buildings, by draw", on="draws", ge=0)
]
EMULATOR_ERROR = Annotated[
    Number,
    Var("emulator_error", "1", "Error of the fitted damage at runs left out, over mean damage", on="", ge=0),
]
ANNUAL_DAMAGE_DRAWS = Annotated[
    Column,
    Var(
        "annual_damage_draws",
        "{currency} year-1",
        "Flood damage of all buildings in an average year, by draw",
        on="draws",
        ge=0,
    ),
]
SPREAD_FIRST = Annotated[
    Column, Var("spread_first", "1", "Share of the variance that a source alone explains", on="spread")
]
SPREAD_TOTAL = Annotated[
    Column, Var("spread_total", "1", "Share of the variance that a source takes part in", on="spread")
]
