"""Word templates of others are read and filled by a process apart alone; hostile ones are refused with their reason."""

import io
import sys
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from types import FrameType
from typing import Any

import docx
import docxtpl
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.document import CT_Body
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from citybraid.core.errors import InputError
from citybraid.isolation.child import Child
from citybraid.report.annex.templates import PARTS, STYLES, check_templates
from citybraid.report.document import write_document
from citybraid.report.page import Cover
from citybraid.report.templating import apart, filling
from citybraid.report.templating.packages import look_through
from citybraid.report.view import View
from tests.report.hostile_templates import HOSTILE, hostile_document, shipped, with_text
from tests.report.test_annex import named, text_of

SHIPPED = ("annex_text", "annex_memorandum", "annex_statement", "report")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "t.docx"
    path.write_bytes(shipped())
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_before_anything_reads_it(name: str, template: Path) -> None:
    data, expected = hostile_document(name)
    template.write_bytes(data)
    with pytest.raises(InputError) as refused:
        look_through(template, "t.docx")
    assert refused.value.text == expected
    assert all("t.docx" in refused.value.say(language) for language in ("en", "zh"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bomb", "billion laughs", "macro", "linked picture", "depth", "cut"])
def test_a_study_with_a_hostile_template_is_refused_before_anything_is_drawn(name: str, tmp_path: Path) -> None:
    """As with one that came with a folder of files, and was never uploaded."""
    data, expected = hostile_document(name)
    (tmp_path / "t.docx").write_bytes(data)
    run = named(tmp_path, "t.docx")
    with pytest.raises(InputError) as refused:
        check_templates(run)
    assert refused.value.text == expected
    with pytest.raises(InputError) as refused:
        text_of(run, tmp_path)
    assert refused.value.text == expected
    with pytest.raises(InputError) as refused:
        apart.filled_apart(tmp_path / "t.docx", {}, name="t.docx", strict=True)
    assert refused.value.text == expected


@pytest.mark.parametrize("name", SHIPPED)
def test_the_packages_own_templates_hold_nothing_active(name: str, template: Path) -> None:
    template.write_bytes(shipped(name))
    look_through(template, template.name)


def no_reading(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    """Fail whatever would read a file in this process; what a process apart has written is read from memory."""

    def refused(place: Any, *_: object) -> WordDocument:
        assert isinstance(place, io.BytesIO), f"{place} is read in this process"
        assert place.getvalue() != own.read_bytes()
        return whole(place)

    def init(_: docxtpl.DocxTemplate, place: str) -> None:
        message = f"{place} is read in this process"
        raise AssertionError(message)

    whole = docx.Document
    monkeypatch.setattr(apart, "Document", refused)
    monkeypatch.setattr(docxtpl.DocxTemplate, "__init__", init)
    monkeypatch.setattr(filling, "opened", lambda path, _: init(None, str(path)))


def test_nothing_of_a_planners_template_is_read_in_this_process(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = named(template.parent, "t.docx")
    (template.parent / "templates").mkdir()
    report = template.parent / "templates" / "report.docx"
    report.write_bytes(shipped("report"))
    no_reading(monkeypatch, template)
    check_templates(run)
    assert "[R1-01-00]" in text_of(run, template.parent)
    cover = Cover(View(run).title, View(run).title, synthetic=True)
    out = write_document(
        template.parent / "out.docx", [], cover=cover, plates={}, language="en", system="hectare", template=report
    )
    assert out.is_file()


def test_a_process_apart_checks_templates(template: Path) -> None:
    pages = apart.checked_apart(template, needs=(PARTS,), styles=(), name="一.docx")
    assert pages == filling.pages(Document(str(template)))
    assert round((pages[0].page_width or 0) / 36_000) == 210, "A4"
    Document().save(str(template))
    with pytest.raises(InputError) as refused:
        apart.checked_apart(template, needs=(PARTS,), styles=(), name="一.docx")
    assert (refused.value.text, refused.value.values["file"]) == ("annex.template_empty", "一.docx")
    with pytest.raises(InputError) as refused:
        apart.checked_apart(template, needs=(), styles=STYLES, name="一.docx")
    assert (refused.value.text, "Lead" in str(refused.value.values["styles"])) == ("annex.template_styles", True)


def test_a_file_that_is_too_large_is_not_read(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "Child", None)
    template.write_bytes(bytes(filling.LARGEST + 1))
    for asked in (
        lambda: apart.checked_apart(template, needs=(), styles=(), name="t.docx"),
        lambda: apart.filled_apart(template, {}, name="t.docx", strict=True),
    ):
        with pytest.raises(InputError) as refused:
            asked()
        assert refused.value.text == "annex.template_large"


@pytest.mark.parametrize("limit", [("SECONDS", 0.01), ("MEMORY_MIB", 1.0)], ids=["time", "memory"])
def test_a_process_that_dies_or_takes_too_long_is_told(
    template: Path, limit: tuple[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, *limit)
    with pytest.raises(InputError) as refused:
        apart.checked_apart(template, needs=(PARTS,), styles=(), name="t.docx")
    assert refused.value.text == "annex.template_heavy"


def test_what_comes_back_is_looked_through_too(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that a template has taken over may write whatever it likes."""

    class Taken(Child):
        def receive(self, *, most_mib: float) -> Any:
            answer = super().receive(most_mib=most_mib)
            if (written := self.folder / apart.FILLED).exists():
                written.write_bytes(hostile_document("linked picture")[0])
            return answer

    monkeypatch.setattr(apart, "Child", Taken)
    with pytest.raises(InputError) as refused:
        apart.filled_apart(template, values(), name="t.docx", strict=True)
    assert refused.value.text == "package.external"


def values() -> Mapping[str, Any]:
    about = dict.fromkeys(("kind", "title", "subtitle", "synthetic", "contents_title", "made_by"), "x")
    return {**about, "contents": [], "parts": [], "appendices": []}


ATTRIBUTES = {
    "class": "{{ title.__class__ }}", "method": "{{ contents.append.__self__ }}",
    "format": "{{ '{0.__class__.__mro__}'.format(title) }}", "filter": "{{ title | attr('__class__') }}",
    "import": "{% import '/etc/passwd' as x %}", "include": "{% include '/etc/passwd' %}",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("strict", [True, False], ids=["annex", "report"])
@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_a_template_reads_no_attribute_of_python_and_no_other_file(kind: str, strict: bool, template: Path) -> None:
    template.write_bytes(with_text(shipped(), f"<w:p><w:r><w:t>{ATTRIBUTES[kind]}</w:t></w:r></w:p>"))
    with pytest.raises(InputError) as refused:
        apart.filled_apart(template, values(), name="t.docx", strict=strict)
    assert refused.value.text == "annex.template_broken_at"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_filled_body_is_word_s_though_frames_of_docxtpl_are_held(name: str) -> None:
    """As profilers, debuggers and tracebacks hold them: lxml keeps the class of an element that is referred to."""
    held: list[Any] = []

    def hold(frame: FrameType, _event: str, _arg: object) -> None:
        if frame.f_globals.get("__name__") == "docxtpl.template":
            held.append(frame)

    with as_file(files("citybraid.report").joinpath("templates", f"{name}.docx")) as path:
        template = filling.opened(path, name)
        sys.setprofile(hold)
        try:
            filling.fill(template, {}, name=name, strict=False)
        finally:
            sys.setprofile(None)
    assert any("tree" in frame.f_locals for frame in held)
    body = template.docx.element.body
    assert type(body) is CT_Body
    assert all(isinstance(each, BaseOxmlElement) for each in body.iter(qn("w:p"), qn("w:sectPr")))
