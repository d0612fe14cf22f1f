"""A Word template filled with values, in a sandbox of jinja; pictures are set by their files."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Emu
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from citybraid.core.errors import InputError

LARGEST, UNPACKED = 20 * 2**20, 200 * 2**20
"""Largest template, packed and unpacked [byte]."""
FAULTS = (TemplateError, XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What jinja, docxtpl and lxml raise for a template that is broken."""


class Cell(NamedTuple):
    """A cell of a table as templates see it: its text, and whether it is a number."""

    text: str
    right: bool


class Picture(NamedTuple):
    """A picture as templates see it: its file, and its width [EMU]."""

    path: str
    width: int


def environment(*, strict: bool) -> SandboxedEnvironment:
    """Return the sandbox that templates are filled in; a `strict` one refuses placeholders that it does not know."""
    return SandboxedEnvironment(undefined=StrictUndefined if strict else Undefined, autoescape=True)


def opened(path: Path, name: str) -> DocxTemplate:
    """Open a template; raises InputError where it cannot be read."""
    template = DocxTemplate(str(path))
    try:
        template.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError, OSError) as fault:
        raise broken(name, fault) from fault
    return template


def fill(template: DocxTemplate, values: Mapping[str, Any], *, name: str, strict: bool) -> None:
    """Fill an opened template; raises InputError where it is broken."""
    try:
        template.render(_set(values, template), jinja_env=environment(strict=strict), autoescape=True)
    except FAULTS as fault:
        raise broken(name, fault) from fault


def refuse_large(path: Path, name: str, *, most: int = LARGEST) -> None:
    """Raise InputError for what is no package, or one that would exceed the limits packed or unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as fault:
        raise broken(name, fault) from fault
    if path.stat().st_size > most or unpacked > UNPACKED:
        raise InputError("annex.template_large", file=name, most=LARGEST // 2**20)


def broken(name: str, fault: Exception) -> InputError:
    """Return the refusal of a template that is broken."""
    line = getattr(fault, "lineno", None)
    why = " ".join(str(fault).split())[:200] or type(fault).__name__
    return InputError("annex.template_broken", file=name, why=f"{why} ({line})" if line else why)


def _set(value: Any, template: DocxTemplate) -> Any:
    """Return values with their pictures bound to a template."""
    if isinstance(value, Picture):
        return InlineImage(template, value.path, width=Emu(value.width))
    if isinstance(value, Mapping):
        return {name: _set(each, template) for name, each in value.items()}
    return [_set(each, template) for each in value] if isinstance(value, list) else value
