"""Places for people: by hand, conserved, within capacity and reach; siting with capacities against all choices."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.relief.allocation import allocate, capacitated_coverage

AWAY = np.inf


def test_places_first_then_the_way() -> None:
    """Site 0 is nearer to both, but only home 0 can reach it alone: giving it the place of home 1 would lose 40 people.

    Home 1 goes to site 1 (500 m) although 100 m would do: 50 + 40 are placed, by hand 50 x 100 + 40 x 500 m.
    """
    found = allocate(np.array([50.0, 40.0]), np.array([50.0, 60.0]), np.array([[100.0, AWAY], [100.0, 500.0]]))
    np.testing.assert_allclose(found.people, [[50.0, 0.0], [0.0, 40.0]])
    assert found.unplaced.sum() == 0.0


def test_too_little_room_and_no_way() -> None:
    found = allocate(np.array([50.0, 40.0, 7.0]), np.array([30.0]), np.array([[200.0], [100.0], [AWAY]]))
    np.testing.assert_allclose(found.people[:, 0], [0.0, 30.0, 0.0])
    np.testing.assert_allclose(found.unplaced, [50.0, 10.0, 7.0])
    nobody = allocate(np.array([5.0]), np.array([0.0]), np.array([[1.0]]))
    assert nobody.unplaced.tolist() == [5.0]
    assert nobody.load.tolist() == [0.0]


def case(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    away = draw.uniform(0, 1000, (9, 5))
    away[draw.random(away.shape) < 0.4] = AWAY
    return draw.integers(0, 200, 9).astype(float), draw.integers(0, 300, 5).astype(float), away


@given(st.integers(0, 2**32 - 1))
def test_people_are_conserved_and_no_place_is_given_twice(seed: int) -> None:
    people, capacity, away = case(seed)
    found = allocate(people, capacity, away)
    np.testing.assert_allclose(found.people.sum(axis=1) + found.unplaced, people, atol=1e-6)
    assert (found.load <= capacity + 1e-6).all()
    assert not found.people[np.isinf(away)].any()


@given(st.integers(0, 2**32 - 1))
def test_more_room_never_leaves_more_people_out(seed: int) -> None:
    people, capacity, away = case(seed)
    few, more = allocate(people, capacity, away), allocate(people, capacity + 50.0, away)
    assert more.unplaced.sum() <= few.unplaced.sum() + 1e-6


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_capacitated_siting_is_the_best_of_all_choices(seed: int, count: int) -> None:
    people, capacity, away = case(seed)
    best = max(
        people.sum() - allocate(people, np.where(np.isin(np.arange(5), each), capacity, 0.0), away).unplaced.sum()
        for each in combinations(range(5), count)
    )
    found = capacitated_coverage(people, capacity, np.isfinite(away), count)
    assert found.placed == pytest.approx(best, abs=1e-4)
    assert found.bound >= best - 1e-4
    assert found.gap <= 1e-6
    assert len(found.sites) <= count
