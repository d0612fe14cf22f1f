"""Annual runoff control: between 0 and 1, rising with storage; the storage required reaches the rate asked for."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import DAILY_RAIN
from citybraid.resilience.sponge.annual_runoff_control import (
    AnnualRunoffControl,
    AnnualRunoffControlParams,
    annual_runoff_control,
)
from citybraid.resilience.sponge.control_curve import curve_from_days
from tests.ranges import ends
from tests.resilience.sponge_town import layer, parcels, town

FACTS = {
    name: shipped().resolve(fact, region="CN", year=2025)
    for name, fact in (
        ("coefficient", "runoff_coefficient"),
        ("facility_storage", "facility_storage"),
        ("threshold", "sponge_rain_threshold"),
    )
}
records = st.lists(st.floats(0.0, 400.0), min_size=1, max_size=30).filter(lambda days: max(days) > 2.0)
shares = st.floats(0.0, 1.0)


def control(rain: list[float], *, target: float = 0.7, **words: Any) -> AnnualRunoffControl:
    series = pd.Series(rain, index=np.arange(len(rain)) * 24.0, dtype=np.float64)
    return annual_runoff_control(
        **town(**{"parcels": parcels(), **FACTS, **words}),
        daily_rain=series,
        p=AnnualRunoffControlParams(target=target),
    )


@given(records, shares, shares, shares)
def test_more_storage_keeps_more(rain: list[float], garden: float, less: float, paving: float) -> None:
    found = control(rain, rain_garden=layer(garden), permeable_paving=layer(paving)).annual_runoff_control
    fewer = control(rain, rain_garden=layer(garden * less), permeable_paving=layer(paving)).annual_runoff_control
    assert np.nanmin(found) >= 0.0
    assert np.nanmax(found) <= 1.0
    if paving == 0.0:
        assert np.nanmin(found - fewer) >= -1e-9


@given(records, st.floats(0.05, 0.95))
def test_required_storage_reaches_the_target(rain: list[float], target: float) -> None:
    needed = control(rain, target=target).required_storage
    volume = [float(needed[0, at]) * 800.0 / 1000.0 for at in (0, 2)]
    held = parcels(detention_storage=volume)
    found = control(rain, parcels=held).annual_runoff_control
    assert min(float(found[0, 0]), float(found[0, 2])) >= target - 1e-9


@given(records, st.integers(0, 29))
def test_curve_rises_and_bends_down(rain: list[float], turn: int) -> None:
    curve = curve_from_days(np.array(rain), least=2.0)
    assert np.diff(curve.share).min() >= 0.0
    assert curve.share[-1] == pytest.approx(1.0)
    assert (np.diff(curve.share_at(np.linspace(0.0, 400.0, 50)), n=2) <= 1e-9).all()
    turned = curve_from_days(np.roll(np.array(rain), turn), least=2.0)
    np.testing.assert_allclose(turned.share, curve.share)


def corners() -> list[tuple[float, float, float]]:
    return list(product((3.0, ends(DAILY_RAIN)[1]), ends(RAIN_GARDEN), ends(PERMEABLE_PAVING)))


@given(st.floats(3.0, 100.0), shares, shares)
@example(*corners()[0])
@example(*corners()[3])
@example(*corners()[4])
@example(*corners()[7])
def test_corners(rain: float, garden: float, paving: float) -> None:
    found = control([rain], rain_garden=layer(garden), permeable_paving=layer(paving))
    assert np.isfinite(found.annual_runoff_control[:, :4]).all()
