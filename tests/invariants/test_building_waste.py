"""Building waste: periods add up, and what is recycled never exceeds what there is."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import YEAR_BUILT
from tests.lowcarbon.test_building_waste import stock, wasted
from tests.ranges import ends

year = st.integers(1950, 2060)


@given(year, st.integers(0, 100), st.integers(2000, 2040), st.integers(0, 10), st.integers(1, 10), st.floats(0, 1))
def test_periods_add_up(built: int, life: int, start: int, one: int, other: int, share: float) -> None:
    table = stock([float(built)], [float(built + life)])
    first, second = (start, start + one), (start + one + 1, start + one + other)
    parts = [wasted(table, start=a, end=b, recycled=share) for a, b in (first, second)]
    whole = wasted(table, start=first[0], end=second[1], recycled=share)
    for name in ("construction_waste", "demolition_waste", "recycled_waste"):
        assert sum(getattr(part, name).sum() for part in parts) == pytest.approx(getattr(whole, name).sum())
    assert (whole.recycled_waste <= whole.construction_waste + whole.demolition_waste + 1e-6).all()


@pytest.mark.parametrize(
    ("built", "gone", "share"), list(itertools.product(ends(YEAR_BUILT), (0.0, 2200.0), (0.0, 1.0)))
)
def test_corners(built: float, gone: float, share: float) -> None:
    found = wasted(stock([built], [gone]), start=1900, end=2200, recycled=share, avoided=0.0)
    assert np.isfinite(found.recycled_waste).all()
    assert (found.demolition_waste.iloc[0] > 0) == (gone > 0)
