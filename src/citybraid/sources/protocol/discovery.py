"""Discovery of readers, roles and repairs by package: a new module needs no registration.

The constants of a reader are parsed from its source, so its libraries are imported only when it reads a file.
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
from citybraid.sources.protocol.role import GeometrySettings, Pixels, Role
from citybraid.sources.protocol.rules import STAGES

READERS, ROLES, REPAIRS = "citybraid.sources.readers", "citybraid.sources.roles", "citybraid.sources.repairs"
"""Package names, not imports: the archive reader looks up other readers here, so imports would be circular."""
STATED = ("SUFFIXES", "VERSION", "FOLDER", "ROLE", "PASSES_ON")
OTHERS = "others"
"""Module with the roles derived from Vars; a module of its own takes precedence over it."""


@dataclass(frozen=True)
class Reader:
    """A reader: its module, version and suffixes; `folder`: a folder with that suffix is one data set.

    `role` is the only role its files can have, '' where several are possible.
    """

    id: str
    version: int
    suffixes: tuple[str, ...]
    folder: bool = False
    role: str = ""

    @property
    def module_name(self) -> str:
        """Fully qualified name of its module."""
        return self.id if self.id.partition(".")[0] != "sources" else f"citybraid.{self.id}"

    @property
    def module(self) -> ModuleType:
        """Its module, imported."""
        return importlib.import_module(self.module_name)

    @property
    def options(self) -> type[Options]:
        """Class of the options it takes from the study."""
        options: type[Options] = self.module.Options
        return options


@cache
def all_readers() -> tuple[Reader, ...]:
    """Return all readers, sorted by name.

    The output of a reader that delegates to other readers (PASSES_ON) depends on theirs,
    so its version includes the sum of all versions.
    """
    modules = {name.rpartition(".")[2]: (name, _module_constants(name)) for name in _modules_within(READERS)}
    versions = {short: _version(constants["VERSION"], modules) for short, (_, constants) in modules.items()}
    every = sum(versions.values())
    return tuple(
        Reader(
            name.removeprefix("citybraid."),
            versions[short] + every if "PASSES_ON" in constants else versions[short],
            ast.literal_eval(constants["SUFFIXES"]),
            "FOLDER" in constants,
            ast.literal_eval(constants["ROLE"]) if "ROLE" in constants else "",
        )
        for short, (name, constants) in modules.items()
    )


def _module_constants(name: str) -> Mapping[str, ast.expr]:
    """Return the top-level constants of a reader's module as AST expressions, by name."""
    spec = importlib.util.find_spec(name)
    source = Path(spec.origin).read_text(encoding="utf-8") if spec is not None and spec.origin else ""
    return {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in STATED
    }


def _version(node: ast.expr, modules: Mapping[str, tuple[str, Mapping[str, Any]]]) -> int:
    """Evaluate a VERSION expression: a number, or a sum with the version of another reader that it uses."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _version(node.left, modules) + _version(node.right, modules)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr == "VERSION":
        return _version(modules[node.value.id][1]["VERSION"], modules)
    return int(ast.literal_eval(node))


@cache
def _by_suffix() -> Mapping[str, Reader]:
    return {suffix: reader for reader in all_readers() for suffix in reader.suffixes}


def reader_for(path: Path) -> Reader:
    """Return the reader of a file by its suffix, the longest first (.gdb.zip before .zip).

    Raises InputError with the supported suffixes where there is none.
    """
    parts = [suffix.lower() for suffix in path.suffixes]
    endings = ("".join(parts[start:]) for start in range(len(parts)))
    chosen = next((reader for ending in endings if (reader := _by_suffix().get(ending)) is not None), None)
    if chosen is None:
        foreign = {row.suffix: row.text for row in read_table(ForeignFormat)}
        text = foreign.get(path.suffix.lower(), "intake.format_unknown")
        raise InputError(text, name=path.name, needs=sorted(_by_suffix()))
    return chosen


@cache
def folder_suffixes() -> frozenset[str]:
    """Return the suffixes of folders that a reader treats as one data set."""
    return frozenset(suffix for reader in all_readers() if reader.folder for suffix in reader.suffixes)


@cache
def all_roles() -> Mapping[str, Role]:
    """Return all roles by name: first those with their own module, sorted by name, then those of Vars."""
    modules = sorted(_modules_within(ROLES), key=lambda each: (each.endswith(f".{OTHERS}"), each))
    roles: dict[str, Role] = {}
    for name in modules:
        module = importlib.import_module(name)
        for role in getattr(module, "ROLES", None) or (module.ROLE,):
            roles.setdefault(role.name, role)
    return roles


def role_of(name: str) -> Role | None:
    """Return a role by name, None where there is none."""
    return all_roles().get(name)


def takes_own_words(name: str) -> bool:
    """Tell whether the reader of a role checks the study's mapping itself."""
    role = role_of(name)
    return role is not None and role.sheet is not None and role.sheet.own_words


def takes_several_sheets(name: str) -> bool:
    """Tell whether an entry of a role may name several sheets."""
    role = role_of(name)
    return role is not None and role.sheet is not None and role.sheet.several


def needs_place(name: str) -> bool:
    """Tell whether files of a role are read once the place of the study is known: rasters, fields, some sheets."""
    role = role_of(name)
    return role is not None and (role.kind in ("raster", "field") or (role.sheet is not None and role.sheet.placed))


def kind_of(name: str) -> str:
    """Return the file kind of a role, '' where there is no such role."""
    role = role_of(name)
    return "" if role is None else role.kind


def geometry_settings(name: str) -> GeometrySettings:
    """Return the geometry settings of a table's role, the defaults where the role is unknown."""
    role = role_of(name)
    return GeometrySettings() if role is None else role.shapes


def raster_settings(name: str) -> Pixels:
    """Return the raster settings of a role, the defaults where the role is unknown."""
    role = role_of(name)
    return Pixels() if role is None else role.pixels


@cache
def known_roles() -> tuple[str, ...]:
    """Return the roles that a study may name and that planners have files for, sorted by name."""
    return tuple(sorted(role.name for role in all_roles().values() if role.entry and role.known))


@cache
def partitions() -> tuple[str, ...]:
    """Return the tables whose polygons should partition the ground without overlaps, sorted by name."""
    return tuple(sorted(role.name for role in all_roles().values() if role.shapes.partition))


@cache
def plan_area_tables() -> tuple[str, ...]:
    """Return the tables that define the plan area, by priority."""
    ranked = [role for role in all_roles().values() if role.shapes.leads]
    return tuple(role.name for role in sorted(ranked, key=lambda each: each.shapes.leads))


@cache
def exclusive_roles() -> Mapping[str, str]:
    """Return the role by quantity, for quantities that only files of that role provide."""
    return {var: role.name for role in all_roles().values() if role.sheet is not None for var in role.sheet.brings}


@cache
def sole_roles() -> Mapping[str, str]:
    """Return the role in which a table is read by quantity, where that quantity alone is requested."""
    return {var: role.name for role in all_roles().values() if role.sheet is not None for var in role.sheet.alone}


@cache
def all_repairs() -> tuple[ModuleType, ...]:
    """Return all repairs, ordered by stage, then by name."""
    modules = [importlib.import_module(name) for name in _modules_within(REPAIRS)]
    return tuple(sorted(modules, key=lambda each: (STAGES.index(each.STAGE), repair_name(each))))


def repair_name(repair: ModuleType) -> str:
    """Return a repair's name: the last part of its module name, whatever its subpackage."""
    return repair.__name__.rpartition(".")[2]


def _modules_within(package: str) -> Iterator[str]:
    for entry in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
        if entry.ispkg:
            yield from _modules_within(entry.name)
        else:
            yield entry.name


def repairs_version() -> str:
    """Return the names and versions of all repairs as one string, for cache keys."""
    return ",".join(f"{repair_name(each)}={getattr(each, 'VERSION', 1)}" for each in all_repairs())
