"""The user's own code mapping, from a file beside the data or inline, validated before any file is read with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.text import Phrase
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.land_use.mapped_values import coded_columns, mapped_value, targets
from citybraid.sources.land_use.mapping import ROLE
from citybraid.sources.protocol.dataset import require_valid_dataset
from citybraid.sources.protocol.discovery import reader_for, takes_own_words
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import raster_var
from citybraid.sources.protocol.target import Target
from citybraid.sources.text.cell_values import normalize_cell

COVER = "land_cover"
"""The raster of codes that a mapping can recode."""
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
        role = spec.role or name
        if not spec.mapping or (raster_var(role) is not None and role != COVER) or takes_own_words(role):
            continue
        try:
            own = validated_mapping(
                _entries(name, spec, target, root=root, sandbox=sandbox, limits=limits), name, _file(spec), role=role
            )
            entries[name] = spec.model_copy(
                update={"mapping": "", "classes": {**own, **spec.classes}} if role == COVER else {"mapping": own}
            )
        except InputErrors as fault:
            problems += fault.problems
            entries[name] = spec.model_copy(update={"mapping": ""})
        except PlanError as fault:
            problems.append(fault)
            entries[name] = spec.model_copy(update={"mapping": ""})
    return entries, problems


def validated_mapping(entries: list[MappingRow], name: str, file: str, *, role: str = "") -> dict[str, str]:
    """Return a mapping whose targets are values of the role's coded quantities, as codes or words.

    Those of land uses are codes or names of the 2023 guide, those of a raster codes or names of land covers.
    Raises InputErrors with every row whose target is no such value, or whose source code has two targets.
    """
    quantities = (COVER,) if role == COVER else coded_columns(role) or ("land_use",)
    own: dict[str, str] = {}
    first: dict[str, str] = {}
    problems: list[PlanError] = []
    for entry in entries:
        code = next((value for var in quantities if (value := mapped_value(var, entry.code))), "")
        if not code:
            problems.append(
                InputError(
                    "intake.mapping_target",
                    name=name,
                    file=file,
                    row=entry.row,
                    said=entry.said,
                    got=entry.code,
                    needs=_accepted(quantities),
                )
            )
            continue
        own[entry.said] = code
        if (before := first.setdefault(entry.said.casefold(), code)) != code:
            values = {"name": name, "file": file, "said": entry.said, "first": before, "second": code}
            problems.append(InputError("intake.mapping_repeated", **values))
    if problems:
        raise InputErrors(problems)
    return own


def _accepted(quantities: Sequence[str]) -> list[object]:
    """Return the values that a target may be, for a message."""
    codes: list[object] = [Phrase("intake.mapping_guide", {})] if "land_use" in quantities else []
    return [*codes, *(word for var in quantities for word in targets(var))]


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
