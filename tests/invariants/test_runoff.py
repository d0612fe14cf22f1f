"""Runoff: never more than the rain, rising with rain and curve number, less with facilities."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.water import CURVE_NUMBER, RAIN_INTENSITY
from citybraid.resilience.ground.runoff import RunoffParams, runoff
from tests.ranges import ends

numbers = st.floats(1.0, 100.0)
rates = st.floats(0.0, 500.0)
shares = st.floats(0.0, 1.0)


def shed(rate: float, number: float, garden: float = 0.0, abstraction: float = 0.2, split: int = 2) -> float:
    layer = xr.DataArray(np.full((2, 2), number), dims=("y", "x"))
    hours = np.arange(split) * 2.0 / split
    found = runoff(
        rain_intensity=pd.Series(np.full(split, rate), index=hours),
        curve_number=layer,
        permeable_paving=layer * 0.0,
        rain_garden=layer * 0.0 + garden,
        facility_storage=shipped().resolve("facility_storage", region="CN", year=2025),
        paving_run_on=shipped().resolve("paving_run_on", region="CN", year=2025),
        p=RunoffParams(initial_abstraction=abstraction),
    )
    depth = float(found.runoff_depth.max())
    assert found.runoff_control == pytest.approx(1.0 - depth / (2 * rate) if rate > 0 else 1.0, abs=1e-9)
    return depth


@given(rates, numbers, shares, shares)
def test_between_nothing_and_the_rain(rate: float, number: float, garden: float, less: float) -> None:
    depth = shed(rate, number, garden)
    assert 0.0 <= depth <= 2 * rate + 1e-9
    assert shed(rate, number, garden * less) >= depth
    assert shed(rate + 1.0, number, garden) >= depth
    assert shed(rate, min(number + 1.0, 100.0), garden) >= depth - 1e-9
    assert shed(rate, number, garden, 0.4) <= depth + 1e-9


@given(rates, numbers, st.integers(2, 24))
def test_only_the_sum_counts(rate: float, number: float, split: int) -> None:
    assert shed(rate, number, split=split) == pytest.approx(shed(rate, number), rel=1e-9, abs=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(RAIN_INTENSITY), ends(CURVE_NUMBER)))


@pytest.mark.parametrize("corner", corners())
def test_corners(corner: tuple[float, float]) -> None:
    assert np.isfinite(shed(*corner))
