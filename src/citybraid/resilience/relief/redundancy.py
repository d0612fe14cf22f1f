"""What remains when one way or one station fails: separate ways out, second stations and hospitals in time."""

from dataclasses import replace
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.streets.street_network import Floats, NetworkParams
from citybraid.core.streets.street_speed import class_values, free_speed
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import FACILITY_KIND, ONE_WAY, SPEED_LIMIT
from citybraid.core.vocabulary.place import RESIDENTS, ROAD_CLASS, STUDY_AREA
from citybraid.core.vocabulary.resilience.relief import (
    EVACUATION_ROAD_PER_HEAD,
    FIRE_STATIONS_IN_TIME,
    HOSPITALS_IN_TIME,
    PEOPLE_ONE_WAY_OUT,
    PEOPLE_WITHOUT_SECOND_HOSPITAL,
    PEOPLE_WITHOUT_SECOND_STATION,
    ROUTES_OUT,
)
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.kernels.relief.disjoint import disjoint_routes
from citybraid.resilience.relief.way_out import homes_on, way_out
from citybraid.resilience.rescue.drive_time import accessibility, build_road_network, traversal_times
from citybraid.resilience.rescue.isolated_people import inner_cells
from citybraid.resilience.rescue.street_depth import CARRIED

TWO = 2


class RedundancyParams(NetworkParams):
    """Ways out that are counted."""

    most: int = Field(4, ge=2, le=20)
    """Largest number of separate ways out that is looked for."""
    exit_reach: float = Field(100.0, ge=0.0, le=1000.0)
    """Street ends within this distance of the area's edge lead out of it [m]."""


class SecondServices(NamedTuple):
    """Fire stations and hospitals in time, and people who have no second one."""

    fire_stations_in_time: FIRE_STATIONS_IN_TIME
    hospitals_in_time: HOSPITALS_IN_TIME
    people_without_second_station: PEOPLE_WITHOUT_SECOND_STATION
    people_without_second_hospital: PEOPLE_WITHOUT_SECOND_HOSPITAL


class Redundancy(NamedTuple):
    """Ways out by building, roads for evacuation per resident, and second services."""

    routes_out: ROUTES_OUT
    people_one_way_out: PEOPLE_ONE_WAY_OUT
    evacuation_road_per_head: EVACUATION_ROAD_PER_HEAD
    services: Annotated[SecondServices | None, When("facilities")]


@model(
    version=1,
    cite="Menger (1927), Fundam. Math. 10: 96-115 (ways that share no link); GB/T 51327-2018 (evacuation roads)",
    validity="Dry streets, as complete as drawn; one closure at a time; stations with crews and hospitals with beds.",
)
def redundancy(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    streets: Annotated[View, Table("streets", (), (ROAD_CLASS, SPEED_LIMIT, ONE_WAY, *CARRIED))],
    study_area: STUDY_AREA,
    road_speed: Annotated[Factors, Fact("road_speed")],
    rescue_time_limit: Annotated[Factors, Fact("rescue_time_limit")],
    turnout_time: Annotated[Factors, Fact("turnout_time")],
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    evacuation_road: Annotated[Factors, Fact("evacuation_road")],
    grid: GeoBox,
    p: RedundancyParams,
    facilities: Annotated[View | None, Table("facilities", (FACILITY_KIND,))] = None,
    terrain: TERRAIN | None = None,
) -> Redundancy:
    """Return how many ways out of the area each building has, and how many stations and hospitals are in time for it.

    Ways out share no stretch of street: with two, no single closure cuts the building off. They start at the nearer end
    of the building's stretch; a building without a street in reach has none. A fire station or hospital is in time
    where turnout and the drive on dry streets are within the limit, each by itself (`rescue_access`). Raises InputError
    as `rescue_access` does.
    """
    roads = way_out(
        streets, free_speed(streets, road_speed) > 0.0, study_area, both_ways=False, exit_reach=p.exit_reach,
        terrain=terrain, cover=None, law=street_crossing, grid=grid, p=p,
    )  # fmt: skip
    node = homes_on(roads, buildings, reach=p.reach)
    sources, at = np.unique(node[node >= 0], return_inverse=True)
    usable = np.concatenate([roads.ahead, roads.back])
    count = disjoint_routes(roads.tail[usable], roads.head[usable], roads.net.nodes, sources, roads.exits, most=p.most)
    routes = np.zeros(len(buildings))
    routes[node >= 0] = count[at]
    residents = buildings["residents"].to_numpy(np.float64)
    length = shapely.length(streets.geometry.to_numpy())
    fit = float((np.nan_to_num(length) * class_values(streets, evacuation_road)).sum())
    people = float(np.nansum(residents))

    def fewer(by_site: Floats) -> pd.Series:
        return pd.Series(residents * (by_site < TWO), index=buildings.index)

    services = None
    if facilities is not None:
        road_network = build_road_network(streets, facilities, road_speed=road_speed, grid=grid, p=p)
        run, cell = traversal_times(road_network, road_network.free), inner_cells(buildings, grid)
        by_site = {}
        for kind in ("fire_station", "hospital"):
            by_site[kind] = np.zeros(len(buildings))
            for one in np.flatnonzero((road_network.kind == kind) & (road_network.net.stops >= 0)):
                alone = replace(road_network, kind=np.where(np.arange(len(facilities)) == one, kind, "").astype(object))
                limit = rescue_time_limit[kind] - turnout_time[kind]
                covered = accessibility(alone, run, kind, limit=limit, terrain=terrain).coverage.to_numpy().ravel()
                by_site[kind] += np.where(cell >= 0, np.nan_to_num(covered[np.maximum(cell, 0)]), 0.0)
        services = SecondServices(
            *(pd.Series(values, index=buildings.index) for values in by_site.values()),
            *(fewer(values) for values in by_site.values()),
        )
    return Redundancy(
        routes_out=pd.Series(routes, index=buildings.index),
        people_one_way_out=fewer(routes),
        evacuation_road_per_head=fit / people if people > 0.0 else np.nan,
        services=services,
    )
