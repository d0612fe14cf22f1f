"""Design storms: the sum is the formula's depth, rarer and longer is more, whatever the step."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import RETURN_PERIOD, STORM_DURATION
from citybraid.resilience.rain.design_storm import DesignStormParams, depth, design_storm
from tests.ranges import ends

SUZHOU = {"A": 17.969, "C": 1.24, "b": 18.415, "n": 0.785}
steps = st.integers(1, 60)


shapes = st.sampled_from(["chicago", "alternating_block", "uniform"])


def fallen(period: float, minutes: float, r: float, step: float = 5.0, factor: float = 1.0, **words: Any) -> float:
    found = design_storm(
        return_period=period,
        storm_duration=minutes,
        storm_formula={**SUZHOU, "r": r},
        p=DesignStormParams(step=step, climate_factor=factor, **words),
    ).rain_intensity
    assert (found > 0).all()
    return float(found.sum()) * step / 60


@given(st.floats(1, 1000), steps, st.floats(0.0, 1.0), st.sampled_from([1.0, 2.5, 5.0]), shapes)
def test_sum_is_the_formula_s(period: float, count: int, r: float, step: float, shape: str) -> None:
    want = float(depth(np.array(count * 5.0), SUZHOU, period=period))
    assert fallen(period, count * 5.0, r, step, shape=shape) == pytest.approx(want, rel=1e-9)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30).filter(lambda parts: sum(parts) > 0.01), steps)
def test_a_profile_only_spreads_the_depth(parts: list[float], count: int) -> None:
    shares = tuple(part / sum(parts) for part in parts)
    found = design_storm(
        return_period=10.0,
        storm_duration=count * 5.0,
        storm_formula=SUZHOU,
        p=DesignStormParams(shape="profile", profile=shares),
    ).rain_intensity
    assert found.min() >= -1e-9
    assert found.sum() / 12.0 == pytest.approx(float(depth(np.array(count * 5.0), SUZHOU, period=10.0)), rel=1e-9)


@given(st.floats(1, 500), st.floats(1.1, 2.0), steps, st.floats(0.1, 0.9))
def test_rarer_and_longer_is_more(period: float, factor: float, count: int, r: float) -> None:
    now = fallen(period, count * 5.0, r)
    assert fallen(period * factor, count * 5.0, r) > now
    assert fallen(period, count * 5.0 + 5.0, r) > now
    assert fallen(period, count * 5.0, r, factor=factor) == pytest.approx(factor * now)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(RETURN_PERIOD), ends(STORM_DURATION)))


@given(st.floats(1, 100), st.sampled_from([30.0, 60.0]))
@example(*corners()[0])
@example(*corners()[1])
@example(*corners()[2])
@example(*corners()[3])
def test_corners(period: float, minutes: float) -> None:
    assert fallen(period, minutes, 0.4) > 0.0
