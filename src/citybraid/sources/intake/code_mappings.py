"""The user's own code mapping, from a file beside the data or inline, validated before any file is read with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.land_use.mapping import ROLE, target_of
from citybraid.sources.protocol.dataset import require_valid_dataset
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import raster_var
from citybraid.sources.protocol.target import Target
from citybraid.sources.text.cell_values import normalize_cell

FIRST = 2
"""The row of a sheet in which data begins, below its header."""


class MappingRow(NamedTuple):
    """One row of a code mapping: its row number, the source code (`said`) and the target code."""

    row: int
    said: str
    code: str


def with_code_mappings(
    files: Mapping[str, FileSpec], target: Target, *, root: Path, sandbox: Sandbox, limits: Limits
) -> tuple[dict[str, FileSpec], list[PlanError]]:
    """Return the entries of a study with every mapping read and checked, and what is wrong with mappings.

    A file is read in the sandbox. Targets must be codes of the 2023 guide. A raster takes no
    mapping, which its reader reports.
    """
    entries: dict[str, FileSpec] = {}
    problems: list[PlanError] = []
    for name, spec in files.items():
        entries[name] = spec
        if not spec.mapping or raster_var(spec.role or name) is not None:
            continue
        try:
            own = validated_mapping(
                _entries(name, spec, target, root=root, sandbox=sandbox, limits=limits), name, _file(spec)
            )
            entries[name] = spec.model_copy(update={"mapping": own})
        except InputErrors as fault:
            problems += fault.problems
            entries[name] = spec.model_copy(update={"mapping": ""})
        except PlanError as fault:
            problems.append(fault)
            entries[name] = spec.model_copy(update={"mapping": ""})
    return entries, problems


def validated_mapping(entries: list[MappingRow], name: str, file: str) -> dict[str, str]:
    """Return a mapping whose targets are codes of the 2023 guide.

    Raises InputErrors with every row whose target is no such code, or whose source code has two targets.
    """
    own: dict[str, str] = {}
    problems: list[PlanError] = []
    for entry in entries:
        code = target_of(entry.code)
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


def _entries(
    name: str, spec: FileSpec, target: Target, *, root: Path, sandbox: Sandbox, limits: Limits
) -> list[MappingRow]:  # fmt: skip
    if isinstance(spec.mapping, Mapping):
        return [
            MappingRow(row, normalize_cell(source), code) for row, (source, code) in enumerate(spec.mapping.items(), 1)
        ]
    path = (root / spec.mapping).resolve()
    refuse_outside(root / spec.mapping, root, entry=name, said=spec.mapping)
    require_valid_dataset(path, limits, entry=name, said=spec.mapping)
    reader = reader_for(path)
    reading = sandbox.read(Job(reader.module_name, path, ROLE, reader.options(), target, limits))
    table = next((layer.value for layer in reading.layers if layer.var.name == ROLE), None)
    if table is None:
        raise InputError("intake.mapping_columns", name=path.name, got=[])
    return [MappingRow(row, str(source), str(code)) for row, (source, code) in enumerate(table.items(), FIRST)]


def _file(spec: FileSpec) -> str:
    return Path(spec.mapping).name if isinstance(spec.mapping, str) else "mapping"
