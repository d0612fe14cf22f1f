"""Soil water: nothing is lost, the soil holds no more than it can, a larger soil lacks less."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.climate import MONTHLY_EVAPOTRANSPIRATION, MONTHLY_RAIN
from citybraid.resilience.drought.water_balance import WaterBalance, WaterBalanceParams, water_balance
from tests.ranges import ends
from tests.resilience.months_record import START, months


def water(capacity: float, *, seed: int = 7, **words: Any) -> WaterBalance:
    record = months(years=4, seed=seed)
    return water_balance(
        monthly_rain=record.rain,
        monthly_evapotranspiration=record.temperature.clip(lower=0.0) * 5.0,
        record_start=START,
        capacity={"": capacity},
        p=WaterBalanceParams(**words),
    )


@given(st.floats(1, 600), st.floats(0, 1), st.integers(1, 10**6))
def test_nothing_is_lost(capacity: float, share: float, seed: int) -> None:
    found = water(capacity, seed=seed, first_share=share)
    assert abs(found.soil_water_error) < 1e-12
    assert (found.soil_water <= capacity + 1e-9).all()
    for series in (found.actual_evapotranspiration, found.water_deficit, found.water_surplus, found.soil_water):
        assert (series >= 0.0).all()


@given(st.floats(1, 300), st.floats(1.05, 2), st.integers(1, 10**6))
def test_directions(capacity: float, more: float, seed: int) -> None:
    plain = water(capacity, seed=seed).annual_water_deficit
    assert water(capacity * more, seed=seed).annual_water_deficit <= plain
    assert water(capacity, seed=seed, evapotranspiration_factor=more).annual_water_deficit >= plain
    assert water(capacity, seed=seed, rain_factor=more).annual_water_deficit <= plain


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MONTHLY_RAIN), ends(MONTHLY_EVAPOTRANSPIRATION)))


@pytest.mark.parametrize(("rain", "demand"), corners())
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_corners(rain: float, demand: float, share: float) -> None:
    series = months(years=1).rain * 0.0
    found = water_balance(
        monthly_rain=series + rain,
        monthly_evapotranspiration=series + demand,
        record_start=START,
        capacity={"": 150.0},
        p=WaterBalanceParams(first_share=share),
    )
    assert np.isfinite(found.annual_water_deficit)
    assert abs(found.soil_water_error) < 1e-12
