"""Tide, surge and rise: added up, set in time to the rain, and asked for where they are half said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.resilience.coast.tide_level import TideLevelParams, tide_level
from tests.resilience.basin import CLOSED, plane, run, series

M2 = {"name": "M2", "amplitude": 1.5, "phase": 40.0}
S2 = {"name": "S2", "amplitude": 0.5, "phase": 130.0}
K1 = {"name": "K1", "amplitude": 0.3, "phase": 200.0}
RAIN = series([10.0, 20.0, 80.0, 30.0, 10.0, 0.0], 1800.0)
SPEEDS = shipped().resolve("tide_speed", region="CN", year=2025)


def level(rain: pd.Series = RAIN, **words: Any) -> pd.Series:
    """Return a level; words that are inputs go there, others to the parameters."""
    inputs = ("tide_lag", "surge", "surge_height", "sea_level_rise", "sea_level_trend")
    given = {name: words.pop(name) for name in inputs if name in words}
    told = {"constituents": (M2,), "mean_level": 0.2, "span": 25.0, "length": 24.0, **words}
    if "tide_lag" not in given:
        told.setdefault("tide_lag", 0.0)
    p = TideLevelParams.model_validate(told)
    return tide_level(rain_intensity=rain, tide_speed=SPEEDS, p=p, **given).edge_level


def test_high_water_comes_after_the_rain_s_peak_by_the_lag() -> None:
    for lag in (0.0, 3.0, -1.0):
        found = level(tide_lag=lag)
        assert float(found.max()) == pytest.approx(0.2 + 1.5, abs=1e-3)
        near = found[(found.index > 1.25 + lag - 6.0) & (found.index < 1.25 + lag + 6.0)]
        assert float(near.index[int(near.to_numpy().argmax())]) == pytest.approx(1.25 + lag, abs=0.11)


def test_an_event_s_lag_wins_and_none_is_assumed() -> None:
    stated = level(tide_lag=2.0)
    p = TideLevelParams.model_validate({"constituents": (M2,), "mean_level": 0.2, "span": 25.0, "length": 24.0})
    with pytest.raises(InputError) as told:
        tide_level(rain_intensity=RAIN, tide_speed=SPEEDS, p=p)
    assert told.value.text == "tide.no_lag"
    found = tide_level(rain_intensity=RAIN, tide_speed=SPEEDS, p=p, tide_lag=2.0).edge_level
    np.testing.assert_allclose(found, stated)
    for name in ("constituents", "mean_level", "span"):
        given = {"constituents": (M2,), "mean_level": 0.2, "span": 25.0}
        del given[name]
        with pytest.raises(ValidationError):
            TideLevelParams.model_validate(given)


def test_a_month_has_higher_water_than_a_day() -> None:
    """At springs M2 and S2 add up; that takes half of 14.77 days at most."""
    day, month = (level(constituents=(M2, S2), span=span) for span in (25.0, 709.0))
    assert float(month.max()) == pytest.approx(0.2 + 2.0, abs=0.02)
    assert float(day.max()) < float(month.max()) + 1e-9


def test_a_surge_s_height_rises_and_falls() -> None:
    bare, high = level(), level(surge_height=1.2, surge_rise=6.0, surge_fall=12.0, surge_lag=2.0)
    over = (high - bare).to_numpy()
    hours = high.index.to_numpy()
    assert over.max() == pytest.approx(1.2, abs=0.01)
    assert hours[over.argmax()] == pytest.approx(3.25, abs=0.06)
    assert over[hours >= 15.4] == pytest.approx(0.0, abs=1e-9)
    assert np.interp(9.25, hours, over) == pytest.approx(0.6, abs=1e-6)


def test_a_surge_s_series_is_set_by_its_peak() -> None:
    own = pd.Series([0.0, 0.4, 1.0, 0.5], index=[0.0, 3.0, 6.0, 9.0])
    over = level(surge=own, surge_lag=0.0) - level()
    assert np.interp(1.25, over.index, over) == pytest.approx(1.0, abs=0.02)
    assert np.interp(2.75, over.index, over) == pytest.approx(0.75, abs=1e-6)


def test_the_rise_is_a_number_or_a_trend() -> None:
    trend = shipped().resolve("sea_level_trend", region="CN-ZJ-JX", year=2025)
    np.testing.assert_allclose(level(sea_level_rise=0.3) - level(), 0.3)
    found = level(mean_year=2000, year=2050, sea_level_trend=trend)
    np.testing.assert_allclose(found - level(), 50 * trend[""] / 1000.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tide.surge_times", {"surge_height": 1.0}),
        ("tide.surge_times", {"surge_height": 1.0, "surge_lag": 0.0, "surge_rise": 3.0}),
        ("tide.trend_half", {"year": 2050}),
        ("tide.no_trend", {"year": 2050, "mean_year": 2000}),
        ("tide.two_rises", {"year": 2050, "mean_year": 2000, "sea_level_rise": 0.4}),
        ("factor.key_missing", {"constituents": ({"name": "X9", "amplitude": 1.0, "phase": 0.0},)}),
    ],
)
def test_refuses(text: str, words: dict[str, Any]) -> None:
    with pytest.raises(InputError) as told:
        level(**words)
    assert told.value.text == text


def test_a_constituent_may_bring_its_own_speed() -> None:
    own = {"name": "X9", "amplitude": 1.5, "phase": 40.0, "speed": 28.9841042}
    np.testing.assert_allclose(level(constituents=(own,)), level())


def test_the_sea_floods_the_low_side() -> None:
    words: dict[str, Any] = {**CLOSED, "east": "level", "falling": RAIN, "duration": 10800.0}
    low, high = (run(plane((4, 8), 1.0), edge_level=sea, **words) for sea in (level(), level(surge_height=0.0 + 1.0,
        surge_rise=3.0, surge_fall=3.0, surge_lag=0.0)))  # fmt: skip
    assert float(high.max_depth.mean()) > float(low.max_depth.mean())
    assert high.inflow_volume > 0.0


def test_figure(figure: Callable[[str], Path]) -> None:
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    words: dict[str, Any] = {"constituents": (M2, S2, K1), "span": 709.0, "length": 30.0, "tide_lag": 6.0}
    surge: dict[str, Any] = {"surge_height": 1.2, "surge_rise": 6.0, "surge_fall": 12.0, "surge_lag": -1.0}
    bare, both, risen = level(**words), level(**words, **surge), level(**words, **surge, sea_level_rise=0.4)
    assert float(both.max()) > float(bare.max()) + 1.0
    for found, name in ((bare, "tide"), (both, "tide and surge"), (risen, "and 0.4 m of rise")):
        left.plot(found.index, found, label=f"{name}: {found.max():.2f} m")
    rain = left.twinx()
    rain.step([*RAIN.index, 3.0], [*RAIN, 0.0], where="post", color="grey")
    rain.set_ylim(320.0, 0.0)
    rain.set_ylabel("rain [mm/h]")
    left.set(
        xlabel="time from the start of the rain [h]", ylabel="level [m]", title="High water 6 h after the rain's peak"
    )
    left.set_ylim(-2.5, 6.0)
    left.legend(loc="upper right")
    for lag in (-3.0, 0.0, 3.0):
        shown = level(**{**words, **surge, "tide_lag": lag, "length": 12.0})
        right.plot(shown.index, shown, label=f"tide_lag = {lag:+.0f} h")
    right.axvline(1.25, color="grey", linestyle=":")
    right.set(
        xlabel="time from the start of the rain [h]", ylabel="level [m]", title="Three lags; dotted: the rain's peak"
    )
    right.legend()
    picture.savefig(figure("resilience.tide_level"), dpi=110)
    plt.close(picture)
