"""SPI: no unit, monotone in the month's rain, a standard normal over its own years, whatever the record."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.climate import MONTHLY_RAIN, RECORD_START
from citybraid.resilience.drought.months import IndexParams
from citybraid.resilience.drought.standardized_precipitation import (
    StandardizedPrecipitation,
    standardized_precipitation,
)
from tests.ranges import ends
from tests.resilience.months_record import START, months

spans = st.integers(1, 24)


def index(scale: float = 1.0, *, count: int = 3, seed: int = 7, factor: float = 1.0) -> np.ndarray:
    found = standardized_precipitation(
        monthly_rain=months(seed=seed).rain * scale, record_start=START, p=IndexParams(months=count, rain_factor=factor)
    )
    return found.standardized_precipitation.to_numpy()


@given(spans, st.floats(0.01, 10), st.integers(1, 10**6))
def test_the_unit_of_rain_does_not_matter(count: int, scale: float, seed: int) -> None:
    np.testing.assert_allclose(index(scale, count=count, seed=seed), index(count=count, seed=seed), atol=1e-8)


@given(spans, st.floats(0.2, 0.99), st.integers(1, 10**6))
def test_less_rain_is_never_wetter(count: int, factor: float, seed: int) -> None:
    drier, plain = index(count=count, seed=seed, factor=factor), index(count=count, seed=seed)
    known = np.isfinite(plain)
    assert (drier[known] <= plain[known]).all()


@given(st.integers(3, 24), st.integers(1, 10**6))
def test_standard_normal_over_its_own_years(count: int, seed: int) -> None:
    found = index(count=count, seed=seed)
    found = found[np.isfinite(found)]
    assert abs(found.mean()) < 0.12
    assert 0.8 < found.std() < 1.2


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MONTHLY_RAIN), ends(RECORD_START)))


@pytest.mark.parametrize(("rain", "start"), corners())
def test_corners(rain: float, start: float) -> None:
    series = months().rain * 0.0 + rain
    found: StandardizedPrecipitation = standardized_precipitation(
        monthly_rain=series, record_start=start, p=IndexParams()
    )
    assert found.standardized_precipitation.isna().all()
    assert (found.rain_drought_share, found.rain_drought_longest) == (0.0, 0.0)
    once = series.copy()
    once.iloc[::7] = 10000.0 - rain
    every = standardized_precipitation(monthly_rain=once, record_start=start, p=IndexParams())
    assert not np.isinf(every.standardized_precipitation).any()
