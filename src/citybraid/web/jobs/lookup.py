"""Kinds of jobs, found by name in their room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.web.access.refusals import NotFound
from citybraid.web.jobs import kinds as room


@dataclass(frozen=True)
class Kind:
    """A kind: its command's arguments from a study's folder and options, and whether it changes that folder."""

    name: str
    command: Callable[[Path, Mapping[str, Any]], list[str]]
    writes: bool


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by name."""
    names = sorted(each.name for each in iter_modules(room.__path__))
    modules = {name: import_module(f"{room.__name__}.{name}") for name in names}
    return {name: Kind(name, module.command, getattr(module, "WRITES", True)) for name, module in modules.items()}


def kind(name: str) -> Kind:
    """Return a kind; raises NotFound where there is none of that name."""
    kind_found = kinds().get(name)
    if kind_found is None:
        raise NotFound("web.jobs.no_kind", known=sorted(kinds()))
    return kind_found


def arguments(name: str, folder: Path, options: Mapping[str, Any]) -> list[str]:
    """Return the arguments of a job's command; raises InputError, with the places, where the options are wrong."""
    try:
        return kind(name).command(folder, options)
    except ValidationError as fault:
        places = [".".join(map(str, each["loc"])) or "options" for each in fault.errors()]
        raise InputError("web.jobs.wrong_options", kind=name, places=places) from fault
