"""People exposed: between none and all, more with more water, fewer where they can go upstairs."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.vocabulary.place import FLOORS, RESIDENTS
from citybraid.core.vocabulary.risk import BUILDING_DEPTH
from citybraid.resilience.people.people_exposed import PeopleExposedParams, people_exposed
from tests.ranges import ends


def exposed(depth: list[float], residents: float, floors: float, *, upstairs: bool = False) -> np.ndarray:
    count = len(depth)
    buildings = gpd.GeoDataFrame(
        {"building_depth": depth, "residents": [residents] * count, "floors": [floors] * count},
        geometry=[box(0, 0, 10, 10)] * count,
        index=[f"b{i}" for i in range(count)],
        crs="EPSG:32651",
    )
    p = PeopleExposedParams(vertical_evacuation=upstairs)
    return people_exposed(buildings=buildings, p=p).people_exposed.to_numpy()


@given(st.lists(st.floats(0, 20), min_size=2, max_size=8), st.floats(0, 5000), st.integers(1, 40))
def test_between_none_and_all_and_rising(depth: list[float], residents: float, floors: int) -> None:
    for upstairs in (False, True):
        found = exposed(sorted(depth), residents, floors, upstairs=upstairs)
        assert (found >= 0.0).all()
        assert (found <= residents).all()
        assert (np.diff(found) >= 0.0).all()
    assert (exposed(depth, residents, floors, upstairs=True) <= exposed(depth, residents, floors)).all()


def corners() -> list[tuple[float, float, float]]:
    return list(product((*ends(BUILDING_DEPTH), float("nan")), ends(RESIDENTS), ends(FLOORS)))


@pytest.mark.parametrize(("depth", "residents", "floors"), corners())
def test_corners(depth: float, residents: float, floors: float) -> None:
    found = exposed([depth], residents, floors)[0]
    if np.isnan(depth):
        assert np.isnan(found)
    else:
        assert found == (residents if depth >= 0.15 else 0.0)
