"""Currents: within bounds, the same when turned; less resistance never joins less; only ratios of resistance matter."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import at_most
from tests.movement_case import SIZE, connected, drawn

grounds = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))


@given(grounds)
@at_most(15)
def test_currents_are_bounded_and_turn_with_the_ground(ground: tuple[int, float]) -> None:
    resistance, patch = drawn(*ground)
    here, turned = connected(resistance, patch), connected(np.rot90(resistance).copy(), np.rot90(patch).copy())
    pairs = int(patch.max()) * (int(patch.max()) - 1) / 2
    assert float(here.current_flow.max()) <= pairs * (1 + 1e-5)
    assert float(here.largest_current.max()) <= 1 + 1e-5
    assert here.circuit_residual <= 2e-6
    assert turned.patch_conductance == pytest.approx(here.patch_conductance, rel=1e-5)
    np.testing.assert_allclose(np.rot90(here.current_flow), turned.current_flow, atol=1e-4 * pairs)


@given(grounds, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.floats(0.01, 1.0))
@at_most(15)
def test_less_resistance_never_joins_less(ground: tuple[int, float], row: int, column: int, share: float) -> None:
    """Rayleigh's law of monotony."""
    resistance, patch = drawn(*ground)
    eased = resistance.copy()
    eased[row, column] *= share
    before, after = connected(resistance, patch), connected(eased, patch)
    assert after.patch_conductance >= before.patch_conductance * (1 - 1e-6)
    assert after.joined_pairs == before.joined_pairs


@given(grounds, st.floats(0.1, 50.0))
@at_most(15)
def test_currents_follow_ratios_of_resistance_only(ground: tuple[int, float], times: float) -> None:
    resistance, patch = drawn(*ground)
    here, scaled = connected(resistance, patch), connected(resistance * times, patch)
    np.testing.assert_allclose(here.current_flow, scaled.current_flow, atol=1e-4)
    assert scaled.patch_conductance * times == pytest.approx(here.patch_conductance, rel=1e-5)


def corners() -> list[tuple[float, int, float]]:
    return list(product((1e-6, 1.0, 1e6), (0, 1, 2), (1e-3, 1e3)))


@pytest.mark.parametrize(("resistance", "count", "width"), corners())
def test_corners(resistance: float, count: int, width: float) -> None:
    patch = np.zeros((SIZE, SIZE), np.int32)
    if count > 0:
        patch[0, 0] = 1
    if count > 1:
        patch[9, 9] = 2
    found = connected(np.full((SIZE, SIZE), resistance), patch, barrier_width=width)
    assert all(np.isfinite(each.to_numpy()).all() for each in found[:4])
    assert found.joined_pairs == float(count > 1)
    assert (found.patch_conductance > 0.0) == (count > 1)
