"""A planner's own table from the codes of a file to codes of the 2023 guide: a file beside the data, or inline."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.var import Var
from citybraid.sources.codes import rows
from citybraid.sources.columns import key
from citybraid.sources.discovery import reader_for
from citybraid.sources.filespec import FileSpec
from citybraid.sources.land_use import guide
from citybraid.sources.land_use_cells import spelled
from citybraid.sources.limits import Limits
from citybraid.sources.pieces import refuse_unfit
from citybraid.sources.reading import Found, Reading
from citybraid.sources.safety import refuse_outside
from citybraid.sources.sandbox import Job, Sandbox
from citybraid.sources.target import Target
from citybraid.sources.values import plain, texts

ROLE = "land_use_mapping"
"""The role under which a table of cells is read as a mapping."""
MAPPING = Var(ROLE, "", "Code of the 2023 guide by what a file says", on=ROLE, kind="text")
PAIR = 2
FIRST = 2
"""The row of a sheet in which data begins, below its header."""


class Entry(NamedTuple):
    """One line of a planner's table: its row, what the file says, and the code it leads to."""

    row: int
    said: str
    code: str


def header_words() -> tuple[str, ...]:
    """Return the column names by which a mapping's header is found."""
    return tuple(row["name"] for row in rows("land_use_mapping_columns"))


def from_cells(table: pd.DataFrame, *, name: str) -> Reading:
    """Return a table of two columns as a mapping; raises InputError where no two columns lead from codes to codes."""
    headers = [str(each) for each in table.columns]
    start, end = (_column(headers, which) for which in ("from", "to"))
    if (start is None or end is None) and len(headers) == PAIR:
        start, end = headers
    if start is None or end is None or start == end:
        raise InputError("intake.mapping_columns", name=name, got=headers)
    said, codes = texts(table[start]), texts(table[end])
    lines = list(zip(said, codes, strict=True))
    if plain(end) and _target(plain(end)) is not None:
        lines.insert(0, (plain(start), plain(end)))
    frame = pd.Series(
        [code for _, code in lines], index=pd.Index([cell for cell, _ in lines], dtype=object), dtype=object
    )
    return Reading((Found(MAPPING, frame[frame.index != ""], stated=1.0),))


def _column(headers: list[str], which: str) -> str | None:
    names = [key(row["name"]) for row in rows("land_use_mapping_columns") if row["column"] == which]
    return next((header for name in names for header in headers if key(header) == name), None)


def with_own_tables(
    files: Mapping[str, FileSpec], target: Target, *, root: Path, sandbox: Sandbox, limits: Limits
) -> tuple[dict[str, FileSpec], list[PlanError]]:
    """Return the entries of a study with every mapping read and checked, and what is wrong with mappings.

    A file is read in the sandbox. Targets must be codes of the 2023 guide.
    """
    done: dict[str, FileSpec] = {}
    problems: list[PlanError] = []
    for name, spec in files.items():
        done[name] = spec
        if not spec.mapping:
            continue
        try:
            own = checked(_entries(name, spec, target, root=root, sandbox=sandbox, limits=limits), name, _file(spec))
            done[name] = spec.model_copy(update={"mapping": own})
        except InputErrors as fault:
            problems += fault.problems
            done[name] = spec.model_copy(update={"mapping": ""})
        except PlanError as fault:
            problems.append(fault)
            done[name] = spec.model_copy(update={"mapping": ""})
    return done, problems


def checked(entries: list[Entry], name: str, file: str) -> dict[str, str]:
    """Return a mapping whose targets are codes of the 2023 guide.

    Raises InputErrors with every row whose target is none, or whose code leads to two.
    """
    own: dict[str, str] = {}
    problems: list[PlanError] = []
    for entry in entries:
        code = _target(entry.code)
        if code is None:
            problems.append(
                InputError(
                    "intake.mapping_target", name=name, file=file, row=entry.row, said=entry.said, got=entry.code
                )
            )
        elif own.setdefault(entry.said, code) != code:
            values = {"name": name, "file": file, "said": entry.said, "first": own[entry.said], "second": code}
            problems.append(InputError("intake.mapping_repeated", **values))
    if problems:
        raise InputErrors(problems)
    return own


def _target(text: str) -> str | None:
    """The guide's code that a target says, its lost zero restored."""
    said = plain(text)
    return next((each for each in (said, *spelled(said)) if each in guide()), None)


def _entries(
    name: str, spec: FileSpec, target: Target, *, root: Path, sandbox: Sandbox, limits: Limits
) -> list[Entry]:  # fmt: skip
    if isinstance(spec.mapping, Mapping):
        return [Entry(row, plain(said), code) for row, (said, code) in enumerate(spec.mapping.items(), 1)]
    path = (root / spec.mapping).resolve()
    refuse_outside(root / spec.mapping, root, entry=name, said=spec.mapping)
    refuse_unfit(path, limits, entry=name, said=spec.mapping)
    reader = reader_for(path)
    reading = sandbox.read(Job(reader.module.__name__, path, ROLE, reader.options(), target, limits))
    table = next((found.value for found in reading.layers if found.var.name == ROLE), None)
    if table is None:
        raise InputError("intake.mapping_columns", name=path.name, got=[])
    return [Entry(row, str(said), str(code)) for row, (said, code) in enumerate(table.items(), FIRST)]


def _file(spec: FileSpec) -> str:
    return Path(spec.mapping).name if isinstance(spec.mapping, str) else "mapping"
