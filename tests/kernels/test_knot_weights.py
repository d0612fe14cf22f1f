"""Weights on a curve's knots: their product with the shares is the damage storey by storey."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.risk.damage import knot_weights, lost_storeys


@given(st.integers(0, 10**6), st.sampled_from([[0.0, 0.5, 2.0, 6.0], [0.3, 1.0], [0.0, 0.1, 3.0, 3.5], [1.0]]))
def test_equal_to_storeys_one_by_one(seed: int, knots: list[float]) -> None:
    chance = np.random.default_rng(seed)
    depth = chance.choice([*chance.normal(2.0, 4.0, 30), 0.0, 0.3, 3.0, 3.3, 6.5], 40)
    storeys, weight = chance.integers(1, 9, 40).astype(float), chance.lognormal(3.0, 1.0, 40)
    at, shares = np.array(knots), np.sort(chance.random(len(knots)))
    found = knot_weights(depth, storeys, weight, knots=at, storey_height=3.0) @ shares
    want = lost_storeys(depth, storeys, (at, shares), storey_height=3.0) @ weight
    assert found == pytest.approx(want, rel=1e-9, abs=1e-9)


def test_dry_houses_hang_nothing_on_a_curve() -> None:
    found = knot_weights(np.array([0.0, -1.0]), np.ones(2), np.ones(2), knots=np.array([0.0, 1.0]), storey_height=3.0)
    assert found.tolist() == [0.0, 0.0]
