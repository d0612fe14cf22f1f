"""Spread of factor rows: quantiles of the distribution that the row names, none where it names none."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from citybraid.core.factor import Factor, shipped
from citybraid.core.spread import LEVEL_MARGIN, QUANTILES, has_distribution, value_at

LEVELS = np.linspace(LEVEL_MARGIN, 1.0 - LEVEL_MARGIN, 99)


def row(value: float, low: float | None, high: float | None, distribution: str) -> Factor:
    return Factor("f", "k", value, "1", "user", low=low, high=high, distribution=distribution)


@pytest.mark.parametrize(
    ("distribution", "value", "law"),
    [
        ("uniform", 3.0, stats.uniform(2.0, 4.0)),
        ("triangular", 3.0, stats.triang(0.25, loc=2.0, scale=4.0)),
        ("triangular", 2.0, stats.triang(0.0, loc=2.0, scale=4.0)),
        ("triangular", 6.0, stats.triang(1.0, loc=2.0, scale=4.0)),
        ("normal", 4.0, stats.norm(4.0, 2.0)),
    ],
)
def test_quantiles(distribution: str, value: float, law: Any) -> None:
    found = value_at(row(value, 2.0, 6.0, distribution), LEVELS)
    np.testing.assert_allclose(found, law.ppf(LEVELS), rtol=1e-9, atol=1e-9)


def test_each_side_of_a_normal_has_its_own_deviation() -> None:
    found = value_at(row(0.9, 0.7, 1.0, "normal"), stats.norm.cdf(np.array([-1.0, 0.0, 1.0])))
    np.testing.assert_allclose(found, [0.7, 0.9, 1.0], rtol=1e-9)


def test_levels_stop_short_of_the_ends() -> None:
    found = value_at(row(4.0, 2.0, 6.0, "normal"), np.array([0.0, 1.0]))
    np.testing.assert_allclose(
        found, value_at(row(4.0, 2.0, 6.0, "normal"), np.array([LEVEL_MARGIN, 1.0 - LEVEL_MARGIN]))
    )


@pytest.mark.parametrize(
    "told", [(None, None, ""), (2.0, None, "uniform"), (2.0, 6.0, ""), (2.0, 6.0, "cauchy"), (3.0, 3.0, "uniform")]
)
def test_rows_that_do_not_say_how_they_spread_are_not_varied(told: tuple[float | None, float | None, str]) -> None:
    assert not has_distribution(row(3.0, *told))
    np.testing.assert_array_equal(value_at(row(3.0, *told), LEVELS), 3.0)


def test_shipped_rows_name_known_distributions_and_hold_their_value() -> None:
    told = [each for each in shipped().rows if each.distribution]
    assert len(told) > 100
    assert not [each.key for each in told if each.distribution not in QUANTILES]
    assert not [
        each.key for each in told if has_distribution(each) and not (each.low or 0) <= each.value <= (each.high or 0)
    ]
