"""Deaths from heat: the published curve, a city by pencil, in proportion, none in the cool; the method's figure."""

from collections.abc import Callable, Mapping
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
TABLE_2 = {"least_deaths": 22.8, "log_risk": float(np.log(1.16)) / (29.0 - 22.8)}
"""The mean curve of Chen et al. (2018), table 2, as a region's own rows: 1 at 22.8, 1.16 at 29.0 degC."""


def deaths(
    air: pd.Series,
    residents: list[float],
    *,
    present: pd.Series | None = None,
    risk: Mapping[str, float] = RISK,
) -> HeatMortality:
    return heat_mortality(
        buildings=homes(residents), dry_bulb=air, present_dry_bulb=present, heat_death_risk=risk, death_rate=RATE
    )


def constant(temperature: float) -> pd.Series:
    return pd.Series(np.full(8760, temperature), name="dry_bulb")


def test_the_curve_is_the_published_one() -> None:
    """Centile 79.1 of a cosine of 12 K about 17 degC: 17 + 12 cos(0.209 pi) = 26.5; 3.44 % (3.00 to 3.88) a kelvin."""
    least, slope = curve(RISK, weather_year(mean=17.0).dry_bulb)
    assert least == pytest.approx(17.0 + 12.0 * np.cos(0.209 * np.pi), abs=0.05)
    assert np.exp(slope) == pytest.approx(1.0344, abs=0.0001)
    row, centile = RISK.rows["log_risk"], RISK.rows["least_deaths_centile"]
    assert np.exp(np.array([row.low, row.high])) == pytest.approx([1.03, 1.0388], abs=0.0001)
    assert [centile.low, centile.value, centile.high] == [72.1, 79.1, 82.5]
    assert float(attributable_share(np.array([least + 1.0]), least, slope)[0]) == pytest.approx(
        1 - 1 / 1.0344, abs=1e-4
    )


@pytest.mark.parametrize(
    ("region", "centile"),
    [("CN-SH", 82.5), ("CN-ZJ-JX", 82.5), ("CN-FJ-XM", 82.5), ("CN-SN-XA", 72.1), ("CN-HE", 72.1), ("CN-JS", 79.1)],
)
def test_each_monsoon_zone_counts_from_its_own_centile_and_a_province_in_two_from_the_mean(
    region: str, centile: float
) -> None:
    """Chen et al. (2018), table 3. Jiangsu lies in both zones."""
    assert resolve("heat_death_risk", region=region)["least_deaths_centile"] == centile


def test_rows_of_the_own_region_go_first() -> None:
    assert curve(TABLE_2, constant(15.0)) == (22.8, TABLE_2["log_risk"])
    assert float(attributable_share(np.array([29.0]), *curve(TABLE_2, constant(15.0)))[0]) == pytest.approx(0.16 / 1.16)


def test_a_hundred_thousand_people_through_sixty_days_of_29_degrees_by_pencil() -> None:
    """2.126 deaths a day, 13.8 % of them: 17.6 in 60 days."""
    air = constant(15.0)
    air.iloc[4000 - 4000 % 24 : 4000 - 4000 % 24 + 60 * 24] = 29.0
    found = deaths(air, [1e5], risk=TABLE_2)
    assert found.heat_death_days == 60.0
    assert found.least_deaths_temperature == 22.8
    assert found.heat_deaths["b0"] == pytest.approx(60 * 1e5 * 0.00776 / 365 * 0.16 / 1.16, rel=1e-9)
    assert found.heat_deaths["b0"] == pytest.approx(17.6, abs=0.1)


def test_a_summer_of_the_lower_yangtze_has_the_share_that_is_published_for_its_zone() -> None:
    """Chen et al. (2018), table 3: 1.11 % (0.74 to 1.46 %) of deaths by heat in the subtropical monsoon zone."""
    found = deaths(weather_year(mean=17.0).dry_bulb, [1e6])
    assert 0.0074 < found.heat_deaths["b0"] / (1e6 * 0.00776) < 0.0146


def test_people_are_used_to_the_climate_of_today() -> None:
    """Two kelvins more: none where people were used to them, the more days above today's threshold where not."""
    today, later = (weather_year(mean=each).dry_bulb for each in (17.0, 19.0))
    now, used, new = deaths(today, [1e6]), deaths(later, [1e6]), deaths(later, [1e6], present=today)
    assert used.heat_deaths["b0"] == pytest.approx(now.heat_deaths["b0"])
    assert used.least_deaths_temperature == pytest.approx(now.least_deaths_temperature + 2.0)
    assert new.least_deaths_temperature == now.least_deaths_temperature
    assert new.heat_death_days == (later.to_numpy().reshape(365, 24).mean(axis=1) > now.least_deaths_temperature).sum()
    assert new.heat_deaths["b0"] > 2.0 * now.heat_deaths["b0"]


def test_a_falling_risk_a_centile_beyond_all_and_part_of_a_year_are_refused() -> None:
    refused = {"heat.negative_risk": {"least_deaths": 22.8, "log_risk": -0.01},
               "heat.centile": {"least_deaths_centile": 120.0, "log_risk": 0.03}}  # fmt: skip
    for text, rows in refused.items():
        with pytest.raises(InputError) as failure:
            curve(rows, constant(20.0))
        assert failure.value.text == text
    with pytest.raises(InputError):
        deaths(constant(30.0).iloc[:8000], [1.0])
    with pytest.raises(InputError):
        deaths(constant(30.0), [1.0], present=constant(30.0).iloc[:8000])


def test_unknown_residents_have_no_value() -> None:
    assert np.isnan(deaths(constant(30.0), [float("nan")], risk=TABLE_2).heat_deaths["b0"])


@given(st.floats(-30, 50), st.floats(0, 10), st.floats(0, 1e6))
def test_never_fewer_in_warmer_air_and_in_proportion_to_people(air: float, more: float, people: float) -> None:
    present = weather_year().dry_bulb
    cool, warm = (
        deaths(constant(each), [people, 2 * people], present=present).heat_deaths for each in (air, air + more)
    )
    assert (warm >= cool).all()
    assert cool["b1"] == pytest.approx(2 * cool["b0"], abs=1e-12)
    assert warm["b0"] <= people * 0.00776
    if air <= curve(RISK, present)[0]:
        assert cool["b0"] == 0.0


def corners() -> list[tuple[float, float]]:
    return list(product(ends(DRY_BULB), ends(RESIDENTS)))


@pytest.mark.parametrize(("air", "people"), corners())
def test_corners(air: float, people: float) -> None:
    found = deaths(constant(air), [people], present=weather_year().dry_bulb)
    assert np.isfinite(found.heat_deaths).all()
    assert found.heat_death_days == (365.0 if air > found.least_deaths_temperature else 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    today = weather_year(mean=17.0).dry_bulb
    least, slope = curve(RISK, today)
    row = RISK.rows["log_risk"]
    assert row.low is not None
    assert row.high is not None
    at = np.linspace(15.0, 36.0, 106)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    low, middle, high = (np.exp(each * np.maximum(at - least, 0.0)) for each in (row.low, slope, row.high))
    left.fill_between(at, low, high, color="#e8b9a8", linewidth=0)
    left.plot(at, middle, color="#b2352f")
    left.plot(
        [22.8, 29.0], [1.0, 1.16], "o", color="black", markersize=4, label="mean of 272 cities (Chen et al. 2018)"
    )
    left.set(
        xlabel="daily mean air temperature [°C]",
        ylabel="relative risk of death",
        title=f"Curve of a place with least deaths at {least:.1f} °C",
    )
    left.legend(frameon=False, fontsize=8)
    rises = np.arange(0.0, 4.1, 0.5)
    found = [
        float(deaths(weather_year(mean=17.0 + rise).dry_bulb, [1e5], present=today).heat_deaths["b0"]) for rise in rises
    ]
    right.bar(rises, found, width=0.35, color="#d98f2b")
    right.set(
        xlabel="warming of a made-up year [K]", ylabel="deaths per 100 000 people", title="Deaths from heat in a year"
    )
    fig.savefig(figure("resilience.heat_mortality"), dpi=110)
    plt.close(fig)
