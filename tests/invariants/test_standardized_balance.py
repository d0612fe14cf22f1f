"""SPEI: a shift or a stretch of the balance changes nothing, more demand is never wetter."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.climate import MONTHLY_EVAPOTRANSPIRATION, MONTHLY_RAIN
from citybraid.resilience.drought.standardized_balance import BalanceParams, standardized_balance
from tests.ranges import ends
from tests.resilience.months_record import START, months


def index(scale: float = 1.0, shift: float = 0.0, *, count: int = 3, seed: int = 7, factor: float = 1.0) -> np.ndarray:
    record = months(seed=seed)
    found = standardized_balance(
        monthly_rain=record.rain * scale,
        monthly_evapotranspiration=record.temperature.clip(lower=0.0) * 4.0 * scale + shift,
        record_start=START,
        p=BalanceParams(months=count, evapotranspiration_factor=factor),
    )
    return found.standardized_balance.to_numpy()


@given(st.integers(1, 24), st.floats(0.05, 5), st.floats(0, 100), st.integers(1, 10**6))
def test_shift_and_stretch(count: int, scale: float, shift: float, seed: int) -> None:
    np.testing.assert_allclose(index(scale, shift, count=count, seed=seed), index(count=count, seed=seed), atol=1e-6)


@given(st.integers(1, 24), st.floats(1.01, 2.0), st.integers(1, 10**6))
def test_more_demand_is_never_wetter(count: int, factor: float, seed: int) -> None:
    warmer, plain = index(count=count, seed=seed, factor=factor), index(count=count, seed=seed)
    known = np.isfinite(plain)
    assert (warmer[known] <= plain[known] + 1e-12).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MONTHLY_RAIN), ends(MONTHLY_EVAPOTRANSPIRATION)))


@pytest.mark.parametrize(("rain", "demand"), corners())
def test_corners(rain: float, demand: float) -> None:
    series = months().rain * 0.0
    alike = standardized_balance(
        monthly_rain=series + rain, monthly_evapotranspiration=series + demand, record_start=START, p=BalanceParams()
    )
    assert alike.standardized_balance.isna().all()
    assert alike.balance_drought_longest == 0.0
    jump = series + rain
    jump.iloc[::5] = 10000.0 - rain
    found = standardized_balance(
        monthly_rain=jump, monthly_evapotranspiration=series + demand, record_start=START, p=BalanceParams()
    )
    assert not np.isinf(found.standardized_balance).any()
