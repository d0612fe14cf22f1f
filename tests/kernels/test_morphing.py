"""Morphing: monthly means change exactly as stated, no change gives the same bits, the daily range widens as asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.climate.morphing import (
    DAY_MONTH,
    DAYS,
    combined,
    monthly_mean,
    range_ratio,
    shifted,
    stretched,
)

months = st.lists(st.floats(-8.0, 8.0), min_size=12, max_size=12).map(np.array)
seeds = st.integers(0, 2**32 - 1)


def year(seed: int) -> np.ndarray:
    hours = np.arange(8760)
    noise = np.random.default_rng(seed).normal(0.0, 3.0, 8760)
    return 15.0 - 12.0 * np.cos(2 * np.pi * hours / 8760) - 4.0 * np.cos(2 * np.pi * (hours - 3) / 24) + noise


@given(seeds, months)
def test_means_of_months_move_by_the_change(seed: int, change: np.ndarray) -> None:
    air = year(seed)
    np.testing.assert_allclose(monthly_mean(shifted(air, change)) - monthly_mean(air), change, atol=1e-9, rtol=0)


@given(seeds, months)
def test_a_stretch_multiplies_the_means_of_months(seed: int, change: np.ndarray) -> None:
    air, ratio = np.abs(year(seed)), 1.0 + 0.1 * change
    np.testing.assert_allclose(monthly_mean(stretched(air, ratio)), ratio * monthly_mean(air), rtol=1e-12)


@given(seeds, months, months)
def test_both_together_keep_the_mean_and_widen_the_daily_range(seed: int, mean: np.ndarray, more: np.ndarray) -> None:
    air = year(seed)
    highest, lowest = mean + 0.2 * np.abs(more), mean - 0.1 * np.abs(more)
    found = combined(air, mean, range_ratio(air, highest, lowest))
    np.testing.assert_allclose(monthly_mean(found) - monthly_mean(air), mean, atol=1e-9, rtol=0)

    def span(hours: np.ndarray) -> np.ndarray:
        by_day = hours.reshape(-1, 24)
        return np.asarray(np.bincount(DAY_MONTH, by_day.max(axis=1) - by_day.min(axis=1)) / DAYS)

    np.testing.assert_allclose(span(found) - span(air), highest - lowest, atol=1e-9, rtol=0)


def test_no_change_gives_the_same_bits() -> None:
    air, none = year(1), np.zeros(12)
    assert (shifted(air, none) == air).all()
    assert (stretched(air, none + 1.0) == air).all()
    assert (combined(air, none, range_ratio(air, none, none)) == air).all()


def test_a_month_without_a_daily_range_keeps_none() -> None:
    assert (range_ratio(np.full(8760, 3.0), np.ones(12), np.zeros(12)) == 0.0).all()
