"""Money is told in ten thousands in Chinese and in millions in English, wherever its unit stands apart from it."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from citybraid.core.text import catalogue
from citybraid.report.chapter import Amount, Chapter, Column, Detail, Quantity, Table, TextList, UnitName, in_words
from citybraid.report.drawing.units import counted, label
from citybraid.report.page import Cover
from citybraid.report.page_map import _detail
from citybraid.report.page_table import laid_out
from citybraid.report.workbook import write_workbook
from tests.report.made import both

YEARLY = "10^4 CNY year-1"
UNITS = ("10k CNY", "10k CNY year-1", YEARLY, "10k {currency}", "10k {currency} year-1", "10^4 {currency} year-1")
FRAME = pd.DataFrame(
    {
        "name": ["damage", "area"], "unit": [UnitName(YEARLY), UnitName("ha")], "value": [714.0, 45.6],
        "share": [12.0, 20.0], "cost": [803_900.0, 51_000_000.0],
    }
)  # fmt: skip
COLUMNS = [
    Column("name", both("名称", "Name")), Column("unit", both("单位", "Unit")), Column("value", both("值", "Value")),
    Column("share", both("占比", "Share"), "%", 1), Column("cost", both("费用", "Cost"), "CNY"),
]  # fmt: skip
TABLE = Table("money", both("钱", "Money"), FRAME, COLUMNS)
SHOWN = {
    "zh": [["damage", "万元/年", "714", "12.0", "80.39"], ["area", "公顷", "45.6", "20.0", "5,100"]],
    "en": [["damage", "CNY million/a", "7.14", "12.0", "803.9"], ["area", "ha", "45.6", "20.0", "51,000"]],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cells_are_counted_as_their_head_or_row_says(language: str) -> None:
    laid = laid_out(TABLE, "planning")
    assert [[in_words(cell, language) for cell in row] for row in laid.rows] == SHOWN[language]
    assert label(laid.heads[-1].unit, language) == {"zh": "万元", "en": "CNY thousand"}[language]


@pytest.mark.parametrize(("language", "damage", "cost"), [("zh", 714.0, 80.39), ("en", 7.14, 803.9)])
def test_cells_of_workbooks_are_numbers_in_the_same_unit(
    language: str, damage: float, cost: float, tmp_path: Path
) -> None:
    chapter = Chapter("money", both("钱", "Money"), [TABLE])
    path = write_workbook(
        tmp_path / "b.xlsx", [chapter], cover=Cover(both("甲", "A"), synthetic=False), language=language,
        system="planning",
    )  # fmt: skip
    sheet = pd.read_excel(path, sheet_name={"zh": "钱", "en": "Money"}[language], header=None, engine="calamine")
    assert sheet.iloc[3, 2:].astype(float).tolist() == pytest.approx([damage, 12.0, cost])
    assert sheet.iloc[4, 2:4].astype(float).tolist() == pytest.approx([45.6, 20.0])


SMALL = [("en", ["CNY thousand", "7.1", "53,646"]), ("zh", ["万元", "0.71", "5,365"])]


@pytest.mark.parametrize(("language", "told"), SMALL)
def test_small_sums_keep_their_digits_in_english_too(language: str, told: list[str]) -> None:
    """A sum of 0.71 ten thousand yuan was 0.01 million."""
    frame = pd.DataFrame({"cost": [7_100.0, 53_646_000.0]})
    laid = laid_out(Table("t", "t", frame, [Column("cost", "c", "CNY")]), "hectare")
    assert [label(laid.heads[0].unit, language), *(in_words(row[0], language) for row in laid.rows)] == told


@pytest.mark.parametrize(("language", "told"), SMALL)
def test_a_row_that_names_its_unit_keeps_the_digits_of_its_sums(language: str, told: list[str]) -> None:
    frame = pd.DataFrame({"unit": [UnitName("10k CNY"), UnitName("ha")], "now": [0.71, 5.0], "then": [5364.6, 6.0]})
    columns = [Column(name, name, told=name != "unit") for name in ("unit", "now", "then")]
    (money, area) = laid_out(Table("t", "t", frame, columns), "hectare").rows
    assert [in_words(each, language) for each in money] == told
    assert [in_words(each, "en") for each in area] == ["ha", "5.00", "6.00"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ["CNY thousand", "961.4", "958.2 – 963.7", "target 900.0"]),
     ("zh", ["万元", "96.14", "95.82 – 96.37", "目标 90.00"])],
)  # fmt: skip
def test_amounts_within_texts_of_a_row_are_counted_as_its_unit_is(language: str, told: list[str]) -> None:
    """A range of 0.96 – 0.96 (million) stood beside 961.4 (thousand)."""
    ends = TextList((Amount(95.82, "10k CNY"), Amount(96.37, "10k CNY")), " – ")
    target = TextList((both("目标", "target"), Amount(90.0, "10k CNY", 2)), " ")
    frame = pd.DataFrame({"unit": [UnitName("10k CNY")], "now": [96.14], "range": [ends], "target": [target]})
    columns = [Column(name, name, told=name == "now") for name in frame.columns.astype(str)]
    frame.index = pd.Index([7])
    (row,) = laid_out(Table("t", "t", frame, columns), "hectare").rows
    assert [in_words(each, language) for each in row] == told


def test_columns_of_one_unit_share_it(tmp_path: Path) -> None:
    """A million beside a thousand of the same thing would be read as the smaller."""
    frame = pd.DataFrame({"cost": [7_100.0], "benefit": [53_646_000.0]})
    columns = [Column("cost", "Cost", "CNY"), Column("benefit", "Benefit", "CNY")]
    table = Table("t", both("钱", "Money"), frame, columns)
    assert {label(each.unit, "en") for each in laid_out(table, "hectare").heads} == {"CNY thousand"}
    path = write_workbook(
        tmp_path / "b.xlsx", [Chapter("t", both("钱", "Money"), [table])],
        cover=Cover(both("甲", "A"), synthetic=False), language="en", system="hectare",
    )  # fmt: skip
    sheet = load_workbook(path)["Money"]
    assert [cell.value for cell in sheet[3]] == ["CNY thousand"] * 2
    assert [cell.value for cell in sheet[4]] == pytest.approx([7.1, 53_646.0])
    assert [cell.number_format for cell in sheet[4]] == ['[>=999.95]#,##0;[<=-999.95]"−"#,##0;#,##0.0'] * 2


def test_the_parcel_panel_counts_alike() -> None:
    told: Any = _detail(
        Detail(both("费用", "Cost"), by_alternative={"as_is": [803_900.0]}, unit="CNY"), ("zh", "en"), "planning"
    )
    assert told["unit"] == {"zh": "万元", "en": "CNY thousand"}
    assert told["by"]["as_is"] == [{"zh": "80.39", "en": "803.9"}]


@pytest.mark.parametrize("unit", UNITS)
def test_a_number_and_its_unit_apart_say_what_they_say_together(unit: str) -> None:
    """A scale of a chart, a head of a table and a sentence never differ by a factor."""
    assert "million" in label(unit.replace("{currency}", "CNY"), "en")
    assert "10,000" not in catalogue()[f"unit.{unit}"]["en"]
    assert counted(80.39, unit, "en") == pytest.approx(0.8039)
    assert counted(80.39, unit, "zh") == 80.39
    whole = unit.replace("{currency}", "CNY")
    assert Amount(80.39, whole, 2).say("en") in Quantity(80.39, whole, 2).say("en")
    assert Amount(80.39, whole, 2).say("zh") in Quantity(80.39, whole, 2).say("zh")
