"""Travel times of ambulances and fire engines on dry streets."""

from typing import Annotated, NamedTuple

import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import NetworkParams, disconnected
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import (
    DISCONNECTED_SHARE,
    FACILITY_KIND,
    FIRE_COVERAGE,
    FIRE_TIME,
    HOSPITAL_COVERAGE,
    HOSPITAL_TIME,
    ONE_WAY,
    SPEED_LIMIT,
    STREET_DISTANCE,
)
from citybraid.core.vocabulary.place import ROAD_CLASS
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.resilience.rescue.drive_time import accessibility, build_road_network, traversal_times
from citybraid.resilience.rescue.street_depth import CARRIED

StreetView = Annotated[View, Table("streets", (), (ROAD_CLASS, SPEED_LIMIT, ONE_WAY, *CARRIED))]
FacilityView = Annotated[View, Table("facilities", (FACILITY_KIND,))]


class RescueAccess(NamedTuple):
    """Driving times, coverage, and the connectivity of the network."""

    hospital_time: HOSPITAL_TIME
    fire_time: FIRE_TIME
    hospital_coverage: HOSPITAL_COVERAGE
    fire_coverage: FIRE_COVERAGE
    street_distance: STREET_DISTANCE
    disconnected_share: DISCONNECTED_SHARE


@model(
    version=1,
    cite="Dijkstra (1959), Numerische Mathematik 1: 269-271; 建标 152-2017, urban fire stations (area reached in time)",
    validity="Free flow at the speeds given: no congestion, signals or turning times; streets as complete as drawn.",
)
def rescue_access(
    *,
    streets: StreetView,
    facilities: FacilityView,
    road_speed: Annotated[Factors, Fact("road_speed")],
    rescue_time_limit: Annotated[Factors, Fact("rescue_time_limit")],
    turnout_time: Annotated[Factors, Fact("turnout_time")],
    grid: GeoBox,
    p: NetworkParams,
    terrain: TERRAIN | None = None,
) -> RescueAccess:
    """Return the shortest driving time from hospitals and fire stations to each cell.

    Streets form a network: centre lines split where they meet, one-way where their attribute
    says so, driven at their own speed limit or that of their class. A cell is reached from the
    nearest street, at residential speed. It is covered where turnout and driving time are within
    the limit. `disconnected_share` is the share of length outside the largest connected
    component, mostly due to digitising gaps. Raises InputError where no street is drivable
    or no facility has a street in reach.
    """
    road_network = build_road_network(streets, facilities, road_speed=road_speed, grid=grid, p=p)
    run = traversal_times(road_network, road_network.free)
    hospital, fire = (
        accessibility(road_network, run, kind, limit=rescue_time_limit[kind] - turnout_time[kind], terrain=terrain)
        for kind in ("hospital", "fire_station")
    )
    return RescueAccess(
        hospital_time=hospital.time,
        fire_time=fire.time,
        hospital_coverage=hospital.coverage,
        fire_coverage=fire.coverage,
        street_distance=pd.Series(road_network.distance, index=facilities.index),
        disconnected_share=disconnected(road_network.net),
    )
