"""Floors only rise, more with share and height; what is counted is the footprint of those raised."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from citybraid.core.vocabulary.risk import FLOOR_HEIGHT
from citybraid.integrate.measures.floor_elevation import FloorElevation, FloorElevationParams, floor_elevation
from tests.integrate.plan import BUILDINGS, ends, run

KEPT = ["geometry", "building_use", "floors", "year_built"]
heights = st.floats(-5.0, 5.0) | st.just(float("nan"))


def raised(p: FloorElevationParams, old: object = None) -> FloorElevation:
    buildings = BUILDINGS[KEPT].assign(**({} if old is None else {"floor_height": old}))
    found: FloorElevation = run(floor_elevation, p, buildings=buildings)
    return found


@given(st.lists(heights, min_size=5, max_size=5), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 5.0))
def test_more_share_raises_the_same_buildings_and_more(
    old: list[float], one: float, other: float, height: float
) -> None:
    shares = sorted((one, other))
    less, more = (
        raised(FloorElevationParams(share=share, height=height, new_from=1900.0), old).floor_height for share in shares
    )
    before = np.nan_to_num(old)
    assert (np.nan_to_num(less) >= before).all()
    assert (np.nan_to_num(more) >= np.nan_to_num(less)).all()


@given(st.floats(0, 1), st.floats(0.05, 5.0), st.floats(0.05, 5.0))
def test_a_greater_height_is_never_lower(share: float, one: float, other: float) -> None:
    low, high = (
        raised(FloorElevationParams(share=share, height=height, new_from=1900.0)) for height in sorted((one, other))
    )
    assert (np.nan_to_num(high.floor_height) >= np.nan_to_num(low.floor_height)).all()
    assert high.raised_floor_area.to_dict() == low.raised_floor_area.to_dict()


def corners() -> list[tuple[float, float, float]]:
    return list(itertools.product((*ends(FLOOR_HEIGHT), float("nan")), ends(FLOORS), ends(YEAR_BUILT)))


@pytest.mark.parametrize(("old", "floors", "year"), corners())
def test_corners(old: float, floors: float, year: float) -> None:
    buildings = BUILDINGS[KEPT].assign(floor_height=old, floors=floors, year_built=year)
    found = run(floor_elevation, FloorElevationParams(new_from=2030.0), buildings=buildings)
    low, fitting = np.nan_to_num(old) < 0.6, floors <= 2.0 or year >= 2030.0
    assert (found.raised_floor_area.sum() > 0) == (low and fitting)
