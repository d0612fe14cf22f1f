"""Word templates of a study that restyle its report: kept in `templates/` beside the study file, checked before."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from citybraid.core.errors import StoreError
from citybraid.report.annex.template_files import KINDS, OWN, REPORT, own_name
from citybraid.report.annex.templates import PARTS, STYLES
from citybraid.report.templating.apart import checked_apart
from citybraid.report.templating.filling import LARGEST
from citybraid.web.access.refusals import NotFound, TooLarge

Name = Literal["text", "memorandum", "statement", "report"]
NAMES: tuple[Name, ...] = (*KINDS, "report")


class TemplateState(BaseModel):
    """A template: its document, whether it is the study's own or the program's, and its size [byte]."""

    name: Name
    own: bool
    size: int


def templates(study: Path) -> list[TemplateState]:
    """Return the templates of a study."""
    return [_state(study, name) for name in NAMES]


def _state(study: Path, name: Name) -> TemplateState:
    own = _path(study, name)
    if own.is_file():
        return TemplateState(name=name, own=True, size=own.stat().st_size)
    with shipped(name) as path:
        return TemplateState(name=name, own=False, size=path.stat().st_size)


def file_name(name: Name) -> str:
    """Return the name of a template's file."""
    return REPORT if name == "report" else own_name(name)


def _path(study: Path, name: Name) -> Path:
    return study / OWN / file_name(name)


@contextmanager
def shipped(name: Name) -> Iterator[Path]:
    """Provide the program's own template."""
    with as_file(files("citybraid.report").joinpath("templates", file_name(name))) as path:
        yield path


def content(study: Path, name: Name) -> bytes:
    """Return the template that is in use, from which another one is made."""
    own = _path(study, name)
    if own.is_file():
        return own.read_bytes()
    with shipped(name) as path:
        return path.read_bytes()


def replace(study: Path, name: Name, data: bytes) -> TemplateState:
    """Keep a template for a study in place of the one in use, once a process apart has checked it.

    Raises TooLarge, InputError where it cannot be used as a template, StoreError where it cannot be written.
    """
    if len(data) > LARGEST:
        raise TooLarge("web.report.template_large", most=LARGEST // 2**20)
    path = _path(study, name)
    draft = path.with_name(f".{uuid.uuid4().hex}.docx")
    try:
        path.parent.mkdir(exist_ok=True)
        draft.write_bytes(data)
        report = name == "report"
        checked_apart(draft, needs=() if report else (PARTS,), styles=STYLES if report else (), name=path.name)
        draft.replace(path)
    except OSError as fault:
        raise StoreError("web.report.template_unwritable", file=path.name, why=fault.strerror or str(fault)) from fault
    finally:
        draft.unlink(missing_ok=True)
    return _state(study, name)


def restore(study: Path, name: Name) -> TemplateState:
    """Go back to the program's own template; raises NotFound where it is in use."""
    path = _path(study, name)
    if not path.is_file():
        raise NotFound("web.report.template_shipped")
    path.unlink()
    return _state(study, name)
