"""Sheets as planners make them: titles, heads of several rows, units, totals, notes, further tables."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.sources.tabular.cells import header_names
from citybraid.sources.tabular.sheets import SUMS, UNITS, Sheet, table


def read(
    cells: Sequence[Sequence[object]],
    role: str = "parcels",
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (),
) -> Sheet:
    return table(cells, role, name="表.xlsx", words=header_names(role), merges=merges)


def told(sheet: Sheet) -> dict[str, int]:
    return {finding.text: finding.count for finding in sheet.findings}


def test_titles_blank_rows_and_columns_totals_and_notes() -> None:
    sheet = read([
        ["某片区地块控制指标一览表", "", "", ""], ["单位：公顷", "", "", ""], ["", "", "", ""],
        ["地块编号", "", "容积率", "建筑密度"], ["A-01", "", 2.0, 0.3], ["", "", "", ""], ["A-02", "", 3.0, 0.4],
        ["合计", "", 5.0, ""], ["注：容积率为上限", "", "", ""],
    ])  # fmt: skip
    assert list(sheet.frame.columns) == ["地块编号", "容积率", "建筑密度"]
    assert sheet.frame["地块编号"].tolist() == ["A-01", "A-02"]
    assert sheet.frame.attrs[UNITS] == ("公顷",)
    assert told(sheet) == {"intake.sheet_titles": 2, "intake.sheet_asides": 2}


def test_a_head_of_two_rows_merged_or_not_and_a_row_of_units() -> None:
    cells = [
        ["地块编号", "控制指标", "", "现状", ""], ["", "容积率", "建筑密度", "人口", "备注"],
        ["", "", "(%)", "万人", ""], ["A-01", "2.0", "30", "0.2", "x"],
    ]  # fmt: skip
    sheet = read(cells)
    names = ["地块编号", "控制指标/容积率", "控制指标/建筑密度(%)", "现状/人口(万人)", "现状/备注"]
    assert list(sheet.frame.columns) == names
    merged = read(cells, merges=[((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4))])
    assert list(merged.frame.columns) == ["地块编号", "容积率", "建筑密度(%)", "人口(万人)", "备注"]
    assert "intake.sheet_head" in told(sheet)


def test_a_head_takes_the_fewest_rows_that_name_the_most() -> None:
    sheet = read([
        ["地块", "用地", "", ""], ["编号", "指标", "", ""], ["", "容积率", "绿地率", "建筑密度"], ["A", 1, 2, 3],
        ["B", 1, 2, 3],
    ])  # fmt: skip
    assert list(sheet.frame.columns) == ["编号", "指标/容积率", "指标/绿地率", "指标/建筑密度"]


def test_heads_repeated_on_every_page_and_a_second_table() -> None:
    head = ["地块编号", "容积率", "绿地率"]
    sheet = read(
        [head, ["A", 1, 30], head, ["B", 2, 30], ["", "", ""], ["地块编号", "建筑密度", "容积率"], ["C", 0.3, 9]]
    )
    assert sheet.frame["地块编号"].tolist() == ["A", "B"]
    assert {"intake.sheet_asides", "intake.sheet_second_table"} <= set(told(sheet))


def test_names_that_stand_twice_are_told() -> None:
    sheet = read([["地块编号", "容积率", "", "地块编号", "容积率"], ["A", 1, "", "B", 2]])
    assert sheet.frame["容积率"].tolist() == ["1"]
    assert told(sheet)["intake.sheet_names_twice"] == 2


@pytest.mark.parametrize("cells", [[], [["地块编号"]], [["", ""], ["", ""]], [["地块编号", "容积率"], ["合计", 3]]])
def test_a_sheet_without_a_table_is_refused(cells: list[list[object]]) -> None:
    with pytest.raises(InputError) as caught:
        read(cells)
    assert caught.value.text == "intake.sheet_empty"


CELL = st.one_of(st.none(), st.text(max_size=6), st.floats(allow_nan=True), st.integers(), st.booleans())


@given(st.lists(st.lists(CELL, max_size=6), max_size=12))
def test_no_sheet_breaks_reading(cells: list[list[object]]) -> None:
    try:
        sheet = read(cells)
    except InputError as fault:
        refused = fault.text
        assert refused == "intake.sheet_empty"
        return
    assert len(set(sheet.frame.columns)) == len(sheet.frame.columns)
    assert len(sheet.frame) > 0


def test_a_group_above_tells_like_columns_apart() -> None:
    sheet = read([["单元", "现状", "规划"], ["名称", "人口", "人口"], ["甲", 1, 2]], "population")
    assert list(sheet.frame.columns) == ["单元/名称", "现状/人口", "规划/人口"]


def test_a_total_is_known_behind_a_number_of_the_row_or_a_mark() -> None:
    """A街坊小计 and a total in the third column had been a parcel each."""
    sheet = read([
        ["序号", "地块编号", "用地代码", "容积率"], [1, "A-01", "R2", 2.0], [2, "A-02", "B1", 3.0],
        ["", "合计", "", 5.0], [3, "A街坊小计", "", 5.0], ["—", "—", "合  计", 5.0], ["总计（不含道路）", "", "", 5.0],
    ])  # fmt: skip
    assert sheet.frame["地块编号"].tolist() == ["A-01", "A-02"]
    assert told(sheet)["intake.sheet_asides"] == 4
    assert [each["容积率"] for each in sheet.frame.attrs[SUMS]] == ["5", "5", "5"]


@pytest.mark.parametrize(
    "below",
    [
        [["表2 设施"], ["设施编号", "名称", "数量"], ["b1", "学校", 6]],
        [["", "", ""], ["附表一 建筑"], ["建筑编号", "层数", "建筑面积"], ["b1", 6, 3000]],
        [["", "", ""], ["统计口径", "用地性质", "指标"], ["甲", "居住", 2.2]],
    ],
)
def test_a_further_table_whose_names_nobody_knows_is_not_read_as_rows(below: list[list[object]]) -> None:
    sheet = read([["地块编号", "用地代码", "容积率"], ["A-01", "R2", 2.0], ["A-02", "B1", 3.0], *below])
    assert sheet.frame["地块编号"].tolist() == ["A-01", "A-02"]
    assert "intake.sheet_second_table" in told(sheet)


def test_a_parcel_without_numbers_below_an_empty_row_is_no_header() -> None:
    sheet = read([
        ["地块编号", "用地代码", "容积率"], ["A-01", "R2", 2.0], ["", "", ""], ["A-02", "B1", "待定"],
        ["A-03", "R2", 1.0],
    ])  # fmt: skip
    assert sheet.frame["地块编号"].tolist() == ["A-01", "A-02", "A-03"]
