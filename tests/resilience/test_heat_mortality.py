"""Deaths from heat: the published curve, a city by pencil, in proportion, none in the cool; the method's figure."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.resilience.people.heat_mortality import HeatMortality, attributable_share, curve, heat_mortality
from tests.heat_people import homes
from tests.ranges import ends
from tests.weather_year import weather_year

RISK = resolve("heat_death_risk", region="CN")
RATE = resolve("death_rate", region="CN")


def deaths(air: pd.Series, residents: list[float]) -> HeatMortality:
    return heat_mortality(buildings=homes(residents), dry_bulb=air, heat_death_risk=RISK, death_rate=RATE)


def constant(temperature: float) -> pd.Series:
    return pd.Series(np.full(8760, temperature), name="dry_bulb")


def test_the_curve_goes_through_the_published_points() -> None:
    """Chen et al. (2018), table 2: 1 at 22.8, 1.16 (1.12 to 1.21) at 29.0 degC."""
    least, slope = curve(RISK)
    assert least == 22.8
    assert np.exp(slope * (29.0 - least)) == pytest.approx(1.16, abs=0.0005)
    row = RISK.rows["log_risk"]
    assert np.exp(np.array([row.low, row.high]) * 6.2) == pytest.approx([1.12, 1.21], abs=0.0005)
    assert float(attributable_share(np.array([29.0]), least, slope)[0]) == pytest.approx(0.16 / 1.16, abs=0.0004)
    assert 0.8 < float(np.expm1(slope)) / 0.0344 * 1.3 < 1.3  # Huang et al. (2015): 3.44 % a kelvin, above city minima


def test_a_hundred_thousand_people_through_sixty_days_of_29_degrees_by_pencil() -> None:
    """2.126 deaths a day, 13.8 % of them: 17.6 in 60 days."""
    air = constant(15.0)
    air.iloc[4000 - 4000 % 24 : 4000 - 4000 % 24 + 60 * 24] = 29.0
    found = deaths(air, [1e5])
    assert found.heat_death_days == 60.0
    assert found.heat_deaths["b0"] == pytest.approx(60 * 1e5 * 0.00776 / 365 * 0.16 / 1.16, rel=0.003)
    assert found.heat_deaths["b0"] == pytest.approx(17.6, abs=0.1)


def test_a_chinese_summer_has_the_published_share_of_heat() -> None:
    """Chen et al. (2018): 2.71 % of non-accidental deaths by heat; a year with a mean of 17 degC has 1 to 5 %."""
    found = deaths(weather_year(mean=17.0).dry_bulb, [1e6])
    assert 0.01 < found.heat_deaths["b0"] / (1e6 * 0.00776) < 0.05


def test_a_falling_risk_and_part_of_a_year_are_refused() -> None:
    with pytest.raises(InputError) as failure:
        curve({"least_deaths": 22.8, "log_risk": -0.01})
    assert failure.value.text == "heat.negative_risk"
    with pytest.raises(InputError):
        deaths(constant(30.0).iloc[:8000], [1.0])


def test_unknown_residents_have_no_value() -> None:
    assert np.isnan(deaths(constant(30.0), [float("nan")]).heat_deaths["b0"])


@given(st.floats(-30, 50), st.floats(0, 10), st.floats(0, 1e6))
def test_never_fewer_in_warmer_air_and_in_proportion_to_people(air: float, more: float, people: float) -> None:
    cool, warm = (deaths(constant(each), [people, 2 * people]).heat_deaths for each in (air, air + more))
    assert (warm >= cool).all()
    assert cool["b1"] == pytest.approx(2 * cool["b0"], abs=1e-12)
    assert warm["b0"] <= people * 0.00776
    if air <= 22.8:
        assert cool["b0"] == 0.0


def corners() -> list[tuple[float, float]]:
    return list(product(ends(DRY_BULB), ends(RESIDENTS)))


@pytest.mark.parametrize(("air", "people"), corners())
def test_corners(air: float, people: float) -> None:
    found = deaths(constant(air), [people])
    assert np.isfinite(found.heat_deaths).all()
    assert found.heat_death_days == (365.0 if air > 22.8 else 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    least, slope = curve(RISK)
    row = RISK.rows["log_risk"]
    assert row.low is not None
    assert row.high is not None
    at = np.linspace(15.0, 36.0, 106)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    low, middle, high = (np.exp(each * np.maximum(at - least, 0.0)) for each in (row.low, slope, row.high))
    left.fill_between(at, low, high, color="#e8b9a8", linewidth=0)
    left.plot(at, middle, color="#b2352f")
    left.plot([least, 29.0], [1.0, 1.16], "o", color="black", markersize=4, label="Chen et al. (2018)")
    left.set(xlabel="daily mean air temperature [°C]", ylabel="relative risk of death", title="Curve above 22.8 °C")
    left.legend(frameon=False, fontsize=8)
    rises = np.arange(0.0, 4.1, 0.5)
    found = [float(deaths(weather_year(mean=17.0 + rise).dry_bulb, [1e5]).heat_deaths["b0"]) for rise in rises]
    right.bar(rises, found, width=0.35, color="#d98f2b")
    right.set(
        xlabel="warming of a made-up year [K]", ylabel="deaths per 100 000 people", title="Deaths from heat in a year"
    )
    fig.savefig(figure("resilience.heat_mortality"), dpi=110)
    plt.close(fig)
