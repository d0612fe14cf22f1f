"""Readers, roles and repairs as they lie in their rooms: a new module is found without being named anywhere."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from citybraid.core.errors import InputError
from citybraid.sources.protocol.codes import rows
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.role import Pixels, Role, Shaped
from citybraid.sources.protocol.rules import STAGES

READERS, ROLES, REPAIRS = "citybraid.sources.readers", "citybraid.sources.roles", "citybraid.sources.repairs"
"""Found by their packages, not imported here: a reader of archives asks here for the reader of what it unpacks."""
OTHERS = "others"
"""Modules that state the roles which follow from Vars; a module of its own wins over them."""


@dataclass(frozen=True)
class Reader:
    """A reader: its module, version, suffixes and options.

    `folder` tells that a folder of that suffix is one file, `role` the only role that its files can have.
    """

    id: str
    module: ModuleType
    version: int
    suffixes: tuple[str, ...]
    options: type[Options]
    folder: bool = False
    role: str = ""


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return every reader, in order of name.

    One that passes files on to other readers (PASSES_ON) answers differently when any of
    them does, so its version rises with theirs.
    """
    found = [importlib.import_module(name) for name in _modules_within(READERS)]
    every = sum(each.VERSION for each in found)
    return tuple(
        Reader(
            each.__name__.removeprefix("citybraid."),
            each,
            each.VERSION + every if getattr(each, "PASSES_ON", False) else each.VERSION,
            each.SUFFIXES,
            each.Options,
            getattr(each, "FOLDER", False),
            getattr(each, "ROLE", ""),
        )
        for each in found
    )


@cache
def _by_suffix() -> Mapping[str, Reader]:
    return {suffix: reader for reader in all_readers() for suffix in reader.suffixes}


def reader_for(path: Path) -> Reader:
    """Return the reader of a file by its suffix, the longest first (.gdb.zip before .zip).

    Raises InputError with what can be read where there is none.
    """
    parts = [suffix.lower() for suffix in path.suffixes]
    endings = ("".join(parts[start:]) for start in range(len(parts)))
    found = next((reader for ending in endings if (reader := _by_suffix().get(ending)) is not None), None)
    if found is None:
        foreign = {row["suffix"]: row["text"] for row in rows("foreign_formats")}
        text = foreign.get(path.suffix.lower(), "intake.format_unknown")
        raise InputError(text, name=path.name, needs=sorted(_by_suffix()))
    return found


@cache
def folder_suffixes() -> frozenset[str]:
    """Return the suffixes of folders that a reader reads as one data set."""
    return frozenset(suffix for reader in all_readers() if reader.folder for suffix in reader.suffixes)


@cache
def all_roles() -> Mapping[str, Role]:
    """Return every role by name: first those with a module of their own, in order of name, then those of Vars."""
    modules = sorted(_modules_within(ROLES), key=lambda each: (each.endswith(f".{OTHERS}"), each))
    found: dict[str, Role] = {}
    for name in modules:
        module = importlib.import_module(name)
        for role in getattr(module, "ROLES", None) or (module.ROLE,):
            found.setdefault(role.name, role)
    return found


def role_of(name: str) -> Role | None:
    """Return a role by its name, None where there is none."""
    return all_roles().get(name)


def kind_of(name: str) -> str:
    """Return what kind of file a role stands for, '' where there is no such role."""
    role = role_of(name)
    return "" if role is None else role.kind


def shapes_of(name: str) -> Shaped:
    """Return what intake must know of a table's shapes; what holds of any table where it is none of ours."""
    role = role_of(name)
    return Shaped() if role is None else role.shapes


def pixels_of(name: str) -> Pixels:
    """Return what intake must know of a raster's values; what holds of any raster where it is none of ours."""
    role = role_of(name)
    return Pixels() if role is None else role.pixels


@cache
def known_roles() -> tuple[str, ...]:
    """Return the roles that a study may name and that planners bring files for, in order of name."""
    return tuple(sorted(role.name for role in all_roles().values() if role.entry and role.known))


@cache
def partitions() -> tuple[str, ...]:
    """Return the tables whose shapes should part the ground, in order of name."""
    return tuple(sorted(role.name for role in all_roles().values() if role.shapes.partition))


@cache
def leading() -> tuple[str, ...]:
    """Return the tables that say where the plan area lies, the likeliest first."""
    ranked = [role for role in all_roles().values() if role.shapes.leads]
    return tuple(role.name for role in sorted(ranked, key=lambda each: each.shapes.leads))


@cache
def bringing() -> Mapping[str, str]:
    """Return the role of file by quantities that only such a file brings."""
    return {var: role.name for role in all_roles().values() if role.sheet is not None for var in role.sheet.brings}


@cache
def all_repairs() -> tuple[ModuleType, ...]:
    """Return every repair in the order of stages, then of name."""
    modules = [importlib.import_module(name) for name in _modules_within(REPAIRS)]
    return tuple(sorted(modules, key=lambda each: (STAGES.index(each.STAGE), repair_name(each))))


def repair_name(repair: ModuleType) -> str:
    """Return a repair's name, wherever among the rooms of repairs it stands."""
    return repair.__name__.rpartition(".")[2]


def _modules_within(package: str) -> Iterator[str]:
    for entry in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if entry.ispkg:
            yield from _modules_within(entry.name)
        else:
            yield entry.name


def repairs_version() -> str:
    """Return what stands for all repairs in a key: their names and versions."""
    return ",".join(f"{repair_name(each)}={getattr(each, 'VERSION', 1)}" for each in all_repairs())
