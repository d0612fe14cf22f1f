"""Preparedness: shelters and who has a place in one, evacuation, warning in time, ways and services to fall back on."""

from typing import Annotated

from citybraid.core.var import Column, Number, Series, Var

SHELTER_AREA = Annotated[
    Column, Var("shelter_area", "m2", "Effective area of the facility as a shelter", on="facilities", ge=0)
]
FACILITY_PLACES = Annotated[
    Column,
    Var("facility_places", "person", "Places in the listed shelter; 0 where it is refused", on="facilities", ge=0),
]
FACILITY_SHELTERED = Annotated[
    Column, Var("facility_sheltered", "person", "People who get a place in the listed shelter", on="facilities", ge=0)
]
FACILITY_REFUSAL = Annotated[
    Column, Var("facility_refusal", "", "Why the listed shelter is refused for the event", on="facilities", kind="text")
]
SHELTER_PLACES = Annotated[
    Column, Var("shelter_places", "person", "Places on the parcel as a shelter; 0 where refused", on="parcels", ge=0)
]
SHELTERED_HERE = Annotated[
    Column, Var("sheltered_here", "person", "People who get a place on the parcel", on="parcels", ge=0)
]
SHELTER_REFUSAL = Annotated[
    Column,
    Var("shelter_refusal", "", "Why open land is refused as a shelter: flooded, small, steep, far, spare", on="parcels",
        kind="text"),
]  # fmt: skip
SHELTER_DISTANCE = Annotated[
    Column, Var("shelter_distance", "m", "Way to the nearest usable shelter; none without one", on="buildings", ge=0)
]
PEOPLE_NEAR_SHELTER = Annotated[
    Column,
    Var(
        "people_near_shelter", "person", "Residents within the service radius of a usable shelter", on="buildings", ge=0
    ),
]
SHELTER_NEED = Annotated[
    Column, Var("shelter_need", "person", "Residents who need a place in a shelter", on="buildings", ge=0)
]
PEOPLE_UNSHELTERED = Annotated[
    Column,
    Var("people_unsheltered", "person", "Residents who need a place and get none within the radius", on="buildings",
        ge=0),
]  # fmt: skip
SHELTER_AREA_PER_HEAD = Annotated[
    Number, Var("shelter_area_per_head", "m2 person-1", "Effective area of usable shelters per resident", on="", ge=0)
]
SHELTERS_FLOODED = Annotated[
    Number, Var("shelters_flooded", "1", "Shelters and sites that the event's water takes", on="", ge=0)
]
REFUGE_GREEN_SHARE = Annotated[
    Number,
    Var("refuge_green_share", "1", "Area share of green space that is dry, level and large enough for refuge", on="",
        ge=0, le=1),
]  # fmt: skip
SHELTER_GAP = Annotated[
    Number, Var("shelter_gap", "1", "Distance of the choice of sites from its bound", on="", ge=0, le=1)
]

EVACUATION_TIME = Annotated[
    Column,
    Var("evacuation_time", "h", "When the last people of the building's junction are out; none where some stay",
        on="buildings", ge=0),
]  # fmt: skip
PEOPLE_LEFT_BEHIND = Annotated[
    Column,
    Var("people_left_behind", "person", "Residents who are not out within the time computed", on="buildings", ge=0),
]
EVACUATION_VEHICLES = Annotated[
    Column, Var("evacuation_vehicles", "1", "Cars that leave along the street, both directions", on="streets", ge=0)
]
EVACUATION_FULL_HOURS = Annotated[
    Column,
    Var("evacuation_full_hours", "h", "Time for which leaving cars fill the street's capacity", on="streets", ge=0),
]
CLEARANCE_COURSE = Annotated[
    Series, Var("clearance_course", "person", "Residents who are out by each time", on="time", ge=0)
]
WALKING_CLEARANCE_COURSE = Annotated[
    Series, Var("walking_clearance_course", "person", "Residents who are out on foot by each time", on="time", ge=0)
]
HALF_CLEARANCE_TIME = Annotated[
    Number, Var("half_clearance_time", "h", "When half of the people are out; none where never", on="", ge=0)
]
MOST_CLEARANCE_TIME = Annotated[
    Number, Var("most_clearance_time", "h", "When 80 % of the people are out; none where never", on="", ge=0)
]
CLEARANCE_TIME = Annotated[
    Number, Var("clearance_time", "h", "When 95 % of the people are out; none where never", on="", ge=0)
]
EVACUATION_EXITS = Annotated[Number, Var("evacuation_exits", "1", "Streets that lead out of the area", on="", ge=0)]
BUSES_NEEDED = Annotated[
    Number, Var("buses_needed", "1", "Buses on the way at once for people without a car", on="", ge=0)
]

PEOPLE_REACHED_IN_TIME = Annotated[
    Column,
    Var("people_reached_in_time", "person", "Residents whom the warning reaches in time to get out", on="buildings",
        ge=0),
]  # fmt: skip
WARNING_MARGIN = Annotated[
    Column,
    Var("warning_margin", "h", "Time left between leaving and the water, below 0 where too late", on="buildings"),
]
TIME_TO_LEAVE = Annotated[
    Number, Var("time_to_leave", "h", "Time from setting out to the water", on="", ge=-240, le=240)
]

ROUTES_OUT = Annotated[
    Column,
    Var(
        "routes_out",
        "1",
        "Ways out of the area from the building that share no stretch of street",
        on="buildings",
        ge=0,
    ),
]
FIRE_STATIONS_IN_TIME = Annotated[
    Column, Var("fire_stations_in_time", "1", "Fire stations in time for the building, dry", on="buildings", ge=0)
]
HOSPITALS_IN_TIME = Annotated[
    Column, Var("hospitals_in_time", "1", "Hospitals in time for the building, dry", on="buildings", ge=0)
]
PEOPLE_ONE_WAY_OUT = Annotated[
    Column, Var("people_one_way_out", "person", "Residents with one way out of the area or none", on="buildings", ge=0)
]
PEOPLE_WITHOUT_SECOND_STATION = Annotated[
    Column,
    Var("people_without_second_station", "person", "Residents with fewer than two fire stations in time",
        on="buildings", ge=0),
]  # fmt: skip
PEOPLE_WITHOUT_SECOND_HOSPITAL = Annotated[
    Column,
    Var("people_without_second_hospital", "person", "Residents with fewer than two hospitals in time", on="buildings",
        ge=0),
]  # fmt: skip
EVACUATION_ROAD_PER_HEAD = Annotated[
    Number,
    Var("evacuation_road_per_head", "m person-1", "Length of roads fit for evacuation per resident", on="", ge=0),
]
