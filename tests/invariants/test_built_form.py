import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from citybraid.core.vocabulary.place import BUILDING_DENSITY, FLOOR_AREA_RATIO, GREEN_RATIO, HEIGHT_LIMIT
from citybraid.integrate.measures.built_form import BuiltForm, BuiltFormParams, built_form
from tests.integrate.plan import PARCELS, box, ends, run

PLOT = 45.0 * 45.0


def built(ratio: float, density: float, limit: float, green: float, *, angle: float = 0.0) -> BuiltForm:
    parcels = PARCELS.copy()
    controls = ["floor_area_ratio", "building_density", "height_limit", "green_ratio"]
    parcels.loc["offices", controls] = (ratio, density, limit, green)
    parcels.loc["offices", "geometry"] = affinity.rotate(box(55, 0, 100, 45), angle)
    found: BuiltForm = run(built_form, BuiltFormParams(year=2030), parcels=parcels, buildings=None)
    return found


@given(st.floats(0.1, 8), st.floats(0.1, 0.7), st.floats(10, 150), st.floats(0, 0.6), st.floats(-45, 45))
def test_controls_are_limits(ratio: float, density: float, limit: float, green: float, angle: float) -> None:
    found = built(ratio, density, limit, green, angle=angle)
    assert found.realised_floor_area_ratio["offices"] <= 1.02 * ratio
    assert found.realised_density["offices"] <= 1.001 * density
    assert (found.height <= limit).all()
    assert found.buildings.is_valid.all()


@given(st.floats(0.5, 4), st.floats(0.2, 0.5), st.floats(-45, 45))
def test_controls_are_met_where_the_height_allows_it(ratio: float, density: float, angle: float) -> None:
    found = built(ratio, density, 300.0, 0.2, angle=angle)
    assert found.realised_floor_area_ratio["offices"] == pytest.approx(ratio, rel=0.02)
    assert found.realised_density["offices"] == pytest.approx(min(density, ratio), rel=0.02)


@given(st.floats(0.5, 4), st.floats(0.2, 0.5))
def test_the_same_controls_give_the_same_form(ratio: float, density: float) -> None:
    first, second = (built(ratio, density, 60.0, 0.3) for _ in range(2))
    assert first.buildings.geom_equals_exact(second.buildings, tolerance=0.0).all()
    assert (first.land_cover == second.land_cover).all()


def corners() -> list[tuple[float, float, float, float]]:
    nothing = float("nan")
    return list(
        itertools.product(
            (*ends(FLOOR_AREA_RATIO), nothing), (*ends(BUILDING_DENSITY), nothing),
            (*ends(HEIGHT_LIMIT), nothing), (*ends(GREEN_RATIO), nothing),
        )
    )  # fmt: skip


@pytest.mark.parametrize(("ratio", "density", "limit", "green"), corners())
def test_corners(ratio: float, density: float, limit: float, green: float) -> None:
    found = built(ratio, density, limit, green)
    stated = ratio > 0 and density > 0
    assert (len(found.buildings) > 0) == (stated and limit != 0)
    assert np.isnan(found.realised_floor_area_ratio["offices"]) != stated
    assert np.isnan(found.realised_green_ratio["offices"]) == np.isnan(green)
