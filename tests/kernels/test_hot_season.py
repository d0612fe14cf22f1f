"""The hot season: by the calendar outside the tropics, by the weather within."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.kernels.climate.summer import STARTS, TROPIC, hot_span, summer_days, summer_hours
from citybraid.lowcarbon.overheating.comfort import SUMMER as HALF_YEAR

JAKARTA = -6.2
SHANGHAI = "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
MONTHS = np.diff(STARTS)


def year(*months: float) -> np.ndarray:
    """Return air by hour of a year whose months have these means, with a day's course of 6 K."""
    course = 3.0 * np.sin(2.0 * np.pi * np.arange(24) / 24.0)
    return np.asarray((np.repeat(months, MONTHS)[:, None] + course).ravel())


MADE = year(26.5, 26.6, 27.2, 27.8, 28.0, 27.7, 27.5, 27.8, 28.4, 28.5, 28.0, 27.2)
"""Made: a year as cities of Java have it, whose warmest months are September to November; no station's record."""


def test_in_jakarta_the_hot_season_is_that_of_the_weather() -> None:
    """December to February, the summer of its hemisphere, is the wet and cool season there."""
    assert hot_span(MADE, JAKARTA) == (243, 334)
    assert summer_hours(MADE, JAKARTA) == (243 * 24, 334 * 24)
    days = summer_days(MADE, JAKARTA)
    by_day = MADE.reshape(365, 24).mean(axis=1)
    assert by_day[days].mean() > by_day[np.arange(334, 424) % 365].mean() + 1.0


@pytest.mark.case(SHANGHAI)
def test_shanghai_keeps_june_to_august(cases: Path) -> None:
    air = np.genfromtxt(cases / SHANGHAI, delimiter=",", skip_header=8, usecols=(6,), encoding="latin1")
    assert hot_span(air, 31.2) == (151, 243)
    assert hot_span(air, 31.2, season=HALF_YEAR) == (120, 273)
    # Its weather says July to September, which is not taken outside the tropics
    assert hot_span(air, TROPIC) == (181, 273)


def test_outside_the_tropics_weather_does_not_count() -> None:
    turned = np.roll(MADE, 5000)
    for latitude, span in ((23.5, (151, 243)), (60.0, (151, 243)), (-23.5, (334, 424)), (-40.0, (334, 424))):
        assert hot_span(MADE, latitude) == hot_span(turned, latitude) == span
    assert hot_span(MADE, -34.0, season=HALF_YEAR) == (304, 365 + 90)


def test_a_season_may_pass_the_end_of_the_year() -> None:
    warm = year(28.0, 27.0, 25.0, 25.0, 25.0, 25.0, 25.0, 25.0, 25.0, 25.0, 26.0, 28.0)
    assert hot_span(warm, 0.0) == (334, 424)
    assert summer_days(warm, 0.0).tolist() == [*range(334, 365), *range(59)]


def test_even_air_takes_the_first_months_and_a_short_year_is_refused() -> None:
    assert hot_span(np.full(8760, 27.0), 5.0) == (0, 90)
    with pytest.raises(ValueError, match="8760 hours"):
        hot_span(np.zeros(24), 5.0)
