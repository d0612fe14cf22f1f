"""The intake report of a made run: page, documents, workbook, record, problems, all whole or not at all."""

import json
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import TrustSign
from citybraid.core.tables import read_table
from citybraid.core.text import catalogue, known
from citybraid.report.chapter import ProblemMap, Shapes, Table, in_words
from citybraid.report.intake import problem_map as maps
from citybraid.report.intake.chapters import chapters
from citybraid.report.intake.contents import IntakeReport, of_run
from citybraid.report.intake.forms import forms_of
from citybraid.report.intake.map_record import map_record
from citybraid.report.intake.record import IntakeRecord, record_of
from citybraid.report.intake.sides import KIND, OTHER, STATED
from citybraid.report.intake.tables import kind_title
from citybraid.report.intake.write import write_intake
from citybraid.report.view import View
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.study.explain.prospects import Addition
from citybraid.study.run.run import Run

ADDITION = Addition(("year_built", "floors"), ("building_emissions", "flooded_area"), ("dry",))


@pytest.fixture(scope="module")
def told(run: Run) -> IntakeReport:
    made = of_run(View(run))
    refused = (InputError("intake.file_empty", name="空<b>.csv"),)
    guessed = Finding("guessed", "intake.ids_numbered", "buildings", 7, {"name": "a<b>.shp"})
    return replace(made, refused=refused, additions=(ADDITION,), findings=(*made.findings, guessed))


@pytest.fixture(scope="module")
def folder(told: IntakeReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("规划 项目（一）") / "intake"
    write_intake(told, out)
    return out


def test_every_file_is_there_and_no_draft_is_left(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "intake.html", "intake.zh.docx", "intake.en.docx", "intake.zh.xlsx", "intake.en.xlsx", "intake.json",
        "problems.gpkg",
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == ["intake"]


def test_the_record_says_what_the_report_says(folder: Path, told: IntakeReport) -> None:
    text = (folder / "intake.json").read_text(encoding="utf-8")
    record = IntakeRecord.model_validate_json(text)
    assert record == record_of(told)
    assert not record.ready
    assert record.refused[0].text == "intake.file_empty"
    assert record.refused[0].name == "空<b>.csv"
    assert [problem.point is None for problem in record.problems] == [False, False, True]
    assert record.trust[0].light == "usable"
    assert record.contradictions[0].computed == 2.6
    assert record.mappings[0].confidence == "low"
    assert record.additions[0].objectives == ("dry",)
    assert "NaN" not in text


def test_every_field_of_the_record_is_documented() -> None:
    schema = IntakeRecord.model_json_schema()
    parts = {"": schema, **schema["$defs"]}
    assert not [
        (name, field) for name, part in parts.items() for field, about in part["properties"].items()
        if "description" not in about
    ]  # fmt: skip


def test_the_page_escapes_what_files_say(folder: Path) -> None:
    page = (folder / "intake.html").read_text(encoding="utf-8")
    assert "空&lt;b&gt;.csv" in page
    assert "空<b>.csv" not in page
    assert "P001 <b>" not in page


@pytest.mark.parametrize(
    ("language", "wanted"), [("zh", "阻碍运行的问题"), ("en", "What keeps the study from running")]
)
def test_the_document_holds_all_chapters(folder: Path, language: str, wanted: str) -> None:
    document = Document(str(folder / f"intake.{language}.docx"))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert wanted in said
    assert "空<b>.csv" in said
    assert len(document.inline_shapes) == 1
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "R2 <b>" in cells


def test_the_workbook_has_a_sheet_for_every_table(folder: Path, told: IntakeReport) -> None:
    tables = [block for chapter in chapters(told) for block in chapter.blocks if isinstance(block, Table)]
    book = CalamineWorkbook.from_path(folder / "intake.en.xlsx")
    assert len(book.sheet_names) == 1 + len(tables)


def test_problems_can_be_opened_in_a_gis(folder: Path) -> None:
    frame = pyogrio.read_dataframe(folder / "problems.gpkg", layer="problems_polygon")
    assert list(frame["row"]) == ["P000"]


def test_the_first_page_tells_what_blocks_then_guesses_then_additions(told: IntakeReport) -> None:
    first = chapters(told)[0]
    said = [in_words(block.text, "en") for block in first.blocks if not isinstance(block, (Table, ProblemMap))]  # type: ignore[union-attr]
    places = [next(at for at, text in enumerate(said) if text.startswith(head)) for head in (
        "What keeps", "What was guessed", "Recommended additions",
    )]  # fmt: skip
    assert places == sorted(places)


def test_a_report_that_is_cancelled_leaves_the_earlier_one_whole(told: IntakeReport, tmp_path: Path) -> None:
    out = tmp_path / "intake"
    write_intake(told, out, languages=("en",))
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_intake(replace(told, refused=()), out, languages=("en",), tick=stop)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["intake"]


def test_problems_that_are_mended_take_their_file_with_them(told: IntakeReport, tmp_path: Path) -> None:
    write_intake(told, tmp_path, languages=("en",))
    (tmp_path / "my notes.txt").write_text("kept", encoding="utf-8")
    write_intake(replace(told, problems=()), tmp_path, languages=("en",))
    assert not (tmp_path / "problems.gpkg").exists()
    assert (tmp_path / "my notes.txt").exists()


def test_a_page_holds_the_open_problems_first_and_says_how_many_it_leaves_out(
    told: IntakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MOST_MARKS", 4)
    shape = box(0, 0, 1, 1)
    many = [Problem("intake.problem_needle", "parcels", str(at), shape, mended=True) for at in range(9)]
    some = [Problem("intake.problem_gap", "parcels", str(at), shape, values={"area": 1.0}) for at in range(3)]
    found = maps.problem_map(replace(told, problems=(*many, *some)))
    assert found is not None
    assert [mark.mended for mark in found.marks] == [False, False, False, True]
    assert "8 more" in in_words(found.how, "en")


def test_a_layer_of_very_many_shapes_is_a_picture(told: IntakeReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_SHAPES", 10)
    found = maps.problem_map(told)
    assert found is not None
    kinds = {ground.name: isinstance(ground.content, Shapes) for ground in found.grounds}
    assert kinds["parcels"] is False


def test_without_shapes_there_is_no_map(told: IntakeReport) -> None:
    bare = replace(told, shapes={}, rasters=(), problems=())
    assert maps.problem_map(bare) is None
    assert maps.problem_sheet(bare) is None
    assert chapters(bare)[0].name == "summary"


@pytest.mark.parametrize(
    ("need", "en", "zh"),
    [
        ("year_built", "year_built / year", "建成年代 / 建成年份"),
        ("parcels", "[files.parcels]", "[files.parcels]"),
        ("terrain", "GeoTIFF", "GeoTIFF"),
        ("weather", "EPW", "EPW"),
        ("storm", "[[storms]]", "[[storms]]"),
        ("parameter:resilience.soil.soil_group", "soil", "土壤"),
        ("building_depth", "no file format", "没有可读入"),
    ],
)
def test_a_need_is_said_in_the_form_of_a_file(need: str, en: str, zh: str) -> None:
    (form,) = forms_of([need])
    assert en in in_words(form, "en")
    assert zh in in_words(form, "zh")


def test_columns_of_one_table_are_asked_for_together() -> None:
    (form,) = forms_of(["year_built", "floors"])
    assert "编号" in in_words(form, "zh")
    assert "层数" in in_words(form, "zh")
    assert len(forms_of(["year_built", "terrain"])) == 2
    (whole,) = forms_of(["buildings"], ["year_built", "floors"])
    assert "[files.buildings]" in in_words(whole, "en")
    assert "建成年代" in in_words(whole, "zh")


def test_every_kind_of_problem_has_a_short_name() -> None:
    other = in_words(kind_title("intake.nothing"), "en")
    made = [name for name in catalogue() if name.startswith("intake.problem_") and name != "intake.problems_more"]
    assert len(made) > 15
    assert not [name for name in made if in_words(kind_title(name), "en") == other]


def test_every_sign_of_trust_is_a_text_and_a_part_with_advice() -> None:
    signs = read_table(TrustSign)
    assert signs
    assert not [row.text for row in signs if not known(row.text)]
    assert not [row.part for row in signs if not (known(f"intake_part.{row.part}") and known(
        f"intake_advice.{row.part}"
    ))]  # fmt: skip
    assert {row.light for row in signs} <= {"good", "usable", "weak"}


def test_a_contradiction_names_its_two_values_with_unit_and_files_and_has_its_place(told: IntakeReport) -> None:
    over = Contradiction(
        "intake.contradiction_height",
        "parcels",
        "P002",
        30.0,
        48.8,
        "m",
        {"tolerance": 1.0, "basis": "choices.height_off"},
    )
    total = Contradiction(
        "intake.contradiction_sheet_total",
        "parcels",
        "-",
        5.0,
        6.0,
        "m2",
        {"tolerance": 0.1, "basis": "choices.total_off"},
    )
    files, origin = {"plan": ("规划.shp",), "houses": ("现状.shp",)}, {"height_limit": ["plan"], "height": ["houses"]}
    report = replace(told, contradictions=(over, total), files=files, origin=origin)
    first, second = record_of(report).contradictions
    assert [(side.name["en"], side.amount["en"], side.files) for side in first.sides] == [
        ("Height limit", "30 m", ("规划.shp",)), ("by Building height", "48.8 m", ("现状.shp",)),
    ]  # fmt: skip
    assert first.said["zh"].startswith("地块 P002")
    assert second.sides == ()
    spot, none = map_record(report).contradictions
    assert none is None
    assert spot is not None
    assert spot.path.startswith("M")
    assert (spot.row, spot.point is not None) == ("P002", True)


def test_the_sides_of_every_kind_are_quantities() -> None:
    kinds = {name.removeprefix(KIND) for name in catalogue() if name.startswith(KIND)}
    assert {*STATED, *OTHER} <= kinds
    quantities = {name for names in (*STATED.values(), *OTHER.values()) for name in names}
    assert not [name for name in quantities if not known(f"var.{name}")]


def test_the_record_is_plain_json(told: IntakeReport) -> None:
    assert json.loads(record_of(told).model_dump_json())["ready"] is False
