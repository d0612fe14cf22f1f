"""Columns of a file and the quantities that they hold: by the study's choice, by known names, by likeness."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citybraid.core.errors import PlanError
from citybraid.core.text import LANGUAGES, known, say
from citybraid.report.drawing.units import label
from citybraid.sources.protocol.discovery import all_roles, known_roles, role_of
from citybraid.sources.protocol.quantities import columns_of, named_columns, vocabulary
from citybraid.sources.text.columns import match_columns
from citybraid.web.studies.contents import FileSeen, LayerSeen

SURE = 1.0
ID = "id"
"""Name of what tells rows apart, as study files write it."""
CUT_SUFFIX = ".shp"
"""Files whose column names are cut to ten bytes."""


@dataclass(frozen=True)
class ColumnSeen:
    """A quantity that a role may have, its unit, and the column that holds it, '' where none does.

    `how` is chosen (the study says so), known (by its name), guessed (by likeness) or none.
    """

    quantity: str
    title: dict[str, str]
    unit: dict[str, str]
    header: str
    how: str
    confidence: float


@dataclass(frozen=True)
class EntrySeen:
    """An entry of the study file: its role, what it sets, the layer that it reads, and columns of a table."""

    name: str
    role: str
    settings: dict[str, Any]
    layer: str
    columns: tuple[ColumnSeen, ...]
    unused: tuple[str, ...]
    problem: dict[str, str]


@dataclass(frozen=True)
class RoleName:
    """A role and its name in every language."""

    role: str
    title: dict[str, str]
    kind: str


def role_names() -> list[RoleName]:
    """Return the roles that a file of a study may have."""
    return [RoleName(name, _title(all_roles()[name].title, name), all_roles()[name].kind) for name in known_roles()]


def _title(text: str, name: str) -> dict[str, str]:
    return {each: say(text, each) if known(text) else name for each in LANGUAGES}


def entry_seen(name: str, entry: Mapping[str, Any], file: FileSeen) -> EntrySeen:
    """Return an entry of a file with its columns as they would be read now."""
    role = str(entry.get("role") or name)
    settings = {key: value for key, value in entry.items() if key not in ("path", "made")}
    layer = _layer(entry, role, file)
    chosen = entry.get("columns", {})
    chosen = {str(key): str(value) for key, value in chosen.items()} if isinstance(chosen, dict) else {}
    units = {} if layer is None else _quantities(role, chosen, layer)
    if layer is None or not units:
        return EntrySeen(name, role, settings, "" if layer is None else layer.layer, (), (), {})
    cut = file.path.lower().endswith(CUT_SUFFIX)
    try:
        match = match_columns(layer.columns, list(units), chosen, layer=role, cut=cut)
    except PlanError as fault:
        return EntrySeen(name, role, settings, layer.layer, (), layer.columns, {e: fault.say(e) for e in LANGUAGES})
    seen = [
        _column(var, unit, match.headers.get(var, ""), match.confidence.get(var, 0.0), chosen)
        for var, unit in units.items()
    ]
    unused = match.unused if layer.kind != "table" else _headers(layer.columns, match.unused, match.headers.values())
    return EntrySeen(name, role, settings, layer.layer, tuple(_ordered(seen)), unused, {})


def _headers(cells: Sequence[str], unused: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """Return the cells of a sheet's first rows that nothing reads, up to the last header: those below it are values."""
    last = max((at for at, cell in enumerate(cells) if cell in names), default=-1)
    return tuple(dict.fromkeys(cell for cell in cells[: last + 1] if cell in unused))


def _quantities(role: str, chosen: Mapping[str, str], layer: LayerSeen) -> dict[str, str]:
    """Return what columns of a role may hold, with units: ids of its rows first; of a sheet what it is known by."""
    stated = role_of(role)
    if stated is None or stated.kind not in ("shapes", "sheet"):
        return {}
    if stated.kind == "shapes":
        held = {**columns_of(role), **named_columns(role, chosen)}
        return {ID: "", **{var: each.unit for var, each in held.items()}}
    headers = () if stated.sheet is None or not layer.columns else stated.sheet.headers
    known_units = {var: each.unit for var, each in vocabulary().items() if var in headers}
    named = {ID: ""} if "unit_name" in headers else {}
    return named | {var: known_units.get(var, "") for var in headers}


def _layer(entry: Mapping[str, Any], role: str, file: FileSeen) -> LayerSeen | None:
    """Return the layer of a file that an entry reads: the one it names, a drawing's of its role, else the first."""
    named = [each for each in file.layers if each.layer and each.layer == entry.get("sheet")]
    drawn = [each for each in file.layers if each.patterns and each.layer == role]
    return next(iter((*named, *drawn, *file.layers)), None)


def _column(var: str, unit: str, header: str, confidence: float, chosen: Mapping[str, str]) -> ColumnSeen:
    how = "chosen" if var in chosen else "none" if not header else "known" if confidence >= SURE else "guessed"
    text = f"var.{var}" if known(f"var.{var}") else f"column_name.{var}"
    title = {each: say("web.columns.id", each) for each in LANGUAGES} if var == ID else _title(text, var)
    units = {each: "" if unit in ("", "1") else label(unit, each) for each in LANGUAGES}
    return ColumnSeen(var, title, units, header, how, round(confidence, 2))


def _ordered(seen: Sequence[ColumnSeen]) -> list[ColumnSeen]:
    """Return columns with those that a planner must look at first: guessed, then chosen, known, and without one."""
    ranks = ("guessed", "chosen", "known", "none")
    naming = (ID, "unit_name", "plot_number")
    return sorted(seen, key=lambda each: (ranks.index(each.how), each.quantity not in naming, each.quantity))


def missing_entry(name: str, entry: Mapping[str, Any]) -> EntrySeen:
    """Return an entry whose files are not there."""
    settings = {key: value for key, value in entry.items() if key != "made"}
    return EntrySeen(name, str(entry.get("role") or name), settings, "", (), (), {})
