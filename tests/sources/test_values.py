"""Cells as planners write them."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.var import Var
from citybraid.sources.text.cell_values import normalize_cell, normalize_column, parse_number, parse_year
from citybraid.sources.text.number_columns import convert_column

RATIO = Var("green_ratio", "1", "A share", on="parcels", ge=0, le=1)
PEOPLE = Var("population", "person", "People", on="units", ge=0)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("60", 60), ("６０", 60), ("≤60米", 60), ("18F", 18), ("1,234.5", 1234.5), ("2万人", 20000), ("35%", 35),
        ("-3", -3), (".5", 0.5), ("不大于 24 米", 24), ("1e3", 1000),
    ],
)  # fmt: skip
def test_numbers_with_units_and_bounds(cell: str, value: float) -> None:
    assert parse_number(normalize_cell(cell)) == value


@pytest.mark.parametrize("cell", ["", "六层", "A-01", "3-5", "12栋", "1个/100㎡", "1 2", "=1+1", "10 m²左右"])
def test_what_is_no_number_is_never_made_one(cell: str) -> None:
    assert math.isnan(parse_number(normalize_cell(cell)))


@pytest.mark.parametrize(("cell", "value"), [("1998", 1998), ("2010年", 2010), ("90年代", 1995), ("2000年代", 2005),
    ("1980-1990", 1985), ("2003/5/1", 2003), ("10年代", 2015),
    ("1995-98", 1996.5), ("1995-08", 1995), ("建于1990年至2000年间", 1995), ("1985（2010改造）", 1985),
    ("2000-1995", 2000)])  # fmt: skip
def test_years(cell: str, value: float) -> None:
    assert parse_year(cell) == value


@pytest.mark.parametrize("cell", [None, float("nan"), "-", "——", "无", " 未知 ", "NULL", pd.NA, "　"])
def test_blanks_are_empty(cell: object) -> None:
    assert normalize_cell(cell) == ""


def test_a_ratio_below_one_stays_and_one_above_is_percent() -> None:
    shares = convert_column(pd.Series([0.3, 1.0, None]), RATIO, layer="parcels", header="绿地率")
    assert shares.column.tolist()[:2] == [0.3, 1.0]
    assert not shares.findings
    percent = convert_column(pd.Series(["30", "100", "150"]), RATIO, layer="parcels", header="绿地率")
    assert percent.column.isna().all() or percent.column.max() <= 1
    mixed = convert_column(pd.Series(["30%", "0.25"]), RATIO, layer="parcels", header="绿地率")
    assert mixed.column.tolist() == [0.3, 0.25]


def test_an_infinite_number_is_told_as_none() -> None:
    shares = convert_column(pd.Series([0.3, math.inf, None, -math.inf]), RATIO, layer="parcels", header="绿地率")
    assert shares.column.isna().tolist() == [False, True, True, True]
    (finding,) = shares.findings
    assert (finding.text, finding.count, finding.values["examples"]) == ("intake.cell_no_number", 2, ["-inf", "inf"])


def test_people_in_ten_thousands_by_header() -> None:
    assert convert_column(pd.Series(["1.5"]), PEOPLE, layer="units", header="人口（万人）").column.tolist() == [15000.0]


@given(st.floats(0, 1e6, allow_nan=False))
def test_any_number_survives_its_own_writing(value: float) -> None:
    assert parse_number(normalize_cell(repr(value))) == value


@given(st.text())
def test_no_text_breaks_reading(cell: str) -> None:
    said = normalize_cell(cell)
    assert math.isnan(parse_number(said)) or math.isfinite(parse_number(said))
    assert math.isnan(parse_year(said)) or 1000 <= parse_year(said) <= 2299


def test_cells_that_repeat_read_as_each_alone() -> None:
    columns: list[pd.Series] = [
        pd.Series([6.0, np.nan, 6.5, -0.0, np.inf, 6.0]), pd.Series([1, 2, 1]), pd.Series([True, False, True]),
        pd.Series(["６ 层", None, "-", "６ 层"], dtype="str"),
        pd.Series(np.array(["2020-01-01", "NaT"], dtype="datetime64[ns]")),
    ]  # fmt: skip
    for column in columns:
        assert normalize_column(column).tolist() == normalize_column(column.astype(object)).tolist()
