"""Tables of comments of others are read by a process apart, and hostile documents are refused with their reason."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from xlsxwriter import Workbook

from citybraid.core.errors import InputError
from citybraid.report.templating import packages
from citybraid.study.review.exchange import NEEDED
from citybraid.web.foreign import apart
from tests.report.hostile_templates import FILE, changed, hostile_document, part


def table(path: Path) -> bytes:
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, name in enumerate(NEEDED):
            sheet.write_string(0, at, name)
            sheet.write_string(1, at, {"text": "太高了", "author": "李", "status": "open"}.get(name, ""))
    return path.read_bytes()


def test_a_process_apart_reads_tables_of_comments(tmp_path: Path) -> None:
    path = tmp_path / "comments.xlsx"
    good = table(path)
    rows = apart.comment_rows(path)
    assert [(number, row["text"], row["author"]) for number, row in rows] == [(2, "太高了", "李")]
    path.write_bytes(changed(good, {"xl/printerSettings/printerSettings1.bin": b"\x10\0H\0P\0"}))
    assert len(apart.comment_rows(path)) == 1, "Excel leaves how it printed in a workbook"
    sheet = "xl/worksheets/sheet1.xml"
    declared = part(good, sheet).replace("?>", f'?><!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', 1)
    for evil, expected in (
        ({sheet: declared.encode()}, "package.entities"),
        ({"xl/vbaProject.bin": b"x"}, "package.macros"),
        ({"xl/media/a.png": bytes(packages.UNPACKED + 1)}, "package.bomb"),
    ):
        path.write_bytes(changed(good, evil))
        with pytest.raises(InputError) as refused:
            apart.comment_rows(path)
        assert refused.value.text == expected


def test_a_hostile_template_leaves_nothing_in_the_study(owner: TestClient, study: str, workspace: Path) -> None:
    before = set(workspace.rglob("*.docx"))
    for name in ("docm", "billion laughs"):
        data, expected = hostile_document(name)
        answer = owner.put(f"/api/studies/{study}/templates/text/files", files={"file": ("a.docm", data)})
        assert (answer.status_code, answer.json()["error"]) == (422, expected)
    assert set(workspace.rglob("*.docx")) == before
