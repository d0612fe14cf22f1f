"""Word templates of the annex: the package's own, or those that a study names; read in a sandbox and checked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from docx.document import Document
from docxtpl import DocxTemplate

from citybraid.core.errors import InputError
from citybraid.report.annex.template_files import KINDS, Kind, named_template, report_template
from citybraid.report.templating import filling
from citybraid.report.templating.apart import filled_apart
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
    found, name = named_template(run, kind), getattr(run.manifest.asked.annex, kind)
    if name and found is None:
        raise InputError("annex.no_template", setting=f"annex.{kind}", file=name)
    return found


def check_templates(run: Run) -> None:
    """Raise InputError where a template of the study is missing, unreadable, or without content or styles."""
    for kind in KINDS:
        if (path := template_file(run, kind)) is not None:
            check_template(path)
    if (own := report_template(run)) is not None:
        check_template(own, needs=(), styles=STYLES)


def check_template(
    path: Path, *, needs: Sequence[str] = (PARTS,), styles: Sequence[str] = (), name: str = ""
) -> None:  # fmt: skip
    """Raise InputError where a template is unreadable, or lacks the placeholders or the styles that it needs.

    `name` is told in place of the file's own.
    """
    name = name or path.name
    filling.refuse_large(path, name)
    template = filling.opened(path, name)
    try:
        names = template.get_undeclared_template_variables(filling.environment(strict=True))
    except filling.FAULTS as fault:
        raise filling.broken(name, fault) from fault
    if set(needs) - names:
        raise InputError("annex.template_empty", file=name, needs=f"{{%p for part in {PARTS} %}}")
    document: Document = template.get_docx()
    there = {str(style.name) for style in document.styles}
    if lacks := [style for style in styles if style not in there]:
        raise InputError("annex.template_styles", file=name, styles=lacks)


class Opened(NamedTuple):
    """A template of a document: its file, itself, and whether it is the study's own."""

    path: Path
    template: DocxTemplate
    own: bool


@contextmanager
def opened(run: Run, kind: Kind) -> Iterator[Opened]:
    """Open the template of a document; raises InputError where it cannot be read."""
    with ExitStack() as stack:
        own = template_file(run, kind)
        shipped = files("citybraid.report").joinpath("templates", f"annex_{kind}.docx")
        path = own or stack.enter_context(as_file(shipped))
        filling.refuse_large(path, path.name)
        yield Opened(path, filling.opened(path, path.name), own is not None)


def filled(opened_template: Opened, values: Mapping[str, object]) -> Document:
    """Return the document that a template gives for some values, a study's own by a process apart.

    Raises InputError where the template is broken or does not end.
    """
    path, template, own = opened_template
    if own:
        return filled_apart(path, values, name=path.name, strict=True)
    filling.fill(template, values, name=path.name, strict=True)
    document: Document = template.docx
    return document
