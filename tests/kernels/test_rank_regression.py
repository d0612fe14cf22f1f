"""Shares of variance by rank regression: of a sum by hand, of chance, of what does not move."""

import numpy as np
import pytest
from scipy.stats import qmc

from citybraid.kernels.numerics.rank_regression import rank_shares


def levels(count: int, runs: int = 400) -> np.ndarray:
    return np.asarray(qmc.LatinHypercube(count, rng=np.random.default_rng(1)).random(runs))


def test_inputs_of_equal_weight_carry_half_each_and_one_of_none_nothing() -> None:
    inputs = levels(3)
    found = rank_shares(inputs, inputs @ np.array([1.0, -1.0, 0.0]))
    assert found.share == pytest.approx([0.5, 0.5, 0.0], abs=0.04)
    assert list(found.sign[:2]) == [1.0, -1.0]
    assert found.share.sum() == pytest.approx(found.explained, abs=0.03)
    assert found.explained > 0.95


def test_a_bent_but_rising_result_is_as_well_explained() -> None:
    inputs = levels(2)
    assert rank_shares(inputs, np.exp(8.0 * inputs[:, 0])).share[0] == pytest.approx(1.0, abs=1e-6)


def test_chance_alone_carries_nothing() -> None:
    inputs = levels(8)
    noise = np.random.default_rng(2).normal(size=len(inputs))
    found = rank_shares(inputs, noise)
    assert found.share.max() < 0.03
    assert found.explained < 0.1


def test_what_does_not_move_has_no_shares() -> None:
    found = rank_shares(levels(3), np.full(400, 7.0))
    assert not found.share.any()
    assert rank_shares(np.zeros((400, 0)), np.arange(400.0)).share.size == 0
