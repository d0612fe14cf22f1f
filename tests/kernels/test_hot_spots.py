"""Gi* against a published example and by hand, sums over discs, and false discoveries of the paper's own example."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.numerics.hot_spots import disc_sums, discoveries, gi_star, gi_star_on_grid, two_sided


def test_gi_star_of_the_example_of_esda() -> None:
    """Documentation of esda, `G_Local` with star=True: six points, binary weights within 15, Zs to eight digits."""
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
    values = np.array([2.0, 3.0, 3.2, 5.0, 8.0, 7.0])
    near = (np.hypot(*(points[:, None] - points[None]).T) <= 15.0).astype(float)
    score = gi_star(values, near @ values, near.sum(axis=1))
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(score, published, atol=5e-9)


def test_gi_star_by_hand() -> None:
    """Three cells in a row, 0 0 3, reach one: mean 1, s = sqrt 2; the last two sum to 3 of W = 2: 1 / (sqrt 2)."""
    score = gi_star_on_grid(np.array([[0.0, 0.0, 3.0]]), reach=1.0)
    # (3 - 2) / (sqrt(2) sqrt(2 (3 - 2) / 2)) = 0.7071; the middle has all three as neighbours and tells nothing.
    np.testing.assert_allclose(score, [[-np.sqrt(2.0), 0.0, 1.0 / np.sqrt(2.0)]])


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1.5, 2.0, 2.9, 30.0]))
def test_sums_over_discs_are_those_of_every_cell_within_reach(seed: int, reach: float) -> None:
    values = np.random.default_rng(seed).normal(size=(9, 7))
    row, column = np.indices(values.shape).reshape(2, -1)
    near = np.hypot(row[:, None] - row, column[:, None] - column) <= reach
    np.testing.assert_allclose(disc_sums(values, reach).ravel(), near @ values.ravel(), atol=1e-12)


@pytest.mark.parametrize("value", [0.0, -3.5, 1e9, 0.1])
def test_nothing_stands_out_where_all_is_the_same(value: float) -> None:
    score = gi_star_on_grid(np.full((6, 8), value), reach=2.0)
    assert (score == 0.0).all()
    assert not discoveries(two_sided(score), 0.05).any()


def test_cells_without_a_value_have_no_score_and_count_for_nothing() -> None:
    values = np.random.default_rng(3).random((10, 10))
    wide = np.full((10, 20), np.nan)
    wide[:, :10] = values
    score = gi_star_on_grid(wide, reach=2.0)
    np.testing.assert_allclose(score[:, :10], gi_star_on_grid(values, reach=2.0))
    assert np.isnan(score[:, 10:]).all()
    assert np.isnan(gi_star_on_grid(np.full((3, 3), np.nan), reach=1.0)).all()


def test_false_discoveries_of_the_paper() -> None:
    """Benjamini and Hochberg (1995), section 3.3: of fifteen chances the four smallest are significant at 0.05."""
    chance = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ])  # fmt: skip
    turned = np.random.default_rng(0).permutation(15)
    assert (discoveries(chance[turned], 0.05) == (turned < 4)).all()
    assert not discoveries(np.array([np.nan, 0.9]), 0.05).any()
    assert list(discoveries(np.array([np.nan, 0.01, 0.9]), 0.05)) == [False, True, False]
    assert not discoveries(np.array([]), 0.05).size


def test_values_scattered_at_random_hardly_ever_make_spots() -> None:
    found = [
        discoveries(two_sided(gi_star_on_grid(np.random.default_rng(seed).random((30, 30)), reach=2.0)), 0.05).any()
        for seed in range(40)
    ]
    assert sum(found) <= 6
