"""Conversion of a land-use column to the 2023 guide, with a record of every mapping."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.land_use.land_use import GUIDE, MappedCode, guide, map_code
from citybraid.sources.land_use.scheme import Scheme, scheme_of
from citybraid.sources.protocol.code_mapping import CodeMapping, Confidence
from citybraid.sources.text.cell_values import normalize_cell, normalize_column

SHOWN = 4
MOST = 1000
"""Maximum number of recorded distinct codes of a column, most frequent first; findings count all."""
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True)
class ColumnContext:
    """Context of a land-use column: its header, the name column, areas [m2], and the planner's own table."""

    header: str = ""
    names: pd.Series | None = None
    areas: pd.Series | None = None
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GuideColumn:
    """A land-use column in codes of the 2023 guide ('' where there is none), findings, and mappings."""

    codes: pd.Series
    findings: tuple[Finding, ...]
    mappings: tuple[CodeMapping, ...] = ()


def to_guide(
    column: pd.Series, *, layer: str, scheme: str = "", beside: ColumnContext = ColumnContext()
) -> GuideColumn:
    """Convert a column of codes, names or tags to the 2023 guide; the planner's own table takes precedence.

    Guessed schemes and weak mappings are reported.
    """
    cells = normalize_column(column)
    own = {normalize_cell(cell).casefold(): code for cell, code in beside.own.items()}
    unmapped = cells.mask(cells.str.casefold().isin(list(own)), "")
    findings: list[Finding] = []
    chosen = scheme or None
    if not scheme:
        names = list(normalize_column(beside.names)) if beside.names is not None else []
        detected = scheme_of(list(unmapped), names, header=beside.header)
        scheme = detected.name
        findings += _scheme_findings(detected, unmapped, layer)
    matches = {cell: _match(cell, scheme, own) for cell in set(cells) if cell}
    if chosen is None and not own:
        matches = without_chance_matches(matches, cells)
    codes = cells.map(lambda cell: match.code if (match := matches.get(cell)) is not None else "")
    findings += _mapping_findings(matches, cells, own, layer)
    return GuideColumn(
        codes, tuple(findings), mapping_records("land_use", matches, cells, beside.areas, layer=layer, scheme=scheme)
    )


def without_chance_matches(matches: Mapping[str, MappedCode | None], cells: pd.Series) -> dict[str, MappedCode | None]:
    """Return the matches without those by prefix or other spelling, where most rows match nothing at all.

    Then the codes are another country's, and a few agree with Chinese ones by chance.
    """
    rows = cells[cells != ""].map(lambda cell: _strength(matches.get(cell)))
    if (rows == "unknown").sum() < 0.5 * len(rows):
        return dict(matches)
    return {cell: match if _strength(match) == "exact" else None for cell, match in matches.items()}


def _strength(match: MappedCode | None) -> str:
    if match is None:
        return "unknown"
    return "weak" if match.mended or match.confidence == "prefix" else "exact"


def _match(cell: str, scheme: str, own: Mapping[str, str]) -> MappedCode | None:
    code = own.get(cell.casefold())
    return MappedCode(code, "own") if code is not None else map_code(cell, scheme)


def mapping_records(
    quantity: str, matches: Mapping[str, MappedCode | None], cells: pd.Series, areas: pd.Series | None, *, layer: str,
    scheme: str = "",
) -> tuple[CodeMapping, ...]:  # fmt: skip
    """Return the mapping of each distinct cell, the most frequent first."""
    rows = {str(cell): int(count) for cell, count in cells[cells != ""].value_counts().items()}
    total_areas = (
        {str(cell): float(area) for cell, area in areas.groupby(cells).sum().items()} if areas is not None else {}
    )
    mappings: list[CodeMapping] = []
    for cell, count in list(rows.items())[:MOST]:
        match = matches.get(cell)
        code, confidence = (match.code, match.confidence) if match is not None else ("", "unknown")
        area = round(total_areas[cell], 1) if cell in total_areas else None
        mappings.append(CodeMapping(layer, quantity, cell, code, confidence, count, area, scheme))
    return tuple(mappings)


def _scheme_findings(detected: Scheme, cells: pd.Series, layer: str) -> list[Finding]:
    count, values = int((cells != "").sum()), {"scheme": detected.name, "share": detected.share * 100}
    findings: list[Finding] = []
    if detected.name != GUIDE:
        findings.append(Finding("guessed", "intake.scheme_guessed", layer, count, values))
    if detected.disputed:
        text = "intake.scheme_by_header" if detected.by == "header" else "intake.scheme_ambiguous"
        examples = [
            f"{cell}: {_meaning(cell, detected.name)} / {_meaning(cell, detected.rival)}"
            for cell in detected.disputed[:SHOWN]
        ]
        details = {"scheme": detected.name, "rival": detected.rival, "examples": examples}
        findings.append(Finding("guessed", text, layer, int(cells.isin(detected.disputed).sum()), details))
    elif detected.by == "names":
        findings.append(Finding("found", "intake.scheme_by_names", layer, count, {"scheme": detected.name}))
    return findings


def _meaning(cell: str, scheme: str) -> str:
    match = map_code(cell, scheme)
    return f"{match.code} {guide()[match.code].name_zh}" if match is not None else "?"


def _mapping_findings(
    matches: Mapping[str, MappedCode | None], cells: pd.Series, own: Mapping[str, str], layer: str
) -> list[Finding]:
    """Return a finding for each kind of weak or corrected mapping, with examples."""
    known = {cell: match for cell, match in matches.items() if match is not None}
    kinds: tuple[tuple[str, Callable[[MappedCode], bool]], ...] = (
        ("intake.code_own", _has_confidence("own")), ("intake.code_respelled", lambda match: match.mended),
        ("intake.code_mixed", _has_confidence("mixed")), ("intake.code_coarse", _has_confidence("low")),
        ("intake.code_prefix", _has_confidence("prefix")),
    )  # fmt: skip
    findings: list[Finding] = []
    for text, applies in kinds:
        selected = {cell: match for cell, match in known.items() if applies(match)}
        if selected:
            examples = [f"{cell}→{_codes(match)}" for cell, match in sorted(selected.items())][:SHOWN]
            kind = KINDS.get(text, "guessed")
            values = {"examples": examples}
            count = int(cells.isin(list(selected)).sum())
            findings.append(Finding("found" if kind == "found" else "repaired" if kind == "repaired" else "guessed",
                                 text, layer, count, values))  # fmt: skip
    if unknown := sorted(cell for cell, match in matches.items() if match is None):
        values = {"examples": unknown[:SHOWN]}
        findings.append(Finding("rejected", "intake.code_unknown", layer, int(cells.isin(unknown).sum()), values))
    stated = set(cells.str.casefold())
    if unused := sorted(cell for cell in own if cell not in stated):
        findings.append(Finding("advice", "intake.mapping_idle", layer, len(unused), {"examples": unused[:SHOWN]}))
    return findings


KINDS = {"intake.code_own": "found", "intake.code_respelled": "repaired"}
"""Kind of a finding, where it is not a guess."""


def _has_confidence(confidence: Confidence) -> Callable[[MappedCode], bool]:
    return lambda answer: answer.confidence == confidence


def _codes(match: MappedCode) -> str:
    return "+".join([match.code, *match.also])
