"""Draws of uncertain factors stay in the range that a factor may have, `codes/factor_ranges.csv`."""

from dataclasses import replace

import numpy as np
import pytest

from citybraid.core import factor
from citybraid.core.factor import Factor
from citybraid.core.spread import has_distribution, value_at
from citybraid.study.plan.varied_factors import Source

LEVELS = np.linspace(0.0, 1.0, 201)


def shipped(name: str, key: str) -> Factor:
    return next(row for row in factor.shipped().by_name[name] if row.key == key)


def outside(row: Factor) -> bool:
    known = factor.range_of(row)
    return known is not None and not all(known.holds(float(each)) for each in value_at(row, LEVELS))


def test_no_shipped_row_is_drawn_outside_its_range() -> None:
    """Shares of damage were drawn from -0.35 to 1.34."""
    rows = [row for row in factor.shipped().rows if has_distribution(row)]
    assert len(rows) > 100
    assert [f"{row.factor}: {row.key}" for row in rows if outside(row)] == []


def test_a_tail_beyond_the_range_lies_at_its_end_and_other_quantiles_stay() -> None:
    row = shipped("flood_damage_share", "industrial/1")
    drawn = value_at(row, LEVELS)
    assert (drawn[0], drawn[-1]) == (0.0, 1.0)
    assert drawn[100] == pytest.approx(row.value, abs=1e-12)
    assert row.low is not None
    assert value_at(row, np.array([0.158655]))[0] == pytest.approx(row.low, abs=1e-5)
    assert np.all(np.diff(drawn) >= 0.0)


def test_an_end_that_cannot_be_is_never_drawn() -> None:
    """0 of what is divided by: the lower half is truncated above it, the median and the upper half stay."""
    row = next(
        each for each in factor.shipped().rows if (known := factor.range_of(each)) and known.above and each.value > 0.0
    )
    wide = replace(row, low=0.3 * row.value, high=1.2 * row.value, distribution="normal")
    drawn = value_at(wide, LEVELS)
    assert not outside(wide)
    assert drawn[0] > 0.0
    assert drawn[100] == pytest.approx(row.value)
    assert np.all(np.diff(drawn) >= 0.0)
    assert value_at(wide, np.array([0.841345]))[0] == pytest.approx(1.2 * row.value, rel=1e-5)


def test_a_spread_moves_no_row_outside_its_range() -> None:
    row = shipped("flood_damage_share", "residential/5")
    spread = replace(row, factor="input_spread", value=1.0, low=0.6, high=1.3, distribution="triangular")
    moved = next(Source("flood_damage_share", "", (row,), spread).at(0.99))
    assert row.value * 1.25 > 1.0
    assert moved.value == 1.0
