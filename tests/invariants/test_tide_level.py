"""Levels of the sea: parts add up, nothing goes above all of them together, and shifts in level only shift."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.forcing import TIDE_LAG
from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.coast.tide_level import Constituent, TideLevelParams, tide_level
from tests.ranges import ends

SPEEDS = shipped().resolve("tide_speed", region="CN", year=2025)
names = st.sampled_from(sorted(SPEEDS))
harmonics = st.lists(st.tuples(names, st.floats(0.0, 3.0), st.floats(0.0, 360.0)), min_size=1, max_size=4)


def level(
    parts: list[tuple[str, float, float]], *, mean: float = 0.0, surge: float = 0.0, lag: float = 0.0
) -> pd.Series:
    p = TideLevelParams(
        constituents=tuple(Constituent(name=name, amplitude=high, phase=phase) for name, high, phase in parts),
        mean_level=mean, span=25.0, length=24.0, surge_rise=6.0, surge_fall=9.0, surge_lag=1.0,
    )  # fmt: skip
    rain = pd.Series([10.0, 50.0, 20.0], index=[0.0, 1.0, 2.0])
    return tide_level(rain_intensity=rain, tide_speed=SPEEDS, p=p, surge_height=surge, tide_lag=lag).edge_level


@given(harmonics, st.floats(0.0, 4.0), st.floats(-6.0, 6.0))
def test_never_above_all_parts_together(parts: list[tuple[str, float, float]], surge: float, lag: float) -> None:
    most = sum(high for _, high, _ in parts)
    found = level(parts, surge=surge, lag=lag)
    assert float(found.max()) <= most + surge + 1e-9
    assert float(found.min()) >= -most - 1e-9
    assert (found >= level(parts, lag=lag) - 1e-9).all()


@given(harmonics, st.floats(-10.0, 10.0))
def test_a_higher_datum_only_shifts(parts: list[tuple[str, float, float]], up: float) -> None:
    np.testing.assert_allclose(level(parts, mean=up), level(parts) + up, atol=1e-9)


@given(harmonics)
def test_a_later_tide_is_the_same_tide(parts: list[tuple[str, float, float]]) -> None:
    soon, late = level(parts, lag=0.0), level(parts, lag=1.0)
    hours = soon.index.to_numpy()
    shifted = np.interp(hours[:-20] + 1.0, late.index, late)
    np.testing.assert_allclose(shifted, soon.to_numpy()[:-20], atol=1e-2)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(TIDE_LAG), ends(RAIN_INTENSITY)))


@pytest.mark.parametrize(("lag", "rate"), corners())
def test_corners(lag: float, rate: float) -> None:
    p = TideLevelParams(constituents=(Constituent(name="M2", amplitude=20.0, phase=0.0),), mean_level=0.0, span=1.0)
    rain = pd.Series([rate, rate], index=[0.0, 0.05])
    found = tide_level(rain_intensity=rain, tide_speed=SPEEDS, p=p, tide_lag=lag).edge_level
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 20.0 + 1e-9
