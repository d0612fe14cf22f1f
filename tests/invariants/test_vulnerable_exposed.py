"""Vulnerable people exposed: between none and all of each group, more with more water, none without a depth."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.vocabulary.risk import BUILDING_DEPTH, CHILDREN, ELDERLY
from citybraid.resilience.people.people_exposed import PeopleExposedParams
from citybraid.resilience.people.vulnerable_exposed import vulnerable_exposed
from tests.ranges import ends


def exposed(depth: list[float], children: float, elderly: float) -> np.ndarray:
    count = len(depth)
    buildings = gpd.GeoDataFrame(
        {
            "building_depth": depth, "floors": [2.0] * count, "children": [children] * count,
            "elderly": [elderly] * count, "limited_mobility": [elderly] * count,
        },
        geometry=[box(0, 0, 10, 10)] * count,
        index=[f"b{i}" for i in range(count)],
        crs="EPSG:32651",
    )  # fmt: skip
    return np.array(vulnerable_exposed(buildings=buildings, p=PeopleExposedParams()))


@given(st.lists(st.floats(0, 20), min_size=2, max_size=8), st.floats(0, 900), st.floats(0, 900))
def test_between_none_and_all_and_rising(depth: list[float], children: float, elderly: float) -> None:
    found = exposed(sorted(depth), children, elderly)
    assert (found >= 0.0).all()
    assert (found <= np.array([[children], [elderly], [elderly]])).all()
    assert (np.diff(found, axis=1) >= 0.0).all()


def corners() -> list[tuple[float, float, float]]:
    return list(product((*ends(BUILDING_DEPTH), float("nan")), ends(CHILDREN), ends(ELDERLY)))


@pytest.mark.parametrize(("depth", "children", "elderly"), corners())
def test_corners(depth: float, children: float, elderly: float) -> None:
    found = exposed([depth], children, elderly)[:, 0]
    wet = depth >= 0.15
    want = np.array([children, elderly, elderly]) * wet if np.isfinite(depth) else np.full(3, np.nan)
    np.testing.assert_array_equal(found, want)
