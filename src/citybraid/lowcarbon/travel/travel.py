"""Daily travel of the residents on the street network, and its emissions."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import BRIDGE, ONE_WAY, ROAD_STRUCTURE, SPEED_LIMIT, STREET_LAYER, TUNNEL
from citybraid.core.vocabulary.equipment import CHARGED_CARS
from citybraid.core.vocabulary.lowcarbon.carbon import TRAVEL_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.emissions import (
    METRO_EMISSIONS,
    TRANSPORT_EMISSIONS,
    TRAVEL_ELECTRICITY_EMISSIONS,
)
from citybraid.core.vocabulary.lowcarbon.travel import (
    ASSIGNMENT_GAP,
    CAR_DISTANCE,
    CAR_FLOW,
    CAR_FUEL_RATIO,
    CYCLE_ACCESS_SHARE,
    CYCLE_LANE,
    DAILY_WALK_TIME,
    GREEN_TRIPS,
    HEADWAY,
    MEAN_TRIP_LENGTH,
    MODE_DISTANCE,
    MODE_EMISSIONS,
    MODE_TRIPS,
    OUTSIDE_TRIP_SHARE,
    RESIDENT_TRIPS,
    STOP_KIND,
    WALK_ACCESS_SHARE,
)
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, RESIDENTS, ROAD_CLASS
from citybraid.lowcarbon.travel.energy import Emitted, Travelled, emitted, travelled
from citybraid.lowcarbon.travel.modes import CAR, METRO, MODES, Choosing
from citybraid.lowcarbon.travel.reach import daily_distance, share_within
from citybraid.lowcarbon.travel.stops import city_access, of_kind, stop_access
from citybraid.lowcarbon.travel.street_graph import HOUR, StreetGraph, street_graph
from citybraid.lowcarbon.travel.traffic import Service, Traffic, Ways, street_flow, travel_traffic
from citybraid.lowcarbon.travel.trips import PURPOSES, Trips, distribute, surroundings
from citybraid.lowcarbon.travel.zones import Zones, travel_zones, zone_distances

DAYS = 365
CIRCLE = 15.0
"""Time of the 15-minute community life circle [min]."""


class TravelParams(Params):
    city_size: Literal["large", "very_large", "super_large"] = "large"
    """Size of the whole city: sets the length of commutes and, where no stops of a kind are given, the way to them."""
    outside_reach: float = Field(25.0, ge=0.0, le=40.0)
    """How far the built-up city goes on beyond the streets given; 0 for a place on its own [km]."""
    zones: int = Field(400, ge=2, le=2000)
    """Largest number of zones; junctions are joined in squares beyond it."""
    tolerance: float = Field(1.0, gt=0.0, le=20.0)
    """Ends within this distance of one another, or of another street, form a junction [m]."""
    crossings: Literal["joined", "apart"] = "joined"
    """Lines that cross without a shared vertex: a junction, or one above the other as OpenStreetMap means it."""


class Network(NamedTuple):
    """Factors of the network: speeds, capacities and delay of roads."""

    road_speed: Annotated[Factors, Fact("road_speed")]
    road_capacity: Annotated[Factors, Fact("road_capacity")]
    road_delay: Annotated[Factors, Fact("road_delay")]


class Demand(NamedTuple):
    """Factors of demand: trips, lengths, jobs and visits by use, the city around, transit and mode choice."""

    travel_trip_rate: Annotated[Factors, Fact("travel_trip_rate")]
    travel_trip_length: Annotated[Factors, Fact("travel_trip_length")]
    job_floor_area: Annotated[Factors, Fact("job_floor_area")]
    visit_rate: Annotated[Factors, Fact("visit_rate")]
    travel_city: Annotated[Factors, Fact("travel_city")]
    transit_service: Annotated[Factors, Fact("transit_service")]
    mode_choice: Annotated[Factors, Fact("mode_choice")]
    travel_speed: Annotated[Factors, Fact("travel_speed")]
    travel_cost: Annotated[Factors, Fact("travel_cost")]
    car_load: Annotated[Factors, Fact("car_load")]
    car_fuel_speed: Annotated[Factors, Fact("car_fuel_speed")]


class Fleet(NamedTuple):
    """Factors of the fleet: energy per kilometre, share of electric vehicles, emissions of electricity."""

    travel_energy: Annotated[Factors, Fact("travel_energy")]
    electric_share: Annotated[Factors, Fact("electric_share")]
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")]


class TravelResult(NamedTuple):
    transport_emissions: TRANSPORT_EMISSIONS
    travel_electricity_emissions: TRAVEL_ELECTRICITY_EMISSIONS
    metro_emissions: METRO_EMISSIONS
    travel_emissions: TRAVEL_EMISSIONS
    car_distance: CAR_DISTANCE
    car_fuel_ratio: CAR_FUEL_RATIO
    daily_walk_time: DAILY_WALK_TIME
    car_flow: CAR_FLOW
    resident_trips: RESIDENT_TRIPS
    green_trips: GREEN_TRIPS
    mode_trips: MODE_TRIPS
    mode_distance: MODE_DISTANCE
    mode_emissions: MODE_EMISSIONS
    mean_trip_length: MEAN_TRIP_LENGTH
    outside_trip_share: OUTSIDE_TRIP_SHARE
    walk_access_share: WALK_ACCESS_SHARE
    cycle_access_share: CYCLE_ACCESS_SHARE
    assignment_gap: ASSIGNMENT_GAP


StreetView = Annotated[
    View,
    Table("streets", (), (ROAD_CLASS, SPEED_LIMIT, ONE_WAY, BRIDGE, TUNNEL, ROAD_STRUCTURE, STREET_LAYER, CYCLE_LANE)),
]


@model(
    version=4,
    cite="Ortuzar and Willumsen (2011), Modelling Transport, 4th ed., ch. 4 to 11; Mitradjieva and Lindberg (2013), "
    "Transp. Sci. 47: 280-293, doi:10.1287/trsc.1120.0409 (assignment); "
    "UK Department for Transport, TAG data book, table A1.3.8 (fuel by speed)",
    validity="Residents' trips on a working day, all year; an even city beyond the streets given; no freight, taxis or "
    "through traffic, so congestion is a lower bound; all kilometres of residents count at home, also those outside.",
)
def travel(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS, BUILDING_USE, FLOOR_AREA), optional=(CHARGED_CARS,))],
    streets: StreetView,
    roads: Network,
    demand: Demand,
    fleet: Fleet,
    p: TravelParams,
    stops: Annotated[View, Table("stops", (STOP_KIND,), (HEADWAY,))] | None = None,
) -> TravelResult:
    """Travel of residents by the four-step model: trips, destinations, modes and routes, and what they emit.

    Zones are the junctions with the buildings around them. Trips to work follow jobs, others what floors of each use
    draw; the city around takes part through gateways, the streets that leave the area. Distance deters destinations at
    the rate that gives the survey's mean length in an even city; modes follow times, waits and costs; cars meet in user
    equilibrium at the peak, whose times enter mode choice again. Fuel of cars follows the mean speed of each link at
    the peak and in the other hours, so that congestion burns more. Lanes apart from cars shorten ways as cyclists feel
    them, not the time they take. Fuels are direct emissions, electricity indirect.
    Cars that charging points have made electric drive as before.
    Raises InputError where no street can be driven, nobody lives here or trips have nowhere to go.
    """
    graph = street_graph(
        streets, road_speed=roads.road_speed, road_capacity=roads.road_capacity, delay=roads.road_delay,
        p=NetworkParams(tolerance=p.tolerance, crossings=p.crossings),
        lane_saving=demand.mode_choice["cycle_lane_saving"],
    )  # fmt: skip
    residents = buildings["residents"].fillna(0.0).to_numpy(np.float64)
    if not residents.sum() > 0.0:
        raise InputError("travel.no_residents", buildings=len(buildings))
    zones = travel_zones(
        buildings, graph, job_floor_area=demand.job_floor_area, visit_rate=demand.visit_rate, most=p.zones
    )
    between, to_gateway = zone_distances(graph, zones)
    city = demand.travel_city
    around = surroundings(
        graph.radius, graph.gateways.size, reach=p.outside_reach, density=city["density"], detour=city["detour"]
    )
    lanes = "cycle_lane" in streets and bool((streets["cycle_lane"] > 0.0).any())
    cycled = zone_distances(graph, zones, length=graph.way_cycled) if lanes else (between, to_gateway)
    ways = Ways(between, to_gateway, around, cycled)
    trips = tuple(_trips(purpose, zones, ways, demand, p) for purpose in PURPOSES)
    traffic = travel_traffic(
        graph, zones, ways, trips, service=_service(stops, graph, zones, demand, p),
        of=Choosing(demand.mode_choice, demand.travel_speed, demand.travel_cost), load=demand.car_load,
        fuel=demand.car_fuel_speed,
    )  # fmt: skip
    done = travelled(trips, ways, traffic, occupancy=demand.car_load["car_occupancy"])
    grid = fleet.grid_emission_factor[""]
    gas = emitted(done, energy=fleet.travel_energy, electric_share=fleet.electric_share, grid=grid)
    return _result(buildings, streets, graph, zones, traffic, done, gas, demand)


def _trips(purpose: str, zones: Zones, ways: Ways, demand: Demand, p: TravelParams) -> Trips:
    rate, city = demand.travel_trip_rate[purpose], demand.travel_city
    drawn = zones.jobs * (rate / city["jobs_per_resident"]) if purpose == "commute" else zones.visits
    return distribute(
        purpose, made=zones.residents * rate, drawn=drawn, between=ways.between, to_gateway=ways.to_gateway,
        around=ways.around, city=city, rate=rate, length=demand.travel_trip_length[f"{p.city_size}/{purpose}"],
    )  # fmt: skip


def _service(stops: View | None, graph: StreetGraph, zones: Zones, demand: Demand, p: TravelParams) -> Service:
    size, transit = p.city_size, demand.transit_service
    given = {kind: of_kind(kind, stops) for kind in ("bus", "metro")}
    near = {kind: stop_access(kind, here, graph, zones, size=size, transit=transit) for kind, here in given.items()}
    city = {kind: city_access(kind, size, transit, stated=here is not None) for kind, here in given.items()}
    return Service(near["bus"], near["metro"], city["bus"], city["metro"])


def _result(
    buildings: View, streets: View, graph: StreetGraph, zones: Zones, traffic: Traffic, done: Travelled, gas: Emitted,
    demand: Demand,
) -> TravelResult:  # fmt: skip
    residents = buildings["residents"].fillna(0.0).to_numpy(np.float64)
    here = zones.residents[zones.of_building]
    part = np.divide(residents, here, out=np.zeros_like(residents), where=here > 0.0)

    def at_homes(by_zone: np.ndarray) -> pd.Series:
        return pd.Series(DAYS * by_zone[zones.of_building] * part, index=buildings.index)

    def by_mode(values: np.ndarray) -> pd.Series:
        return pd.Series(values.sum(axis=1), index=pd.Index(MODES, name="travel_modes"))

    charged = buildings["charged_cars"].to_numpy(np.float64) if "charged_cars" in buildings else 0.0
    engines, charging = charged * at_homes(gas.fuel[CAR]), charged * at_homes(gas.charged)
    gained = np.zeros(len(MODES))
    gained[CAR] = float((charging - engines).sum())
    metro = gas.electric[METRO]
    distance, speed = daily_distance(buildings, graph), demand.travel_speed
    minutes = np.where(np.isfinite(distance), distance, np.nan) / speed["walk"] * HOUR
    within = {mode: share_within(distance, residents, speed=speed[mode], minutes=CIRCLE) for mode in ("walk", "cycle")}
    ratio = np.divide(done.burnt, done.car, out=np.ones_like(done.car), where=done.car > 0.0)
    flow = street_flow(graph, traffic.assigned.flow / demand.car_load["peak_share"], len(streets))
    return TravelResult(
        transport_emissions=(at_homes(gas.fuel.sum(axis=0)) - engines).clip(lower=0.0),
        travel_electricity_emissions=at_homes(gas.electric.sum(axis=0) - metro) + charging,
        metro_emissions=at_homes(metro),
        travel_emissions=at_homes(gas.fuel.sum(axis=0) + gas.electric.sum(axis=0)) + charging - engines,
        car_distance=at_homes(done.car),
        car_fuel_ratio=pd.Series(ratio[zones.of_building], index=buildings.index),
        daily_walk_time=pd.Series(minutes, index=buildings.index),
        car_flow=pd.Series(flow, index=streets.index),
        resident_trips=at_homes(done.trips.sum(axis=0)) / DAYS,
        green_trips=at_homes(np.delete(done.trips, CAR, axis=0).sum(axis=0)) / DAYS,
        mode_trips=by_mode(done.trips),
        mode_distance=by_mode(done.distance),
        mode_emissions=DAYS * by_mode(gas.fuel + gas.electric) + gained,
        mean_trip_length=float(done.distance.sum() / done.trips.sum()),
        outside_trip_share=min(float(done.outside.sum() / done.trips.sum()), 1.0),
        walk_access_share=within["walk"],
        cycle_access_share=within["cycle"],
        assignment_gap=traffic.assigned.gap,
    )
