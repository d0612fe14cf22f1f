"""Made-up years have the means and the spread of days of the nearest typical year: of Shanghai, of Hangzhou.

Jiaxing South lies 76 km from Hangzhou's station and 103 km from Shanghai's; Qingpu lies 40 km from Shanghai's.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.sources.synthetic.weather_year.climate import DAYS, climate_of
from citybraid.sources.synthetic.weather_year.weather import Weather, weather

Floats = NDArray[np.float64]

TYPICAL = {
    "qingpu": "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw",
    "jiaxing": "data/epw/CHN_Zhejiang.Hangzhou.584570_CSWD.epw",
}
KEPT = 0.85
"""Share of a drawn deviation that is left in the means of days."""
MONTH = np.repeat(np.arange(12), DAYS)
SEASONS = ([11, 0, 1], [2, 3, 4], [5, 6, 7], [8, 9, 10])
SEEDS = range(1, 9)


@cache
def drawn(seed: int, place: str = "jiaxing") -> Weather:
    return weather(seed, place)


class Typical(NamedTuple):
    """What a file of hours has."""

    means: Floats
    """Means of the days' temperature [degC]."""
    ranges: Floats
    """Ranges of the days' temperature [K]."""
    humidity: Floats
    """Means of the days' relative humidity [%]."""
    irradiation: Floats
    """Global irradiation of the days [Wh m-2]."""
    wind: float
    """Mean wind speed [m s-1]."""


def typical(file: Path) -> Typical:
    hours = np.genfromtxt(file, delimiter=",", skip_header=8, usecols=[6, 8, 13, 21], encoding="latin1")
    air, humidity = (hours[:, column].reshape(365, 24) for column in (0, 1))
    return Typical(
        air.mean(axis=1),
        air.max(axis=1) - air.min(axis=1),
        humidity.mean(axis=1),
        hours[:, 2].reshape(365, 24).sum(axis=1),
        float(hours[:, 3].mean()),
    )


def by_month(daily: Floats) -> Floats:
    return np.asarray([daily[month == MONTH].mean() for month in range(12)])


def anomalies(daily: Floats) -> Floats:
    """Return means of days about the straight lines between the middles of the months, each month centred."""
    ends = np.cumsum(DAYS)
    middles = ends - np.asarray(DAYS) / 2
    means = by_month(daily)
    around = np.concatenate(([middles[-1] - 365.0], middles, [middles[0] + 365.0]))
    off = daily - np.interp(np.arange(365) + 0.5, around, [means[-1], *means, means[0]])
    return np.asarray(off - by_month(off)[MONTH])


@pytest.mark.case("data/epw")
@pytest.mark.parametrize("place", TYPICAL)
def test_the_spread_is_that_of_the_typical_year(place: str, cases: Path) -> None:
    """By another course through the months than the rows were made with: to 6 %."""
    year = typical(cases / TYPICAL[place])
    off, spread = anomalies(year.means), climate_of(place).spread
    deviation = [off[month == MONTH].std(ddof=1) / KEPT for month in range(12)]
    assert spread.deviation == pytest.approx(deviation, rel=0.06)
    assert spread.persistence == pytest.approx(np.corrcoef(off[1:], off[:-1])[0, 1], abs=0.03)


@pytest.mark.case("data/epw")
@pytest.mark.parametrize("place", TYPICAL)
def test_clear_days_are_warmer_and_swing_more_as_in_the_typical_year(place: str, cases: Path) -> None:
    """By the sun above the made-up place and the other course: to 0.12 K a kelvin, 1.5 K from no light to all, 0.06."""
    year, climate = typical(cases / TYPICAL[place]), climate_of(place)
    clear = year.irradiation / drawn(1, place).extraterrestrial.reshape(365, 24).sum(axis=1)
    warm, bright = anomalies(year.means), clear - by_month(clear)[MONTH]
    for months in SEASONS:
        here = np.isin(MONTH, months)
        of_month = [(MONTH[here] == month) * 1.0 for month in months]
        parts = np.array([*of_month, *(each * warm[here] for each in of_month), bright[here]])
        fitted = np.linalg.lstsq(parts.T, year.ranges[here], rcond=None)[0]
        assert [climate.spread.range[month] for month in months] == pytest.approx(fitted[3:6], abs=0.12)
        assert climate.clouds.clear_range[months[0]] == pytest.approx(fitted[6], abs=1.5)
        ranks = np.concatenate([warm[m == MONTH] / warm[m == MONTH].std() for m in months])
        order = np.concatenate([clear[m == MONTH].argsort().argsort() for m in months])
        assert climate.clouds.clear_warmth[months[0]] == pytest.approx(np.corrcoef(order, ranks)[0, 1], abs=0.06)


@pytest.mark.case("data/epw")
@pytest.mark.parametrize("place", TYPICAL)
def test_the_normals_are_those_of_the_typical_year(place: str, cases: Path) -> None:
    year, climate = typical(cases / TYPICAL[place]), climate_of(place)
    half = by_month(year.ranges) / 2.0
    assert [normal.high for normal in climate.normals] == pytest.approx(by_month(year.means) + half, abs=0.06)
    assert [normal.low for normal in climate.normals] == pytest.approx(by_month(year.means) - half, abs=0.06)
    assert [normal.humidity for normal in climate.normals] == pytest.approx(by_month(year.humidity), abs=0.51)
    assert climate.wind.mean == pytest.approx(year.wind, abs=0.051)
    assert drawn(1, place).global_horizontal.sum() == pytest.approx(year.irradiation.sum(), rel=0.002)


@pytest.mark.case("data/epw")
def test_jiaxing_is_cut_where_warm_days_of_a_summer_end(cases: Path) -> None:
    """Summers have no such warm days as cold ones: with the largest of the year, 2.99, the peak would be 40.2 degC."""
    off = anomalies(typical(cases / TYPICAL["jiaxing"]).means)
    largest = [off[month == MONTH].max() / off[month == MONTH].std(ddof=1) for month in (5, 6, 7)]
    assert climate_of("jiaxing").spread.cut == pytest.approx(max(largest), rel=0.05)


def test_a_drawn_year_has_the_spread_and_the_peak_of_the_typical_year() -> None:
    """36.8 degC and 299 hours above 30 in CSWD 583620; single years differ by 1.4 K and 33 hours."""
    years = [drawn(seed, "qingpu").dry_bulb for seed in SEEDS]
    spread = np.mean([[anomalies(year.reshape(365, 24).mean(axis=1))[month == MONTH].std(ddof=1) for month in range(12)]
                     for year in years], axis=0)  # fmt: skip
    wanted = KEPT * np.asarray(climate_of("qingpu").spread.deviation)
    assert spread.mean() == pytest.approx(wanted.mean(), rel=0.05)
    assert np.mean([year.max() for year in years]) == pytest.approx(36.8, abs=1.0)
    assert np.mean([(year > 30.0).sum() for year in years]) == pytest.approx(299, rel=0.15)


def test_the_year_of_the_pilots_in_jiaxing_is_as_hot_and_as_cold_as_the_typical_year() -> None:
    """37.0 degC, 508 hours above 30, 5 256 K h above 26, 1 555 K d below 18 in CSWD 584570.

    All pilots in Jiaxing have seed 1. Peaks of eight seeds are 36.9 to 40.2, 38.3 in the mean.
    """
    air = drawn(1).dry_bulb
    assert air.max() == pytest.approx(37.0, abs=0.5), "43.5 with the largest cut and the warmer normals recalled before"
    assert (air > 30.0).sum() == pytest.approx(508, rel=0.05), "839 around the normals recalled before"
    assert np.clip(air - 26.0, 0.0, None).sum() == pytest.approx(5256.0, rel=0.05), "7 523 before"
    cold = np.clip(18.0 - air.reshape(365, 24).mean(axis=1), 0.0, None).sum()
    assert cold == pytest.approx(1555.0, rel=0.02), "1 362 before"
    peaks = [drawn(seed).dry_bulb.max() for seed in SEEDS]
    assert np.mean(peaks) == pytest.approx(37.0, abs=1.5)


def test_normals_hold_whatever_the_spread() -> None:
    normals = climate_of("qingpu").normals
    middle = [(normal.high + normal.low) / 2.0 for normal in normals]
    daily = drawn(3, "qingpu").dry_bulb.reshape(365, 24).mean(axis=1)
    assert [daily[month == MONTH].mean() for month in range(12)] == pytest.approx(middle, abs=0.25)
