import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS
from citybraid.integrate.bridges.floor_area import floor_area
from tests.integrate.plan import CRS, box, ends


def area(side: float, floors: float) -> float:
    buildings = gpd.GeoDataFrame({"floors": [floors]}, geometry=[box(0, 0, side, side)], index=["b"], crs=CRS)
    return float(floor_area(buildings=buildings).floor_area["b"])


@given(st.floats(0.1, 300), st.floats(0, 200))
def test_is_never_below_zero_and_grows_with_storeys(side: float, floors: float) -> None:
    assert 0.0 <= area(side, 0.5 * floors) <= area(side, floors)


@given(st.floats(0.1, 300), st.floats(0.1, 100))
def test_twice_the_storeys_is_twice_the_area(side: float, floors: float) -> None:
    assert area(side, 2 * floors) == pytest.approx(2 * area(side, floors))


def corners() -> list[tuple[float, float]]:
    return [(side, floors) for side in (0.0, 1e-3, 1e4) for floors in ends(FLOORS)]


@pytest.mark.parametrize(("side", "floors"), corners())
def test_corners(side: float, floors: float) -> None:
    assert area(side, floors) == pytest.approx(side**2 * floors)
