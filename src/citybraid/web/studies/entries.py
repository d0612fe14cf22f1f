"""What may be changed of a study file in the workspace: entries of the place, of files, plan and budget."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from citybraid.core.model import Params
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.study.open.budget import Budget
from citybraid.study.open.schema import PlanInfo, StudyInfo
from citybraid.study.open.study_part import StudyPart
from citybraid.web.access.refusals import Refused
from citybraid.web.studies.study_text import Change

KEPT = frozenset({"study.data", "study.name", "study.synthetic", "files.made"})
"""Entries that lead out of the study's folder, or that others rest on: they are changed in the file alone."""


WRITABLE = frozenset(FileSpec.model_fields) - {"made"}
"""Fields of a file's entry that can be written here."""


@dataclass(frozen=True)
class Field:
    """A field of a form: its entry, kind of value, choices, ends of its range, and whether it must be there.

    Its name and help are the texts `web.entry.<entry>` and `web.entry_help.<entry>`.
    """

    entry: str
    kind: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above: float | None = None
    needed: bool = False


SECTIONS: Mapping[str, type[StudyPart] | type[Params]] = {
    "study": StudyInfo, "plan": PlanInfo, "files": FileSpec, "budget": Budget,
}  # fmt: skip
"""Part of the schema behind each section that can be changed."""
SHOWN: Mapping[str, tuple[str, ...]] = {
    "study": ("title", "region", "year", "crs", "resolution", "screening_resolution", "buffer", "unknown_cover",
              "unit_count", "currency", "climate_zone"),
    "plan": ("period", "elevation", "basis"),
    "files": ("role", "crs", "axes", "encoding", "sheet", "unit", "scheme", "value", "variable", "time", "event",
              "side", "threat", "gap", "hidden", "as_of", "licence", "obtained"),
    "budget": ("total", "maximise"),
}  # fmt: skip
"""Fields of the forms, in their order."""


def fields(section: str) -> list[Field]:
    """Return the fields of a section's form, with the ranges that the schema holds them to."""
    schema = SECTIONS[section].model_json_schema()
    needed = frozenset(schema.get("required", ()))
    return [_field(section, name, schema["properties"][name], needed=name in needed) for name in SHOWN[section]]


def _field(section: str, name: str, schema: Mapping[str, Any], *, needed: bool) -> Field:
    options = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    part = options[0]
    return Field(
        f"{section}.{name}", _kind(part), tuple(map(str, part.get("enum", ()))), part.get("minimum"),
        part.get("maximum"), part.get("exclusiveMinimum"), needed,
    )  # fmt: skip


def _kind(part: Mapping[str, Any]) -> str:
    """Return the kind of value that a part of a schema holds: `titles` are words by language, `titles_list` several."""
    kind = str(part.get("type", "string"))
    if kind == "array" and "items" in part:
        return f"{_kind(part['items'])}_list"
    return "titles" if kind == "object" else kind


def allowed(changes: Iterable[Change], files: Callable[[], frozenset[str]]) -> list[Change]:
    """Return changes that the workspace may make; `files` gives the paths of the study's own files.

    Raises Refused for any other entry, and for a path that is none of the study's files.
    """
    checked = list(changes)
    for each in checked:
        _require_known(each)
        for path in _paths(each):
            if path not in files():
                raise Refused("web.foreign_path", path=path[:120])
    return checked


def _require_known(change: Change) -> None:
    """Raise Refused unless a change is of a field of study, plan or budget, of a file's entry or one of its fields.

    The budget and an alternative can be taken out as a whole.
    """
    section, *rest = change.at
    if change.value is None and (
        change.at == ("budget",) or (section == "alternatives" and len(rest) == 1 and rest[0])
    ):
        return
    known = section in SECTIONS and rest and all(rest)
    if section == "files":
        field = rest[1] if len(rest) > 1 else ""
        known = known and (not field or field in FileSpec.model_fields) and f"files.{field}" not in KEPT
        known = known and (not isinstance(change.value, Mapping) or bool(field) or set(change.value) <= WRITABLE)
        known = known and (len(rest) in (1, 2) or (len(rest) == 3 and field in ("columns", "layers", "classes")))  # noqa: PLR2004  (files.NAME.columns.QUANTITY)
    elif known:
        known = len(rest) == 1 and rest[0] in SECTIONS[section].model_fields and f"{section}.{rest[0]}" not in KEPT
    if not known:
        raise Refused("web.kept_entry", where=".".join(change.at)[:120])


def _paths(change: Change) -> list[str]:
    """Return the paths that a change writes."""
    if change.at[0] != "files" or change.value is None:
        return []
    spec = change.value if len(change.at) == 2 and isinstance(change.value, Mapping) else {}  # noqa: PLR2004  (files.NAME)
    values = [spec.get("path"), spec.get("mapping")]
    values += [change.value] if change.at[2:] in (("path",), ("mapping",)) else []
    paths: list[str] = []
    for value in values:
        paths += [value] if isinstance(value, str) and value else []
        paths += [str(part) for part in value] if isinstance(value, list | tuple) else []
    return [PurePosixPath(path).as_posix() for path in paths]
