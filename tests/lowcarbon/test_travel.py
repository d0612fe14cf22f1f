"""Travel on the streets of a made-up town: trips, modes, traffic, emissions, and what moving homes does."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputError
from citybraid.core.streets.street_network import NetworkParams
from citybraid.lowcarbon.travel.reach import daily_distance
from citybraid.lowcarbon.travel.street_graph import StreetGraph, street_graph
from citybraid.lowcarbon.travel.travel import TravelParams, TravelResult, travel
from tests.travel_town import CRS, buildings, factors, station, streets, town

RATE = 2.16


@pytest.fixture(scope="module")
def found() -> TravelResult:
    return travel(**town())


def graph_of(table: gpd.GeoDataFrame) -> StreetGraph:
    roads = factors()["roads"]
    return street_graph(
        table, road_speed=roads.road_speed, road_capacity=roads.road_capacity, delay=roads.road_delay,
        p=NetworkParams(),
    )  # fmt: skip


def total(result: TravelResult) -> float:
    return float(result.car_distance.sum())


def test_every_resident_makes_the_trips_of_the_survey(found: TravelResult) -> None:
    residents = town()["buildings"]["residents"].sum()
    assert found.mode_trips.sum() == pytest.approx(RATE * residents, rel=1e-6)
    assert found.assignment_gap <= 1e-4


def test_emissions_of_modes_are_those_of_homes(found: TravelResult) -> None:
    parts = found.transport_emissions + found.travel_electricity_emissions + found.metro_emissions
    assert found.travel_emissions.to_numpy() == pytest.approx(parts.to_numpy())
    assert found.mode_emissions.sum() == pytest.approx(found.travel_emissions.sum())
    assert (found.travel_emissions[town()["buildings"]["residents"] == 0.0] == 0.0).all()


def test_fuel_of_cars_and_buses_by_hand(found: TravelResult) -> None:
    fleet = factors()["fleet"]
    share, energy = fleet.electric_share, fleet.travel_energy
    cars = (found.car_distance * found.car_fuel_ratio).sum() * (1.0 - share["car"]) * energy["car_fuel"]
    buses = 365 * found.mode_distance["bus"] * (1.0 - share["bus"]) * energy["bus_fuel"]
    assert found.transport_emissions.sum() == pytest.approx(cars + buses, rel=1e-9)


def test_trips_are_about_as_long_as_surveyed(found: TravelResult) -> None:
    even = (1.04 * 7.7 + 1.12 * 4.6) / RATE
    assert found.mean_trip_length == pytest.approx(even, rel=0.25)


def test_a_town_on_its_own_has_short_trips() -> None:
    alone = travel(**town(p=TravelParams(outside_reach=0.0)))
    assert alone.outside_trip_share == 0.0
    assert alone.mean_trip_length < 3.0


def test_a_metro_station_takes_trips_from_cars(found: TravelResult) -> None:
    served = travel(**town(stops=station(1000.0, 1000.0)))
    assert served.mode_trips["metro"] > 0.0
    assert total(served) < total(found)
    rarer = travel(**town(stops=station(1000.0, 1000.0, headway=20.0)))
    assert total(served) < total(rarer) < total(found)


def test_floor_area_moved_to_a_station_lowers_car_kilometres() -> None:
    """Homes of the outer corner are rebuilt at the station, as many residents in all."""
    stop, before = station(1000.0, 1000.0), buildings()
    centre = before.geometry.centroid
    far = (np.hypot(centre.x - 1000.0, centre.y - 1000.0) > 900.0) & (before["residents"] > 0.0)
    near = (np.hypot(centre.x - 1000.0, centre.y - 1000.0) < 500.0) & (before["residents"] > 0.0)
    after = before.copy()
    for column in ("residents", "floor_area"):
        moved = 0.8 * before.loc[far, column].sum()
        after.loc[far, column] *= 0.2
        after.loc[near, column] += moved / near.sum()
    assert after["residents"].sum() == pytest.approx(before["residents"].sum())
    spread, compact = (travel(**town(buildings=each, stops=stop)) for each in (before, after))
    assert total(compact) < 0.98 * total(spread)
    assert compact.travel_emissions.sum() < spread.travel_emissions.sum()
    assert compact.mode_trips["metro"] > spread.mode_trips["metro"]


def test_traffic_follows_arterials_and_ends_at_gateways(found: TravelResult) -> None:
    main = streets()["road_class"] == "primary"
    assert found.car_flow[main].mean() > 3.0 * found.car_flow[~main].mean()


def test_a_symmetric_town_has_symmetric_traffic() -> None:
    """Four arterials at the edges carry about the same: buildings lie as near to one junction as to the next."""
    homes = buildings().assign(building_use="residential", residents=400.0)
    flow = travel(**town(buildings=homes)).car_flow
    assert flow[["s0", "s1", "s21"]].to_numpy() == pytest.approx(flow["s20"], rel=0.2)
    assert flow["s10"] == pytest.approx(flow["s11"], rel=0.2)


def test_gateways_are_the_streets_that_leave() -> None:
    graph = graph_of(streets())
    outside = (graph.place < 0.0).any(axis=1) | (graph.place > 2000.0).any(axis=1)
    assert sorted(graph.gateways) == sorted(np.flatnonzero(outside))
    assert graph.radius == pytest.approx(2.0 / np.sqrt(np.pi), rel=0.05)
    loop = LineString([(0, 0), (500, 0), (500, 500), (0, 500), (0, 0)])
    alone = gpd.GeoDataFrame({"road_class": ["tertiary"]}, geometry=[loop], index=["r"], crs=CRS)
    assert graph_of(alone).gateways.size == 1


def test_narrow_roads_bring_fewer_car_kilometres(found: TravelResult) -> None:
    given = factors()
    narrow = {name: 0.3 * value for name, value in given["roads"].road_capacity.items()}
    slow = travel(**town(roads=given["roads"]._replace(road_capacity=narrow)))
    assert total(slow) < total(found)


def test_shop_and_school_by_hand() -> None:
    """Home, shop and school on one street of 1 km: the school is the farther, 900 m along the street."""

    line = [LineString([(100.0 * at, 0.0), (100.0 * (at + 1), 0.0)]) for at in range(10)]
    street = gpd.GeoDataFrame({"road_class": "tertiary"}, geometry=line, index=[f"s{at}" for at in range(10)], crs=CRS)
    graph = graph_of(street)
    places = [Point(0.0, 0.0).buffer(5.0), Point(300.0, 0.0).buffer(5.0), Point(900.0, 0.0).buffer(5.0)]
    table = gpd.GeoDataFrame({"building_use": ["residential", "retail", "school"]}, geometry=places, crs=CRS)
    assert daily_distance(table, graph) == pytest.approx([0.9, 0.6, 0.6], abs=1e-6)
    assert np.isinf(daily_distance(table.iloc[:2], graph)).all()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"buildings": buildings(people=0.0)}, "nobody travels"),
        ({"streets": streets().assign(road_class="path")}, "cars can drive on none"),
        ({"stops": station(0.0, 0.0, kind="taxi")}, "stop_kind"),
        (
            {"buildings": buildings().assign(floor_area=0.0), "p": TravelParams(outside_reach=0.0)},
            "nowhere to go",
        ),
        ({"buildings": buildings(people=4e5), "p": TravelParams(outside_reach=0.5)}, "more than the city around"),
    ],
)
def test_what_cannot_be_travelled_is_told(changed: dict[str, object], text: str) -> None:
    with pytest.raises(InputError, match=text):
        travel(**town(**changed))


def test_stops_of_buses_alone_say_nothing_of_the_metro() -> None:
    large, super_large = (
        travel(**town(stops=station(1000.0, 1000.0, kind="公交站"), p=TravelParams(city_size=size)))
        for size in ("large", "super_large")
    )
    assert large.mode_trips["metro"] == 0.0
    assert super_large.mode_trips["metro"] > 0.0


def test_zones_are_joined_where_there_are_too_many(found: TravelResult) -> None:
    joined = travel(**town(p=TravelParams(zones=12)))
    assert joined.mode_trips.sum() == pytest.approx(found.mode_trips.sum(), rel=1e-6)
    assert joined.mean_trip_length == pytest.approx(found.mean_trip_length, rel=0.1)


def test_figure(found: TravelResult, figure: Callable[[str], Path]) -> None:
    served = travel(**town(stops=station(1000.0, 1000.0)))
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.8), layout="constrained", width_ratios=(1, 1.15))
    given, flow = streets(), served.car_flow
    given.plot(ax=left, linewidth=0.4 + 5.0 * flow.to_numpy() / flow.max(), color="#b5541c")
    buildings().plot(ax=left, color="#cfcac4")
    left.plot(1000.0, 1000.0, "s", color="#1f4e79")
    left.set_axis_off()
    left.set_title("Cars a day, station in the middle", fontsize=10)
    at = np.arange(len(found.mode_trips))
    for shift, name, result in ((-0.2, "no station", found), (0.2, "station", served)):
        right.bar(at + shift, 100.0 * result.mode_trips / result.mode_trips.sum(), 0.38, label=name)
    right.set_xticks(at, list(found.mode_trips.index))
    right.set_ylabel("% of trips")
    right.legend(frameon=False)
    fig.savefig(figure("lowcarbon.travel"), dpi=130)
    plt.close(fig)
