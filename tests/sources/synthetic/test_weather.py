"""The made-up year of Qingpu: its days differ from its normals as those of Shanghai's typical year do."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.sources.synthetic.climate import DAYS, climate_of
from citybraid.sources.synthetic.weather import weather

TYPICAL = "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
KEPT = 0.85
"""Share of a drawn deviation that is left in the means of days."""
MONTH = np.repeat(np.arange(12), DAYS)
SEEDS = range(1, 9)


def anomalies(daily: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means of days about the straight lines between the middles of the months, each month centred."""
    ends = np.cumsum(DAYS)
    middles = ends - np.asarray(DAYS) / 2
    means = np.asarray([daily[month == MONTH].mean() for month in range(12)])
    around = np.concatenate(([middles[-1] - 365.0], middles, [middles[0] + 365.0]))
    off = daily - np.interp(np.arange(365) + 0.5, around, [means[-1], *means, means[0]])
    return np.asarray(off - np.asarray([off[month == MONTH].mean() for month in range(12)])[MONTH])


@pytest.mark.case("data/epw")
def test_the_spread_is_that_of_the_typical_year(cases: Path) -> None:
    """By another course through the months than the rows were made with: to 6 % and 0.1 of the range."""
    hours = np.genfromtxt(cases / TYPICAL, delimiter=",", skip_header=8, usecols=[6], encoding="latin1").reshape(
        365, 24
    )
    off, reach = anomalies(hours.mean(axis=1)), hours.max(axis=1) - hours.min(axis=1)
    spread = climate_of("qingpu").spread
    deviation = [off[month == MONTH].std(ddof=1) / KEPT for month in range(12)]
    assert spread.deviation == pytest.approx(deviation, rel=0.06)
    wider = [np.polyfit(off[month == MONTH], reach[month == MONTH], 1)[0] for month in range(12)]
    assert spread.range == pytest.approx(wider, abs=0.1)
    assert spread.persistence == pytest.approx(np.corrcoef(off[1:], off[:-1])[0, 1], abs=0.03)


def test_a_drawn_year_has_the_spread_and_the_peak_of_the_typical_year() -> None:
    """36.8 degC and 299 hours above 30 in CSWD 583620; single years differ by 1.4 K and 33 hours."""
    years = [weather(seed, "qingpu").dry_bulb for seed in SEEDS]
    drawn = np.mean([[anomalies(year.reshape(365, 24).mean(axis=1))[month == MONTH].std(ddof=1) for month in range(12)]
                     for year in years], axis=0)  # fmt: skip
    wanted = KEPT * np.asarray(climate_of("qingpu").spread.deviation)
    assert drawn.mean() == pytest.approx(wanted.mean(), rel=0.05)
    assert np.mean([year.max() for year in years]) == pytest.approx(36.8, abs=1.0)
    assert np.mean([(year > 30.0).sum() for year in years]) == pytest.approx(299, rel=0.15)


def test_normals_hold_whatever_the_spread() -> None:
    normals = climate_of("qingpu").normals
    middle = [(normal.high + normal.low) / 2.0 for normal in normals]
    daily = weather(3, "qingpu").dry_bulb.reshape(365, 24).mean(axis=1)
    assert [daily[month == MONTH].mean() for month in range(12)] == pytest.approx(middle, abs=0.25)
