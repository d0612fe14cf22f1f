import math
import re

import numpy as np
import pandas as pd
import pytest

from citybraid.core.text import catalogue, known
from citybraid.report.chapter import Column, Table, UnitName, cells, in_words
from citybraid.report.drawing.units import (
    System,
    brief,
    convert,
    few_digits,
    label,
    needed,
    number,
    places,
    plain_places,
    quantity,
    shown,
    significant,
)
from citybraid.report.indicators import as_told
from citybraid.report.page_table import laid_out


@pytest.mark.parametrize(
    ("value", "unit", "system", "zh"),
    [
        (10_000.0, "m2", "planning", "15.0 亩"),
        (10_000.0, "m2", "hectare", "1.00 公顷"),
        (10_000.0, "m2", "si", "10,000 m²"),
        (123_456.0, "CNY", "planning", "12.35 万元"),
        (123_456.0, "EUR", "planning", "12.35 万 EUR"),
        (123_456.0, "EUR year-1", "si", "123,456 EUR/年"),
        (2_500.0, "kg year-1", "si", "2.5 t/年"),
        (2_500.0, "kg CO2e year-1", "si", "2.5 t CO₂e/年"),
        (2_500.0, "kg CH4 year-1", "si", "2.5 t CH₄/年"),
        (80.0, "CNY t-1", "si", "80 元/t"),
        (80.0, "CNY t-1 CO2e", "si", "80 元/t CO₂e"),
        (80.0, "EUR t-1 CO2e", "si", "80 EUR/t CO₂e"),
        (12.5, "%", "si", "12.5%"),
        (0.25, "1", "si", "0.25"),
    ],
)
def test_quantities_are_said_in_the_readers_unit(value: float, unit: str, system: System, zh: str) -> None:
    assert quantity(value, unit, language="zh", system=system) == zh


def test_fifteen_mu_are_a_hectare() -> None:
    assert convert(1.0, "ha", "planning") == pytest.approx(convert(10_000.0, "m2", "planning"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "–"), (None, "–"), (0.0, "0"), (1234567.0, "1,234,567"), (0.00012346, "0.0001235"), (-3.5, "−3.5")],
)
def test_numbers_are_short_and_grouped(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "shown_as"),
    [
        (337.8, "person", 338.0), (-39.4, "person", -39.0), (0.4, "person", 0.0), (12.6, "count", 13.0),
        (656.3, "person year-1", 656.0), (6.24, "person year-1", 6.24), (337.84, "ha", 337.8),
        (5_364_613.0, "CNY year-1", 5_364_613.0),
    ],
)  # fmt: skip
def test_people_and_counts_are_whole(value: float, unit: str, shown_as: float) -> None:
    assert significant(value, unit) == shown_as


def test_money_is_rounded_once() -> None:
    """5.3646 million was 5.36 in a table and, rounded to 5.365 before, 5.37 in the sentence above it."""
    told = quantity(significant(5_364_613.0, "CNY year-1"), "CNY year-1", language="en", system="hectare")
    assert "5.36 " in told


@pytest.mark.parametrize(("cells", "decimals"), [([2.5, 5.0, 10.0], 1), ([10.0], 0), ([0.25], 2), ([], 0)])
def test_sizes_of_cells_have_the_decimals_that_they_need(cells: list[float], decimals: int) -> None:
    """Cells of 2.5 m were told as 2 m."""
    assert needed(cells) == decimals


def test_no_person_has_no_sign() -> None:
    assert str(significant(-0.3, "person")) == "0.0"
    assert math.isnan(significant(float("nan"), "person"))


@pytest.mark.parametrize("cells_summed", [10_102, 30_006, 4_546])
def test_halves_round_alike_by_every_route(cells_summed: int) -> None:
    """The demo told 25.25 ha of habitat on land in a sentence and 25.26 in its table: 10 102 cells of 25 m2."""
    routes = (cells_summed * 25.0 / 1e4, cells_summed * 25.0 * 1e-4, cells_summed * 0.0025)
    assert len({number(value, digits=2) for value in routes}) == 1
    assert number(25.255000000000003, digits=2) == number(25.255, digits=2)
    assert number(123_456_789_012.25, digits=2) == "123,456,789,012.25"


@pytest.mark.parametrize(
    ("value", "text"), [(54.285, "54.29"), (54.285000000000004, "54.29"), (25.255, "25.26"), (-0.125, "−0.13")]
)
def test_halves_are_rounded_away_from_zero_as_a_workbook_shows_them(value: float, text: str) -> None:
    """The annex stated 54.29 ha, the chapter 54.28 and the workbook 54.29: 54.285 is 54.28499... in binary."""
    assert number(value, digits=2) == text
    assert number(significant(value, "ha"), digits=2) == text
    assert quantity(value * 1e4, "m2", language="zh", system="hectare") == f"{text} 公顷"


def test_a_rounded_nothing_has_no_sign() -> None:
    assert number(-0.001, digits=2) == "0.00"


@pytest.mark.parametrize("unit", ["m2", "ha", "CNY", "kg year-1", "kWh year-1", "person", "10^4 CNY year-1"])
@pytest.mark.parametrize("system", ["si", "hectare", "planning"])
def test_every_shown_unit_has_a_name_in_both_languages(unit: str, system: System) -> None:
    assert known(f"unit.{shown(unit, system).unit}")
    assert label(shown(unit, system).unit, "zh") != ""


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (803_900.0, "CNY", "CNY 0.80 million", "80.39 万元"),
        (120e6, "EUR", "EUR 120.00 million", "12,000 万 EUR"),
        (23_456.0, "CNY year-1", "CNY 23,456/a", "2.35 万元/年"),
        (0.0, "CNY", "CNY 0", "0 元"),
    ],
)
def test_each_language_has_its_own_large_unit_of_money(value: float, unit: str, en: str, zh: str) -> None:
    assert quantity(value, unit, language="en", system="planning") == en
    assert quantity(value, unit, language="zh", system="planning") == zh


@pytest.mark.parametrize(("value", "text"), [(1.0, "1 person"), (2.0, "2 people"), (0.0, "0 people")])
def test_one_is_singular(value: float, text: str) -> None:
    assert quantity(value, "person", language="en") == text


def test_a_unit_has_one_name() -> None:
    rows = catalogue()
    assert (rows["unit.m2"]["zh"], rows["unit.m"]["zh"], rows["unit.K"]["zh"]) == ("m²", "m", "K")
    spelled = re.compile(r"(?<=[\d}]) ?(毫米|平方米|立方米|千米|公里|千瓦时|㎡|米)|\bm2\b|\bm3\b")
    quoted = ("unit.", "evaluation.tdt_")  # names of a national list stand as they are there
    prose = [row for row in rows if not row.startswith((*quoted, "cited.", "noted."))]
    assert [row for row in prose if any(spelled.search(rows[row][each]) for each in ("en", "zh"))] == []
    of_factors = [row for row in rows if row.startswith(("cited.", "noted."))]
    assert [row for row in of_factors if re.search(r"\bm[23]\b", rows[row]["zh"])] == []


@pytest.mark.parametrize(
    ("amounts", "digits"),
    [
        ([444.6, 437.6], 1),
        ([2.05, 2.109], 3),
        ([0.003063, 0.00171], 6),
        ([0.5, 0.25], 2),
        ([1220.0, 3.2], None),
        ([143.0, 0.0126], None),
        ([12_000.4, 12_001.0, 500.0], 0),
        ([0.0], None),
    ],
)
def test_a_column_has_the_decimals_of_its_largest_amount(amounts: list[float], digits: int | None) -> None:
    """Beside 0.003063 stood 0.00171; small amounts beside large ones keep digits of their own."""
    assert plain_places(np.array(amounts)) == digits


@pytest.mark.parametrize(("language", "told"), [("en", ["12.22", "5.32", "0.00"]), ("zh", ["1,222", "532", "0"])])
def test_sums_of_money_in_a_column_have_the_same_decimals(language: str, told: list[str]) -> None:
    """A table of alternatives had 1,220 beside 530.0, and 0.0000981 million beside 0.40."""
    frame = pd.DataFrame({"benefit": [12_224_324.0, 5_318_498.0, 98.0]})
    table = Table("t", "t", frame, [Column("benefit", "b", "CNY year-1")])
    rows = laid_out(table, "hectare").rows
    assert [in_words(row[0], language) for row in rows] == told


def test_amounts_of_a_row_have_the_same_decimals() -> None:
    """A row of indices had 0.178 beside 0.1757."""
    frame = pd.DataFrame({"name": ["cooling"], "unit": cells([UnitName("1")]), "one": [0.1757], "two": [0.178]})
    columns = [Column("name", "n"), Column("unit", "u"), *(Column(key, key, told=True) for key in ("one", "two"))]
    assert laid_out(Table("t", "t", frame, columns), "si").rows[0][2:] == ["0.1757", "0.1780"]
    money = frame.assign(unit=cells([UnitName("10^4 CNY year-1")]), one=[715.2], two=[793.65])
    row = laid_out(Table("t", "t", money, columns), "si").rows[0][2:]
    assert [in_words(cell, "en") for cell in row] == ["7.15", "7.94"]


def test_a_sentence_has_no_powers_of_ten() -> None:
    """A chapter wrote 2e-06, another might have written 1.23e+03."""
    assert [brief(value) for value in (2e-6, 1234.5, 0.00992, math.nan)] == ["0.000002", "1,235", "0.00992", "–"]


def test_an_amount_is_rounded_once() -> None:
    """A table had 478 person-hours where another had 479: 478.54 was first cut to 478.5."""
    assert as_told(478.5428, "person h") == 479.0
    assert as_told(104_545.7, "t CO2e year-1") == 104_546.0
    assert math.isnan(as_told(math.nan, "ha"))
    assert quantity(2151.34, "ha", language="en") == "2,151 ha"
    assert quantity(1.494, "ha", language="en") == "1.49 ha"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (128_629_345.0, "kg CO2e year-1", "128,629"), (128_629.345, "t CO2e year-1", "128,629"),
        (543.21, "t CO2e year-1", "543.2"), (2.3264, "t CO2e person-1 year-1", "2.33"), (33.914, "%", "33.9"),
        (999.96, "%", "1,000"), (0.17, "1", "0.17"), (55_296.4, "person", "55,296"), (-1_234.56, "K", "−1,235"),
        (123.456, "ha", "123.46"), (1_178_982.9, "person h", "1,178,983"), (732.83, "person year-1", "733"),
        (6.243, "person year-1", "6.24"),
    ],
)  # fmt: skip
def test_a_figure_has_the_same_digits_wherever_it_is_printed(value: float, unit: str, told: str) -> None:
    """Indicators had 128,600 t, the inventory 128,629 and 33.9 % stood beside 33.91."""
    sentence = quantity(value, unit, language="en").removesuffix("%").split(" ")[0]
    column = pd.DataFrame({"value": [value]})
    row = pd.DataFrame({"unit": cells([UnitName(shown(unit).unit)]), "value": [convert(value, unit)]})
    tables = [
        Table("t", "t", column, [Column("value", "v", unit)]),
        Table("t", "t", row, [Column("value", "v", told=True), Column("unit", "u")]),
    ]
    printed = [in_words(laid_out(table, "si").rows[0][0], "en") for table in tables]
    assert [sentence, *printed] == [told] * 3


def test_printed_parts_add_up_to_their_sum() -> None:
    """Parts of 4 digits, 45,230 and 12,350, would miss a sum of 128,600 by tens."""
    parts = [45_234.6, 12_345.6, 543.21, 70_505.94]
    printed = [
        float(number(value, digits=places(value, "t year-1")).replace(",", "")) for value in [*parts, sum(parts)]
    ]
    assert abs(sum(printed[:-1]) - printed[-1]) <= 0.5 * len(printed)


def test_no_whole_unit_is_rounded_away() -> None:
    """Two plans of 146,299 and 146,292 t were both told as 146,300."""
    told = [brief(146_299.27), number(few_digits(146_292.4)), number(significant(146_292.4, "t CO2e year-1"))]
    assert told == ["146,299", "146,292", "146,292"]
