"""Weather of another climate: what is stated changes by what is stated, the rest follows; bad changes are refused."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.kernels.climate.morphing import monthly_mean
from citybraid.kernels.outdoor.utci import saturation_pressure
from citybraid.resilience.heat.climate_design import DESIGN, morphed, warming
from tests.outdoor_case import hot_year

WARMER = {"year/mean": 2.0, "summer/mean": 2.5, "7/mean": 3.0}


def year() -> dict[str, pd.Series]:
    names = {var.name for var in DESIGN.series}
    return {name: value for name, value in hot_year().items() if name in names}


def mean(series: pd.Series) -> np.ndarray:
    return monthly_mean(series.to_numpy(np.float64))


def test_a_month_comes_before_its_season_and_this_before_the_year() -> None:
    before, after = year(), morphed(year(), WARMER)
    rise = mean(after["dry_bulb"]) - mean(before["dry_bulb"])
    np.testing.assert_allclose(rise, [2, 2, 2, 2, 2, 2.5, 3, 2.5, 2, 2, 2, 2], atol=1e-9, rtol=0)


def test_relative_humidity_stays_where_no_vapour_is_stated() -> None:
    after = morphed(year(), WARMER)
    for name in set(year()) - {"dry_bulb"}:
        assert (after[name].to_numpy() == year()[name].to_numpy()).all(), name


def test_vapour_pressure_is_multiplied_and_humidity_follows_from_the_warmer_air() -> None:
    before, after = year(), morphed(year(), {"year/mean": 3.0, "year/vapour_pressure": 1.05})

    def vapour(each: Mapping[str, pd.Series]) -> np.ndarray:
        return np.asarray(each["relative_humidity"].to_numpy() * saturation_pressure(each["dry_bulb"].to_numpy()))

    unsaturated = after["relative_humidity"].to_numpy() < 1.0
    np.testing.assert_allclose((vapour(after) / vapour(before))[unsaturated], 1.05, rtol=1e-12)
    assert after["relative_humidity"].mean() < before["relative_humidity"].mean()
    wet = morphed(year(), {"year/mean": 0.0, "year/vapour_pressure": 2.0})
    assert wet["relative_humidity"].max() == 1.0


def test_all_light_changes_by_one_ratio() -> None:
    before, after = year(), morphed(year(), {"year/mean": 1.0, "year/solar": 0.97, "year/wind": 0.9})
    for name in ("direct_normal", "diffuse_horizontal"):
        np.testing.assert_allclose(mean(after[name]), 0.97 * mean(before[name]), rtol=1e-12)
    np.testing.assert_allclose(after["wind_speed"], 0.9 * before["wind_speed"], rtol=1e-12)


def test_no_change_gives_the_same_bits() -> None:
    none = {f"year/{name}": 0.0 if unit == "K" else 1.0 for name, unit in DESIGN.units.items()}
    after = morphed(year(), none)
    for name, series in year().items():
        assert (after[name].to_numpy() == series.to_numpy()).all(), name
    assert warming(year(), after) == {
        "warming": 0.0, "summer": 0.0,
        "hot_before": warming(year(), year())["hot_before"], "hot_after": warming(year(), year())["hot_before"],
    }  # fmt: skip


def sky(year: Mapping[str, pd.Series], cloud: float) -> pd.Series:
    """Return the long-wave radiation of a sky with a share of cloud, by the formulas of Prata and of Crawford."""
    air = year["dry_bulb"].to_numpy()
    vapour = 10.0 * year["relative_humidity"].to_numpy() * saturation_pressure(air)
    water = 46.5 * vapour / (air + 273.15)
    clear = 1.0 - (1.0 + water) * np.exp(-np.sqrt(1.2 + 3.0 * water))
    return pd.Series((cloud + (1.0 - cloud) * clear) * 5.670374e-8 * (air + 273.15) ** 4, name="sky_longwave")


def test_a_warmer_sky_radiates_as_its_own_formula_says() -> None:
    """A file made by the formulas is again one of the formulas after morphing, with its clouds."""
    changes = {"year/mean": 2.0, "summer/mean": 4.0, "year/vapour_pressure": 1.15}
    for cloud in (0.0, 0.4, 1.0):
        before = year() | {"sky_longwave": sky(year(), cloud)}
        after = morphed(before, changes)
        np.testing.assert_allclose(after["sky_longwave"], sky(after, cloud), rtol=1e-12)
        assert (after["sky_longwave"] > before["sky_longwave"]).all()
    same = morphed(before, {"year/mean": 0.0})
    assert (same["sky_longwave"].to_numpy() == before["sky_longwave"].to_numpy()).all()


def test_the_warmest_quarter_and_hot_days_are_told() -> None:
    found = warming(year(), morphed(year(), {"year/mean": 1.0, "summer/mean": 4.0}))
    assert found["summer"] > 3.0
    assert found["warming"] == pytest.approx((92 * 4.0 + 273) / 365)
    assert found["hot_after"] > found["hot_before"]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("weather.unknown_change", {"year/mean": 1.0, "year/rain": 1.1}),
        ("weather.unknown_change", {"year/mean": 1.0, "13/mean": 1.0}),
        ("weather.one_extreme", {"year/mean": 1.0, "year/daily_maximum": 1.0}),
        ("weather.months_missing", {"summer/mean": 1.0}),
        ("weather.months_missing", {"year/mean": 1.0, "7/solar": 1.0}),
        ("weather.negative_ratio", {"year/mean": 1.0, "year/solar": -0.1}),
        ("heat.no_full_year", {"year/mean": 1.0}),
    ],
)
def test_refuses(text: str, changes: dict[str, float]) -> None:
    given = year()
    if text == "heat.no_full_year":
        given["dry_bulb"] = given["dry_bulb"].iloc[:8000]
    with pytest.raises(InputError) as failure:
        morphed(given, changes)
    assert failure.value.text == text
    assert failure.value.say("zh") != failure.value.say("en")
