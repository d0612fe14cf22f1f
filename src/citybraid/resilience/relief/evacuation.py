"""Evacuation of the area: how fast its people get out by car, on foot or by bus while water closes streets."""

from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.streets.street_network import Floats, Ints, NetworkParams, of_class
from citybraid.core.streets.street_speed import class_values, free_speed
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import ONE_WAY, SPEED_LIMIT
from citybraid.core.vocabulary.place import RESIDENTS, ROAD_CLASS, STUDY_AREA
from citybraid.core.vocabulary.resilience.relief import (
    BUSES_NEEDED,
    CLEARANCE_COURSE,
    CLEARANCE_TIME,
    EVACUATION_EXITS,
    EVACUATION_FULL_HOURS,
    EVACUATION_TIME,
    EVACUATION_VEHICLES,
    HALF_CLEARANCE_TIME,
    MOST_CLEARANCE_TIME,
    PEOPLE_LEFT_BEHIND,
    WALKING_CLEARANCE_COURSE,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import depths_of, hours_of
from citybraid.resilience.relief.leaving import Clock, Left, Traffic, leave
from citybraid.resilience.relief.walks import CLOSED_TO_WALKERS
from citybraid.resilience.relief.way_out import MINUTES, WayOut, homes_on, way_out
from citybraid.resilience.rescue.street_depth import CARRIED
from citybraid.resilience.rescue.street_water import wet_speed

SHARES = (0.5, 0.8, 0.95)
"""Shares of the people whose clearance is told."""
STEPS = ((400, 1.0), (2000, 2.5), (np.inf, 5.0))
"""Largest number of junctions and the step of their flow [min]."""
NOBODY = 1e-9
"""Share of people below which nobody stays."""


class EvacuationParams(NetworkParams):
    """Order to leave, modes, and the time computed."""

    start: float = Field(0.0, ge=-72.0, le=240.0)
    """When people set out, from the start of the event [h]; negative: before it."""
    carless: Literal["foot", "bus"] = "foot"
    """How people without a car leave: on foot, or by buses that share the streets with cars."""
    contraflow: bool = False
    """Whether all lanes lead out of the area."""
    step: float = Field(0.0, ge=0.0, le=15.0)
    """Step of the flow over time [min]; 0: 1 for networks of up to 400 junctions, 2.5 up to 2 000, else 5."""
    longest: float = Field(6.0, ge=0.5, le=48.0)
    """Longest time computed [h]."""
    exit_reach: float = Field(100.0, ge=0.0, le=1000.0)
    """Street ends within this distance of the area's edge lead out of it [m]."""


class Evacuation(NamedTuple):
    """Clearance of the area over time, by building and by street."""

    clearance_course: CLEARANCE_COURSE
    walking_clearance_course: WALKING_CLEARANCE_COURSE
    half_clearance_time: HALF_CLEARANCE_TIME
    most_clearance_time: MOST_CLEARANCE_TIME
    clearance_time: CLEARANCE_TIME
    evacuation_time: EVACUATION_TIME
    people_left_behind: PEOPLE_LEFT_BEHIND
    evacuation_vehicles: EVACUATION_VEHICLES
    evacuation_full_hours: EVACUATION_FULL_HOURS
    evacuation_exits: EVACUATION_EXITS
    buses_needed: BUSES_NEEDED


@model(
    version=1,
    cite="Ford and Fulkerson (1958), Oper. Res. 6: 419-433 (flows over time); Baumann and Skutella (2009), Math. Oper. "
    "Res. 34: 499-512 (earliest arrival from several sources); Pregnolato et al. (2017), Transp. Res. D 55: 67-81",
    validity="Best case: routes and departures ordered as one plan, everyone at home and ready to leave, no accidents; "
    "streets as complete as drawn, free beyond the area.",
)
def evacuation(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    streets: Annotated[View, Table("streets", (), (ROAD_CLASS, SPEED_LIMIT, ONE_WAY, *CARRIED))],
    study_area: STUDY_AREA,
    evacuation: Annotated[Factors, Fact("evacuation")],
    road_speed: Annotated[Factors, Fact("road_speed")],
    road_capacity: Annotated[Factors, Fact("road_capacity")],
    flooded_road_speed: Annotated[Factors, Fact("flooded_road_speed")],
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    travel_speed: Annotated[Factors, Fact("travel_speed")],
    grid: GeoBox,
    p: EvacuationParams,
    depth_course: DEPTH_COURSE | None = None,
    terrain: TERRAIN | None = None,
    land_cover: LAND_COVER | None = None,
) -> Evacuation:
    """Return the people out of the area by each time, and where they meet full streets.

    Each building's people enter the streets at the nearer end of their stretch. Cars take its capacity by class an hour
    and direction, at the speed of its class, less on water (`flooded_access`), none where water closes it; buses count
    as several cars. Walkers have walkways of one width and wade up to a depth. The flow over time brings as many out by
    every time as any plan could (earliest arrival), so the curve is the fastest there is. With `contraflow` the lanes
    of both directions lead out. Raises InputError where no street can be driven, or capacity or load are not positive;
    without a way out nobody leaves.
    """
    _check(evacuation, road_capacity)
    hours = None if depth_course is None else hours_of(depth_course, grid)
    planes = [] if depth_course is None else [xr.DataArray(each, dims=("y", "x")) for each in depths_of(depth_course)]
    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    speed = free_speed(streets, road_speed)

    def streets_out(usable: np.ndarray, *, both_ways: bool) -> WayOut:
        return way_out(
            streets, usable, study_area, both_ways=both_ways, exit_reach=p.exit_reach, terrain=terrain,
            cover=land_cover, law=street_crossing, grid=grid, p=p,
        )  # fmt: skip

    roads = streets_out(speed > 0.0, both_ways=False)
    clock = Clock(p.step or _step(roads.net.nodes), p.longest, p.start)
    by_bus = (1.0 - evacuation["car_share"]) * (p.carless == "bus")
    driven = evacuation["car_share"] + by_bus
    cars = (
        evacuation["car_share"] / evacuation["car_load"] + by_bus * evacuation["bus_as_cars"] / evacuation["bus_load"]
    )
    traffic = _driving(
        roads, speed, class_values(streets, road_capacity), planes,
        law=flooded_road_speed, gain=evacuation["contraflow_gain"] if p.contraflow else 0.0,
    )  # fmt: skip
    node = homes_on(roads, buildings, reach=p.reach)
    vehicles = leave(traffic, _at_nodes(node, residents * cars, roads.net.nodes), clock, hours)
    modes = [_Mode(vehicles, node, driven, cars)]
    if driven < 1.0:
        paths = streets_out(~of_class(streets, CLOSED_TO_WALKERS), both_ways=True)
        walking = _walking(paths, planes, evacuation, pace=travel_speed["walk"])
        node = homes_on(paths, buildings, reach=p.reach)
        share = 1.0 - driven
        walkers = leave(walking, _at_nodes(node, residents * share, paths.net.nodes), clock, hours)
        modes.append(_Mode(walkers, node, share, share))
    return _results(modes, roads, residents, buildings, streets, evacuation, clock=clock, by_bus=by_bus)


class _Mode(NamedTuple):
    """A mode's flow, the node of each building, the share of residents in it, and its amount a resident."""

    left: Left
    node: Ints
    share: float
    amount: float


def _results(
    modes: list[_Mode], roads: WayOut, residents: Floats, buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame,
    law: Factors, *, clock: Clock, by_bus: float,
) -> Evacuation:  # fmt: skip
    # The course ends a step after the last people are out, however long the time tried was.
    count = max(min(int(np.argmax(mode.left.out >= mode.left.out[-1])) + 2, mode.left.out.size) for mode in modes)
    courses = [
        np.pad(mode.left.out[:count], (0, max(count - mode.left.out.size, 0)), "edge")
        * (mode.share / max(mode.amount, 1e-12))
        for mode in modes
    ]
    index = pd.Index(np.arange(count) * clock.step / MINUTES, name="hours")
    out, on_foot = np.sum(courses, axis=0), courses[1] if len(courses) > 1 else np.zeros(count)
    stayed, last = np.zeros(residents.size), np.zeros(residents.size)
    for mode in modes:
        known = mode.node >= 0
        at = np.maximum(mode.node, 0)
        stayed += mode.share * np.where(known, mode.left.stayed[at], 1.0)
        last = np.maximum(last, np.where(known, mode.left.last[at], 0) * clock.step / MINUTES)
    total = float(residents.sum())
    half, most, nearly = (_reached(out, share * total, index.to_numpy()) for share in SHARES)
    cars = modes[0].left
    size = len(streets)
    full, amount = np.zeros(size), np.zeros(size)
    both = cars.amount[: roads.net.line.size] + cars.amount[roads.net.line.size :]
    np.maximum.at(amount, roads.net.street, both)
    np.maximum.at(full, roads.street, cars.full)
    driven = np.zeros(size, np.bool_)
    driven[roads.net.street] = True

    def by_street(values: Floats) -> pd.Series:
        return pd.Series(np.where(driven, values, np.nan), index=streets.index)

    all_out = (stayed <= NOBODY) & (residents > 0.0)
    buses = 2.0 * cars.under_way * by_bus / max(modes[0].amount, 1e-12) / law["bus_load"]
    return Evacuation(
        clearance_course=pd.Series(out, index=index),
        walking_clearance_course=pd.Series(on_foot, index=index),
        half_clearance_time=half, most_clearance_time=most, clearance_time=nearly,
        evacuation_time=pd.Series(np.where(all_out, last, np.nan), index=buildings.index),
        people_left_behind=pd.Series(residents * stayed, index=buildings.index).where(buildings["residents"].notna()),
        evacuation_vehicles=by_street(amount),
        evacuation_full_hours=by_street(full),
        evacuation_exits=float(roads.exits.size),
        buses_needed=float(np.ceil(buses)),
    )  # fmt: skip


def _step(junctions: int) -> float:
    """Return the step for a network of so many junctions [min]."""
    return next(step for most, step in STEPS if junctions <= most)


def _check(law: Factors, capacity: Factors) -> None:
    """Raise InputError where amounts of the evacuation cannot be."""
    for key in ("car_load", "bus_load", "bus_as_cars", "walk_rate", "walkway", "wading"):
        if not law[key] > 0.0:
            raise InputError("relief.not_positive", key=key, value=law[key])
    if not 0.0 <= law["car_share"] <= 1.0:
        raise InputError("relief.car_share", value=law["car_share"])
    if not max(capacity.values()) > 0.0:
        raise InputError("relief.no_capacity")


def _driving(
    roads: WayOut, speed: Floats, capacity: Floats, planes: list[xr.DataArray], *, law: Factors, gain: float
) -> Traffic:
    """Return the traffic of cars; `speed` and `capacity` an hour and direction are by street."""
    free = speed[roads.net.street][roads.pieces.stretch]
    minutes = [roads.minutes(free)]
    minutes += [roads.minutes(wet_speed(free, depth, law)) for depth in (roads.depths(planes) if planes else [])]
    hourly = capacity[roads.net.street]
    ahead, back = hourly * roads.ahead, hourly * roads.back
    return Traffic(roads, np.stack(minutes), np.concatenate([ahead + gain * back, back + gain * ahead]))


def _walking(paths: WayOut, planes: list[xr.DataArray], law: Factors, *, pace: float) -> Traffic:
    """Return the traffic of walkers, who do not enter water deeper than they wade."""
    dry = np.full(paths.pieces.stretch.size, pace)
    wet: Iterable[Floats] = paths.depths(planes) if planes else []
    minutes = [paths.minutes(dry)]
    minutes += [paths.minutes(np.where(np.nan_to_num(depth) >= law["wading"], 0.0, pace)) for depth in wet]
    return Traffic(paths, np.stack(minutes), np.full(2 * paths.net.line.size, law["walk_rate"] * law["walkway"]))


def _at_nodes(node: Ints, amount: Floats, nodes: int) -> Floats:
    known = node >= 0
    return np.asarray(np.bincount(node[known], amount[known], nodes), np.float64)


def _reached(out: Floats, people: float, hours: Floats) -> float:
    """Return when so many are out [h]; NaN where they never are, or there is nobody."""
    enough = np.flatnonzero(out >= people * (1.0 - 1e-6))
    return float(hours[enough[0]]) if enough.size and people > 0.0 else np.nan
