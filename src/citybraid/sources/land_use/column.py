"""A column of land uses brought to the 2023 guide, with a record of what became of every code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.land_use.land_use import GUIDE, Mapped, guide, mapped
from citybraid.sources.land_use.scheme import Scheme, scheme_of
from citybraid.sources.protocol.code_mapping import CodeMapping, Confidence
from citybraid.sources.text.cell_values import plain, texts

SHOWN = 4
MOST = 1000
"""Distinct codes of a column that are recorded, those with most rows first; the findings count all."""
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True)
class Beside:
    """What stands beside a column of land uses: its header, names, areas [m2], and the planner's own table."""

    header: str = ""
    names: pd.Series | None = None
    areas: pd.Series | None = None
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column2023:
    """A column of land uses in codes of the 2023 guide ('' where there is none), what was noticed, every mapping."""

    codes: pd.Series
    findings: tuple[Finding, ...]
    mappings: tuple[CodeMapping, ...] = ()


def to_guide(column: pd.Series, *, layer: str, scheme: str = "", beside: Beside = Beside()) -> Column2023:
    """Bring a column of codes, names or tags to the 2023 guide; the planner's own table wins over every other reading.

    Every scheme guessed and every weak mapping is told.
    """
    said = texts(column)
    own = {plain(cell).casefold(): code for cell, code in beside.own.items()}
    rest = said.mask(said.str.casefold().isin(list(own)), "")
    found: list[Finding] = []
    if not scheme:
        names = list(texts(beside.names)) if beside.names is not None else []
        decided = scheme_of(list(rest), names, header=beside.header)
        scheme = decided.name
        found += _scheme_told(decided, rest, layer)
    answers = {cell: _answer(cell, scheme, own) for cell in set(said) if cell}
    codes = said.map(lambda cell: answer.code if (answer := answers.get(cell)) is not None else "")
    found += _told(answers, said, own, layer)
    return Column2023(
        codes, tuple(found), recorded("land_use", answers, said, beside.areas, layer=layer, scheme=scheme)
    )


def _answer(cell: str, scheme: str, own: Mapping[str, str]) -> Mapped | None:
    code = own.get(cell.casefold())
    return Mapped(code, "own") if code is not None else mapped(cell, scheme)


def recorded(
    quantity: str, answers: Mapping[str, Mapped | None], said: pd.Series, areas: pd.Series | None, *, layer: str,
    scheme: str = "",
) -> tuple[CodeMapping, ...]:  # fmt: skip
    """Return what became of each distinct cell, those with most rows first."""
    rows = {str(cell): int(count) for cell, count in said[said != ""].value_counts().items()}
    over = {str(cell): float(area) for cell, area in areas.groupby(said).sum().items()} if areas is not None else {}
    made: list[CodeMapping] = []
    for cell, count in list(rows.items())[:MOST]:
        answer = answers.get(cell)
        code, confidence = (answer.code, answer.confidence) if answer is not None else ("", "unknown")
        area = round(over[cell], 1) if cell in over else None
        made.append(CodeMapping(layer, quantity, cell, code, confidence, count, area, scheme))
    return tuple(made)


def _scheme_told(decided: Scheme, said: pd.Series, layer: str) -> list[Finding]:
    count, values = int((said != "").sum()), {"scheme": decided.name, "share": decided.share * 100}
    found: list[Finding] = []
    if decided.name != GUIDE:
        found.append(Finding("guessed", "intake.scheme_guessed", layer, count, values))
    if decided.disputed:
        text = "intake.scheme_by_header" if decided.by == "header" else "intake.scheme_ambiguous"
        examples = [
            f"{cell}: {_meaning(cell, decided.name)} / {_meaning(cell, decided.rival)}"
            for cell in decided.disputed[:SHOWN]
        ]
        told = {"scheme": decided.name, "rival": decided.rival, "examples": examples}
        found.append(Finding("guessed", text, layer, int(said.isin(decided.disputed).sum()), told))
    elif decided.by == "names":
        found.append(Finding("found", "intake.scheme_by_names", layer, count, {"scheme": decided.name}))
    return found


def _meaning(cell: str, scheme: str) -> str:
    answer = mapped(cell, scheme)
    return f"{answer.code} {guide()[answer.code].name_zh}" if answer is not None else "?"


def _told(answers: Mapping[str, Mapped | None], said: pd.Series, own: Mapping[str, str], layer: str) -> list[Finding]:
    """A finding for each kind of weak or mended mapping, with examples."""
    known = {cell: answer for cell, answer in answers.items() if answer is not None}
    kinds: tuple[tuple[str, Callable[[Mapped], bool]], ...] = (
        ("intake.code_own", _of("own")), ("intake.code_respelled", lambda answer: answer.mended),
        ("intake.code_mixed", _of("mixed")), ("intake.code_coarse", _of("low")), ("intake.code_prefix", _of("prefix")),
    )  # fmt: skip
    found: list[Finding] = []
    for text, holds in kinds:
        some = {cell: answer for cell, answer in known.items() if holds(answer)}
        if some:
            examples = [f"{cell}→{_shown(answer)}" for cell, answer in sorted(some.items())][:SHOWN]
            kind = KINDS.get(text, "guessed")
            values = {"examples": examples}
            count = int(said.isin(list(some)).sum())
            found.append(Finding("found" if kind == "found" else "repaired" if kind == "repaired" else "guessed",
                                 text, layer, count, values))  # fmt: skip
    if lost := sorted(cell for cell, answer in answers.items() if answer is None):
        values = {"examples": lost[:SHOWN]}
        found.append(Finding("rejected", "intake.code_unknown", layer, int(said.isin(lost).sum()), values))
    stated = set(said.str.casefold())
    if idle := sorted(cell for cell in own if cell not in stated):
        found.append(Finding("advice", "intake.mapping_idle", layer, len(idle), {"examples": idle[:SHOWN]}))
    return found


KINDS = {"intake.code_own": "found", "intake.code_respelled": "repaired"}
"""Kind of a finding, where it is no guess."""


def _of(confidence: Confidence) -> Callable[[Mapped], bool]:
    return lambda answer: answer.confidence == confidence


def _shown(answer: Mapped) -> str:
    return "+".join([answer.code, *answer.also])
