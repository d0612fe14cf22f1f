"""Design storms: depths of the shipped formulas against a table of derived depths."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.factor import shipped
from citybraid.resilience.rain.design_storm import DesignStormParams, depth, design_storm
from tests.validation.publishing import Published

ROUNDED = 0.051
"""The table is rounded to 0.1 mm."""


@pytest.mark.case("facts/storm_depth_check.csv")
@pytest.mark.parametrize(
    ("key", "region", "slack"),
    [
        ("shanghai", "CN-SH", 0.0),
        ("suzhou", "CN-JS-SZ", 0.0),
        ("xiamen", "CN-FJ-XM", 0.0),
        ("baoding", "CN-HE-BD", 0.0),
        ("beijing_classic", "CN-BJ", 0.0),
        ("xixian_fengxi", "CN-SN-XA", 0.002),  # printed over 167, tabled over 166.67
    ],
)
def test_storm_depths(cases: Path, published: Published, key: str, region: str, slack: float) -> None:
    table = pd.read_csv(cases / "facts" / "storm_depth_check.csv")
    rows = table[table["key"] == key]
    formula = shipped().resolve("storm_formula", region=region, year=2025)
    assert len(rows) >= 3
    for period, minutes, want in rows[["P_years", "duration_min", "depth_mm"]].to_numpy(np.float64):
        got = float(depth(np.array(minutes), formula, period=period))
        what = f"{key.replace('_', ' ').title()}, {period:g} years, {minutes:g} min"
        published.near(what, got, want, by=ROUNDED + slack * want, unit="mm")
        if "r" in formula:
            found = design_storm(
                return_period=period, storm_duration=minutes, storm_formula=formula, p=DesignStormParams(step=1.0)
            )
            assert found.rain_intensity.sum() / 60 == pytest.approx(got, rel=1e-9)
