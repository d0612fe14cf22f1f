"""Drought: the papers' own forms, droughts and water by hand, what is refused, what is drawn."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.climate.drought import (
    in_drought,
    logistic_fit,
    logistic_index,
    longest_run,
    soil_water,
    weighted_moments,
)
from citybraid.resilience.drought.monthly_evapotranspiration import monthly_evapotranspiration
from citybraid.resilience.drought.monthly_rain import monthly_rain
from citybraid.resilience.drought.months import IndexParams
from citybraid.resilience.drought.standardized_balance import BalanceParams, StandardizedBalance, standardized_balance
from citybraid.resilience.drought.standardized_precipitation import (
    StandardizedPrecipitation,
    standardized_precipitation,
)
from citybraid.resilience.drought.water_balance import WaterBalance, WaterBalanceParams, water_balance
from tests.resilience.months_record import LATITUDE, START, Months, months, uniform


def precipitation(record: Months, **words: Any) -> StandardizedPrecipitation:
    return standardized_precipitation(monthly_rain=record.rain, record_start=START, p=IndexParams(**words))


def demand(record: Months) -> pd.Series:
    return monthly_evapotranspiration(
        monthly_temperature=record.temperature, record_start=START, latitude=LATITUDE
    ).monthly_evapotranspiration


def balance(record: Months, **words: Any) -> StandardizedBalance:
    return standardized_balance(
        monthly_rain=record.rain,
        monthly_evapotranspiration=demand(record),
        record_start=START,
        p=BalanceParams(**words),
    )


def water(record: Months, capacity: float = 150.0, **words: Any) -> WaterBalance:
    return water_balance(
        monthly_rain=record.rain,
        monthly_evapotranspiration=demand(record),
        record_start=START,
        capacity={"": capacity},
        p=WaterBalanceParams(**words),
    )


def test_months_before_the_first_sum_have_none() -> None:
    found = precipitation(months(), months=12).standardized_precipitation
    assert found.isna().sum() == 11
    assert found.iloc[:11].isna().all()


def test_moments_by_their_definition() -> None:
    x = np.sort(uniform(12, 3))
    size = x.size
    second = sum(math.comb(size - rank, 2) / math.comb(size - 1, 2) * value for rank, value in enumerate(x, 1)) / size
    first = sum((size - rank) / (size - 1) * value for rank, value in enumerate(x, 1)) / size
    np.testing.assert_allclose(weighted_moments(x, unbiased=True), (x.mean(), first, second))


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("unbiased", [True, False])
def test_log_logistic_as_the_paper_writes_it(sign: float, *, unbiased: bool) -> None:
    # Vicente-Serrano et al. (2010), eq. 6 to 8 and F = [1 + (alpha / (x - gamma))^beta]^-1
    sample = np.sort(sign * (-np.log(uniform(40, 11))) * 80.0)
    w0, w1, w2 = weighted_moments(sample, unbiased=unbiased)
    beta = (2 * w1 - w0) / (6 * w1 - w0 - 6 * w2)
    gammas = math.gamma(1 + 1 / beta) * math.gamma(1 - 1 / beta)
    alpha = (w0 - 2 * w1) * beta / gammas
    origin = w0 - alpha * gammas
    inside = sample[alpha / (sample - origin) > 0]
    below = 1.0 / (1.0 + (alpha / (inside - origin)) ** beta)
    assert inside.size > 35
    found = logistic_index(inside, sample, unbiased=unbiased)
    np.testing.assert_allclose(found, stats.norm.ppf(below), atol=1e-9)


def test_log_logistic_has_the_moments_of_its_sample() -> None:
    sample = -np.log(uniform(60, 5)) * 50.0
    fit = logistic_fit(sample, unbiased=True)
    assert fit is not None
    law = stats.kappa4(-1.0, fit.shape, loc=fit.location, scale=fit.scale)
    chance = (np.arange(400_000) + 0.5) / 400_000
    drawn = law.ppf(chance)
    theory = [float(np.mean(drawn * (1 - chance) ** power)) for power in range(3)]
    np.testing.assert_allclose(theory, weighted_moments(sample, unbiased=True), rtol=2e-3)


def test_a_symmetric_sample_is_logistic() -> None:
    sample = np.array([-3.0, -1.0, -0.2, 0.2, 1.0, 3.0])
    fit = logistic_fit(sample, unbiased=True)
    assert fit is not None
    assert fit.shape == 0.0
    assert logistic_index(np.array([0.0]), sample, unbiased=True)[0] == pytest.approx(0.0, abs=1e-12)
    assert logistic_fit(np.ones(9), unbiased=True) is None
    assert logistic_fit(np.ones(2), unbiased=True) is None


def test_droughts_by_hand() -> None:
    index = np.array([0.5, -0.2, -1.2, -0.1, 0.1, -0.9, -0.5, np.nan, -1.0, -2.0, 0.0])
    dry = in_drought(index, onset=-1.0)
    assert dry.tolist() == [False, True, True, True, False, False, False, False, True, True, False]
    assert longest_run(dry) == 3
    assert longest_run(np.zeros(4, dtype=np.bool_)) == 0


def test_soil_water_by_hand() -> None:
    # 100 mm held of 150: 50 mm too little empties it to 100 exp(-1/3); then 120 mm too much fills it and spills
    found = soil_water(np.array([20.0, 150.0]), np.array([70.0, 30.0]), capacity=150.0, start=100.0)
    left = 100.0 * math.exp(-50.0 / 150.0)
    np.testing.assert_allclose(found.stored, [left, 150.0])
    np.testing.assert_allclose(found.evaporated, [20.0 + 100.0 - left, 30.0])
    np.testing.assert_allclose(found.deficit, [70.0 - (120.0 - left), 0.0])
    np.testing.assert_allclose(found.surplus, [0.0, left + 120.0 - 150.0])


def test_a_drier_and_warmer_climate_is_drier() -> None:
    record = months()
    assert precipitation(record, rain_factor=0.8).rain_drought_share > precipitation(record).rain_drought_share
    warmer = balance(record, evapotranspiration_factor=1.15)
    assert warmer.balance_drought_share > balance(record).balance_drought_share
    assert water(record, evapotranspiration_factor=1.15).annual_water_deficit > water(record).annual_water_deficit
    assert abs(water(record).soil_water_error) < 1e-12


def test_days_become_months() -> None:
    days = pd.Series(np.tile([0.0, 3.0], 45)[:90], np.arange(90) * 24.0)
    found = monthly_rain(daily_rain=days, record_start=2000.0 + 1 / 12).monthly_rain  # a February of 29 days
    np.testing.assert_allclose(found, [42.0, 48.0, 45.0])
    assert found.index.tolist() == [0.0, 730.5, 1461.0]
    with pytest.raises(InputError, match=r"2000\.3"):
        monthly_rain(daily_rain=days, record_start=2000.3)


def test_what_is_refused() -> None:
    record = months(years=20)
    with pytest.raises(InputError, match="20 years"):
        precipitation(record)
    with pytest.raises(InputError, match=r"1981\.3"):
        standardized_precipitation(monthly_rain=months().rain, record_start=1981.3, p=IndexParams())
    daily = months().rain.set_axis(np.arange(480) * 24.0)
    with pytest.raises(InputError, match="24"):
        standardized_precipitation(monthly_rain=daily, record_start=START, p=IndexParams())
    short = demand(months()).iloc[:-1]
    with pytest.raises(InputError, match="480"):
        standardized_balance(
            monthly_rain=months().rain, monthly_evapotranspiration=short, record_start=START, p=BalanceParams()
        )
    gap = months()._replace(rain=months().rain.mask(months().rain.index == 730.5))
    with pytest.raises(InputError, match="number 2"):
        water(gap)
    winter = months().temperature.where(np.arange(480) % 12 != 6)
    with pytest.raises(InputError, match=r"\[7\]|: months 7|7"):
        monthly_evapotranspiration(monthly_temperature=winter, record_start=START, latitude=LATITUDE)


def test_figure_of_precipitation(figure: Callable[[str], Path]) -> None:
    rows = plt.figure(figsize=(7.2, 4.6), layout="constrained").subplots(2, 1, sharex=True, sharey=True)
    for axes, count in zip(rows, (3, 12), strict=True):
        _bars(axes, precipitation(months(), months=count).standardized_precipitation, f"SPI of {count} months")
    path = figure(standardized_precipitation.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_balance(figure: Callable[[str], Path]) -> None:
    rows = plt.figure(figsize=(7.2, 4.6), layout="constrained").subplots(2, 1, sharex=True, sharey=True)
    _bars(rows[0], balance(months(), months=12).standardized_balance, "SPEI of 12 months, the record's climate")
    warm = balance(months(), months=12, evapotranspiration_factor=1.1)
    _bars(rows[1], warm.standardized_balance, "10 % more evapotranspiration, same reference")
    path = figure(standardized_balance.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_months(figure: Callable[[str], Path]) -> None:
    wet = uniform(730, 9)
    rain = np.where(wet > 0.7, -np.log(uniform(730, 4)) * 15.0 * (1 + np.sin(np.arange(730) / 58.1 - 1.6)), 0.0)
    rain[200:212] = np.nan
    found = monthly_rain(daily_rain=pd.Series(rain, np.arange(730) * 24.0), record_start=2001.0).monthly_rain
    above, below = plt.figure(figsize=(6.8, 4.0), layout="constrained").subplots(2, 1)
    above.bar(np.arange(730), rain, width=1.0, color="#3b7ea1")
    above.axvspan(200, 212, color="#c4703c", alpha=0.3, label="unknown")
    above.set(xlabel="day", ylabel="mm")
    above.legend(frameon=False, loc="upper left")
    below.bar(np.arange(1, 25), found, color="#3b7ea1")
    below.set(xlabel="month; one of which twelve days are unknown has no value", ylabel="mm")
    path = figure(monthly_rain.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_evapotranspiration(figure: Callable[[str], Path]) -> None:
    axes = plt.figure(figsize=(6.4, 3.8), layout="constrained").subplots()
    air = months().temperature
    for latitude in (20.0, 35.0, 50.0):
        found = monthly_evapotranspiration(monthly_temperature=air, record_start=START, latitude=latitude)
        mean = found.monthly_evapotranspiration.to_numpy().reshape(-1, 12).mean(axis=0)
        axes.plot(np.arange(1, 13), mean, marker="o", label=f"{latitude:.0f}° N")
    axes.set(
        xlabel="month", ylabel="potential evapotranspiration [mm]", title="One record of temperature, three latitudes"
    )
    axes.legend(frameon=False, loc="upper left")
    path = figure(monthly_evapotranspiration.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_water(figure: Callable[[str], Path]) -> None:
    found = water(months(), capacity=resolve("soil_water_capacity")[""])
    span = slice(24, 60)
    axes = plt.figure(figsize=(7.2, 4.0), layout="constrained").subplots()
    at = np.arange(36)
    axes.bar(at, found.water_surplus.to_numpy()[span], color="#3b7ea1", label="surplus")
    axes.bar(at, -found.water_deficit.to_numpy()[span], color="#c4703c", label="deficit")
    axes.plot(at, found.soil_water.to_numpy()[span], color="#3d3d3d", label="soil water")
    axes.axhline(0.0, color="#888888", lw=0.6)
    axes.set(xlabel="month of the record from the third year", ylabel="mm", title="Monthly soil water balance")
    axes.legend(frameon=False, ncols=3, loc="upper left")
    path = figure(water_balance.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def _bars(axes: Any, index: pd.Series, title: str) -> None:
    year = START + np.arange(len(index)) / 12.0
    axes.fill_between(year, 0.0, index.clip(lower=0.0), color="#3b7ea1", lw=0.0)
    axes.fill_between(year, 0.0, index.clip(upper=0.0), color="#c4703c", lw=0.0)
    dry = in_drought(index.to_numpy(), onset=-1.0)
    axes.plot(year[dry], np.full(int(dry.sum()), -3.4), "s", ms=2.0, color="#3d3d3d", label="drought")
    axes.set(ylabel="index [-]", ylim=(-3.7, 3.7))
    axes.set_title(title, fontsize=10)
