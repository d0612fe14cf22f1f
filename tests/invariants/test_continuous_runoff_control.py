"""Storage followed in time: between 0 and 1, more storage or quicker emptying never keeps less, water is conserved."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import RAIN_GARDEN
from citybraid.core.vocabulary.water import ANNUAL_RUNOFF_CONTROL, DAILY_RAIN
from citybraid.kernels.flood.plot_storage import storage_overflow
from citybraid.resilience.sponge.continuous_runoff_control import (
    ContinuousRunoffControl,
    ContinuousRunoffControlParams,
    continuous_runoff_control,
)
from tests.ranges import ends
from tests.resilience.sponge_town import layer, parcels, town

FACTS = {
    word: shipped().resolve(fact, region="CN", year=2025)
    for word, fact in (
        ("coefficient", "runoff_coefficient"),
        ("facility_storage", "facility_storage"),
        ("green_ampt", "green_ampt"),
        ("emptying_time", "storage_emptying_time"),
        ("rain_duration", "rain_duration"),
    )
}
records = st.lists(st.floats(0.0, 400.0), min_size=1, max_size=30).filter(lambda days: max(days) > 2.0)
shares = st.floats(0.0, 1.0)


def control(rain: list[float], *, volume: float = 0.0, **words: Any) -> ContinuousRunoffControl:
    series = pd.Series(rain, index=np.arange(len(rain)) * 24.0, dtype=np.float64)
    given_words = {"parcels": parcels(detention_storage=[volume, volume]), "annual_runoff_control": layer(0.5)}
    p = ContinuousRunoffControlParams(soil_group="B")
    return continuous_runoff_control(**town(**{**given_words, **FACTS, **words}), daily_rain=series, p=p)


@given(records, shares, shares, st.floats(0.0, 100.0))
def test_more_storage_keeps_more(rain: list[float], garden: float, less: float, volume: float) -> None:
    found = control(rain, volume=volume, rain_garden=layer(garden)).continuous_runoff_control
    fewer = control(rain, volume=volume * less, rain_garden=layer(garden * less)).continuous_runoff_control
    assert np.nanmin(found) >= 0.0
    assert np.nanmax(found) <= 1.0
    assert np.nanmin(found - fewer) >= -1e-9


@given(records, st.floats(0.1, 100.0), st.floats(1.0, 500.0), st.floats(1.0, 10.0))
def test_quicker_emptying_keeps_more(rain: list[float], volume: float, hours: float, slower: float) -> None:
    quick = control(rain, volume=volume, emptying_time={"": hours}).continuous_runoff_control
    slow = control(rain, volume=volume, emptying_time={"": hours * slower}).continuous_runoff_control
    assert np.nanmin(quick - slow) >= -1e-9


@given(records, st.floats(0.0, 200.0), shares)
def test_storage_that_never_empties_holds_its_capacity_once(rain: list[float], room: float, runoff: float) -> None:
    falls = np.array(rain)
    wet, dry = (np.full(falls.size, hours) for hours in (7.0, 17.0))
    lost = storage_overflow(falls, wet, dry, np.array([room]), np.zeros(1), np.array([runoff]))
    assert lost[0] == pytest.approx(max(runoff * falls.sum() - room, 0.0), abs=1e-7)


def corners() -> list[tuple[float, float, float]]:
    return list(product((3.0, ends(DAILY_RAIN)[1]), ends(RAIN_GARDEN), ends(ANNUAL_RUNOFF_CONTROL)))


@given(st.floats(3.0, 100.0), shares, shares)
@example(*corners()[0])
@example(*corners()[3])
@example(*corners()[4])
@example(*corners()[7])
def test_corners(rain: float, garden: float, sorted_days: float) -> None:
    found = control([rain], rain_garden=layer(garden), annual_runoff_control=layer(sorted_days))
    assert np.isfinite(found.continuous_runoff_control[:, :4]).all()
    gap = found.continuous_runoff_control - sorted_days
    np.testing.assert_allclose(found.control_rate_difference, gap)
