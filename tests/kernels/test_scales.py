"""Rank correlation and block means by hand; scales stop where blocks are few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

from citybraid.kernels.numerics.scales import ScaledCorrelation, average_ranks, block_mean, correlations_by_scale

Floats = NDArray[np.float64]


def scaled(one: Floats, other: Floats) -> tuple[ScaledCorrelation, ...]:
    return correlations_by_scale((one, other))[0, 1]


def rank_correlation(one: Floats, other: Floats) -> float:
    """The correlation of cells, of values that stand sixteen times: their ranks rise evenly, and so it is theirs."""
    first, *_ = scaled(np.tile(one, (16, 1)), np.tile(other, (16, 1)))
    return first.correlation


def test_rank_correlation_by_hand() -> None:
    """Ranks 1 2 3 4 5 against 2 1 4 3 5: sum of squares 4, 1 - 6 x 4 / (5 x 24) = 0.8."""
    one, other = np.array([1.0, 20.0, 300.0, 4e3, 5e4]), np.array([0.2, 0.1, 0.4, 0.3, 0.5])
    assert rank_correlation(one, other) == pytest.approx(0.8)
    assert rank_correlation(one, -other) == pytest.approx(-0.8)


def test_ties_take_their_mean_rank() -> None:
    """Ranks 1.5 1.5 3 against 1 2 3: covariance 1.5, variances 1.5 and 2: 1.5 / sqrt 3."""
    tied, plain = np.array([7.0, 7.0, 9.0]), np.array([1.0, 2.0, 3.0])
    assert rank_correlation(tied, plain) == pytest.approx(1.5 / np.sqrt(3.0))
    rng = np.random.default_rng(1)
    drawn, other = rng.integers(0, 4, 200).astype(float), rng.random(200)
    assert rank_correlation(drawn, other) == pytest.approx(float(spearmanr(drawn, other).statistic))


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(rank_correlation(np.ones(9), np.arange(9.0)))


def test_block_means_by_hand() -> None:
    values = np.array([[1.0, 2.0, 5.0], [3.0, np.nan, 5.0], [9.0, 9.0, 9.0]])
    np.testing.assert_allclose(block_mean(values, 2), [[2.0]])
    np.testing.assert_allclose(block_mean(values, 1), values)
    half = np.array([[1.0, np.nan], [3.0, np.nan]])
    assert np.isnan(block_mean(half, 2)).all()


def test_what_goes_apart_nearby_can_go_together_at_large() -> None:
    """Two services rise along the map together, but within each pair of cells one has what the other lacks."""
    slope = np.repeat(np.arange(16.0), 2)[:, None] * np.ones((1, 32))
    board = np.indices((32, 32)).sum(axis=0) % 2 * 40.0
    found = scaled(slope + board, slope - board)
    assert [(each.size, each.blocks) for each in found] == [(1, 1024), (2, 256), (4, 64), (8, 16)]
    assert found[0].correlation < -0.5
    assert [each.correlation for each in found[1:]] == pytest.approx([1.0, 1.0, 1.0])


def test_no_values_no_scales() -> None:
    assert not scaled(np.full((8, 8), np.nan), np.ones((8, 8)))
    constant = scaled(np.ones((8, 8)), np.random.default_rng(2).random((8, 8)))
    assert np.isnan(constant[0].correlation)


@given(arrays(np.float64, st.integers(0, 60), elements=st.integers(-5, 5).map(float)))
def test_ranks_are_scipy_s(values: Floats) -> None:
    assert (average_ranks(values) == rankdata(values)).all()
