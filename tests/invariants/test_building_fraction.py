import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely import affinity

from citybraid.core.vocabulary.surface import BUILDING_FRACTION
from citybraid.integrate.bridges.building_fraction import building_fraction
from tests.integrate.plan import CELL, CRS, GRID, box, ends

Cells = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def fraction(*shapes: shapely.Geometry, grid: GeoBox = GRID) -> Cells:
    buildings = gpd.GeoDataFrame(geometry=list(shapes), index=[str(at) for at in range(len(shapes))], crs=CRS)
    return np.asarray(building_fraction(buildings=buildings, grid=grid).building_fraction)


place = st.floats(-10, 110)
size = st.floats(0.05, 60)
turn = st.floats(0, 360)


@given(place, place, size, size, turn)
def test_area_on_the_grid_is_kept(x: float, y: float, width: float, height: float, angle: float) -> None:
    shape = affinity.rotate(box(x, y, x + width, y + height), angle)
    inside = shape.intersection(box(0, 0, 100, 100)).area
    assert fraction(shape).sum() * CELL == pytest.approx(inside, abs=1e-9)


@given(place, place, size, turn, st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_moving_plan_and_grid_together_changes_nothing(
    x: float, y: float, width: float, angle: float, east: float, north: float
) -> None:
    shape = affinity.rotate(box(x, y, x + width, y + width), angle)
    moved = GeoBox(GRID.shape, GRID.affine.translation(east, north) * GRID.affine, CRS)
    there = fraction(affinity.translate(shape, east, north), grid=moved)
    assert np.abs(there - fraction(shape)).max() < 1e-8


@given(place, place, size, size)
def test_a_further_building_never_takes_cover_away(x: float, y: float, width: float, height: float) -> None:
    first, second = box(10, 10, 60, 40), box(x, y, x + width, y + height)
    assert (fraction(first, second) >= fraction(first) - 1e-12).all()


def corners() -> list[tuple[shapely.Geometry, float]]:
    low, high = ends(BUILDING_FRACTION)
    return [
        (shapely.Polygon(), low),
        (box(200, 200, 300, 300), low),
        (box(-50, 200, 300, 300), low),
        (box(0, 0, 0, 0), low),
        (box(-1e4, -1e4, 1e4, 1e4), high),
        (box(0, 0, 100, 100), high),
    ]


@pytest.mark.parametrize(("shape", "share"), corners())
def test_corners(shape: shapely.Geometry, share: float) -> None:
    assert fraction(shape) == pytest.approx(np.full(GRID.shape, share), abs=1e-9)
