"""Cycle lanes and new stops, through the model of travel."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely

from citybraid.core.errors import InputError
from citybraid.core.evaluate import Use
from citybraid.core.factor import resolve, shipped
from citybraid.integrate.choose.prices import prices_by_name
from citybraid.integrate.measures.travel.cycle_lanes import CycleLanes, CycleLanesParams, cycle_lanes
from citybraid.integrate.measures.travel.new_stops import NewStops, NewStopsParams, new_stops
from citybraid.lowcarbon.travel.travel import TravelResult, travel
from tests.travel_town import CRS, buildings, station, streets, town

BLOCKS = 4
EXTENT = 200.0 * BLOCKS
TOWN_UNITS = gpd.GeoDataFrame(
    {"cycle_lane_length": 0.0, "added_stops": 0.0},
    geometry=[shapely.box(-50, -50, 0.5 * EXTENT, EXTENT + 50), shapely.box(0.5 * EXTENT, -50, EXTENT + 50, 900)],
    index=["west", "east"], crs=CRS,
)  # fmt: skip
CORNER = station(20.0, 20.0, kind="bus", headway=10.0)


def busy(blocks: int = BLOCKS) -> gpd.GeoDataFrame:
    return streets(blocks=blocks).assign(cycle_lane=0.0)


def laned(table: gpd.GeoDataFrame, **params: Any) -> CycleLanes:
    return cycle_lanes(
        streets=table[["geometry", "road_class", "cycle_lane"]], units=TOWN_UNITS[["geometry", "cycle_lane_length"]],
        roads=resolve("cycle_lane_road"), p=CycleLanesParams(**params),
    )  # fmt: skip


def given_stops(**changed: Any) -> dict[str, Any]:
    """Return what new stops take: one bus stop in the corner of the town."""
    p = NewStopsParams(**{"distance": 300.0, "least_residents": 1.0, **changed.pop("params", {})})
    return {
        "stops": CORNER, "buildings": buildings(blocks=BLOCKS)[["geometry", "residents"]],
        "streets": busy()[["geometry", "road_class"]], "units": TOWN_UNITS[["geometry", "added_stops"]],
        "transit_service": resolve("transit_service"), "roads": resolve("new_stop_road"), "p": p,
    } | changed  # fmt: skip


def stopped(**changed: Any) -> NewStops:
    return new_stops(**given_stops(**changed))


def stop(**params: Any) -> str:
    return Use(new_stops, NewStopsParams(**params)).price_key


def travelled(**changed: Any) -> TravelResult:
    return travel(**town(**{"buildings": buildings(blocks=BLOCKS), "streets": busy()} | changed))


def test_lanes_and_bus_stops_have_a_price_and_a_station_none_of_a_bus_stop() -> None:
    """By hand: 60 million for 65 km of greenway 2 m wide, on both sides, and 93 000 CNY a shelter, in money of 2024."""
    keys = {"cycle_lanes": Use(cycle_lanes, CycleLanesParams()).price_key, "new_stops": stop(kind="bus")}
    known = prices_by_name(keys, shipped(), region="CN-ZJ", year=2025).known
    assert known["cycle_lanes"].build == pytest.approx(2 * 60e6 / 65e3 * 1.3245 / 1.056, rel=0.01)
    assert known["new_stops"].build == pytest.approx(93e3 * 1.3245 / 1.1327, rel=0.01)
    assert not any(price.assumed for price in known.values())
    metro = prices_by_name({"new_stops": stop(kind="metro")}, shipped(), region="CN-ZJ", year=2025)
    assert not metro.known
    assert metro.missing == {"new_stops": ("measure_cost", "measure_upkeep", "measure_lifetime")}


def test_lanes_are_counted_along_busy_streets_only() -> None:
    table = busy().assign(road_class=["primary", *["residential"] * (len(busy()) - 1)])
    found = laned(table, share=0.5)
    assert found.cycle_lane.to_list() == [0.5, *[0.0] * (len(table) - 1)]
    assert found.cycle_lane_length.sum() == pytest.approx(0.5 * table.length.iloc[0])


def test_lanes_that_are_there_are_not_laid_again() -> None:
    once = laned(busy(), share=0.5)
    again = laned(busy().assign(cycle_lane=once.cycle_lane))
    assert (again.cycle_lane == 1.0).all()
    assert again.cycle_lane_length.sum() == pytest.approx(once.cycle_lane_length.sum())
    assert laned(busy(), where=["west"]).cycle_lane_length["east"] == 0.0


def test_lanes_shorten_ways_as_cyclists_feel_them_and_take_trips_from_cars() -> None:
    plain, none = travelled(), travelled(streets=busy().drop(columns="cycle_lane"))
    assert plain.car_distance.to_list() == none.car_distance.to_list(), "no lanes are no statement of lanes"
    half, whole = (travelled(streets=busy().assign(cycle_lane=share)) for share in (0.5, 1.0))
    trips = [each.mode_trips["cycle"] for each in (plain, half, whole)]
    assert trips == sorted(trips)
    assert trips[2] > 1.01 * trips[0]
    assert whole.car_distance.sum() < plain.car_distance.sum()
    assert whole.travel_emissions.sum() < plain.travel_emissions.sum()
    assert whole.mode_trips.sum() == pytest.approx(plain.mode_trips.sum())


def test_a_stop_goes_where_most_people_are_unserved() -> None:
    """Two towers apart from each other: one stop serves both, and none is set for the few beside the old stop."""
    spots = [shapely.box(x - 5, y - 5, x + 5, y + 5) for x, y in ((30, 30), (600, 600), (650, 600), (0, 800))]
    homes = gpd.GeoDataFrame({"residents": [500.0, 300.0, 300.0, 40.0]}, geometry=spots, crs=CRS)
    found = stopped(buildings=homes, params={"distance": 100.0, "least_residents": 50.0})
    (new,) = found.stops[found.stops.index != "m1"]
    assert max(new.distance(home.centroid) for home in spots[1:3]) <= 100.0
    assert found.added_stops.sum() == 1.0
    assert found.stop_kind.to_dict() == {"m1": "bus", "new-bus-1": "bus"}
    assert found.headway["new-bus-1"] == resolve("transit_service")["bus_headway"]


def test_a_share_of_the_unserved_is_enough() -> None:
    counts = [stopped(params={"share": share}).added_stops.sum() for share in (0.0, 0.3, 1.0)]
    assert counts[0] == 0.0
    assert 0.0 < counts[1] < counts[2]
    assert stopped(params={"where": ("east",)}).added_stops["west"] == 0.0
    with pytest.raises(InputError, match="south"):
        stopped(params={"where": ("south",)})


def test_ids_of_new_stops_are_free() -> None:
    taken = CORNER.rename(index={"m1": "new-bus-1"})
    assert "new-bus-2" in stopped(stops=taken).stops.index


def test_new_stops_take_trips_from_cars() -> None:
    more = stopped()
    now = gpd.GeoDataFrame({"stop_kind": more.stop_kind, "headway": more.headway}, geometry=more.stops, crs=CRS)
    before, after = travelled(stops=CORNER), travelled(stops=now)
    assert after.mode_trips["bus"] > before.mode_trips["bus"]
    assert after.car_distance.sum() < before.car_distance.sum()
    assert after.transport_emissions.sum() < before.transport_emissions.sum()


def test_figure_of_lanes(figure: Callable[[str], Path]) -> None:
    shares = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    found = [travelled(streets=busy().assign(cycle_lane=share)) for share in shares]
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.2), layout="constrained")
    total = found[0].mode_trips.sum()
    left.plot(100 * shares, [100 * each.mode_trips["cycle"] / total for each in found], "o-", color="#2e7d32")
    left.set(xlabel="Length with lanes [%]", ylabel="Trips by cycle [%]")
    right.plot(100 * shares, [each.car_distance.sum() / 1e6 for each in found], "o-", color="#b5541c")
    right.set(xlabel="Length with lanes [%]", ylabel="Car kilometres a year [million]")
    fig.savefig(figure("integrate.measures.cycle_lanes"), dpi=130)
    plt.close(fig)


def test_figure_of_stops(figure: Callable[[str], Path]) -> None:
    homes, found = buildings(blocks=BLOCKS), stopped()
    fig, axis = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
    busy().plot(ax=axis, color="#bbbbbb", linewidth=1.0)
    homes.plot(ax=axis, column="residents", cmap="YlOrBr", legend=True, legend_kwds={"label": "Residents [person]"})
    new = found.stops.index != "m1"
    found.stops[~new].plot(ax=axis, color="black", marker="s", zorder=3)
    found.stops[new].plot(ax=axis, color="#1f4e79", marker="o", zorder=3)
    found.stops[new].buffer(300.0).boundary.plot(ax=axis, color="#1f4e79", linewidth=0.6, linestyle="--")
    axis.set_axis_off()
    axis.set_title("Old stop (square), new stops with 300 m (circles)", fontsize=9)
    fig.savefig(figure("integrate.measures.new_stops"), dpi=130)
    plt.close(fig)
