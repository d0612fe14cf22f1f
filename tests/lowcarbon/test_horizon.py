import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from citybraid.kernels.buildings.zone_inputs import SECTORS
from citybraid.lowcarbon.horizon import BANDS, roof_skylines, sky_view, surroundings
from tests.examples import at_most

NORTH, EAST, SOUTH, WEST = 0, 2, 4, 6
MIDDLE = (np.arange(SECTORS) + 0.5) * 360 / SECTORS


def plan(*shapes: tuple[Polygon, float]) -> gpd.GeoDataFrame:
    table = {"height": [height for _, height in shapes]}
    return gpd.GeoDataFrame(table, geometry=[shape for shape, _ in shapes], crs="EPSG:32651")


HOME = (box(-10, -5, 10, 5), 18.0)


def test_a_long_slab_to_the_south_stands_as_high_as_trigonometry_says() -> None:
    """A wall 25 m before the south facade, 30 m high: at azimuth a it is 25 / cos(a - 180°) away."""
    found = surroundings(plan(HOME, (box(-500, -50, 500, -30), 30.0)))
    front = np.cos(np.radians(MIDDLE - 180)) > 0.15
    for band, level in enumerate(18.0 * (np.arange(BANDS) + 0.5) / BANDS):
        away = 25 / np.cos(np.radians(MIDDLE[front] - 180))
        assert found.horizon[0, SOUTH, front, band] == pytest.approx(np.arctan((30 - level) / away), abs=1e-5)
    assert (found.horizon[0, NORTH] == 0).all()


def test_what_is_lower_than_a_band_does_not_shade_it() -> None:
    found = surroundings(plan(HOME, (box(-100, -40, 100, -30), 8.0))).horizon[0, SOUTH]
    assert found[:, 0].max() > 0
    assert found[:, 1:].max() == 0


def test_a_tower_stands_in_its_sectors_only() -> None:
    found = surroundings(plan(HOME, (box(40, -5, 50, 5), 60.0))).horizon[0]
    assert (found[EAST].max(axis=1) > 0).sum() <= 3
    assert found[EAST, 8:10].min() > 0.5, "due east, 80 to 100 degrees"
    assert found[WEST].max() == 0


def test_the_share_of_the_sky_is_that_of_an_infinite_street() -> None:
    """A street as wide as high: below its walls the profile angle is a, and a facade keeps (1 - sin a) of its sky."""
    low = plan(HOME, (box(-5000, -46, 5000, -23), 18.0))
    found = surroundings(low)
    levels = 18.0 * (np.arange(BANDS) + 0.5) / BANDS
    profile = np.arctan((18.0 - levels) / 18.0)
    assert found.sky_view[0, SOUTH] == pytest.approx(1 - np.sin(profile).mean(), abs=0.02)
    assert found.sky_view[0, [NORTH, -1]] == pytest.approx([1.0, 1.0])


@at_most(8)
@given(st.floats(1, 80), st.floats(0.1, 30), st.floats(-60, 60))
def test_a_higher_neighbour_never_lowers_the_horizon(height: float, more: float, along: float) -> None:
    there = box(along, -60, along + 30, -30)
    one, two = (surroundings(plan(HOME, (there, h))) for h in (height, height + more))
    assert (two.horizon[0] >= one.horizon[0] - 1e-6).all()
    assert (two.sky_view[0] <= one.sky_view[0] + 1e-9).all()
    assert ((two.sky_view >= 0) & (two.sky_view <= 1)).all()


@at_most(8)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_moving_the_plan_changes_nothing(east: float, north: float) -> None:
    buildings = plan(HOME, (box(-30, -40, 20, -25), 25.0))
    moved = buildings.set_geometry(buildings.translate(east, north))
    assert surroundings(moved).horizon == pytest.approx(surroundings(buildings).horizon, abs=1e-3)


def test_a_flat_horizon_leaves_the_whole_sky_and_a_cliff_none() -> None:
    assert sky_view(np.zeros((1, 8, SECTORS, 2), dtype=np.float32)) == pytest.approx(np.ones((1, 8)))
    assert sky_view(np.full((1, 8, SECTORS, 2), np.pi / 2, dtype=np.float32)) == pytest.approx(
        np.zeros((1, 8)), abs=1e-6
    )


def test_what_a_building_overlaps_does_not_shade_it_from_inside() -> None:
    podium, tower = (box(0, 0, 60, 60), 15.0), (box(20, 20, 40, 40), 80.0)
    assert roof_skylines(plan(podium, tower)).horizon.max() == 0
    assert roof_skylines(plan(podium, (box(50, 20, 59, 40), 80.0))).horizon[0].max() > 1.0


def test_a_court_is_shaded_by_the_walls_around_it() -> None:
    ring = Polygon(box(0, 0, 60, 60).exterior, [box(10, 10, 50, 50).exterior])
    found = roof_skylines(plan((box(25, 25, 35, 35), 10.0), (ring, 30.0))).horizon[0]
    assert found.min() == pytest.approx(np.arctan(20 / 28.3), abs=0.05)
    assert found.max() == pytest.approx(np.arctan(20 / 20), abs=0.05)


def test_no_buildings_and_a_single_one_are_open() -> None:
    assert surroundings(plan(HOME)).horizon.max() == 0
    assert surroundings(plan(HOME).iloc[:0]).sky_view.shape == (0, 9)
