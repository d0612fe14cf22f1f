"""Word templates of the annex: the package's own, or those that a study names; those by a process apart."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from docx.document import Document
from docxtpl import DocxTemplate

from citybraid.core.errors import InputError, PlanError
from citybraid.report.annex.template_files import (
    KINDS,
    OWN,
    REPORT,
    Kind,
    named_template,
    own_name,
    report_template,
)
from citybraid.report.templating import filling
from citybraid.report.templating.apart import checked_apart, filled_apart
from citybraid.report.templating.filling import Page
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.run import Run

PARTS = "parts"
"""The placeholder without which a template has no content."""
STYLES = (
    "Normal", "Heading 1", "Heading 2", "List Bullet", "Caption", "Lead", "Warning", "Table cell", "Table head",
    "Table title", "Note",
)  # fmt: skip
"""Styles that the report is set in: its template needs them, and no placeholder."""


def template_file(run: Run, kind: Kind) -> Path | None:
    """Return the template that the study names for a document, None for the package's own.

    Raises InputError where the study names one that is not there.
    """
    file, name = named_template(run, kind), getattr(run.manifest.asked.annex, kind)
    if name and file is None:
        raise InputError("annex.no_template", setting=f"annex.{kind}", file=name)
    return file


def check_templates(run: Run) -> None:
    """Raise InputError where a template of the study is missing, unreadable, hostile, or without content or styles."""
    for kind in KINDS:
        if (path := template_file(run, kind)) is not None:
            checked_apart(path, name=path.name, needs=(PARTS,), styles=())
    if (own := report_template(run)) is not None:
        checked_apart(own, name=own.name, needs=(), styles=STYLES)


def study_template_problems(study: OpenStudy) -> Iterator[PlanError]:
    """Yield what is wrong with the templates of a study, before anything is computed.

    Those that it names, and those of its own folder, are filled with made-up values by a process apart.
    """
    for kind in KINDS:
        name = getattr(study.asked.annex, kind) or f"{OWN}/{own_name(kind)}"
        yield from _refusal(study.folder / name, needs=(PARTS,), styles=())
    yield from _refusal(study.folder / OWN / REPORT, needs=(), styles=STYLES)


def _refusal(path: Path, *, needs: Sequence[str], styles: Sequence[str]) -> Iterator[PlanError]:
    if not path.is_file():
        return
    try:
        checked_apart(path, name=path.name, needs=needs, styles=styles)
    except PlanError as fault:
        yield fault


class Opened(NamedTuple):
    """A template of a document: its file, the pages of its sections, and itself where it is the package's own."""

    path: Path
    pages: Sequence[Page]
    template: DocxTemplate | None


@contextmanager
def opened(run: Run, kind: Kind) -> Iterator[Opened]:
    """Open the template of a document, a study's own by a process apart; raises InputError where it cannot be read."""
    if (own := template_file(run, kind)) is not None:
        yield Opened(own, checked_apart(own, name=own.name, needs=(PARTS,), styles=()), None)
        return
    with as_file(files("citybraid.report").joinpath("templates", f"annex_{kind}.docx")) as path:
        template = filling.opened(path, path.name)
        yield Opened(path, filling.pages(template.get_docx()), template)


def filled(opened_template: Opened, values: Mapping[str, object]) -> Document:
    """Return the document that a template gives for some values, a study's own by a process apart.

    Raises InputError where the template is broken or does not end.
    """
    path, _, template = opened_template
    if template is None:
        return filled_apart(path, values, name=path.name, strict=True)
    filling.fill(template, values, name=path.name, strict=True)
    document: Document = template.docx
    return document
