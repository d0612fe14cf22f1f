"""Ranges of envelopes from two published sets of Chinese buildings."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.factor import resolve
from tests.validation.energyplus_settings import fabric_rows

SETTINGS = "data/china_building_settings"
PAIRS = (
    ("residential", "benchmark_1980", 1990), ("residential", "jgj134_2001", 2005), ("residential", "jgj134_2010", 2012),
    ("residential", "jgj134_2010", 2020), ("residential", "gb55015", 2025), ("public", "benchmark_1980", 1990),
    ("public", "gb50189_2005", 2005), ("public", "gb50189_2005", 2012), ("public", "gb50189_2015", 2020),
    ("public", "gb55015", 2025),
)  # fmt: skip
"""Standard and year of construction for which both sets have values."""


@pytest.mark.case(SETTINGS)
@pytest.mark.parametrize("name", ["wall", "roof", "window", "solar_gain"])
def test_ranges_of_envelopes_are_what_two_published_sets_leave_open(cases: Path, name: str) -> None:
    """From the other set's mean to the scatter about it, which stands for what one set leaves open."""
    standards = resolve("envelope")
    ratio = np.log([
        fabric_rows(cases / SETTINGS, kind, year)[name] / standards[f"{kind}/{standard}/3/{name}"]
        for kind, standard, year in PAIRS
    ])  # fmt: skip
    row = resolve("input_spread", region="CN-SH", year=2025).rows[f"envelope/{name}"]
    assert (row.low, row.high) == pytest.approx((np.exp(ratio.mean()), np.exp(ratio.std())), rel=1e-3)


def test_no_gain_of_glass_leaves_its_bounds() -> None:
    row = resolve("input_spread", region="CN-SH", year=2025).rows["envelope/solar_gain"]
    highest = max(value for key, value in resolve("envelope").items() if key.endswith("/solar_gain"))
    assert row.high is not None
    assert highest * row.high < 1.0
