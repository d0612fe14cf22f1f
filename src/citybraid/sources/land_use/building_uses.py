"""Building uses, road classes, facility kinds and parcel status from words in tables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

import pandas as pd

from citybraid.core.finding import Finding, FindingKind
from citybraid.core.rows.land import BuildingUseWord, FacilityWord, LifelineWord, ParcelStatusWord, RoadWord
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.land_use.cells import split_uses
from citybraid.sources.land_use.column import mapping_records
from citybraid.sources.land_use.land_use import GUIDE, MappedCode, building_use, map_code
from citybraid.sources.land_use.system_words import SYSTEM_WORDINGS
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.text.cell_values import normalize_column


class WordConverter(Protocol):
    """Function that converts a column of words."""

    def __call__(self, column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Return the column in the Var's vocabulary, and findings."""


def to_parcel_status(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return whether a parcel is 'built' or 'planned' ('' where unknown); unknown words are reported."""
    known = {row.text: row.parcel_status for row in read_table(ParcelStatusWord)}
    cells = normalize_column(column)
    unknown = sorted({cell for cell in cells if cell and cell.casefold() not in known})
    notes = (
        (
            Finding(
                "rejected", "intake.status_unknown", layer, int(cells.isin(unknown).sum()), {"examples": unknown[:4]}
            ),
        )
        if unknown
        else ()
    )
    return cells.map(lambda cell: known.get(cell.casefold(), "")), notes


def to_facility_kinds(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return the kind of each facility, unchanged where it is unknown; unknown kinds are reported."""
    known = {row.text: row.facility_kind for row in read_table(FacilityWord)}
    cells = normalize_column(column)
    unknown = sorted({cell for cell in cells if cell and cell.casefold() not in known})
    notes = (
        (
            Finding(
                "advice", "intake.facility_unknown", layer, int(cells.isin(unknown).sum()), {"examples": unknown[:4]}
            ),
        )
        if unknown
        else ()
    )
    return cells.map(lambda cell: known.get(cell.casefold(), cell)), notes


def to_lifeline_systems(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return the lifeline system of each component, '' where it is unknown; unknown words are reported."""
    known = {row.text: row.lifeline_system for row in read_table(LifelineWord)}
    cells = normalize_column(column)
    unknown = sorted({cell for cell in cells if cell and cell.casefold() not in known})
    notes = (
        (
            Finding(
                "rejected", "intake.lifeline_unknown", layer, int(cells.isin(unknown).sum()), {"examples": unknown[:4]}
            ),
        )
        if unknown
        else ()
    )
    return cells.map(lambda cell: known.get(cell.casefold(), "")), notes


def as_written(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of normalized texts."""
    del layer
    return normalize_column(column), ()


SHOWN = 4
NO_OWN: Mapping[str, str] = MappingProxyType({})
NO_USE = frozenset({"yes"})
"""Words that indicate a building without a use."""


class Uses(NamedTuple):
    """A column of building uses as archetype names ('' where unknown), findings, and the mapping of each word."""

    codes: pd.Series
    findings: tuple[Finding, ...]
    mappings: tuple[CodeMapping, ...]


@cached_with_tables
def _exact() -> Mapping[str, str]:
    """Return archetypes by full word, in lower case."""
    return {row.text.casefold(): row.building_use for row in reversed(read_table(BuildingUseWord))}


@cached_with_tables
def _parts() -> tuple[tuple[str, str], ...]:
    """Return word parts with their archetypes, the most specific first."""
    return tuple(
        (row.text.casefold(), row.building_use) for row in read_table(BuildingUseWord) if row.match == "contains"
    )


def use_of(cell: str) -> str:
    """Return the archetype of a text, '' where there is none."""
    match = match_use(cell)
    return match.code if match is not None else ""


def match_use(cell: str) -> MappedCode | None:
    """Return the archetype of a text and its confidence; None where there is none.

    Matched in this order: the full word; the first of several uses; the first known part
    in the table's order ('商务住宅' is a residential building); a land-use code.
    """
    if (use := _exact().get(cell.casefold())) is not None:
        return MappedCode(use, "high")
    parts = [match for part in split_uses(cell) if (match := _single(part.text)) is not None]
    uses = list(dict.fromkeys(part.code for part in parts))
    if len(uses) > 1:
        return MappedCode(uses[0], "mixed", also=tuple(uses[1:]))
    return _single(cell)


def _single(cell: str) -> MappedCode | None:
    word = cell.casefold()
    if (use := _exact().get(word)) is not None:
        return MappedCode(use, "high")
    if (part := next((use for text, use in _parts() if text in word), None)) is not None:
        return MappedCode(part, "name")
    code = map_code(cell, GUIDE)
    use = building_use(code.code) if code is not None else ""
    return MappedCode(use, code.confidence) if code is not None and use else None


def to_uses(column: pd.Series, *, layer: str, areas: pd.Series | None = None, own: Mapping[str, str] = NO_OWN) -> Uses:
    """Convert a column of words to archetype names; unknown, mixed and weak words are reported; `areas` in m2.

    `own` are the planner's archetypes by word in lower case, which take precedence.
    """
    cells = normalize_column(column)
    matches = {
        cell: MappedCode(own[cell.casefold()], "own") if cell.casefold() in own else match_use(cell)
        for cell in set(cells)
        if cell
    }
    unknown = sorted(cell for cell, use in matches.items() if use is None and cell.casefold() not in NO_USE)
    findings = [
        *_confidence_findings("intake.code_own", cells, matches, "own", layer),
        *_confidence_findings("intake.use_by_part", cells, matches, "name", layer),
        *_confidence_findings("intake.use_mixed", cells, matches, "mixed", layer),
    ]
    if unknown:
        count = int(cells.isin(unknown).sum())
        findings.append(Finding("rejected", "intake.use_unknown", layer, count, {"examples": unknown[:SHOWN]}))
    codes = cells.map(lambda cell: match.code if (match := matches.get(cell)) is not None else "")
    return Uses(codes, tuple(findings), mapping_records("building_use", matches, cells, areas, layer=layer))


def _confidence_findings(
    text: str, cells: pd.Series, matches: dict[str, MappedCode | None], confidence: str, layer: str
) -> list[Finding]:
    selected = {cell: use.code for cell, use in matches.items() if use is not None and use.confidence == confidence}
    if not selected:
        return []
    examples = [f"{cell}→{use}" for cell, use in sorted(selected.items())][:SHOWN]
    kind: FindingKind = "found" if confidence == "own" else "guessed"
    return [Finding(kind, text, layer, int(cells.isin(list(selected)).sum()), {"examples": examples})]


def to_road_classes(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of road classes as OpenStreetMap values ('' where unknown); unknown words are reported."""
    known = {row.text: row.road_class for row in read_table(RoadWord)}
    cells = normalize_column(column)
    unknown = sorted({cell for cell in cells if cell and cell not in known})
    notes = (
        (
            Finding(
                "rejected",
                "intake.road_class_unknown",
                layer,
                int(cells.isin(unknown).sum()),
                {"examples": unknown[:4]},
            ),
        )
        if unknown
        else ()
    )
    return cells.map(lambda cell: known.get(cell, "")), notes


WORDINGS: Mapping[str, WordConverter] = {
    "road_class": to_road_classes,
    "facility_kind": to_facility_kinds,
    "parcel_status": to_parcel_status,
    "lifeline_system": to_lifeline_systems,
    **SYSTEM_WORDINGS,
}
"""Converters of word columns by Var name; other columns stay as written."""
