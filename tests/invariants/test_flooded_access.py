"""Times on water: no water is the dry time, more water never shortens one; corners."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.rescue.flooded_access import FloodedAccess, flooded_access
from citybraid.resilience.rescue.rescue_access import rescue_access
from tests.ranges import ends
from tests.resilience.street_town import DRY, FACTS, facilities, grid, raster, streets

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
water = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).gamma(0.25, 0.25, (17, 17)))


def times(
    table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, peak: np.ndarray, final: np.ndarray | None = None
) -> FloodedAccess:
    return flooded_access(
        max_depth=raster(peak), final_depth=raster(peak if final is None else final), streets=table,
        facilities=stations, grid=HERE, p=NetworkParams(), **FACTS,
    )  # fmt: skip


def minutes(values: object) -> np.ndarray:
    """Return times with no way as infinite."""
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=np.inf)


@given(classes, ways, spots)
def test_no_water_is_free_flow(names: list[str], one_way: list[str], spots: list[tuple[float, float]]) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots, hospital=spots[:1])
    dry = rescue_access(streets=table, facilities=stations, grid=HERE, p=NetworkParams(), **DRY)
    found = times(table, stations, np.zeros((17, 17)))
    for state in ("peak", "after"):
        for name in ("hospital_time", "fire_time", "hospital_coverage", "fire_coverage"):
            np.testing.assert_array_equal(getattr(found, f"{state}_{name}"), getattr(dry, name))


@given(classes, ways, spots, water, water)
def test_more_water_never_shortens_a_time(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], some: np.ndarray, more: np.ndarray
) -> None:
    table, stations = lattice(names, one_way), facilities(fire_station=spots, hospital=spots[:1])
    found = times(table, stations, some + more, some)
    for name in ("hospital_time", "fire_time"):
        peak, after = (minutes(getattr(found, f"{state}_{name}")) for state in ("peak", "after"))
        assert (peak >= after).all()
    for name in ("hospital_coverage", "fire_coverage"):
        assert (getattr(found, f"peak_{name}") <= getattr(found, f"after_{name}")).all()


@given(classes, ways, spots, water)
def test_bridges_drive_as_when_dry(
    names: list[str], one_way: list[str], spots: list[tuple[float, float]], some: np.ndarray
) -> None:
    over = lattice(names, one_way).assign(bridge="yes")
    ground = streets(LineString([(10, 10), (10, 310)]), road_class=["primary"], one_way=[""], bridge=[""])
    table = gpd.GeoDataFrame(np.vstack([over.to_numpy(), ground[over.columns].to_numpy()]), columns=over.columns)
    table = table.set_geometry("geometry").set_crs("EPSG:32651")
    stations = facilities(fire_station=spots)
    low = np.where(np.arange(17) < 2, 0.0, some)
    dry = rescue_access(streets=table, facilities=stations, grid=HERE, p=NetworkParams(), **DRY).fire_time
    found = minutes(times(table, stations, low).peak_fire_time)
    np.testing.assert_array_equal(found[:, 0], minutes(dry)[:, 0])


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(MAX_DEPTH), 0.299, 0.3, float("nan")), (*ends(MAX_DEPTH), float("nan"))))


@pytest.mark.parametrize(("peak", "final"), corners())
def test_corners(peak: float, final: float) -> None:
    table = streets(LineString([(10, 10), (310, 10)]), road_class=["primary"])
    shape = (17, 17)
    found = times(table, facilities(fire_station=[(10, 10)]), np.full(shape, peak), np.full(shape, final))
    assert bool(np.isnan(found.peak_fire_time).all()) == (peak >= 0.3)
    assert bool(np.isnan(found.after_fire_time).all()) == (final >= 0.3)
    assert np.isnan(found.peak_hospital_coverage).all()
    assert set(np.unique(found.peak_fire_coverage)) <= {0.0, 1.0}
