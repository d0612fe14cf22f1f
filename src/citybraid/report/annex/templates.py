"""Word templates of the annex: the package's own, or those that a study names; read in a sandbox and checked."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from citybraid.core.errors import InputError
from citybraid.report.annex.template_files import KINDS, Kind, named_template, report_template
from citybraid.study.run.run import Run

LARGEST, UNPACKED = 20 * 2**20, 200 * 2**20
"""Largest template, packed and unpacked [byte]."""
FAULTS = (TemplateError, XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What jinja, docxtpl and lxml raise for a template that is broken."""
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
    _refuse_large(path, name)
    template = _opened(path, name)
    try:
        names = template.get_undeclared_template_variables(_environment())
    except FAULTS as fault:
        raise _broken(name, fault) from fault
    if set(needs) - names:
        raise InputError("annex.template_empty", file=name, needs=f"{{%p for part in {PARTS} %}}")
    document: Document = template.get_docx()
    there = {str(style.name) for style in document.styles}
    if lacks := [style for style in styles if style not in there]:
        raise InputError("annex.template_styles", file=name, styles=lacks)


@contextmanager
def opened(run: Run, kind: Kind) -> Iterator[DocxTemplate]:
    """Open the template of a document; raises InputError where it cannot be read."""
    with ExitStack() as stack:
        own = template_file(run, kind)
        shipped = files("citybraid.report").joinpath("templates", f"annex_{kind}.docx")
        path = own or stack.enter_context(as_file(shipped))
        _refuse_large(path, path.name)
        yield _opened(path, path.name)


def filled(template: DocxTemplate, values: Mapping[str, object]) -> Document:
    """Return the document that a template gives for some values; raises InputError where the template is broken."""
    try:
        template.render(dict(values), jinja_env=_environment(), autoescape=True)
    except FAULTS as fault:
        raise _broken(Path(str(template.template_file)).name, fault) from fault
    document: Document = template.docx
    return document


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _opened(path: Path, name: str) -> DocxTemplate:
    template = DocxTemplate(str(path))
    try:
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError, OSError) as fault:
        raise _broken(name, fault) from fault
    return template


def _refuse_large(path: Path, name: str) -> None:
    """Refuse what is no package, or one that would exceed the limits unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as fault:
        raise _broken(name, fault) from fault
    if path.stat().st_size > LARGEST or unpacked > UNPACKED:
        raise InputError("annex.template_large", file=name, most=LARGEST // 2**20)


def _broken(name: str, fault: Exception) -> InputError:
    line = getattr(fault, "lineno", None)
    why = " ".join(str(fault).split())[:200] or type(fault).__name__
    return InputError("annex.template_broken", file=name, why=f"{why} ({line})" if line else why)
