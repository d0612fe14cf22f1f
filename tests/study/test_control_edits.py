"""A control table that comes back edited is made the study's: told who and what, and the next run reproduces it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.text import say
from citybraid.report.returned.control_file import returned_controls
from citybraid.report.returned.writing_back import write_back
from citybraid.study.open.control_edits import ControlEdit, edit_problems, read_edits, write_edits
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ROW = ControlEdit("P1", "甲-01", "floor_area_ratio", "2.5", "1.5", "李工", "2026-11-01", "改.gpkg")


def test_rows_are_read_back_as_they_were_written_and_added_to(tmp_path: Path) -> None:
    path = tmp_path / "study.edits.csv"
    write_edits(path, [ROW])
    write_edits(path, [ROW._replace(value="", quantity="green_ratio")])
    assert read_edits(path) == (ROW, ROW._replace(value="", quantity="green_ratio"))
    assert [each.name for each in tmp_path.iterdir()] == ["study.edits.csv"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"quantity": "floor_height"}, "edits.quantity"), ({"quantity": "no_such"}, "edits.quantity"),
        ({"value": "much"}, "edits.range"), ({"value": "nan"}, "edits.range"), ({"value": "-1"}, "edits.range"),
        ({"quantity": "land_use", "value": "9999"}, "edits.code"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_control_is_told(change: dict[str, str], text: str) -> None:
    (problem,) = edit_problems([ROW._replace(**change)], file="x.csv")
    assert problem.text == text
    assert "甲-01" in problem.say("zh")
    assert not list(edit_problems([ROW], file="x.csv"))


@pytest.mark.parametrize("text", ["", "parcel,number\nP1,1\n", "\0"])
def test_half_a_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError):
        read_edits(path)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A plan of nine parcels with stated controls, run with its report."""
    path = Made(tmp_path_factory.mktemp("修改 后"), ("parcels", "buildings", "land_cover")).written()
    done = citybraid("run", str(path))
    assert done.returncode == 0, done.stderr
    return path, Run.open(path.parent / "runs" / "001")


def layer_with(run: Run, folder: Path, **cells: float) -> Path:
    """Write the run's control layer with other values for its first parcel."""
    source = next((run.folder / "report").rglob("plan.gpkg"))
    frame = gpd.read_file(source, layer="control_table")
    for head, value in cells.items():
        frame.loc[frame.index[0], head] = value
    frame.to_file(folder / "改.gpkg", layer="control_table")
    return folder / "改.gpkg"


def test_what_cannot_be_taken_is_told_and_nothing_is_written(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    before = path.read_text("utf-8")
    file = layer_with(run, tmp_path, 容积率=-2.0)
    done = citybraid("controls", str(run.folder), str(file), "--write", str(path))
    assert done.returncode == 2
    assert "Floor area ratio of parcel 'P00' is '-2' (needs 0 to 30). Correct it." in done.stderr
    assert path.read_text("utf-8") == before
    assert not list(path.parent.glob("*.csv*"))


def test_an_edited_table_is_the_study_s_and_its_run_reproduces_it(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    file = layer_with(run, tmp_path, 容积率=2.75, 建筑密度=35.0)
    done = citybraid("controls", str(run.folder), str(file), "--write", str(path), "--by", "李工", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "李工" in done.stdout
    assert path.read_text("utf-8").startswith('edits = "study.edits.csv"\n')
    rows = {row.quantity: row for row in read_edits(path.parent / "study.edits.csv")}
    assert (rows["floor_area_ratio"].before, rows["floor_area_ratio"].value) == ("1.5", "2.75")
    assert (rows["building_density"].before, rows["building_density"].value) == ("0.3", "0.35")
    again = citybraid("run", str(path), "--no-report")
    assert again.returncode == 0, again.stderr
    second = Run.open(path.parent / "runs" / "002")
    stated = second.table("controls/as_is")
    assert stated is not None
    far = stated[stated["control"] == "far"].set_index("parcel")["stated"]
    assert sorted(far.dropna().unique()) == [1.5, 2.75]
    left = returned_controls(second, file).changes
    assert [each for each in left if each.control in {"far", "bd"}] == []
    told = [each for each in second.manifest.findings if each.text == "edits.taken"]
    assert {each.layer for each in told} == {"floor_area_ratio", "building_density"}
    assert all("李工" in each.say("zh") for each in told)


def sheet_of(run: Run, language: str = "zh") -> tuple[Any, Any]:
    """Return the report's workbook as a planner opens it, and its sheet of controls: a title, heads, units, parcels."""
    book = openpyxl.load_workbook(run.folder / "report" / f"report.{language}.xlsx")
    return book, next(each for each in book if {"编号", "No."} & {cell.value for cell in each[2]})


def put(sheet: Any, row: int, head: str, value: object) -> None:
    """Write into a cell by its row and the head of its column."""
    sheet.cell(row, [cell.value for cell in sheet[2]].index(head) + 1).value = value


def turned_round(sheet: Any) -> None:
    """Write the parcels in the opposite order, with the last one's floor area ratio changed."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=12)]
    for at, row in enumerate(reversed(rows)):
        for column, value in enumerate(row):
            sheet.cell(4 + at, column + 1).value = value
    put(sheet, 4, "容积率", 2.0)


def without_green(sheet: Any) -> None:
    """Take a column out, and change another."""
    sheet.delete_cols([cell.value for cell in sheet[2]].index("绿地率") + 1)
    put(sheet, 4, "容积率", 2.0)


def under_a_heading(sheet: Any) -> None:
    """Write a line above the title, and change a value."""
    put(sheet, 4, "容积率", 2.0)
    sheet.insert_rows(1)


def in_parts_of_one(sheet: Any) -> None:
    """State density in another unit, with the values of it."""
    put(sheet, 3, "建筑密度", "1")
    for row in range(4, 13):
        put(sheet, row, "建筑密度", 0.3)


EDITED: dict[str, tuple[Callable[[Any], None], tuple[str, str, str]]] = {
    "rows in another order": (turned_round, ("P22", "floor_area_ratio", "2")),
    "a column less": (without_green, ("P00", "floor_area_ratio", "2")),
    "a row above": (under_a_heading, ("P00", "floor_area_ratio", "2")),
    "a number as a text": (lambda sheet: put(sheet, 4, "容积率", "2.0"), ("P00", "floor_area_ratio", "2")),
    "a percentage as a text": (lambda sheet: put(sheet, 4, "建筑密度", "35%"), ("P00", "building_density", "0.35")),
    "another land use": (lambda sheet: put(sheet, 4, "用地代码", "0901"), ("P00", "land_use", "0901")),
    "a value removed": (lambda sheet: put(sheet, 4, "容积率", None), ("P00", "floor_area_ratio", "")),
}
REFUSED: dict[str, tuple[Callable[[Any], None], str]] = {
    "another unit": (in_parts_of_one, "edits.units"),
    "a share for a percentage": (lambda sheet: put(sheet, 4, "建筑密度", 0.35), "edits.fault_share"),
    "words": (lambda sheet: put(sheet, 4, "容积率", "约2.0"), "edits.fault_text"),
    "a formula": (lambda sheet: put(sheet, 4, "容积率", "=1+1"), "edits.fault_formula"),
    "an unknown parcel": (lambda sheet: put(sheet, 4, "编号", "P99"), "edits.unknown"),
    "a number twice": (lambda sheet: put(sheet, 4, "编号", "P01"), "edits.twice"),
    "a computed value": (lambda sheet: put(sheet, 4, "用地面积", 9.0), "edits.fault_computed"),
    "no code": (lambda sheet: put(sheet, 4, "用地代码", "9999"), "edits.code"),
    "below nothing": (lambda sheet: put(sheet, 4, "容积率", -1.0), "edits.range"),
}


def saved(book: Any, path: Path, author: str = "赵工") -> Path:
    book.properties.lastModifiedBy = author
    book.save(path)
    return path


def copied(planned: tuple[Path, Run], folder: Path) -> Path:
    """Return a copy of the study file beside which edits may be written."""
    path = folder / "study.toml"
    path.write_text(planned[0].read_text("utf-8").replace('edits = "study.edits.csv"\n', ""), "utf-8")
    for each in planned[0].parent.iterdir():
        if each.suffix in {".gpkg", ".tif"}:
            (folder / each.name).write_bytes(each.read_bytes())
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_saved_by_another_program_reproduces_the_run(
    planned: tuple[Path, Run], language: str, tmp_path: Path
) -> None:
    book, _ = sheet_of(planned[1], language)
    found = returned_controls(planned[1], saved(book, tmp_path / "same.xlsx"))
    assert found.same, found


@pytest.mark.parametrize("edit", EDITED)
def test_an_edited_workbook_is_written_back_with_who_edited_it(
    planned: tuple[Path, Run], edit: str, tmp_path: Path
) -> None:
    change, expected = EDITED[edit]
    book, sheet = sheet_of(planned[1])
    change(sheet)
    found = write_back(planned[1], saved(book, tmp_path / "改.xlsx"), copied(planned, tmp_path))
    assert [(each.number, each.quantity, each.value) for each in found.edits] == [expected]
    assert found.edits[0].author == "赵工"
    assert found.left == (("绿地率",) if edit == "a column less" else ())


@pytest.mark.parametrize("edit", REFUSED)
def test_a_workbook_with_a_fault_is_refused_whole_and_says_why(
    planned: tuple[Path, Run], edit: str, tmp_path: Path
) -> None:
    change, text = REFUSED[edit]
    book, sheet = sheet_of(planned[1])
    change(sheet)
    put(sheet, 7, "容积率", 2.5)
    path, file = copied(planned, tmp_path), saved(book, tmp_path / "改.xlsx")
    with pytest.raises(InputErrors) as refused:
        write_back(planned[1], file, path)
    told = {each.text for each in refused.value.problems}
    assert text in told
    assert told <= {text, "edits.deleted"}
    assert all("改.xlsx" in refused.value.say(language) for language in ("zh", "en"))
    assert not list(tmp_path.glob("*.csv*"))


GARBAGE = {"noise.xlsx": b"\x00\x01noise" * 50, "empty.xlsx": b"", "noise.dxf": b"\x00\x01noise", "empty.gpkg": b"",
           "page.pdf": b"%PDF-1.7"}  # fmt: skip


@pytest.mark.parametrize("name", [*GARBAGE, "half.xlsx", "keyless.xlsx", "other.xlsx"])
def test_garbage_ends_with_two_and_is_told_in_both_languages(
    planned: tuple[Path, Run], name: str, tmp_path: Path
) -> None:
    run, path = planned[1], tmp_path / name
    book, sheet = sheet_of(run)
    if name in GARBAGE:
        path.write_bytes(GARBAGE[name])
    elif name == "half.xlsx":
        whole = saved(book, path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif name == "keyless.xlsx":
        sheet.delete_cols(1)
        saved(book, path)
    else:
        openpyxl.Workbook().save(path)
    with pytest.raises(PlanError) as refused:
        returned_controls(run, path)
    assert (refused.value.text == "intake.file_empty") is (name in GARBAGE and not GARBAGE[name])
    done = citybraid("controls", str(run.folder), str(path))
    assert done.returncode == 2
    assert all(refused.value.say(language).splitlines()[-1] in done.stderr for language in ("zh", "en"))


def test_a_row_less_is_told_by_itself_and_in_the_singular(planned: tuple[Path, Run], tmp_path: Path) -> None:
    """A table of no differences, headed by 0, stood above the parcel that was missing."""
    book, sheet = sheet_of(planned[1])
    gone = str(sheet.cell(6, 1).value)
    sheet.delete_rows(6)
    file, path = saved(book, tmp_path / "改.xlsx"), copied(planned, tmp_path)
    told = citybraid("controls", str(planned[1].folder), str(file), "--lang", "zh")
    assert (told.returncode, told.stdout.split()) == (1, ["!", f"文件中缺少的地块：{gone}。"])
    done = citybraid("controls", str(planned[1].folder), str(file), "--write", str(path), "--lang", "en")
    assert done.returncode == 2
    assert f"parcel {gone} is missing. Take out of the plan's file what shall go, or leave the rows." in done.stderr
    assert not list(tmp_path.glob("*.csv*"))


def test_the_command_tells_edits_of_a_workbook_and_writes_them(planned: tuple[Path, Run], tmp_path: Path) -> None:
    book, sheet = sheet_of(planned[1])
    without_green(sheet)
    file, path = saved(book, tmp_path / "改.xlsx"), copied(planned, tmp_path)
    told = citybraid("controls", str(planned[1].folder), str(file), "--lang", "zh")
    assert told.returncode == 1
    assert "赵工" in told.stdout
    assert say("returned.told_absent", "zh", which=["绿地率"]) in told.stdout
    done = citybraid("controls", str(planned[1].folder), str(file), "--write", str(path), "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert say("returned.left", "zh", which=["绿地率"]) in done.stdout
    assert [row.value for row in read_edits(tmp_path / "study.edits.csv")] == ["2"]


def test_a_table_without_changes_and_another_study_are_refused(planned: tuple[Path, Run], tmp_path: Path) -> None:
    path, run = planned
    source = next((run.folder / "report").rglob("plan.gpkg"))
    done = citybraid("controls", str(run.folder), str(source), "--write", str(path))
    assert done.returncode == 2
    (tmp_path / "other").mkdir()
    other = Made(tmp_path / "other", ("parcels",)).written()
    other.write_text(other.read_text("utf-8").replace('name = "made"', 'name = "other"'), "utf-8")
    done = citybraid("controls", str(run.folder), str(source), "--write", str(other))
    assert done.returncode == 2
    assert "made" in done.stderr


def test_edits_of_parcels_that_are_gone_stop_the_run(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",)).written()
    write_edits(path.parent / "e.csv", [ROW])
    path.write_text(f'edits = "e.csv"\n{path.read_text("utf-8")}', "utf-8")
    done = citybraid("run", str(path))
    assert done.returncode == 2
    assert "P1" in done.stderr
