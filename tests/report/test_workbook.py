import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from citybraid.report.chapter import Chapter, Column, Table, UnitName, cells
from citybraid.report.page import Cover
from citybraid.report.workbook import _Context, _sheet_names, _values, write_workbook
from tests.report.made import both, made, made_chapters


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "报告.xlsx"
    cover = Cover(both("甲", "A"), synthetic=True)
    return write_workbook(path, made_chapters(made()), cover=cover, language="zh", system="planning")


def test_every_row_is_there_as_numbers_in_the_shown_unit(book: Path) -> None:
    table = pd.read_excel(book, sheet_name="地块控制表", header=None, engine="calamine")
    assert list(table.iloc[1]) == ["地块", "面积", "费用", "说明"]
    assert list(table.iloc[2].fillna("")) == ["", "亩", "万元", ""]
    rows = table.iloc[3:19]
    assert len(rows) == 16
    assert rows.iloc[1, 1] == pytest.approx(84 * 84 * 0.0015)
    assert rows.iloc[0, 2] == pytest.approx(12.3456)
    assert list(rows[2].isna()) == [at == 2 for at in range(16)]


def test_whole_numbers_are_each_their_own() -> None:
    """Those above 256 are made anew for each cell, at the addresses of others before; those below are always there."""
    counts = [1_000 + at if at % 7 == 0 else at % 3 for at in range(500)]
    assert _values(pd.Series(counts), Column("n", "n"), [""] * len(counts), _Context("en", "si")) == [
        float(n) for n in counts
    ]


def test_text_is_never_a_formula_or_a_link(book: Path) -> None:
    table = pd.read_excel(book, sheet_name="地块控制表", header=None, engine="calamine")
    assert table.iloc[3, 3] == "=1+1 <a> & b"
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
        parts = archive.namelist()
    assert not any("<f>" in sheet for sheet in sheets)
    assert not any("worksheets/_rels" in part for part in parts), "links lead to sheets of the workbook alone"


def test_the_contents_lead_to_every_sheet_and_each_sheet_back(book: Path) -> None:
    sheets = load_workbook(book).worksheets
    front = [cell for cell in next(sheets[0].columns) if cell.hyperlink]
    assert [cell.hyperlink.location for cell in front] == [f"'{sheet.title}'!A1" for sheet in sheets[1:]]
    assert [cell.value for cell in front] == [sheet["A1"].value for sheet in sheets[1:]]
    assert {sheet["A1"].hyperlink.location for sheet in sheets[1:]} == {f"'{sheets[0].title}'!A1"}


def test_headers_stay_in_sight(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert 'ySplit="3"' in sheet
    assert "<autoFilter" in sheet


def test_the_first_sheet_warns_of_synthetic_data(book: Path) -> None:
    front = pd.read_excel(book, sheet_name=0, header=None, engine="calamine")
    assert "合成数据" in "".join(front[0].dropna())


def test_sheet_names_are_short_and_differ() -> None:
    assert _sheet_names(["Alternatives: cost"]) == ["Alternatives cost"], "one blank for a sign that no name may have"
    names = _sheet_names(["a/b:c" * 9, "a/b:c" * 9, "A b c" * 9, ""])
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_sheet_name_that_is_cut_ends_after_a_whole_word_or_number() -> None:
    """A sheet of the 50-year storm was called "… · 5", one of distances "Residents and floor area by dis"."""
    storm = "中断时间最长的道路 · 方案B：地面、街道、管网与预警 · 50 年一遇"
    english, chinese, again = _sheet_names(["Residents and floor area by distance to the station", storm, storm])
    assert english == "Residents and floor area by…"
    assert chinese == "中断时间最长的道路 · 方案B：地面、街道、管网与预警…"
    assert again == "中断时间最长的道路 · 方案B：地面、街道、管网与预… 2"
    assert _sheet_names(["x" * 40]) == ["x" * 30 + "…"]


def test_cells_hold_all_digits_and_show_those_of_the_page(tmp_path: Path) -> None:
    """Workbooks held 128,600 where the run has 128,629.345; each row has the decimals of its own unit."""
    frame = pd.DataFrame({
        "unit": cells([UnitName("t CO2e year-1"), UnitName("%"), UnitName("10^4 CNY year-1")]),
        "plan": [128_629.345, 33.914, 16_935.1],
    })  # fmt: skip
    table = Table("indicators", "i", frame, [Column("unit", "u"), Column("plan", "p", told=True)])
    path = write_workbook(
        tmp_path / "b.xlsx", [Chapter("c", "c", [table])], cover=Cover(both("甲", "A"), synthetic=False), language="en",
        system="hectare",
    )  # fmt: skip
    sheet = load_workbook(path)["i"]
    rows = [sheet.cell(row, 2) for row in (4, 5, 6)]
    assert [cell.value for cell in rows] == pytest.approx([128_629.345, 33.914, 169.351])
    assert [cell.number_format.split(";")[-1] for cell in rows] == ['"−"#,##0', "#,##0.0", "#,##0.00"]
