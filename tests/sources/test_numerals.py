"""Numbers in Chinese, storeys above and below ground, and years written as days, decades or serial dates."""

import math

import pytest

from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.tabular.header_rows import detect_header
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.numbers import parse_quantity


def parsed(name: str, text: str) -> tuple[float, str]:
    found = parse_quantity(normalize_cell(text), vocabulary()[name])
    return found.value, found.manner


@pytest.mark.parametrize(
    ("text", "year", "manner"),
    [
        ("20051230", 2005, ""), ("199806", 1998, ""), ("1985.10", 1985, ""), ("2010年5月", 2010, ""),
        ("31048", 1985, "date serial"), ("34486", 1994, "date serial"), ("12000", 1932, "date serial"),
        ("1990s", 1995, "decade"), ("90年代", 1995, "decade"), ("八十年代", 1985, "decade"),
        ("上世纪80年代", 1985, "decade"),
        ("二十世纪五十年代", 1955, "decade"), ("21世纪10年代", 2015, "decade"),
        ("约1990年代", 1995, "decade"), ("约1985", 1985, "about"),
        ("2000年前", 2000, "about"), ("1995-2000", 1997.5, "years"),
    ],
)  # fmt: skip
def test_a_year_is_read_as_it_is_meant(text: str, year: float, manner: str) -> None:
    """A day in eight digits had been the middle of 2005 and 1230, a serial date the year 1048."""
    assert parsed("year_built", text) == (year, manner)


@pytest.mark.parametrize("text", ["85", "123456", "70000", "待定"])
def test_what_is_no_year_is_none(text: str) -> None:
    assert math.isnan(parsed("year_built", text)[0])


@pytest.mark.parametrize(
    ("text", "floors"),
    [
        ("6F", 6), ("六层", 6), ("十一", 11), ("二十三层", 23), ("一百零八层", 108), ("两层", 2), ("６", 6),
        ("地上6地下1", 6), ("地上11层/地下2层", 11), ("地上6层（地下1层）", 6), ("6/-1", 6),
        ("-1/6", 6), ("18F/-2F", 18), ("18F/1D", 18), ("33F/2D", 33), ("18/B2", 18), ("6F+1D", 6), ("18F1D", 18),
        ("1D/18F", 18), ("18/-1D", 18),
    ],
)  # fmt: skip
def test_storeys_are_those_above_ground(text: str, floors: float) -> None:
    assert parsed("floors", text)[0] == floors


@pytest.mark.parametrize("text", ["6+1", "三五", "一类", "十十", "181D"])
def test_what_may_mean_several_numbers_of_storeys_is_none(text: str) -> None:
    """6+1 is six storeys with an attic here and with a basement there: it is told, not guessed."""
    assert math.isnan(parsed("floors", text)[0])


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("floor_area_ratio", "2.0以下", 2.0), ("floor_area_ratio", "2.0以内", 2.0),
        ("floor_area_ratio", "FAR≤2.5", 2.5),
        ("floor_area_ratio", "容积率≤2.0", 2.0), ("height_limit", "H≤60", 60.0), ("height_limit", "60以下", 60.0),
        ("height_limit", "十八米", 18.0), ("planned_building_stars", "二星级", 2.0),
        ("planned_building_stars", "三星", 3.0),
        ("planned_building_stars", "不低于一星级", 1.0), ("planned_building_stars", "2星", 2.0),
        ("planned_parking", "120个", 120.0), ("planned_parking", "120 个车位", 120.0),
        ("planned_parking", "≥80辆", 80.0),
        ("planned_setback", "8米", 8.0),
    ],
)  # fmt: skip
def test_a_limit_is_read_with_its_sign_after_it_or_its_name_before(name: str, text: str, value: float) -> None:
    assert parsed(name, text)[0] == value


def test_a_lower_bound_is_no_upper_limit() -> None:
    assert parsed("floor_area_ratio", "1.5以上")[1] == "other limit"
    assert math.isnan(parsed("height_limit", "18F")[0])


def test_a_merged_name_reaches_down_into_a_row_of_units() -> None:
    """Numbers and uses are merged over both rows: the row of units had counted as a plot, and 亩 as nothing."""
    names = ["地块编号", "用地性质", "用地面积", "容积率", "建筑密度"]
    below = ["地块编号", "用地性质", "亩", "", "%"]
    rows = [names, below, ["A-01", "R2", "3.75", "2", "25"], ["A-02", "R2", "3", "2", "25"]]
    found = detect_header(rows, names)
    assert found.unit_row
    assert found.rows == 2
    assert found.names == ("地块编号", "用地性质", "用地面积(亩)", "容积率", "建筑密度(%)")
