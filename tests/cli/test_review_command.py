"""Tables of comments come back by command line and Python as by upload: a process apart reads them."""

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from citybraid.api.run import Run as Opened
from citybraid.core.errors import InputError
from citybraid.study.review import exchange
from citybraid.study.review.exchange import NEEDED
from citybraid.study.review.journal import comments
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.report.hostile_templates import FILE, changed, part
from tests.report.made_run import made_run

CELLS = {"text": "太高了", "author": "李", "status": "open"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run, in a process that cannot read tables itself."""
    monkeypatch.setattr(exchange, "read_rows", None)
    monkeypatch.setattr(exchange, "CalamineWorkbook", None)
    return made_run(tmp_path / "a")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "意见 表.XLSX"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, name in enumerate(NEEDED):
            sheet.write_string(0, at, name)
            sheet.write_string(1, at, CELLS.get(name, ""))
    return path


def test_the_command_reads_a_table_in_a_process_apart(run: Run, table: Path) -> None:
    done = citybraid("review", "import", str(run.folder), str(table), "--lang", "en")
    assert (done.returncode, "1" in done.stdout) == (0, True), done.stdout + done.stderr
    assert [(each.author, each.text) for each in comments(run)] == [("李", "太高了")]


def test_python_reads_a_table_in_a_process_apart(run: Run, table: Path) -> None:
    assert Opened(run).import_comments(table).added == 1
    assert [each.text for each in comments(run)] == ["太高了"]


def test_a_table_that_declares_entities_is_refused_and_adds_nothing(run: Run, table: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    declared = part(table.read_bytes(), sheet).replace("?>", f'?><!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', 1)
    table.write_bytes(changed(table.read_bytes(), {sheet: declared.encode()}))
    done = citybraid("review", "import", str(run.folder), str(table), "--lang", "en")
    assert done.returncode != 0
    assert "entities" in done.stdout + done.stderr
    assert comments(run) == ()


def test_a_table_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        Opened(run).import_comments(tmp_path / "none.xlsx")
    assert refused.value.text == "review.unreadable"
