"""People over time: never more than live there, hours add up, worse states never help; corners."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.access_course import RESCUE_STATE
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.rescue.isolation_course import IsolationCourse, isolation_course
from tests.invariants.test_isolated_people import HERE, homes
from tests.ranges import ends

TIMES, STEP = 5, 0.5
seeds = st.integers(0, 2**32 - 1)


def states(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = rng.integers(1, 4, (TIMES, *HERE.shape)).astype(np.int8)
    found[:, rng.random(HERE.shape) < 0.2] = 0
    return found


def people(state: np.ndarray, buildings: gpd.GeoDataFrame, step: float = STEP) -> IsolationCourse:
    course = on_axes(state, step * np.arange(len(state)), HERE)
    return isolation_course(buildings=buildings, rescue_state=course, grid=HERE)


@given(seeds)
def test_bounds(seed: int) -> None:
    found = people(states(seed), homes())
    assert (found.isolated_course + found.late_course <= 10.0 * 36).all()
    assert found.isolated_at_once.sum() == pytest.approx(found.isolated_course.max())
    assert found.isolated_hours.dropna().between(0.0, STEP * (TIMES - 1)).all()
    assert (found.isolated_person_hours.dropna() >= 10.0 * found.isolated_hours.dropna() - 1e-9).all()
    assert found.isolated_hours[36:].isna().all(), "off the grid"


@given(seeds)
def test_person_hours_are_the_course_summed_over_time(seed: int) -> None:
    found = people(states(seed), homes())
    course = found.isolated_course
    area = float((0.5 * (course.to_numpy()[1:] + course.to_numpy()[:-1]) * STEP).sum())
    assert found.isolated_person_hours.sum() == pytest.approx(area)


@given(seeds, st.integers(0, TIMES - 1))
def test_a_worse_state_never_helps(seed: int, at: int) -> None:
    state = states(seed)
    worse = state.copy()
    worse[at] = np.where(state[at] > 0, 3, 0)
    before, after = people(state, homes()), people(worse, homes())
    assert (after.isolated_course >= before.isolated_course).all()
    assert (after.isolated_hours.fillna(0.0) >= before.isolated_hours.fillna(0.0)).all()


@given(seeds, st.floats(0, 1e4), st.floats(0, 10))
def test_in_step_with_residents(seed: int, residents: float, factor: float) -> None:
    one, other = people(states(seed), homes(residents)), people(states(seed), homes(residents * factor))
    for name in ("isolated_course", "late_course", "isolated_person_hours"):
        np.testing.assert_allclose(getattr(other, name), factor * getattr(one, name), rtol=1e-9, atol=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(RESIDENTS), float("nan")), (*ends(RESCUE_STATE), 1.0, 2.0)))


@pytest.mark.parametrize(("residents", "state"), corners())
def test_corners(residents: float, state: float) -> None:
    found = people(np.full((2, *HERE.shape), state, np.int8), homes(residents))
    inside = found.isolated_at_once.to_numpy()[:36]
    expected = np.nan if state == 0 else residents * (state == 3)
    np.testing.assert_array_equal(inside, np.full(36, expected))
