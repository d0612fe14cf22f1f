"""Rescue times: more stations and open ways never make them longer, wider limits cover no less; corners."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.affinity import translate
from shapely.geometry import LineString

from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.vocabulary.access import SPEED_LIMIT
from citybraid.resilience.rescue.rescue_access import RescueAccess, rescue_access
from tests.ranges import ends
from tests.resilience.street_town import DRY, facilities, grid, streets

SIDE = 4
HERE = grid(340, 340, 20.0)


def lattice(classes: list[str], one_way: list[str]) -> gpd.GeoDataFrame:
    """Return the streets of a lattice of 100 m, one for each class told."""
    at = [100.0 * k + 10 for k in range(SIDE)]
    lines = [LineString([(x, 10), (x, 310)]) for x in at] + [LineString([(10, y), (310, y)]) for y in at]
    return streets(*lines, road_class=classes, one_way=one_way)


classes = st.lists(st.sampled_from(["primary", "tertiary", "residential", ""]), min_size=2 * SIDE, max_size=2 * SIDE)
ways = st.lists(st.sampled_from(["", "yes", "-1"]), min_size=2 * SIDE, max_size=2 * SIDE)
spots = st.lists(st.tuples(st.floats(10, 310), st.floats(10, 310)), min_size=1, max_size=3)


def times(table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, factor: float = 1.0, limit: float = 5.0) -> RescueAccess:
    speeds = {key: value * factor for key, value in DRY["road_speed"].items()}
    limits = {"hospital": limit, "fire_station": limit}
    return rescue_access(
        streets=table, facilities=stations, grid=HERE, p=NetworkParams(), road_speed=speeds,
        rescue_time_limit=limits, turnout_time=DRY["turnout_time"],
    )  # fmt: skip


def minutes(values: object) -> np.ndarray:
    """Return times with no way as infinite."""
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=np.inf)


CELL = 60.0 * 0.020 / min(each for each in DRY["road_speed"].values() if each > 0.0)
"""Time to drive across a cell at the lowest speed [min]: a station's junction cuts a street anew, so that a cell beside
it may join the network a cell's width further on."""


@given(classes, ways, spots, spots)
def test_another_station_never_makes_a_way_longer(
    names: list[str], one_way: list[str], first: list[tuple[float, float]], more: list[tuple[float, float]]
) -> None:
    table = lattice(names, one_way)
    one = times(table, facilities(fire_station=first)).fire_time
    both = times(table, facilities(fire_station=first + more)).fire_time
    assert (minutes(both) <= minutes(one) + CELL).all(), "a further junction cuts a street anew: a cell at most"


@given(classes, ways, spots)
def test_one_way_streets_only_take_ways_off(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]]
) -> None:
    stations = facilities(hospital=spots)
    both = times(lattice(names, [""] * 8), stations).hospital_time
    assert (minutes(times(lattice(names, one_way), stations).hospital_time) >= minutes(both)).all()


@given(classes, spots, st.floats(1.0, 4.0))
def test_times_fall_with_speed(names: list[str], spots: list[tuple[float, float]], factor: float) -> None:
    table, stations = lattice(names, [""] * 8), facilities(fire_station=spots)
    slow, fast = times(table, stations), times(table, stations, factor)
    np.testing.assert_allclose(minutes(fast.fire_time) * factor, minutes(slow.fire_time), rtol=1e-6, atol=1e-6)
    assert (fast.fire_coverage >= slow.fire_coverage).all()


@given(classes, ways, spots, st.floats(1.0, 5.0), st.floats(0.0, 5.0))
def test_coverage_is_time_within_the_limit(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], limit: float, more: float
) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots)
    one, other = (times(table, stations, limit=each) for each in (limit, limit + more))
    np.testing.assert_array_equal(one.fire_coverage, (minutes(one.fire_time) <= limit - 1.0).astype(float))
    assert (one.fire_coverage <= other.fire_coverage).all()
    assert np.isnan(one.hospital_coverage).all()


@given(classes, spots)
def test_connected_both_ways_everything_is_reached(names: list[str], spots: list[tuple[float, float]]) -> None:
    found = times(lattice(names, [""] * 8), facilities(hospital=spots))
    assert np.isfinite(found.hospital_time).all()
    assert float(found.hospital_time.min()) < 1.0
    assert found.disconnected_share == 0.0


@given(classes, ways, spots, st.integers(-3, 3), st.integers(-3, 3))
def test_the_same_elsewhere(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], right: int, up: int
) -> None:
    table = lattice(names, one_way)
    stations = facilities(fire_station=[(round(x) + 0.25, round(y) + 0.4) for x, y in spots])
    here = times(table, stations).fire_time
    x, y = 320.0 * right, 320.0 * up
    moved = [each.set_geometry([translate(one, x, y) for one in each.geometry]) for each in (table, stations)]
    at = GeoBox.from_bbox((x, y, x + 340, y + 340), crs="EPSG:32651", resolution=20)
    there = rescue_access(streets=moved[0], facilities=moved[1], grid=at, p=NetworkParams(), **DRY)
    np.testing.assert_allclose(minutes(there.fire_time), minutes(here), atol=1e-6)


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(SPEED_LIMIT), float("nan")), (0.0, 5.0, 1e6)))


@pytest.mark.parametrize(("speed", "limit"), corners())
def test_corners(speed: float, limit: float) -> None:
    table = streets(LineString([(10, 10), (310, 10)]), speed_limit=[speed])
    found = times(table, facilities(fire_station=[(10, 10)]), limit=limit)
    assert np.isfinite(found.fire_time[-1]).all()
    assert bool((found.fire_coverage[-1, :15] == 1).all()) == (limit > 1e3 or (limit > 1 and speed != 1))
