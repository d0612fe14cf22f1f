"""Templates that restyle the report: checked before they are kept, used by the next report, taken back."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.core.errors import InputError
from citybraid.report.annex.template_files import named_template, report_template
from citybraid.report.annex.templates import check_templates
from citybraid.report.report_record import inputs_digest
from citybraid.study.run.run import Run
from tests.web.made import person, put_run


@pytest.fixture
def run(workspace: Path) -> Run:
    return put_run(workspace / "片区 一", rehearsed=False)


@pytest.fixture
def url(study: str) -> str:
    return f"/api/studies/{study}/templates"


def put(client: TestClient, url: str, name: str, data: bytes) -> tuple[int, str]:
    answer = client.put(f"{url}/{name}/files", files={"file": ("../../evil.docx", data)})
    return answer.status_code, answer.json().get("error", "")


def test_a_template_is_replaced_used_and_taken_back(owner: TestClient, url: str, run: Run, workspace: Path) -> None:
    shipped = owner.get(f"{url}/text/files").content
    before = inputs_digest(run)
    document = Document(io.BytesIO(shipped))
    document.sections[0].header.paragraphs[0].text = "设计院"
    styled = io.BytesIO()
    document.save(styled)
    assert put(owner, url, "text", styled.getvalue()) == (200, "")
    own = workspace / "片区 一" / "templates" / "annex_text.docx"
    assert own.read_bytes() == styled.getvalue()
    assert [path.name for path in own.parent.iterdir()] == ["annex_text.docx"], "the name of the request is not used"
    assert named_template(run, "text") == own
    check_templates(run)
    assert inputs_digest(run) != before, "the report is written again"
    assert [(each["name"], each["own"]) for each in owner.get(url).json()] == [
        ("text", True), ("memorandum", False), ("statement", False), ("report", False),
    ]  # fmt: skip
    assert owner.delete(f"{url}/text").status_code == 200
    assert inputs_digest(run) == before
    assert owner.delete(f"{url}/text").status_code == 404


def package(entry: str, text: str, source: bytes) -> bytes:
    """Return a template with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, text if each == entry else old.read(each))
    return out.getvalue()


def test_what_is_no_template_is_refused_and_leaves_nothing(
    owner: TestClient, url: str, run: Run, workspace: Path
) -> None:
    shipped = owner.get(f"{url}/text/files").content
    empty = io.BytesIO()
    Document().save(empty)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"0" * (201 * 2**20))
    entities = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for data in (b"", b"no word", empty.getvalue(), bomb.getvalue(), package("word/document.xml", entities, shipped)):
        status, error = put(owner, url, "text", data)
        assert (status, error.startswith(("annex.template", "package."))) == (422, True), error
    assert put(owner, url, "report", empty.getvalue()) == (422, "annex.template_styles")
    assert put(owner, url, "../text", shipped)[0] == 404
    assert put(owner, url, "other", shipped)[0] == 422
    folder = workspace / "片区 一" / "templates"
    assert list(folder.iterdir()) == []


def test_only_editors_change_templates(app: FastAPI, owner: TestClient, url: str, study: str) -> None:
    reviewer = person(app, "r", study=study, role="reviewer")
    shipped = reviewer.get(f"{url}/report/files").content
    assert put(reviewer, url, "report", shipped)[0] == 403
    assert reviewer.delete(f"{url}/report").status_code == 403
    assert put(owner, url, "report", shipped) == (200, "")


def test_a_template_that_was_broken_by_hand_stops_the_report_before_it_is_drawn(run: Run, workspace: Path) -> None:
    folder = workspace / "片区 一" / "templates"
    folder.mkdir()
    (folder / "report.docx").write_bytes(b"no word")
    assert report_template(run) == folder / "report.docx"
    with pytest.raises(InputError, match=r"report\.docx"):
        check_templates(run)
