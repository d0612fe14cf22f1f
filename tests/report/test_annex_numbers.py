"""What readers of the annex see: decimals that do not contradict each other, sentences, and what is lacking."""

import pandas as pd
import pytest

from citybraid.report.annex.integration import column_decimals
from citybraid.report.annex.lacking import needs_titles
from citybraid.report.annex.provenance import _places
from citybraid.report.chapter import SENTENCES, Column, TextList, in_words
from citybraid.report.page_table import cell


@pytest.mark.parametrize(
    ("unit", "amounts", "shown"),
    [
        ("ha", [0.16, 0.3425, 0.0], ["0.16", "0.34", "0.00"]),
        ("kW", [3057.4, 642.3], ["3,057", "642.3"]),
        ("count", [29.0, 162.0], ["29", "162"]),
    ],
)
def test_amounts_by_unit_have_the_decimals_of_their_unit(unit: str, amounts: list[float], shown: list[str]) -> None:
    """Half a hectare of wetland in two units is not 0 in both."""
    series = pd.Series(amounts)
    column = Column("amount", "", "" if unit == "count" else unit, column_decimals(series, unit))
    assert [cell(value, column, "si") for value in amounts] == shown


def test_people_are_whole() -> None:
    assert _places(16.0, "person year-1") == 0
    assert _places(4498.0, "person") == 0
    assert _places(3.21, "person year-1") != 0


def test_sentences_are_joined_as_their_language_does() -> None:
    joined = TextList(("甲。", "乙。"), SENTENCES)
    assert in_words(joined, "zh") == "甲。乙。"
    assert in_words(joined, "en") == "甲。 乙。"


def test_parameters_of_one_model_are_told_together() -> None:
    needs = ["parameter:resilience.surge.seaward", "canopy_cover", "parameter:resilience.surge.shelf_width",
             "parameter:resilience.typhoon.wind_peak"]  # fmt: skip
    told = [in_words(each, "zh") for each in needs_titles(needs)]
    assert len(told) == 2
    assert told[0] == "树冠覆盖率"
    assert "外海方向、陆架宽度" in told[1]
