"""Evening air of the demo from its weather file by hand: the day's mean is 26.9 °C, the evening's 26.0, with the city's
heat 27.6 (more before, when the evening's heat island was added to the day's mean)."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import say
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

SUMMER = slice(151 * 24, 243 * 24)
"""1 June to 31 August, hours of the year."""
SKY_VIEW = 0.45
"""Middle of 0.3-0.6, compact midrise (Stewart and Oke 2012, table 3)."""


class Summer(NamedTuple):
    """Columns of the weather file over its summer, a row per day: air [degC], sun [W m-2], wind [m s-1]."""

    air: NDArray[np.float64]
    sun: NDArray[np.float64]
    wind: NDArray[np.float64]


@pytest.fixture(scope="module")
def summer(coarse_town: Path) -> Summer:
    lines = (coarse_town.parent / "data" / "weather_synthetic.epw").read_text("ascii").splitlines()[8:]
    columns = np.array([[float(line.split(",")[at]) for at in (6, 13, 21)] for line in lines])[SUMMER]
    return Summer(*columns.reshape(92, 24, 3).transpose(2, 0, 1))


def evening(summer: Summer) -> NDArray[np.float64]:
    """The two hours that begin three hours after the sun is gone, of every day."""
    dark = np.flatnonzero(summer.sun.mean(axis=0) >= 1.0).max() + 1
    assert dark == 19
    return summer.air[:, dark + 3 : dark + 5]


def number(ran: Run, name: str) -> float:
    return float(ran.value(ran.layers("as_is")[name][""]))


def test_the_file_says_26_9_by_day_and_night(summer: Summer) -> None:
    assert summer.air.mean() == pytest.approx(26.95, abs=0.05)
    assert evening(summer).mean() == pytest.approx(26.00, abs=0.05)


def test_rural_air_is_that_of_the_hours_in_which_the_heat_island_is_largest(coarse_run: Run, summer: Summer) -> None:
    assert number(coarse_run, "rural_temperature") == pytest.approx(evening(summer).mean(), rel=1e-9)


def test_the_city_is_warmer_than_the_evening_by_no_more_than_the_heat_island(coarse_run: Run, summer: Summer) -> None:
    table = coarse_run.table("units/as_is")
    assert table is not None
    city = float(table["air_temperature"][WHOLE_AREA])
    # Days run from 08:00 to 08:00, so the last morning is that of 1 September; one of 92 days moves the mean little
    span = np.array([np.ptp(each) for each in np.roll(summer.air.ravel(), -8).reshape(92, 24)[:-1]])
    wind = np.maximum(np.roll(summer.wind.ravel(), -8).reshape(92, 24)[:-1].mean(axis=1), 1.0)
    sun = summer.sun[:-1].mean(axis=1) / (1.2 * 1005)
    island = float(np.mean((2 - SKY_VIEW) * (sun * span**3 / wind) ** 0.25))
    assert number(coarse_run, "heat_island") == pytest.approx(island, abs=0.05)
    assert evening(summer).mean() < city < evening(summer).mean() + island


@pytest.mark.parametrize("text", ["indicator.air_temperature", "var.air_temperature", "var.rural_temperature"])
def test_each_temperature_says_its_hours_and_its_statistic(text: str) -> None:
    for part in ("mean", "evening", "3–5 h after sunset"):
        assert part in say(text, "en")
    assert "日落后 3～5 小时均值" in say(text, "zh")
