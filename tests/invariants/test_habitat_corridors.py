"""Corridors: held to plain searches; turned and scaled with the ground; never costlier on easier ground."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.ecology.cost_distance import cost_distance
from tests.biodiversity.test_corridors import laid
from tests.examples import at_most
from tests.movement_case import CELL, SIZE, drawn

grounds = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))


@given(grounds, st.floats(0.0, 1.0))
@at_most(15)
def test_corridors_are_what_distances_from_both_ends_say(ground: tuple[int, float], slack: float) -> None:
    resistance, patch = drawn(*ground)
    found = laid(resistance, patch, slack=slack)
    passable = np.isfinite(resistance)
    filled = np.where(passable, resistance, 1.0)
    least = np.full(resistance.shape, np.inf)
    for name, cost in found.corridor_cost.items():
        one, other = (int(each) for each in str(name).split("-"))
        near, far = (cost_distance(filled, passable, patch == each, CELL, CELL, np.inf) for each in (one, other))
        assert cost == pytest.approx(near[patch == other].min())
        excess = near + far - cost
        np.minimum(least, np.where(excess <= slack * cost * (1 + 1e-7) + 1e-9, excess, np.inf), out=least)
    between = passable & (patch == 0)
    shown = found.corridor_excess.to_numpy()
    inside = np.isfinite(shown)
    assert not inside[~between].any()
    np.testing.assert_allclose(shown[inside], least[inside], atol=1e-6)
    assert (inside <= np.isfinite(least)).all()
    away = found.accumulated_resistance.to_numpy()
    np.testing.assert_array_equal(np.isfinite(away), found.resistance_zone.to_numpy() > 0)


@given(grounds, st.floats(0.1, 50.0))
@at_most(10)
def test_costs_scale_with_resistance_and_turn_with_the_ground(ground: tuple[int, float], times: float) -> None:
    resistance, patch = drawn(*ground)
    here, scaled = laid(resistance, patch), laid(resistance * times, patch)
    assert scaled.mean_corridor_resistance == pytest.approx(times * here.mean_corridor_resistance, rel=1e-6)
    np.testing.assert_array_equal(here.resistance_zone, scaled.resistance_zone)
    turned = laid(np.rot90(resistance).copy(), np.rot90(patch).copy())
    assert np.sort(turned.corridor_cost) == pytest.approx(np.sort(here.corridor_cost))


@given(grounds, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.floats(0.01, 1.0))
@at_most(10)
def test_easier_ground_never_accumulates_more(ground: tuple[int, float], row: int, column: int, share: float) -> None:
    resistance, patch = drawn(*ground)
    eased = resistance.copy()
    eased[row, column] *= share
    before, after = (laid(each, patch).accumulated_resistance.to_numpy() for each in (resistance, eased))
    known = np.isfinite(before)
    assert (after[known] <= before[known] * (1 + 1e-12)).all()


@pytest.mark.parametrize(("resistance", "count", "slack"), list(product((1e-6, 1.0, 1e6), (0, 1, 2), (0.0, 10.0))))
def test_corners(resistance: float, count: int, slack: float) -> None:
    patch = np.zeros((SIZE, SIZE), np.int32)
    if count > 0:
        patch[0, 0] = 1
    if count > 1:
        patch[9, 9] = 2
    found = laid(np.full((SIZE, SIZE), resistance), patch, slack=slack)
    assert found.corridor_count == max(count - 1, 0)
    assert found.mean_corridor_resistance == pytest.approx(resistance if count > 1 else 0.0)
    if count > 1 and slack > 1.0:
        assert found.corridor_ground.to_numpy().sum() == SIZE**2 - 2
