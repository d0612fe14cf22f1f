"""Siting by hand and by trying all choices; heuristics never better than proved, bounds never worse."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.relief.siting import Siting, maximal_coverage, p_centre, p_median

LINE = np.array([0.0, 1.0, 2.0, 7.0, 8.0, 9.0])
ALONG = np.abs(LINE[:, None] - LINE[None, :])
"""Distances between six places on a line: two groups of three."""
ONES = np.ones(6)


def test_two_groups_on_a_line() -> None:
    """The middle of each group: 1 + 1 for each; nobody is farther than 1; within 1 all six are covered."""
    median = p_median(ALONG, ONES, 2)
    assert (median.sites.tolist(), median.value, median.gap) == ([1, 4], 4.0, 0.0)
    centre = p_centre(ALONG, 2)
    assert (centre.sites.tolist(), centre.value) == ([1, 4], 1.0)
    cover = maximal_coverage(ALONG <= 1.0, ONES, 2)
    assert (cover.sites.tolist(), cover.value, cover.gap) == ([1, 4], 6.0, 0.0)


def test_weight_draws_the_site_and_a_fixed_one_counts() -> None:
    heavy = np.array([10.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert p_median(ALONG, heavy, 1).sites.tolist() == [0]
    fixed = np.arange(6) == 5
    found = p_median(ALONG, ONES, 2, fixed=fixed)
    assert found.sites.tolist() == [1, 5]
    assert found.value == 1 + 0 + 1 + 2 + 1 + 0


@pytest.mark.parametrize("count", [0, -1])
def test_refuses_no_site(count: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        p_median(ALONG, ONES, count)
    with pytest.raises(ValueError, match="demand and sites"):
        p_median(np.zeros((0, 3)), np.zeros(0), 1)


def tables(rows: int = 12, sites: int = 7) -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    def table(seed: int) -> tuple[np.ndarray, np.ndarray]:
        draw = np.random.default_rng(seed)
        homes, places = draw.uniform(0, 1, (rows, 2)), draw.uniform(0, 1, (sites, 2))
        away = np.hypot(*(homes[:, None] - places[None, :]).transpose(2, 0, 1))
        return away, draw.integers(0, 9, rows).astype(np.float64)

    return st.integers(0, 2**32 - 1).map(table)


def choices(sites: int, count: int) -> list[list[int]]:
    return [list(each) for each in combinations(range(sites), count)]


@given(tables(), st.integers(1, 7))
def test_proved_choices_are_the_best_of_all(table: tuple[np.ndarray, np.ndarray], count: int) -> None:
    away, weight = table
    ways = choices(7, count)
    best = min(float(weight @ away[:, each].min(axis=1)) for each in ways)
    assert p_median(away, weight, count).value == pytest.approx(best, abs=1e-7)
    best = min(float(away[:, each].min(axis=1).max()) for each in ways)
    assert p_centre(away, count).value == pytest.approx(best)
    near = away < 0.3
    best = max(float(weight[near[:, each].any(axis=1)].sum()) for each in ways)
    assert maximal_coverage(near, weight, count).value == pytest.approx(best)


@given(tables(30, 9), st.integers(1, 9), st.booleans())
def test_heuristics_lie_between_the_best_and_their_bound(
    table: tuple[np.ndarray, np.ndarray],
    count: int,
    keep: bool,
) -> None:
    away, weight = table
    fixed = np.arange(9) == (3 if keep else -1)
    near = away < 0.3

    def ordered(quick: Siting, proved: Siting, sign: float) -> None:
        slack = 1e-7 * (1.0 + abs(proved.value))
        assert sign * quick.value >= sign * proved.value - slack
        assert sign * quick.bound <= sign * proved.value + slack
        assert len(set(quick.sites.tolist())) == max(count, int(fixed.sum()))
        assert set(np.flatnonzero(fixed)) <= set(quick.sites.tolist())

    ordered(p_median(away, weight, count, fixed=fixed, exact_pairs=0), p_median(away, weight, count, fixed=fixed), 1.0)
    ordered(p_centre(away, count, fixed=fixed, exact_pairs=0), p_centre(away, count, fixed=fixed), 1.0)
    ordered(
        maximal_coverage(near, weight, count, fixed=fixed, exact_pairs=0),
        maximal_coverage(near, weight, count, fixed=fixed), -1.0,
    )  # fmt: skip


@given(tables(), st.integers(1, 6))
def test_one_site_more_never_hurts(table: tuple[np.ndarray, np.ndarray], count: int) -> None:
    away, weight = table
    assert p_median(away, weight, count + 1).value <= p_median(away, weight, count).value + 1e-9
    assert p_centre(away, count + 1).value <= p_centre(away, count).value
    near = away < 0.3
    assert maximal_coverage(near, weight, count + 1).value >= maximal_coverage(near, weight, count).value - 1e-9
