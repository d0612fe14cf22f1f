"""Readers, roles and repairs as they lie in their rooms: a new module is found without being named anywhere.

What a reader states of itself is read from its source: its libraries are loaded when it reads, not when it is found.
"""

import ast
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from citybraid.core.errors import InputError
from citybraid.core.rows.intake import ForeignFormat
from citybraid.core.tables import read_table
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.role import Pixels, Role, Shaped
from citybraid.sources.protocol.rules import STAGES

READERS, ROLES, REPAIRS = "citybraid.sources.readers", "citybraid.sources.roles", "citybraid.sources.repairs"
"""Found by their packages, not imported here: a reader of archives asks here for the reader of what it unpacks."""
STATED = ("SUFFIXES", "VERSION", "FOLDER", "ROLE", "PASSES_ON")
OTHERS = "others"
"""Modules that state the roles which follow from Vars; a module of its own wins over them."""


@dataclass(frozen=True)
class Reader:
    """A reader: its module, version and suffixes; `folder` tells that a folder of that suffix is one file.

    `role` is the only role that its files can have, '' where they can have several.
    """

    id: str
    version: int
    suffixes: tuple[str, ...]
    folder: bool = False
    role: str = ""

    @property
    def module_name(self) -> str:
        """Its module's whole name."""
        return self.id if self.id.partition(".")[0] != "sources" else f"citybraid.{self.id}"

    @property
    def module(self) -> ModuleType:
        """Its module, loaded."""
        return importlib.import_module(self.module_name)

    @property
    def options(self) -> type[Options]:
        """What it takes from the study."""
        options: type[Options] = self.module.Options
        return options


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return every reader, in order of name.

    One that passes files on to other readers (PASSES_ON) answers differently when any of
    them does, so its version rises with theirs.
    """
    stated = {name.rpartition(".")[2]: (name, _stated(name)) for name in _modules_within(READERS)}
    versions = {short: _version(told["VERSION"], stated) for short, (_, told) in stated.items()}
    every = sum(versions.values())
    return tuple(
        Reader(
            name.removeprefix("citybraid."),
            versions[short] + every if "PASSES_ON" in told else versions[short],
            ast.literal_eval(told["SUFFIXES"]),
            "FOLDER" in told,
            ast.literal_eval(told["ROLE"]) if "ROLE" in told else "",
        )
        for short, (name, told) in stated.items()
    )


def _stated(name: str) -> Mapping[str, ast.expr]:
    """What a reader's module says at its top level, by name."""
    found = importlib.util.find_spec(name)
    source = Path(found.origin).read_text(encoding="utf-8") if found is not None and found.origin else ""
    return {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in STATED
    }


def _version(told: ast.expr, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> int:
    """A version as a module states it: a number, or a sum with the version of another reader that it uses."""
    if isinstance(told, ast.BinOp) and isinstance(told.op, ast.Add):
        return _version(told.left, stated) + _version(told.right, stated)
    if isinstance(told, ast.Attribute) and isinstance(told.value, ast.Name) and told.attr == "VERSION":
        return _version(stated[told.value.id][1]["VERSION"], stated)
    return int(ast.literal_eval(told))


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
        foreign = {row.suffix: row.text for row in read_table(ForeignFormat)}
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
def read_alone() -> Mapping[str, str]:
    """Return the role that a table is read in by the one quantity that is asked of it."""
    return {var: role.name for role in all_roles().values() if role.sheet is not None for var in role.sheet.alone}


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
