"""Outdoor work in heat: limits by class, sun and shade, bounds; refusals; the figure of the method."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.weather import DRY_BULB, RELATIVE_HUMIDITY, WIND_SPEED
from citybraid.resilience.heat.work_heat import WorkHeat, WorkHeatParams, work_heat
from tests.examples import at_most
from tests.outdoor_case import hot_year
from tests.ranges import ends

LIMITS = resolve("wbgt_limit")
CAPACITY = resolve("work_capacity")
NAMES = ("light", "moderate", "heavy", "shaded")


def work(p: WorkHeatParams | None = None, **words: Any) -> WorkHeat:
    given: dict[str, Any] = {"wbgt_limit": LIMITS, "work_capacity": CAPACITY, "p": p or WorkHeatParams()}
    return work_heat.of(hot_year() | given | words)


def warmed(rise: float) -> dict[str, Any]:
    return {"dry_bulb": hot_year()["dry_bulb"] + rise}


def test_hours_are_those_above_the_limits_in_working_time() -> None:
    found = work()
    clock = np.arange(8760) % 24
    at_work = found.wet_bulb_globe[(clock >= 8) & (clock < 18)]
    for name, limit in (("light", 30.0), ("moderate", 28.0), ("heavy", 26.0)):
        assert getattr(found, f"{name}_work_heat_hours") == float((at_work >= limit).sum())
    left = 1.0 / (1.0 + (33.63 / np.maximum(at_work, 1e-9)) ** -6.33)
    assert found.work_capacity_loss == pytest.approx(1.0 - float(left.mean()))
    assert found.shaded_work_heat_hours < found.moderate_work_heat_hours


def test_half_the_capacity_is_left_at_the_published_temperature() -> None:
    """Foster et al. (2021): half at a WBGT of 33.63, 0.87 at 25 degC."""
    for index, want in ((33.63, 0.5), (25.0, 0.868)):
        left = 1.0 / (1.0 + (float(CAPACITY["half"]) / index) ** -float(CAPACITY["exponent"]))
        assert left == pytest.approx(want, abs=0.001)


def test_a_warmer_year_and_longer_days_have_more_hours() -> None:
    plain, warm, long = work(), work(**warmed(2.0)), work(WorkHeatParams(first_hour=6, last_hour=20))
    for name in NAMES:
        plain_hours, warm_hours, long_hours = (getattr(each, f"{name}_work_heat_hours") for each in (plain, warm, long))
        assert plain_hours < warm_hours
        assert plain_hours <= long_hours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("heat.no_sun", {name: 0.0 * hot_year()[name] for name in ("direct_normal", "diffuse_horizontal")}),
        ("heat.work_limits", {"wbgt_limit": {"light": 28.0, "moderate": 28.0, "heavy": 26.0}}),
        ("heat.working_hours", {"p": WorkHeatParams(first_hour=18, last_hour=18)}),
        ("heat.no_full_year", {"wind_speed": hot_year()["wind_speed"].iloc[:8000].rename("wind_speed")}),
    ],
)
def test_refuses(text: str, words: dict[str, Any]) -> None:
    with pytest.raises(InputError) as failure:
        work(**words)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


@at_most(8)
@given(st.floats(-20, 15), st.floats(0, 6))
@example(0.0, 0.0)
def test_never_fewer_hours_in_warmer_air(rise: float, more: float) -> None:
    cool, warm = work(**warmed(rise)), work(**warmed(rise + more))
    for name in NAMES:
        assert getattr(cool, f"{name}_work_heat_hours") <= getattr(warm, f"{name}_work_heat_hours")
    assert cool.light_work_heat_hours <= cool.moderate_work_heat_hours <= cool.heavy_work_heat_hours <= 3650.0
    assert cool.shaded_work_heat_hours <= cool.moderate_work_heat_hours
    assert 0.0 <= cool.work_capacity_loss <= warm.work_capacity_loss <= 1.0


def corners() -> list[tuple[float, float, float]]:
    return list(product((ends(DRY_BULB)[0], 50.0), ends(RELATIVE_HUMIDITY), ends(WIND_SPEED)))


@pytest.mark.parametrize(("air", "humidity", "wind"), corners())
def test_corners(air: float, humidity: float, wind: float) -> None:
    same: dict[str, Any] = {
        name: pd.Series(np.full(8760, value), name=name)
        for name, value in (("dry_bulb", air), ("relative_humidity", humidity), ("wind_speed", wind))
    }
    found = work(**same)
    assert np.isfinite(found.wet_bulb_globe).all()
    assert 0.0 <= found.work_capacity_loss <= 1.0


def test_figure(figure: Callable[[str], Path]) -> None:
    found = work()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    by_day = found.wet_bulb_globe.to_numpy().reshape(365, 24)
    image = left.imshow(by_day.T, aspect="auto", origin="lower", cmap="inferno", vmin=10, vmax=36)
    fig.colorbar(image, ax=left, label="WBGT [°C]")
    left.set(xlabel="day of the year", ylabel="hour", title="Wet-bulb globe temperature in the sun")
    rises = np.arange(0.0, 4.1, 1.0)
    years = [work(**warmed(rise)) for rise in rises]
    for name, colour in zip(NAMES, ("#d98f2b", "#b2352f", "#7a2b4f", "#4f8c5b"), strict=True):
        hours = [getattr(each, f"{name}_work_heat_hours") for each in years]
        words = "moderate, shaded" if name == "shaded" else name
        right.plot(rises, hours, "o-", color=colour, label=words, markersize=4)
    right.set(
        xlabel="warming of a made-up year [K]", ylabel="working hours above the limit", title="Hours too hot, by work"
    )
    right.legend(frameon=False, fontsize=8)
    fig.savefig(figure("resilience.work_heat"), dpi=110)
    plt.close(fig)
