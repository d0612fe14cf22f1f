"""Rescue over time: no water is the dry case, more water never betters a state, the moments agree; corners."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.rescue.flooded_access import flooded_access
from citybraid.resilience.rescue.rescue_access import rescue_access
from citybraid.resilience.rescue.rescue_course import RescueCourse, rescue_course
from tests.invariants.test_flooded_access import HERE, classes, lattice, spots, ways
from tests.ranges import ends
from tests.resilience.street_town import DRY, FACTS, facilities, raster, streets

TIMES = 4
seeds = st.integers(0, 2**32 - 1)


def water(seed: int) -> np.ndarray:
    """Return depths over time [mm]."""
    return np.minimum(np.random.default_rng(seed).gamma(0.25, 250.0, (TIMES, *HERE.shape)), 20_000).astype(np.int16)


def over_time(table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, depth: np.ndarray) -> RescueCourse:
    return rescue_course(
        depth_course=on_axes(depth, 0.5 * np.arange(len(depth)), HERE), streets=table, facilities=stations, grid=HERE,
        p=NetworkParams(), **FACTS,
    )  # fmt: skip


@given(classes, ways, spots)
def test_no_water_is_the_dry_case(names: list[str], one_way: list[str], spots: list[tuple[float, float]]) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots, hospital=spots[:1])
    dry = rescue_access(streets=table, facilities=stations, grid=HERE, p=NetworkParams(), **DRY)
    found = over_time(table, stations, np.zeros((TIMES, *HERE.shape), np.int16))
    np.testing.assert_array_equal(found.worst_fire_time, dry.fire_time)
    np.testing.assert_array_equal(found.worst_hospital_time, dry.hospital_time)
    assert (found.rescue_state <= 1).all()
    assert found.worst_fire_moment == found.worst_hospital_moment == 0.0
    assert (found.fire_coverage_course == float(dry.fire_coverage.mean())).all()


@given(classes, ways, spots, seeds, seeds)
def test_more_water_never_betters_rescue(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], some: int, more: int
) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots, hospital=spots[:1])
    shallow = water(some)
    less, deep = over_time(table, stations, shallow), over_time(table, stations, shallow + water(more) // 4)
    assert (deep.rescue_state.to_numpy() >= less.rescue_state.to_numpy()).all()
    assert (deep.fire_coverage_course <= less.fire_coverage_course).all()
    hours = [np.nan_to_num(each.cut_off_hours.to_numpy()) for each in (less, deep)]
    assert (hours[1] >= hours[0] - 1e-12).all()
    assert (hours[1] <= 0.5 * (TIMES - 1) + 1e-12).all()


@given(classes, ways, spots, seeds)
def test_each_time_is_what_that_water_alone_does(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], seed: int
) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots, hospital=spots[:1])
    depth = water(seed)
    found = over_time(table, stations, depth)
    for kind in ("fire", "hospital"):
        at = round(getattr(found, f"worst_{kind}_moment") / 0.5)
        alone = flooded_access(
            max_depth=raster(depth.max(axis=0) / 1000.0), final_depth=raster(depth[at] / 1000.0), streets=table,
            facilities=stations, grid=HERE, p=NetworkParams(), **FACTS,
        )  # fmt: skip
        worst = getattr(found, f"worst_{kind}_time")
        np.testing.assert_array_equal(worst, getattr(alone, f"after_{kind}_time"))
        bound = np.nan_to_num(getattr(alone, f"peak_{kind}_time"), nan=np.inf)
        assert (np.nan_to_num(worst, nan=np.inf) <= bound).all(), "all cells at their deepest is a bound"
        assert getattr(found, f"{kind}_coverage_course").argmin() == at or (
            getattr(found, f"{kind}_coverage_course").iloc[at] == getattr(found, f"{kind}_coverage_course").min()
        )


def corners() -> list[tuple[float, float]]:
    values = (*ends(DEPTH_COURSE), 0.0, 299.0, 300.0)
    return list(product(values, values))


@pytest.mark.parametrize(("first", "last"), corners())
def test_corners(first: float, last: float) -> None:
    table = streets(LineString([(10, 10), (310, 10)]), road_class=["primary"])
    depth = np.stack([np.full(HERE.shape, value, np.int16) for value in (first, last)])
    found = over_time(table, facilities(fire_station=[(10, 10)]), depth)
    for at, value in enumerate((first, last)):
        assert bool((found.rescue_state[at] == 3).any()) == (value >= 300.0)
    assert set(np.unique(found.rescue_state)) <= {0, 1, 2, 3}
    assert found.hospital_coverage_course.isna().all()
