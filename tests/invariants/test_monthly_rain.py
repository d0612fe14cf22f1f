"""Monthly rain: nothing is lost without gaps, whatever the step of the record; a gap is scaled."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.climate import RECORD_START
from citybraid.core.vocabulary.water import DAILY_RAIN
from citybraid.resilience.drought.monthly_rain import monthly_rain
from tests.ranges import ends
from tests.resilience.months_record import uniform


def gathered(rain: np.ndarray, start: float, step: float = 24.0) -> pd.Series:
    series = pd.Series(rain, np.arange(rain.size) * step)
    return monthly_rain(daily_rain=series, record_start=start).monthly_rain


@given(st.integers(1, 10**6), st.integers(1900 * 12, 2100 * 12), st.sampled_from([1, 2, 24]))
def test_nothing_is_lost(seed: int, month: int, parts: int) -> None:
    rain = uniform(365 * parts, seed) * 20.0
    found = gathered(rain, month / 12, 24.0 / parts)
    whole = found.dropna()
    assert len(whole) in (11, 12)
    assert len(found) in (12, 13)
    assert whole.sum() <= rain.sum() * 1.05
    if len(whole) == len(found) == 12:
        assert whole.iloc[:11].sum() <= rain.sum()


@given(st.floats(0.1, 50), st.integers(0, 7))
def test_a_gap_is_scaled(rain: float, missing: int) -> None:
    record = np.full(59, rain)
    record[3 : 3 + missing] = np.nan
    np.testing.assert_allclose(gathered(record, 2001.0), [31 * rain, 28 * rain])
    record[3:14] = np.nan
    assert np.isnan(gathered(record, 2001.0).iloc[0])


def corners() -> list[tuple[float, float]]:
    return list(product(ends(DAILY_RAIN), ends(RECORD_START)))


@pytest.mark.parametrize(("rain", "start"), corners())
def test_corners(rain: float, start: float) -> None:
    rain = min(rain, 300.0)  # a month of the largest days is more than any month's range
    found = gathered(np.full(400, rain), start)
    assert found.notna().sum() >= 12
    assert (found.dropna() >= 0.0).all()
