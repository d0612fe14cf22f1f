"""Losses by curve numbers: wetter ground retains less, a higher number retains less, 100 retains nothing."""

from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.water import CURVE_NUMBER
from citybraid.resilience.ground.curve_number_loss import CurveNumberLossParams, curve_number_loss
from tests.ranges import ends

Moisture = Literal["I", "II", "III"]
numbers = st.floats(1.0, 100.0)


def kept(number: float, moisture: Moisture = "II", share: float = 0.2) -> tuple[float, float]:
    found = curve_number_loss(
        curve_number=xr.DataArray([[number]], dims=("y", "x")),
        antecedent_moisture=shipped().resolve("antecedent_moisture", region="CN", year=2025),
        p=CurveNumberLossParams(moisture=moisture, initial_abstraction=share),
    )
    return float(found.potential_retention[0, 0]), float(found.initial_abstraction[0, 0])


@given(numbers, st.floats(0.0, 0.4))
def test_wetter_ground_retains_less(number: float, share: float) -> None:
    dry, middle, wet = (kept(number, each, share)[0] for each in ("I", "II", "III"))
    assert dry >= middle - 1e-9
    assert middle >= wet - 1e-9
    assert kept(number, "II", share)[1] == pytest.approx(share * middle)


@given(numbers, numbers, st.sampled_from(["I", "II", "III"]))
def test_a_higher_number_retains_less(one: float, other: float, moisture: Moisture) -> None:
    low, high = sorted((one, other))
    assert kept(low, moisture)[0] >= kept(high, moisture)[0] - 1e-9


def corners() -> list[float]:
    return list(ends(CURVE_NUMBER))


@pytest.mark.parametrize("number", corners())
@pytest.mark.parametrize("moisture", ["I", "II", "III"])
def test_corners(number: float, moisture: Moisture) -> None:
    found = kept(number, moisture)
    assert np.isfinite(found).all()
    assert found[0] >= 0.0
    assert number < 100.0 or found[0] == pytest.approx(0.0, abs=1e-9)
