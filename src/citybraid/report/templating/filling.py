"""A Word template filled with values, in a sandbox of jinja; pictures are set by their files."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.parser import element_class_lookup
from docx.shared import Emu
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, Undefined, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from lxml.etree import XMLSyntaxError

from citybraid.core.errors import InputError
from citybraid.report.templating.whereabouts import whereabouts

LARGEST = 20 * 2**20
"""Largest template [byte]."""
FAULTS = (TemplateError, XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What jinja, docxtpl and lxml raise for a template that is broken."""
PARAGRAPH = re.compile(r"<w:p([ >])")
UNKNOWN = re.compile(r"^'(\w+)' is undefined$|^'dict object' has no attribute '(\w+)'$")
"""What the filling says of a placeholder, or a part of one, that there is not."""


class Cell(NamedTuple):
    """A cell of a table as templates see it: its text, and whether it is a number."""

    text: str
    right: bool


class Page(NamedTuple):
    """Size and margins of a section's pages [EMU], None where the document states none."""

    page_width: int | None
    page_height: int | None
    left_margin: int | None
    right_margin: int | None
    top_margin: int | None
    bottom_margin: int | None


class Picture(NamedTuple):
    """A picture as templates see it: its file, and its width [EMU]."""

    path: str
    width: int


class _Sandbox(SandboxedEnvironment):
    """A sandbox that refuses what is unsafe at once: jinja's own lets a template go on with nothing in its place."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        message = f"'{attribute}' of a {type(obj).__name__} is not for templates"
        raise SecurityError(message)


def environment(*, strict: bool) -> SandboxedEnvironment:
    """Return the sandbox that templates are filled in; a `strict` one refuses placeholders that it does not know."""
    return _Sandbox(undefined=StrictUndefined if strict else Undefined, autoescape=True)


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """A template whose body, once filled, is made of python-docx's elements.

    docxtpl puts a body into the document that it read with a parser of its own. lxml keeps an element's class as long
    as anything refers to it, so that whoever holds docxtpl's frame (a profiler, a debugger, an error's traceback)
    left the document with a body without python-docx's methods.
    """

    source = ""
    """The XML that was filled last, a line for each paragraph, as docxtpl makes them."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """Fill a part of the document, and keep what jinja is given: a fault is found in it by its line."""
        self.source = PARAGRAPH.sub(r"\n<w:p\1", src_xml)
        filled_part: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return filled_part

    def map_tree(self, tree: etree._Element) -> None:
        """Take a filled body into the document, read anew by a parser that knows the classes of elements."""
        super().map_tree(etree.fromstring(etree.tostring(tree), _parser()))


@cache
def _parser() -> etree.XMLParser:
    """Return a parser that makes python-docx's elements and leaves all texts as they are."""
    parser = etree.XMLParser(resolve_entities=False)
    parser.set_element_class_lookup(element_class_lookup)
    return parser


def opened(path: Path, name: str) -> DocxTemplate:
    """Open a template; raises InputError where it cannot be read."""
    template = _Template(str(path))
    try:
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError, OSError) as fault:
        raise broken(name, fault) from fault
    return template


def pages(document: WordDocument) -> list[Page]:
    """Return the pages of a document's sections."""
    return [Page(*(getattr(section, name) for name in Page._fields)) for section in document.sections]


def checked(path: Path, *, name: str, needs: Sequence[str], styles: Sequence[str]) -> list[Page]:
    """Return the pages of a template's sections.

    Raises InputError where it is unreadable, or lacks the placeholders or the styles that it needs.
    """
    template = opened(path, name)
    try:
        names = template.get_undeclared_template_variables(environment(strict=True))
    except FAULTS as fault:
        raise broken(name, fault) from fault
    if set(needs) - names:
        raise InputError("annex.template_empty", file=name, needs=f"{{%p for part in {needs[0]} %}}")
    document: WordDocument = template.get_docx()
    there = {str(style.name) for style in document.styles}
    if lacks := [style for style in styles if style not in there]:
        raise InputError("annex.template_styles", file=name, styles=lacks)
    return pages(document)


def fill(template: DocxTemplate, values: Mapping[str, Any], *, name: str, strict: bool) -> None:
    """Fill an opened template; raises InputError where it is broken."""
    try:
        template.render(_set(values, template), jinja_env=environment(strict=strict), autoescape=True)
    except FAULTS as fault:
        raise _located(template, name, fault) from fault


def refuse_large(path: Path, name: str, *, most: int = LARGEST) -> None:
    """Raise InputError for a file above the limit; nothing of it is read."""
    if path.stat().st_size > most:
        raise InputError("annex.template_large", file=name, most=LARGEST // 2**20)


def broken(name: str, fault: Exception) -> InputError:
    """Return the refusal of a template that is broken."""
    if isinstance(fault, UndefinedError) and (unknown := UNKNOWN.search(str(fault))):
        return InputError("annex.template_unknown", file=name, which=unknown[1] or unknown[2])
    line = getattr(fault, "lineno", None)
    why = _why(fault)
    return InputError("annex.template_broken", file=name, why=f"{why} ({line})" if line else why)


def _why(fault: Exception) -> str:
    return " ".join(str(fault).split())[:200].rstrip(".") or type(fault).__name__


def _located(template: DocxTemplate, name: str, fault: Exception) -> InputError:
    """Return the refusal of a template that is broken, with the paragraph that is."""
    refused = broken(name, fault)
    unknown = str(refused.values.get("which", ""))
    opened_again = Document(str(template.template_file))
    located = whereabouts(opened_again, getattr(template, "source", ""), fault, name=unknown)
    if located is None:
        return refused
    values = {**refused.values, "said": located.text, "why": _why(fault)}
    if not located.paragraph:
        return InputError(f"{refused.text}_margin", **values)
    return InputError(f"{refused.text}_at", **values, paragraph=located.paragraph)


def _set(value: Any, template: DocxTemplate) -> Any:
    """Return values with their pictures bound to a template."""
    if isinstance(value, Picture):
        return InlineImage(template, value.path, width=Emu(value.width))
    if isinstance(value, Mapping):
        return {name: _set(each, template) for name, each in value.items()}
    return [_set(each, template) for each in value] if isinstance(value, list) else value
