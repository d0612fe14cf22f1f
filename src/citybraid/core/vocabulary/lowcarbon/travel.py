"""Daily travel of residents: stops, flows, distances by mode, and what is reached in fifteen minutes."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Var

STOPS = Annotated[Geometry, Var("stops", "", "Stops of buses and entrances of metro stations", on="stops",
                                kind="geometry")]  # fmt: skip
STOP_KIND = Annotated[Column, Var("stop_kind", "", "'metro' or 'bus', in words", on="stops", kind="text")]
HEADWAY = Annotated[
    Column, Var("headway", "min", "Mean time between departures at the stop in one direction", on="stops", ge=0.5,
                le=120),
]  # fmt: skip
CAR_DISTANCE = Annotated[
    Column, Var("car_distance", "km year-1", "Distance that the residents' cars drive", on="buildings", ge=0)
]
CAR_FUEL_RATIO = Annotated[
    Column,
    Var("car_fuel_ratio", "1", "Fuel of the residents' cars per kilometre over that at the reference speed",
        on="buildings", ge=0),
]  # fmt: skip
DAILY_WALK_TIME = Annotated[
    Column,
    Var("daily_walk_time", "min", "Walk to the farthest of the nearest daily facilities; none without a way",
        on="buildings", ge=0),
]  # fmt: skip
CAR_FLOW = Annotated[
    Column, Var("car_flow", "day-1", "Cars a day on the busiest part of the street, both ways", on="streets", ge=0)
]
RESIDENT_TRIPS = Annotated[
    Column, Var("resident_trips", "day-1", "Trips of the building's residents a day", on="buildings", ge=0)
]
GREEN_TRIPS = Annotated[
    Column,
    Var("green_trips", "day-1", "Trips of the building's residents a day on foot, by cycle, bus or metro",
        on="buildings", ge=0),
]  # fmt: skip
MODE_TRIPS = Annotated[Column, Var("mode_trips", "day-1", "Trips of residents a day by mode", on="travel_modes", ge=0)]
MODE_DISTANCE = Annotated[
    Column, Var("mode_distance", "km day-1", "Distance that residents travel a day by mode", on="travel_modes", ge=0)
]
MODE_EMISSIONS = Annotated[
    Column,
    Var("mode_emissions", "kg year-1", "Emissions of residents' travel by mode", on="travel_modes", ge=0, gas="CO2e"),
]
MEAN_TRIP_LENGTH = Annotated[Number, Var("mean_trip_length", "km", "Mean length of the residents' trips", on="", ge=0)]
OUTSIDE_TRIP_SHARE = Annotated[
    Number, Var("outside_trip_share", "1", "Share of the residents' trips that leave the area", on="", ge=0, le=1)
]
WALK_ACCESS_SHARE = Annotated[
    Number,
    Var("walk_access_share", "1", "Residents with all daily facilities within 15 minutes on foot", on="", ge=0, le=1),
]
CYCLE_LANE = Annotated[
    Column,
    Var("cycle_lane", "1", "Share of the street's length with lanes for cycles apart from cars", on="streets", ge=0,
        le=1, absent=0.0),
]  # fmt: skip
CYCLE_ACCESS_SHARE = Annotated[
    Number,
    Var("cycle_access_share", "1", "Residents with all daily facilities within 15 minutes by cycle", on="", ge=0,
        le=1),
]  # fmt: skip
ASSIGNMENT_GAP = Annotated[
    Number, Var("assignment_gap", "1", "Relative gap of the traffic assignment", on="", ge=0, le=1)
]
PARKING_NEED = Annotated[
    Column, Var("parking_need", "1", "Car parking spaces that the building's floor area asks for", on="buildings", ge=0)
]
