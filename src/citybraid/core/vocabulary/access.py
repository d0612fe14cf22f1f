"""Access of ambulances and fire engines, dry and flooded. Peak and after are states of an event."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Raster, Var

FACILITIES = Annotated[
    Geometry, Var("facilities", "", "Hospitals, fire stations and shelters", on="facilities", kind="geometry")
]
FACILITY_KIND = Annotated[
    Column,
    Var("facility_kind", "", "'hospital', 'fire_station', 'shelter', or as written", on="facilities", kind="text"),
]
STREET_DISTANCE = Annotated[
    Column,
    Var("street_distance", "m", "Distance of the facility from its street; none out of reach", on="facilities", ge=0),
]
BRIDGE = Annotated[
    Column, Var("bridge", "", "Whether the street is a bridge or elevated, in words", on="streets", kind="text")
]
TUNNEL = Annotated[
    Column, Var("tunnel", "", "Whether the street is a tunnel or underpass, in words", on="streets", kind="text")
]
ROAD_STRUCTURE = Annotated[
    Column, Var("road_structure", "", "What carries the street: bridge, tunnel or ground, in words", on="streets",
                kind="text"),
]  # fmt: skip
STREET_LAYER = Annotated[
    Column, Var("street_layer", "", "Level above (1 ...) or below (-1 ...) the ground, as OpenStreetMap numbers it",
                on="streets", kind="text"),
]  # fmt: skip
INFERRED_BRIDGES = Annotated[
    Column, Var("inferred_bridges", "1", "Bridges that no attribute states, inferred on the street", on="streets", ge=0)
]
INFERRED_BRIDGE_LENGTH = Annotated[
    Column, Var("inferred_bridge_length", "m", "Length of the bridges inferred on the street", on="streets", ge=0)
]
EMBANKED_CHANNELS = Annotated[
    Column,
    Var("embanked_channels", "1", "Channels that end at the street's embankment from both sides", on="streets", ge=0),
]
STREET_NAME = Annotated[Column, Var("street_name", "", "Name of the street", on="streets", kind="text")]
STREET_NAME_EN = Annotated[Column, Var("street_name_en", "", "English name of the street", on="streets", kind="text")]
STREET_NAME_ZH = Annotated[Column, Var("street_name_zh", "", "Chinese name of the street", on="streets", kind="text")]
ONE_WAY = Annotated[
    Column, Var("one_way", "", "Whether the street is one-way, in words; '-1' against its line", on="streets",
                kind="text"),
]  # fmt: skip
SPEED_LIMIT = Annotated[
    Column, Var("speed_limit", "km h-1", "Speed driven on the street when dry", on="streets", ge=1, le=200)
]

PEAK_STREET_DEPTH = Annotated[
    Column, Var("peak_street_depth", "m", "Deepest water of an event along the street", on="streets", ge=0, le=500)
]
FINAL_STREET_DEPTH = Annotated[
    Column,
    Var("final_street_depth", "m", "Deepest water along the street at the end of an event", on="streets", ge=0, le=500),
]
WATERLOGGED_LENGTH = Annotated[
    Column,
    Var("waterlogged_length", "m", "Length of the street with water above the lane's limit", on="streets", ge=0),
]
CLOSED_LENGTH = Annotated[
    Column, Var("closed_length", "m", "Length of the street that the event's peak closes", on="streets", ge=0)
]
CLOSURE_TIME = Annotated[
    Column, Var("closure_time", "h", "Longest time that water may close the street, at most", on="streets", ge=0)
]

DISCONNECTED_SHARE = Annotated[
    Number, Var("disconnected_share", "1", "Street length apart from the largest connected network", on="", ge=0, le=1)
]
HOSPITAL_TIME = Annotated[
    Raster, Var("hospital_time", "min", "Drive from the nearest hospital, dry; none without a way", ge=0)
]
FIRE_TIME = Annotated[
    Raster, Var("fire_time", "min", "Drive from the nearest fire station, dry; none without a way", ge=0)
]
HOSPITAL_COVERAGE = Annotated[Raster, Var("hospital_coverage", "1", "1 where an ambulance is in time, dry", ge=0, le=1)]
FIRE_COVERAGE = Annotated[Raster, Var("fire_coverage", "1", "1 where a fire engine is in time, dry", ge=0, le=1)]
PEAK_HOSPITAL_TIME = Annotated[
    Raster, Var("peak_hospital_time", "min", "Drive from the nearest hospital at the event's peak", ge=0)
]
PEAK_FIRE_TIME = Annotated[
    Raster, Var("peak_fire_time", "min", "Drive from the nearest fire station at the event's peak", ge=0)
]
PEAK_HOSPITAL_COVERAGE = Annotated[
    Raster, Var("peak_hospital_coverage", "1", "1 where an ambulance is in time at the event's peak", ge=0, le=1)
]
PEAK_FIRE_COVERAGE = Annotated[
    Raster, Var("peak_fire_coverage", "1", "1 where a fire engine is in time at the event's peak", ge=0, le=1)
]
AFTER_HOSPITAL_TIME = Annotated[
    Raster, Var("after_hospital_time", "min", "Drive from the nearest hospital as the event ends", ge=0)
]
AFTER_FIRE_TIME = Annotated[
    Raster, Var("after_fire_time", "min", "Drive from the nearest fire station as the event ends", ge=0)
]
AFTER_HOSPITAL_COVERAGE = Annotated[
    Raster, Var("after_hospital_coverage", "1", "1 where an ambulance is in time as the event ends", ge=0, le=1)
]
AFTER_FIRE_COVERAGE = Annotated[
    Raster, Var("after_fire_coverage", "1", "1 where a fire engine is in time as the event ends", ge=0, le=1)
]

ISOLATED_PEOPLE = Annotated[
    Column,
    Var("isolated_people", "person", "Residents whom no vehicle reaches any more at the peak", on="buildings", ge=0),
]
LATE_PEOPLE = Annotated[
    Column,
    Var("late_people", "person", "Residents in time when dry, too late or cut off at the peak", on="buildings", ge=0),
]
AFTER_ISOLATED_PEOPLE = Annotated[
    Column,
    Var("after_isolated_people", "person", "Residents whom no vehicle reaches as the event ends", on="buildings", ge=0),
]
