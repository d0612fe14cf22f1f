"""A control table that comes back edited: unchanged it is the run's own, and every edit is told with who made it."""

import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from shapely.geometry import Point, Polygon, box
from xlsxwriter import Workbook

from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES
from citybraid.report.returned.changes import Remark
from citybraid.report.returned.comparison import compared
from citybraid.report.returned.control_file import returned_controls
from citybraid.report.returned.expected import ExpectedTable
from citybraid.report.returned.writing_back import _quantity, _text
from citybraid.sources.tabular.returned_table import ReturnedFile, ReturnedTable, layers
from citybraid.sources.tabular.workbook_comments import CellComment
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.examples import at_most

HEADS = ("编号", "容积率", "绿地率", "备注")


def table(*rows: tuple[str, float | None, float | None, str]) -> ExpectedTable:
    return ExpectedTable(
        ("number", "far", "gr", "note"), HEADS, ("", "", "%", ""), (False, True, True, False), rows, 0, 1, 2, 3
    )


def returned(
    *rows: tuple[object, ...], heads: tuple[object, ...] = HEADS, units: tuple[object, ...] = ("", "", "%", ""),
    formulas: tuple[str, ...] = (),
) -> ReturnedFile:  # fmt: skip
    cells = (("地块控制指标一览表",), heads, units, *rows, (), ("规定性指标",))
    return ReturnedFile((ReturnedTable("表", cells, formulas),), "王工", "2026-11-01T08:00:00Z")  # type: ignore[arg-type]


WRITTEN = table(("A-1", 2.0, 35.0, "规划"), ("A-2", None, 30.0, "现状"))


def test_an_unchanged_table_is_the_same() -> None:
    found = compared([WRITTEN], returned(("A-1", 2.0, 35.0, "规划"), ("A-2", None, 30.0, "现状")), name="x")
    assert found.same


def test_a_comment_on_a_cell_is_told_with_who_wrote_it_and_changes_nothing() -> None:
    rows = (("A-1", 2.0, 35.0, "规划"), ("A-2", None, 30.0, "现状"))
    file = returned(*rows)
    noted = (CellComment("B5", "李工", "偏高"), CellComment("B1", "", "见附件"))
    moved = (CellComment("B6", "李工", "偏高"), CellComment("B2", "", "见附件"))
    found = compared([WRITTEN], replace(file, tables=(replace(file.tables[0], comments=noted),)), name="x")
    assert found.same
    assert found.remarks == (Remark("A-2", "容积率", "李工", "偏高"), Remark("", "容积率", "", "见附件"))
    lower = replace(file.tables[0], cells=((), *file.tables[0].cells), comments=moved)
    assert compared([WRITTEN], replace(file, tables=(lower,)), name="x").remarks == found.remarks


def test_comments_are_read_from_a_workbook_s_package(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("表 & 二")
    for cell, author, text in (("B4", "王工 <规划>", "容积率偏高，\n请复核"), ("AA12", "Li", "a < b & c")):
        sheet[cell] = 1.0
        sheet[cell].comment = Comment(text, author)
    book.save(tmp_path / "批注.xlsx")
    by_name = {each.name: each.comments for each in layers(tmp_path / "批注.xlsx").tables}
    assert by_name["Sheet"] == ()
    assert set(by_name["表 & 二"]) == {
        CellComment("B4", "王工 <规划>", "容积率偏高，\n请复核"), CellComment("AA12", "Li", "a < b & c")
    }  # fmt: skip


def test_an_edit_is_told_with_parcel_control_both_values_and_who() -> None:
    found = compared([WRITTEN], returned(("A-1", 2.5, 35.0, "规划"), ("A-2", 1.2, 30.0, "现状")), name="x")
    told = [(each.parcel, each.control, each.old, each.new, each.author, each.when) for each in found.changes]
    assert told == [
        ("A-1", "far", 2.0, 2.5, "王工", "2026-11-01T08:00:00Z"),
        ("A-2", "far", None, 1.2, "王工", "2026-11-01T08:00:00Z"),
    ]


def test_a_row_s_own_editor_comes_before_the_file_s() -> None:
    heads, units = (*HEADS, "修改人", "修改日期"), ("", "", "%", "", "", "")
    rows = (("A-1", 2.5, 35.0, "规划", "李工", "2026-10-30"), ("A-2", None, 31.0, "现状", None, None))
    first, second = compared([WRITTEN], returned(*rows, heads=heads, units=units), name="x").changes
    assert (first.author, first.when) == ("李工", "2026-10-30")
    assert (second.author, second.when) == ("王工", "2026-11-01T08:00:00Z")


@pytest.mark.parametrize("written", ["24 m", "24m", "24米", "２４ 米", " 24 "])
def test_a_number_with_its_column_s_unit_is_the_number(written: str) -> None:
    """A planner types 24 m into the column of heights: no words, and no other unit."""
    tall = replace(WRITTEN, columns=(*WRITTEN.columns[:1], "height", *WRITTEN.columns[2:]),
                   units=(*WRITTEN.units[:1], "m", *WRITTEN.units[2:]))  # fmt: skip
    units = ("", "m", "%", "")
    found = compared(
        [tall], returned(("A-1", written, 35.0, "规划"), ("A-2", None, 30.0, "现状"), units=units), name="x"
    )
    assert [(each.control, each.old, each.new, each.fault) for each in found.changes] == [("height", 2.0, 24.0, "")]
    other = returned(("A-1", "24 km", 35.0, "规划"), ("A-2", None, 30.0, "现状"), units=units)
    assert [each.fault for each in compared([tall], other, name="x").changes] == ["text"]


def test_unknown_deleted_and_double_parcels_are_told_and_order_does_not_matter() -> None:
    rows = (("A-3", 1.0, 1.0, ""), ("A-1", 2.0, 35.0, "规划"), ("A-1", 9.0, 9.0, ""))
    found = compared([WRITTEN], returned(*rows), name="x")
    assert (found.unknown, found.deleted, found.twice) == (("A-3",), ("A-2",), ("A-1",))
    assert not found.changes
    assert not found.same
    turned = compared([WRITTEN], returned(("A-2", None, 30.0, "现状"), ("A-1", 2.0, 35.0, "规划")), name="x")
    assert turned.same


def test_a_changed_unit_a_missing_column_words_and_formulas_are_told() -> None:
    wrong = (("A-1", "约2.0", 0.35, "规划"), ("A-2", None, 0.3, "现状"))
    found = compared([WRITTEN], returned(*wrong, units=("", "", "1", ""), formulas=("D4",)), name="x")
    assert found.units == {"绿地率": ("%", "1")}
    assert [(each.control, each.fault) for each in found.changes] == [("far", "text"), ("note", "formula")]
    rows, heads = (("A-1", 2.0, "规划"), ("A-2", None, "现状")), ("编号", "容积率", "备注")
    without = compared([WRITTEN], returned(*rows, heads=heads, units=("", "", "")), name="x")
    assert without.absent == ("绿地率",)
    assert not without.changes


def test_a_formula_of_the_same_value_is_no_value() -> None:
    rows = (("A-1", 2.0, 35.0, "规划"), ("A-2", None, 30.0, "现状"))
    found = compared([WRITTEN], returned(*rows, formulas=("B4",)), name="x")
    assert [(each.parcel, each.control, each.fault) for each in found.changes] == [("A-1", "far", "formula")]


def test_a_plot_number_that_a_program_took_for_a_number_is_found() -> None:
    found = compared([table(("12", 2.0, 35.0, ""))], returned((12.0, 2.0, 35.0, None)), name="x")
    assert not found.deleted
    assert not [each for each in found.changes if each.control == "far"]


@pytest.mark.parametrize(
    ("number", "date"),
    [("1-2", "2026-01-02"), ("03-11", "2026-03-11"), ("2/1", "2026-02-01"), ("12-31", "2026-12-31 00:00:00"),
     ("3-45", "1945-03-01")],
)  # fmt: skip
def test_a_plot_number_that_a_program_took_for_a_date_is_found(number: str, date: str) -> None:
    found = compared([table((number, 2.0, 35.0, ""))], returned((date, 2.5, 35.0, None)), name="x")
    assert not found.deleted
    assert not found.unknown
    assert [(each.parcel, each.control, each.new) for each in found.changes] == [(number, "far", 2.5)]


def test_a_date_that_may_be_two_plot_numbers_is_no_plot_number() -> None:
    found = compared(
        [table(("1-2", 2.0, 35.0, ""), ("2-1", 2.0, 35.0, ""))], returned(("2026-01-02", 2.5, 35.0, None)), name="x"
    )
    assert (found.unknown, found.deleted, found.changes) == (("2026-01-02",), ("1-2", "2-1"), ())


def test_what_a_program_made_of_a_number_is_no_number() -> None:
    """TRUE, a date and #REF! do not become 1, words and nothing: each is told, and none is written back."""
    rows = ((True, 35.0), ("2026-01-02", 35.0), (None, 35.0), ("２.５", "40％"))
    expected = table(*((f"A-{at}", 2.0, 35.0, "") for at in range(4)))
    cells = [(f"A-{at}", far, green, None) for at, (far, green) in enumerate(rows)]
    file = returned(*cells)
    file = ReturnedFile((ReturnedTable("表", file.tables[0].cells, (), ("B6",)),), file.author, file.saved)
    found = compared([expected], file, name="x")
    assert [(each.parcel, each.control, each.new, each.fault) for each in found.changes] == [
        ("A-0", "far", "True", "text"), ("A-1", "far", "2026-01-02", "date"), ("A-2", "far", None, "error"),
        ("A-3", "far", 2.5, ""), ("A-3", "gr", 40.0, ""),
    ]  # fmt: skip


def test_an_error_of_the_program_is_not_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    read(path, [("A-1", 2.0, 35.0, "")])
    broken = edited(
        path, tmp_path / "错.xlsx",
        lambda name, text: re.sub(r'<c r="B4"[^>]*><v>2</v></c>', '<c r="B4" t="e"><v>#REF!</v></c>', text)
        if name.startswith("xl/worksheets/") else text,
    )  # fmt: skip
    assert layers(broken).tables[0].errors == ("B4",)


NUMBERS = st.floats(0, 1e6, allow_nan=False) | st.none()
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)


@given(rows=ROWS, at=st.integers(0, 7), change=st.floats(0.01, 1e3))
@at_most(20)
def test_what_is_written_is_read_back_and_one_edit_is_one_change(
    rows: list[tuple[float | None, float | None]], at: int, change: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = table(*((f"P{number}", far, gr, "注") for number, (far, gr) in enumerate(rows)))
    path = tmp_path_factory.mktemp("书") / "表.xlsx"
    assert compared([expected], read(path, expected.rows), name="x").same
    at %= len(rows)
    old = rows[at][0]
    edited = [list(row) for row in expected.rows]
    edited[at][1] = change + (old or 0.0)
    found = compared([expected], read(path, edited), name="x")
    assert [(each.parcel, each.control, each.old) for each in found.changes] == [(f"P{at}", "far", old)]
    assert found.changes[0].new == pytest.approx(change + (old or 0.0), rel=1e-12)


def read(path: Path, rows: object) -> ReturnedFile:
    """Write rows below a title, heads and units, and read them as the worker does."""
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        for at, cells in enumerate((("题",), HEADS, ("", "", "%", ""), *rows)):  # type: ignore[misc]
            for column, cell in enumerate(cells):
                if cell is not None and cell != "":
                    sheet.write(at, column, cell)
    return layers(path)


def edited(path: Path, out: Path, change: Callable[[str, str], str]) -> Path:
    """Copy a workbook with its parts changed as text."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            text = name.endswith(".xml")
            new.writestr(name, change(name, content.decode("utf-8")) if text else content)
    return out


@pytest.mark.parametrize("language", LANGUAGES[:2])
def test_the_report_s_own_workbook_reproduces_the_run(run: Run, report: Path, language: str) -> None:
    assert returned_controls(run, report / f"report.{language}.xlsx").same


def test_the_report_s_own_layer_and_drawing_reproduce_the_run(run: Run, report: Path) -> None:
    assert returned_controls(run, report / "gis" / "plan.gpkg").same
    drawing = next((report / "cad").glob("parcels_*_R2010.dxf"))
    found = returned_controls(run, drawing)
    assert found.same, found


def test_an_edit_in_the_workbook_is_told_by_the_command_with_its_editor(run: Run, report: Path, tmp_path: Path) -> None:
    def change(name: str, text: str) -> str:
        if name == "docProps/core.xml":
            return re.sub(r"<dc:creator>.*?</dc:creator>|<dc:creator/>", "", text).replace(
                "</cp:coreProperties>", "<cp:lastModifiedBy>赵工</cp:lastModifiedBy></cp:coreProperties>"
            )
        return text.replace("<v>1.25</v>", "<v>1.5</v>") if name.startswith("xl/worksheets/") else text

    path = edited(report / "report.zh.xlsx", tmp_path / "改.xlsx", change)
    found = returned_controls(run, path)
    assert {(each.control, each.old, each.new, each.author) for each in found.changes} == {("far", 1.25, 1.5, "赵工")}
    done = citybraid("controls", str(run.folder), str(path), "--lang", "zh")
    assert done.returncode == 1
    assert "赵工" in done.stdout
    assert "容积率" in done.stdout


def test_an_edit_in_the_layer_is_told(run: Run, report: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    frame = gpd.read_file(report / "gis" / "plan.gpkg", layer="control_table")
    frame.loc[frame["id"] == "P003", "容积率"] = 3.0
    frame[frame["id"] != "P004"].to_file(path, layer="control_table")
    found = returned_controls(run, path)
    assert [(each.control, each.new) for each in found.changes] == [("far", 3.0)]
    assert len(found.deleted) == 1


def test_an_edit_in_the_drawing_is_told(run: Run, report: Path, tmp_path: Path) -> None:
    drawing = ezdxf.readfile(next((report / "cad").glob("parcels_*_R2010.dxf")))  # type: ignore[attr-defined]
    notes: list[Any] = list(drawing.modelspace().query("MTEXT"))
    note = next(each for each in notes if "嘉南-03" in each.text)
    note.text = note.text.replace("容积率：1.25", "容积率：1.8")
    path = tmp_path / "改.dxf"
    drawing.saveas(path)
    text = re.sub(r"(\$TDUPDATE\s+40\n)[^\n]*", r"\g<1>2461008.75", path.read_text(encoding="utf-8"))
    path.write_text(text.replace("$LASTSAVEDBY\n  1\nezdxf", "$LASTSAVEDBY\n  1\n赵工"), encoding="utf-8")
    found = returned_controls(run, path)
    assert {(each.author, each.when) for each in found.changes} == {("赵工", "2025-11-28")}, "18:00 of that day"
    assert [(each.parcel, each.control, each.old, each.new) for each in found.changes] == [
        ("嘉南-03", "floor_area_ratio", 1.25, 1.8)
    ]


def test_the_drawing_in_gbk_reproduces_the_run_and_tells_a_moved_and_an_edited_text(
    run: Run, report: Path, tmp_path: Path
) -> None:
    """R2000 drawings are coded as ANSI_936: the text of a parcel still lies in it when it is moved a little."""
    path = next((report / "cad").glob("parcels_*_R2000.dxf"))
    assert b"ANSI_936" in path.read_bytes()[:4000]
    assert returned_controls(run, path).same
    drawing = ezdxf.readfile(path)  # type: ignore[attr-defined]
    notes: list[Any] = list(drawing.modelspace().query("MTEXT"))
    note = next(each for each in notes if "嘉南-03" in each.text)
    where = note.dxf.insert
    note.dxf.insert = (where.x + 0.5, where.y + 0.5)
    drawing.saveas(tmp_path / "移.dxf")
    assert returned_controls(run, tmp_path / "移.dxf").same
    note.text = note.text.replace("容积率：1.25", "容积率：1.8")
    plain, note.text = note.text, re.sub("建筑密度：[^\\\\]*", "{\\\\fSimSun|b0;建筑密度：22.5 %}", note.text)
    drawing.saveas(tmp_path / "密.dxf")
    (ratio, density) = returned_controls(run, tmp_path / "密.dxf").changes
    assert (ratio.control, density.control, density.new, density.unit) == (
        "floor_area_ratio", "building_density", 22.5, "%"
    )  # fmt: skip
    note.text = plain
    drawing.saveas(tmp_path / "改.dxf")
    assert b"ANSI_936" in (tmp_path / "改.dxf").read_bytes()[:4000]
    found = returned_controls(run, tmp_path / "改.dxf")
    assert [(each.parcel, each.control, each.new) for each in found.changes] == [("嘉南-03", "floor_area_ratio", 1.8)]


def test_an_outline_that_is_moved_in_the_drawing_is_told_with_how_far(run: Run, report: Path, tmp_path: Path) -> None:
    """One corner drawn 3 m east and 4 m north: 5 m; the areas are those before and after, by the shoelace formula."""
    drawing = ezdxf.readfile(next((report / "cad").glob("parcels_*_R2010.dxf")))  # type: ignore[attr-defined]
    notes: list[Any] = list(drawing.modelspace().query("MTEXT"))
    note = next(each for each in notes if "嘉南-03" in each.text)
    lines: list[Any] = [each for each in drawing.modelspace().query("LWPOLYLINE") if each.dxf.layer.startswith("用地-")]
    rings = {line: Polygon([(x, y) for x, y, *_ in line.get_points()]) for line in lines}
    line = next(line for line, ring in rings.items() if ring.contains(Point(note.dxf.insert.x, note.dxf.insert.y)))
    points = [tuple(point) for point in line.get_points()]
    middle = rings[line].centroid
    at = max(range(len(points)), key=lambda each: points[each][0] - middle.x + points[each][1] - middle.y)
    moved = [*points]
    moved[at] = (points[at][0] + 3.0, points[at][1] + 4.0, *points[at][2:])
    line.set_points(moved)
    drawing.saveas(tmp_path / "移.dxf")
    (change,) = returned_controls(run, tmp_path / "移.dxf").changes
    assert (change.parcel, change.control, change.fault) == ("嘉南-03", "outline", "outline")
    assert change.moved == pytest.approx(5.0, abs=1e-6)
    for value, ring in ((change.old, points), (change.new, moved)):
        pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
        area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2.0
        assert value == pytest.approx(area, abs=0.1)
    for lang, said in (("zh", "边界移动最远 5 m"), ("en", "moved by up to 5 m")):
        done = citybraid("controls", str(run.folder), str(tmp_path / "移.dxf"), "--lang", lang, "--by", "钱工")
        assert (done.returncode, said in " ".join(done.stdout.split())) == (1, True), done.stdout
        assert "钱工" in done.stdout, "the drawing names nobody"


def test_a_court_that_is_drawn_into_a_parcel_is_a_hole_of_it(run: Run, report: Path, tmp_path: Path) -> None:
    """A square of 4 m beside the parcel's text: 16 m2 less, by the command too."""
    drawing = ezdxf.readfile(next((report / "cad").glob("parcels_*_R2010.dxf")))  # type: ignore[attr-defined]
    space = drawing.modelspace()
    texts = [shapely.Point(each.dxf.insert.x, each.dxf.insert.y) for each in space.query("MTEXT TEXT")]
    lines: list[Any] = list(space.query("LWPOLYLINE"))
    plots = [shapely.Polygon(each.get_points("xy")) for each in lines]
    alone = [at for at, each in enumerate(plots) if sum(each.intersects(other.buffer(-1.0)) for other in plots) == 1]
    first = max(alone, key=lambda at: plots[at].area)
    line, plot = lines[first], plots[first]
    free = plot.buffer(-4.0).difference(shapely.MultiPoint(texts).buffer(10.0))
    at = free.representative_point()
    court = shapely.box(at.x - 2.0, at.y - 2.0, at.x + 2.0, at.y + 2.0)
    space.add_lwpolyline(list(court.exterior.coords)[:-1], close=True, dxfattribs={"layer": line.dxf.layer})
    drawing.saveas(tmp_path / "院.dxf")
    (change,) = returned_controls(run, tmp_path / "院.dxf").changes
    assert change.control == "outline"
    assert isinstance(change.old, float)
    assert isinstance(change.new, float)
    assert change.old - change.new == pytest.approx(16.0, abs=0.1)


def test_an_outline_that_is_moved_in_the_layer_is_told(run: Run, report: Path, tmp_path: Path) -> None:
    frame = gpd.read_file(report / "gis" / "plan.gpkg", layer="control_table")
    third = frame["id"] == "P003" if "id" in frame else frame.index == 2
    frame.loc[third, "geometry"] = frame.geometry[third].translate(0.0, 2.0)
    frame.to_crs(4326).to_file(tmp_path / "plan.gpkg", layer="control_table")
    (change,) = returned_controls(run, tmp_path / "plan.gpkg").changes
    assert change.control == "outline"
    assert change.moved == pytest.approx(2.0, abs=0.01)
    assert change.old == pytest.approx(change.new, rel=1e-6)


def test_a_layer_in_another_crs_or_with_numbers_as_texts_is_the_same(run: Run, report: Path, tmp_path: Path) -> None:
    frame = gpd.read_file(report / "gis" / "plan.gpkg", layer="control_table")
    frame["容积率"] = [None if value != value else f"{value:g}" for value in frame["容积率"]]  # noqa: PLR0124
    frame.to_crs(4326).to_file(tmp_path / "plan.gpkg", layer="control_table")
    assert returned_controls(run, tmp_path / "plan.gpkg").same
    frame.loc[frame["id"] == "P003", "容积率"] = "待定"
    frame.to_file(tmp_path / "words.gpkg", layer="control_table")
    found = returned_controls(run, tmp_path / "words.gpkg")
    assert [(each.control, each.new, each.fault) for each in found.changes] == [("far", "待定", "text")]


def test_a_drawing_s_percentages_are_written_back_as_shares() -> None:
    assert _quantity("building_density") == ("building_density", 100.0)
    assert _quantity("floor_area_ratio") == ("floor_area_ratio", 1.0)
    assert _text(22.5, 100.0) == "0.225"


DRAWN = {
    "words": ("容积率：1.25", "容积率：待定", [("嘉南-03", "floor_area_ratio", 1.25, None, "unread")]),
    "a line less": ("\\P容积率：1.25", "", [("嘉南-03", "floor_area_ratio", 1.25, None, "unread")]),
    "a share of 1": ("建筑密度：30%", "建筑密度：0.35", [("嘉南-03", "building_density", 30.0, 35.0, "")]),
    "a decimal comma": ("容积率：1.25", "容积率：1,75", [("嘉南-03", "floor_area_ratio", 1.25, 1.75, "")]),
    "a lower end": ("容积率：1.25", "容积率：0.8-1.25", [("嘉南-03", "least_floor_area_ratio", None, 0.8, "")]),
    "another number": ("嘉南-03", "甲-99", []),
    "a number twice": ("嘉南-03", "嘉南-04", []),
}


@pytest.mark.parametrize("edit", DRAWN)
def test_what_a_drawing_says_otherwise_is_told(run: Run, report: Path, edit: str, tmp_path: Path) -> None:
    before, after, changes = DRAWN[edit]
    drawing = ezdxf.readfile(next((report / "cad").glob("parcels_*_R2010.dxf")))  # type: ignore[attr-defined]
    notes: list[Any] = list(drawing.modelspace().query("MTEXT"))
    note = next(each for each in notes if "嘉南-03" in each.text)
    assert before in note.text
    note.text = note.text.replace(before, after)
    drawing.saveas(tmp_path / "改.dxf")
    found = returned_controls(run, tmp_path / "改.dxf")
    assert [(each.parcel, each.control, each.old, each.new, each.fault) for each in found.changes] == changes
    assert found.unknown == (("甲-99",) if edit == "another number" else ())
    assert found.twice == (("嘉南-04",) if edit == "a number twice" else ())
    assert found.deleted == (("嘉南-03",) if before == "嘉南-03" else ())


def test_a_second_text_and_another_layer_are_told_and_nothing_is_taken(run: Run, report: Path, tmp_path: Path) -> None:
    """A text that says 2.5 beside the one that says 1.25, and an outline on the layer of parks."""
    drawing = ezdxf.readfile(next((report / "cad").glob("parcels_*_R2010.dxf")))  # type: ignore[attr-defined]
    space = drawing.modelspace()
    notes: list[Any] = list(space.query("MTEXT"))
    lines: list[Any] = list(space.query("LWPOLYLINE"))
    note = next(each for each in notes if "嘉南-03" in each.text)
    place = Point(note.dxf.insert.x, note.dxf.insert.y)
    line = next(each for each in lines if Polygon(each.get_points("xy")).contains(place))
    line.dxf.layer = "用地-1401-公园绿地"
    second = note.copy()
    second.text = "容积率：2.5"
    second.dxf.insert = (note.dxf.insert.x + 1.0, note.dxf.insert.y + 1.0)
    space.add_entity(second)
    drawing.saveas(tmp_path / "二.dxf")
    changes = returned_controls(run, tmp_path / "二.dxf").changes
    told = {(each.parcel, each.control, each.new, each.fault) for each in changes}
    assert told == {("嘉南-03", "floor_area_ratio", "2.5", "contradicts"), ("嘉南-03", "land_use", "1401", "layer")}


def test_an_edit_in_a_layer_that_is_a_copy_is_told_and_not_taken(run: Run, report: Path, tmp_path: Path) -> None:
    source = report / "gis" / "plan.gpkg"
    name = next(str(each) for each, _ in pyogrio.list_layers(source) if str(each).startswith("parcels_"))
    frame = gpd.read_file(source, layer=name)
    row = frame["floor_area_ratio"].first_valid_index()
    old = float(frame.loc[row, "floor_area_ratio"])
    frame.loc[row, "floor_area_ratio"] = old + 1.0
    gpd.read_file(source, layer="control_table").to_file(tmp_path / "plan.gpkg", layer="control_table")
    frame.to_file(tmp_path / "plan.gpkg", layer=name)
    (change,) = returned_controls(run, tmp_path / "plan.gpkg").changes
    assert (change.control, change.old, change.new, change.fault) == ("floor_area_ratio", old, old + 1.0, "copy")
    assert re.match(r"\d{4}-\d\d-\d\d$", change.when)


def test_an_outline_moved_in_layers_that_are_copies_is_told_once_and_not_taken(
    run: Run, report: Path, tmp_path: Path
) -> None:
    """A square of 1 m2 drawn 3 m east of a parcel's easternmost corner: moved by 3 m and more, in every copy alike."""
    source, target = report / "gis" / "plan.gpkg", tmp_path / "plan.gpkg"
    gpd.read_file(source, layer="control_table").to_file(target, layer="control_table")
    names = [str(each) for each, _ in pyogrio.list_layers(source) if str(each).startswith("parcels_")]
    for name in names:
        frame = gpd.read_file(source, layer=name)
        old = frame.geometry.iloc[0]
        east, north = old.bounds[2], old.bounds[3]
        frame.loc[0, frame.geometry.name] = box(east + 2.0, north - 1.0, east + 3.0, north)
        frame.to_file(target, layer=name)
    (change,) = returned_controls(run, target).changes
    assert (change.control, change.fault) == ("outline", "copied_outline")
    assert change.old == pytest.approx(old.area)
    assert change.new == pytest.approx(1.0)
    assert change.moved > 2.0
    said = citybraid("controls", str(run.folder), str(target), "--lang", "en")
    assert (said.returncode, "in a layer that is a copy" in said.stdout) == (1, True)


def test_a_file_without_the_table_or_of_another_kind_is_refused(run: Run, report: Path, tmp_path: Path) -> None:
    with Workbook(str(tmp_path / "other.xlsx")) as book:
        book.add_worksheet("x").write(0, 0, "nothing")
    with pytest.raises(InputError) as fault:
        returned_controls(run, tmp_path / "other.xlsx")
    assert fault.value.text == "returned.no_table"
    shutil.copy(report / "report.html", tmp_path / "page.html")
    with pytest.raises(InputError) as fault:
        returned_controls(run, tmp_path / "page.html")
    assert fault.value.text == "returned.format"
    done = citybraid("controls", str(run.folder), str(tmp_path / "absent.xlsx"))
    assert done.returncode == 2
