"""A report is written once for a run, and anew where its files, its run or its wishes are others."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from citybraid.cli import studies
from citybraid.report import report_record as kept_module
from citybraid.report.report_record import RECORD, inputs_digest, unchanged_files, write_record
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run


@pytest.fixture
def copy(report: Path, tmp_path: Path) -> Path:
    """A copy of a written report."""
    return shutil.copytree(report, tmp_path / "报告")


def made_of(run: Run) -> str:
    return inputs_digest(run, system="planning")


def test_a_whole_report_of_the_same_run_is_kept_with_the_page_first(run: Run, report: Path, copy: Path) -> None:
    files = unchanged_files(copy, made_of(run))
    assert files is not None
    assert files[0] == copy / "report.html"
    written = {path.relative_to(report) for path in report.rglob("*") if path.is_file()}
    assert {path.relative_to(copy) for path in files} == written - {Path(RECORD)}


@pytest.mark.parametrize("name", ["report.html", "gis/plan.gpkg", "maps/zh/land_use_as_is.png", RECORD])
def test_a_report_that_lost_a_file_is_not_kept(run: Run, copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert unchanged_files(copy, made_of(run)) is None


@pytest.mark.parametrize("name", ["report.en.xlsx", "cad/parcels_as_is_R2000.dxf", RECORD])
def test_a_report_with_an_altered_file_is_not_kept(run: Run, copy: Path, name: str) -> None:
    path = copy / name
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert unchanged_files(copy, made_of(run)) is None


@pytest.mark.parametrize("text", ["[]", "{}", '{"from": 1, "files": []}', "null"])
def test_a_record_that_is_none_keeps_nothing(run: Run, copy: Path, text: str) -> None:
    (copy / RECORD).write_text(text, encoding="utf-8")
    assert unchanged_files(copy, made_of(run)) is None


def test_other_languages_units_or_templates_are_another_report(run: Run, tmp_path: Path) -> None:
    template = tmp_path / "own.docx"
    template.write_bytes(b"own")
    told = {
        made_of(run), inputs_digest(run, system="si"), inputs_digest(run, languages=("zh",), system="planning"),
        inputs_digest(run, system="planning", template=template),
    }  # fmt: skip
    assert len(told) == 4


def test_another_program_or_library_writes_another_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = made_of(run)
    with monkeypatch.context() as patch:
        patch.setattr(kept_module, "program_digest", lambda: "another")
        assert made_of(run) != before
    monkeypatch.setattr(kept_module, "version", lambda _: "another")
    assert made_of(run) != before


def test_another_manifest_or_table_is_another_report(run: Run, tmp_path: Path) -> None:
    before = made_of(run)
    assert made_of(changed(run, tmp_path / "a", {})) == before
    assert made_of(changed(run, tmp_path / "b", {"executed": 1})) != before
    other = changed(run, tmp_path / "c", {})
    shutil.copy(other.folder / "tables" / "rerun.parquet", other.folder / "tables" / "failing.parquet")
    assert made_of(other) != before


@pytest.mark.slow
def test_the_command_says_that_a_report_is_in_place_and_writes_a_damaged_one_anew(
    run: Run, report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lies there is the report that all tests share, with the record of one in the units of the command."""
    mine = changed(run, tmp_path / "run", {})
    folder, files = mine.folder, unchanged_files(report, made_of(run))
    assert files is not None
    page = shutil.copytree(report, folder / "report") / "report.html"
    write_record(page.parent, [page.parent / path.relative_to(report) for path in files], inputs_digest(mine))
    said = {}
    for turn in ("in place", "damaged", "again"):
        if turn == "damaged":
            page.write_bytes(b"")
        studies.report(folder, out=None, quiet=True, json=False, lang="en")
        said[turn] = capsys.readouterr().out
    assert {turn: "was not written again" in text for turn, text in said.items()} == {
        "in place": True, "damaged": False, "again": True,
    }  # fmt: skip
    assert all(str(page) in text for text in said.values())
    assert page.stat().st_size > 0


def changed(run: Run, folder: Path, change: Mapping[str, object]) -> Run:
    """A copy of a run with other entries in its manifest; without any, byte for byte the same."""
    shutil.copytree(run.folder, folder)
    if change:
        text = json.dumps({**run.manifest.model_dump(mode="json"), **change}, ensure_ascii=False)
        (folder / MANIFEST).write_text(text, encoding="utf-8")
    return Run.open(folder)
