"""Figures: units of headers and cells, spans, 'about', years that Excel shows as dates."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.number_columns import NumberColumn, convert_column
from citybraid.sources.text.numbers import parse_quantity
from citybraid.sources.text.units import conversion_factor, dimension, is_known_unit

VARS = vocabulary()
AREA, PEOPLE, FLOORS, YEAR, HEIGHT = (
    VARS[name] for name in ("floor_area", "population", "floors", "year_built", "height")
)


def read(cells: list[object], name: str, header: str, *units: str) -> NumberColumn:
    return convert_column(pd.Series(cells, dtype=object), VARS[name], layer="test", header=header, units=units)


def told(found: NumberColumn) -> dict[str, int]:
    return {finding.text: finding.count for finding in found.findings}


@pytest.mark.parametrize(
    ("cell", "name", "value"),
    [
        ("2.5公顷", "floor_area", 25000.0), ("0.3 km²", "floor_area", 3e5), ("1.2万", "population", 12000.0),
        ("１．２万人", "population", 12000.0),
        ("3-5", "floors", 4.0), ("3～5层", "floors", 4.0), ("12至18米", "height", 15.0), ("约30", "height", 30.0),
        ("30米左右", "height", 30.0),
        ("'18", "floors", 18.0), ("1.5亩", "floor_area", 1000.0), ("1905-06-20", "year_built", 1998.0),
        ("1905-07-12 00:00:00", "year_built", 2020.0),
        ("1905-13-40", "year_built", 1905.0), ("2万平方米", "floor_area", 20000.0),
    ],
)  # fmt: skip
def test_cells_as_planners_write_them(cell: str, name: str, value: float) -> None:
    assert parse_quantity(normalize_cell(cell), VARS[name]).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("cell", "name"),
    [("5-3", "floors"), ("2024-03-05", "floors"), ("3公顷", "floors"), ("A-3", "floors"), ("约", "height")],
)
def test_what_is_no_figure_is_never_made_one(cell: str, name: str) -> None:
    assert math.isnan(parse_quantity(normalize_cell(cell), VARS[name]).value)


def test_units_of_the_header_of_the_title_and_of_cells() -> None:
    hectares = read(["1", "2公顷", "300㎡"], "floor_area", "建筑面积(公顷)")
    assert hectares.column.tolist()[:2] == [10000.0, 20000.0]
    assert told(hectares) == {"intake.unit_in_header": 1}
    assert read(["1"], "floor_area", "建筑面积", "公顷", "人").column.tolist() == [10000.0]
    assert read(["1"], "population", "人口(万人)").column.tolist() == [10000.0]
    assert read(["1"], "height", "height_cm").column.tolist() == [0.01]
    assert read(["35"], "green_ratio", "绿地率(%)").column.tolist() == [0.35]
    assert read(["6"], "floors", "层数（层）").column.tolist() == [6.0]


def test_ten_thousand_of_the_unit_of_the_column() -> None:
    """1.2万 in a column of 亩 was 12 000 m2, a six-hundredth of what it says."""
    mu = read(["1.2万", "3"], "floor_area", "建筑面积(亩)").column.tolist()
    assert mu == pytest.approx([1.2e4 * 2000.0 / 3.0, 2000.0])
    assert read(["0.01万"], "floor_area", "建筑面积(公顷)").column.tolist() == [1e6]
    assert read(["1.2万", "3"], "population", "人口(万人)").column.tolist() == [12000.0, 30000.0]
    assert read(["1.2万", "3"], "population", "人口(人)").column.tolist() == [12000.0, 3.0]
    assert read(["1.2万"], "floor_area", "建筑面积(万平方米)").column.tolist() == [12000.0]
    assert read(["1.2万平方米"], "floor_area", "建筑面积(亩)").column.tolist() == [12000.0]


def test_a_share_among_percent_is_told_whatever_the_header_says() -> None:
    """0.3 under 建筑密度(%) beside 28 became 0.003 without a word."""
    for header in ("建筑密度(%)", "建筑密度"):
        mixed = read(["28", "0.3", "35"], "building_density", header)
        assert "intake.percent_mixed" in told(mixed), header
    assert "intake.percent_mixed" not in told(read(["28", "0.3%"], "building_density", "建筑密度(%)"))
    assert "intake.percent_mixed" not in told(read(["28", "35"], "building_density", "建筑密度(%)"))


def test_a_unit_of_another_quantity_leaves_the_column_out() -> None:
    households = read(["120"], "population", "人口（户）")
    assert households.column.isna().all()
    assert told(households) == {"intake.unit_unfit": 1}


def test_every_reading_that_is_no_plain_number_is_told() -> None:
    found = read(["3-5", "约6", "7", "七", "几", "1e9"], "floors", "层数")
    assert found.column.tolist()[:4] == [4.0, 6.0, 7.0, 7.0]
    assert told(found) == {
        "intake.cell_span": 1, "intake.cell_about": 1, "intake.cell_no_number": 1, "intake.cell_out_of_range": 1
    }  # fmt: skip
    assert told(read(["1905-06-20"], "year_built", "年代")) == {"intake.cell_serial": 1}


def test_findings_on_cells_say_where_they_stand() -> None:
    """Rows as the sheet numbers them, else ids of shapes, the first few; nothing where rows have no ids."""
    cells: list[object] = ["3-5", "7", "几", "1e9", "四五"]
    in_sheet = convert_column(
        pd.Series(cells, dtype=object), VARS["floors"], layer="buildings", header="层数", rows=[4, 5, 7, 8, 9]
    )
    places = {each.text: each.places for each in in_sheet.findings}
    assert places["intake.cell_span"] == ("4",)
    assert places["intake.cell_no_number"] == ("7", "9")
    assert places["intake.cell_out_of_range"] == ("8",)
    (unread,) = (each for each in in_sheet.findings if each.text == "intake.cell_no_number")
    assert unread.say("en").endswith(" Rows: 7, 9.")
    assert unread.say("zh").endswith("行号：7, 9。")
    assert unread.without_places().places == ()
    shapes = pd.Series(["几"] * 10, index=pd.Index([f"P{at}" for at in range(10)], dtype=object), dtype=object)
    (named,) = convert_column(shapes, VARS["floors"], layer="buildings", header="层数").findings
    assert named.places == (*(f"P{at}" for at in range(8)), "…")
    assert named.say("en").endswith(" Ids: P0, P1, P2, P3, P4, P5, P6, P7, ….")
    assert all(not each.places for each in read(cells, "floors", "层数").findings)


@given(st.text(max_size=20), st.sampled_from(["floors", "year_built", "floor_area", "population"]))
def test_no_text_breaks_a_figure(cell: str, name: str) -> None:
    value = parse_quantity(normalize_cell(cell), VARS[name]).value
    assert math.isnan(value) or math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "unit", "times"),
    [
        ("㎡", "m2", 1.0),
        ("Km²", "m2", 1e6),
        ("万㎡", "m2", 1e4),
        ("US survey foot", "m", 1200 / 3937),
        ("℃", "degC", 1.0),
    ],
)
def test_units(text: str, unit: str, times: float) -> None:
    assert is_known_unit(text)
    assert dimension(text) == unit
    assert conversion_factor(text, unit) == pytest.approx(times, rel=1e-12)
    assert conversion_factor(text, "K") is None
