"""Numbers of one row have the same decimals: in the table of jurisdictions, and at both ends of a range."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Table, in_words
from citybraid.report.indicators import _open_range
from citybraid.report.levels.special import _factors, _indicators
from citybraid.report.page_table import laid_out
from citybraid.study.special.joining import FACTOR_COLUMNS


def test_jurisdictions_have_the_same_decimals() -> None:
    """The delta zone told 3.082, 3.17 and 2.628 t a person side by side, and 1.476 beside 0.8823."""
    values = {"emissions_per_resident": [3.082, 3.17, 3.036], "green_plot_ratio": [0.8823, 1.476, 1.331]}
    table = pd.DataFrame({"alternative": "plan", "jurisdiction": ["a", "b", WHOLE_AREA], **values})
    title = {"zh": "甲", "en": "A"}
    run: Any = SimpleNamespace(
        joined=SimpleNamespace(indicators=table), runs={"a": SimpleNamespace(currency="CNY")},
        asked=SimpleNamespace(jurisdictions={name: SimpleNamespace(title=title) for name in ("a", "b")}),
        title=lambda _: title,
    )  # fmt: skip
    rows = laid_out(_indicators(run, "plan", appendix=False), "hectare").rows
    assert [[in_words(each, "en") for each in row[2:5]] for row in rows] == [
        ["3.08", "3.17", "3.04"], ["0.882", "1.476", "1.331"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.1589, 0.164, "0.1589 – 0.1640"), (0.2, 0.2, "0.2"), (2.0, 2.5, "2.0 – 2.5")]
)
def test_both_ends_of_a_range_have_the_same_decimals(low: float, high: float, said: str) -> None:
    """The frontal area index of the demo was 0.1589 – 0.164."""
    band = pd.DataFrame({"low": {"frontal_area_index": low}, "high": {"frontal_area_index": high}})
    assert in_words(_open_range(band, indicators()["frontal_area_index"], ""), "en") == said


def test_factors_that_differ_are_told_in_words() -> None:
    """The delta zone told `composting` and `kg kWh-1` in both languages."""
    rows = [
        (*row, name, value, unit, "CN", "verified", "")
        for *row, unit in (("waste_treatment", "composting", "1"), ("grid_emission_factor", "", "kg kWh-1"))
        for name, value in (("a", 0.1), ("b", 0.2))
    ]
    title = {"zh": "甲", "en": "A"}
    run: Any = SimpleNamespace(
        joined=SimpleNamespace(factors=pd.DataFrame(rows, columns=list(FACTOR_COLUMNS))),
        asked=SimpleNamespace(jurisdictions={name: SimpleNamespace(title=title) for name in ("a", "b")}),
    )  # fmt: skip
    (table,) = _factors(run)
    assert isinstance(table, Table)
    told = {language: [[in_words(each, language) for each in row[:3]] for row in laid_out(table, "hectare").rows]
            for language in ("en", "zh")}  # fmt: skip
    assert [row[1:] for row in told["zh"]] == [["堆肥", ""], ["–", "kg/kWh"]]
    assert [row[2] for row in told["en"]] == ["", "kg/kWh"]
    assert "composting" not in str(told["zh"])
