"""Deaths in heat waves: the integral by pencil, within the waves', in proportion; the figure of the method."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.resilience.people.heat_mortality import curve
from citybraid.resilience.people.heat_wave_mortality import HeatWaveParams, heat_wave_mortality
from tests.heat_people import homes
from tests.ranges import ends
from tests.weather_year import weather_year

RISK = resolve("heat_death_risk", region="CN")
RATE = resolve("death_rate", region="CN")
DAY = 0.00776 / 365
YEAR = weather_year().dry_bulb
LEAST = curve(RISK, YEAR)[0]


def annual(periods: list[float], days: list[float], air: list[float], *, people: float = 1e5, **more: Any) -> float:
    p = HeatWaveParams.model_validate({"return_periods": periods, "days": days, "temperatures": air, **more})
    found = heat_wave_mortality(buildings=homes([people]), dry_bulb=YEAR, heat_death_risk=RISK, death_rate=RATE, p=p)
    return float(found.heat_wave_deaths["b0"])


def of_wave(days: float, air: float) -> float:
    return float(1e5 * DAY * days * -np.expm1(-float(RISK["log_risk"]) * max(air - LEAST, 0.0)))


def test_three_waves_by_pencil() -> None:
    """Linear in probability: triangle from 1 to 2 years, two trapezoids, the rarest beyond 50 years."""
    first, second, third = of_wave(4, 30.0), of_wave(7, 31.5), of_wave(12, 33.0)
    want = 0.5 * first * (1 - 0.5) + 0.5 * (first + second) * (0.5 - 0.1) + 0.5 * (second + third) * (0.1 - 0.02)
    want += third * 0.02
    assert annual([2.0, 10.0, 50.0], [4, 7, 12], [30.0, 31.5, 33.0]) == pytest.approx(want, rel=1e-12)
    assert third == pytest.approx(1e5 * 12 * DAY * -np.expm1(-0.0338 * (33.0 - 26.5)), rel=0.01)


def test_a_wave_below_the_temperature_of_least_deaths_kills_nobody() -> None:
    assert annual([2.0, 10.0], [4, 7], [20.0, LEAST]) == 0.0


def test_no_waves_is_a_gap_not_zero() -> None:
    with pytest.raises(ValidationError):
        HeatWaveParams.model_validate({})
    assert {"return_periods", "days", "temperatures"} <= {
        name for name, field in HeatWaveParams.model_fields.items() if field.is_required()
    }


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("heat.wave_lists", ([2.0, 10.0], [4.0], [30.0, 31.0])),
        ("heat.wave_periods", ([10.0, 2.0], [4.0, 4.0], [30.0, 31.0])),
        ("heat.wave_periods", ([0.5, 2.0], [4.0, 4.0], [30.0, 31.0])),
        ("heat.wave_periods", ([1.0, 2.0], [-4.0, 4.0], [30.0, 31.0])),
        ("heat.wave_order", ([2.0, 10.0], [9.0, 4.0], [31.0, 31.0])),
    ],
)
def test_refuses(text: str, lists: tuple[list[float], list[float], list[float]]) -> None:
    with pytest.raises(InputError) as failure:
        annual(*lists)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")


waves = st.lists(st.tuples(st.floats(0, 30), st.floats(0, 6)), min_size=1, max_size=6)


@given(waves, st.floats(0, 1e6))
def test_between_none_and_the_worst_and_in_proportion(steps: list[tuple[float, float]], people: float) -> None:
    days = np.cumsum([each for each, _ in steps]).tolist()
    air = (22.0 + np.cumsum([each for _, each in steps])).tolist()
    periods = [float(2 ** (at + 1)) for at in range(len(steps))]
    found = annual(periods, days, air, people=people)
    assert 0.0 <= found <= people / 1e5 * of_wave(days[-1], air[-1]) * (1 + 1e-9)
    assert found == pytest.approx(people / 1e5 * annual(periods, days, air), rel=1e-9, abs=1e-12)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(DRY_BULB), ends(RESIDENTS)))


@pytest.mark.parametrize(("air", "people"), corners())
def test_corners(air: float, people: float) -> None:
    found = annual([1.0], [5.0], [air], people=people)
    assert np.isfinite(found)
    assert (found > 0.0) == (air > LEAST and people > 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    periods, days, air = [2.0, 5.0, 10.0, 20.0, 50.0], [4.0, 6.0, 7.0, 9.0, 12.0], [29.5, 30.4, 31.0, 31.6, 32.4]
    losses = [of_wave(*wave) for wave in zip(days, air, strict=True)]
    chance = [1.0, *(1.0 / each for each in periods), 0.0]
    heights = [0.0, *losses, losses[-1]]
    fig, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    axis.fill_between(chance, heights, color="#e8b9a8", linewidth=0)
    axis.plot(chance, heights, "o-", color="#b2352f", markersize=4)
    axis.set(
        xlabel="annual probability [-]", ylabel="deaths per 100 000 people", xlim=(0, 1), ylim=(0, None),
        title=f"Made-up heat waves: {annual(periods, days, air):.1f} deaths in an average year (area)",
    )  # fmt: skip
    fig.savefig(figure("resilience.heat_wave_mortality"), dpi=110)
    plt.close(fig)
