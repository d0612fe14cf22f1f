"""Readers and repairs as they lie in their folders: a new module is found without being named anywhere.

What a reader states of itself is read from its source: its libraries are loaded when it reads, not when it is found.
"""

import ast
import importlib
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
from citybraid.sources.protocol.rules import STAGES

HERE = Path(__file__).parents[1]
READERS, REPAIRS = "citybraid.sources.readers", "citybraid.sources.repairs"
"""Found by their folders, not imported here: a reader of archives asks here for the reader of what it unpacks."""
STATED = ("SUFFIXES", "VERSION", "FOLDER", "ROLE", "PASSES_ON")


@dataclass(frozen=True)
class Reader:
    """A reader: its id, version and suffixes; `folder` tells that a folder of that suffix is one file.

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
        return f"citybraid.{self.id}"

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
    stated = {entry.name: _stated(entry.name) for entry in pkgutil.iter_modules([str(HERE / "readers")])}
    versions = {name: _version(told["VERSION"], stated) for name, told in stated.items()}
    every = sum(versions.values())
    return tuple(
        Reader(
            f"{READERS.removeprefix('citybraid.')}.{name}",
            versions[name] + every if "PASSES_ON" in told else versions[name],
            ast.literal_eval(told["SUFFIXES"]),
            "FOLDER" in told,
            ast.literal_eval(told["ROLE"]) if "ROLE" in told else "",
        )
        for name, told in stated.items()
    )


def _stated(name: str) -> Mapping[str, ast.expr]:
    """What a reader's module says at its top level, by name."""
    source = (HERE / "readers" / f"{name}.py").read_text(encoding="utf-8")
    return {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in STATED
    }


def _version(told: ast.expr, stated: Mapping[str, Mapping[str, Any]]) -> int:
    """A version as a module states it: a number, or a sum with the version of another reader that it uses."""
    if isinstance(told, ast.BinOp) and isinstance(told.op, ast.Add):
        return _version(told.left, stated) + _version(told.right, stated)
    if isinstance(told, ast.Attribute) and isinstance(told.value, ast.Name) and told.attr == "VERSION":
        return _version(stated[told.value.id]["VERSION"], stated)
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
def all_repairs() -> tuple[ModuleType, ...]:
    """Return every repair in the order of stages, then of name."""
    modules = [importlib.import_module(name) for name in _modules_within(REPAIRS, HERE / "repairs")]
    return tuple(sorted(modules, key=lambda each: (STAGES.index(each.STAGE), repair_name(each))))


def repair_name(repair: ModuleType) -> str:
    """Return a repair's name, wherever among the rooms of repairs it stands."""
    return repair.__name__.rpartition(".")[2]


def _modules_within(package: str, folder: Path) -> Iterator[str]:
    for entry in pkgutil.iter_modules([str(folder)]):
        name = f"{package}.{entry.name}"
        if entry.ispkg:
            yield from _modules_within(name, folder / entry.name)
        else:
            yield name


def repairs_version() -> str:
    """Return what stands for all repairs in a key: their names and versions."""
    return ",".join(f"{repair_name(each)}={getattr(each, 'VERSION', 1)}" for each in all_repairs())
