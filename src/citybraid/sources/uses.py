"""Building uses and road classes from the words that tables carry."""

from functools import cache

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.code_mapping import CodeMapping
from citybraid.sources.codes import Row, rows
from citybraid.sources.land_use import GUIDE, Mapped, building_use, mapped
from citybraid.sources.land_use_cells import parted
from citybraid.sources.land_use_column import recorded
from citybraid.sources.values import texts

SHOWN = 4
NO_USE = frozenset({"yes"})
"""Words that say there is a building and nothing more."""


@cache
def _uses() -> tuple[Row, ...]:
    return rows("building_use")


def use_of(cell: str) -> str:
    """Return the archetype that a text names, '' where it names none."""
    found = used(cell)
    return found.code if found is not None else ""


def used(cell: str) -> Mapped | None:
    """Return the archetype that a text names, and how sure that is; None where it names none.

    The whole word first; then, of several uses, the first; then the first known part in
    the table's order ('商务住宅' is a residential building); then a land-use code.
    """
    word = cell.casefold()
    if (use := _exact(word)) is not None:
        return Mapped(use, "high")
    parts = [found for part in parted(cell) if (found := _one(part.text)) is not None]
    uses = list(dict.fromkeys(part.code for part in parts))
    if len(uses) > 1:
        return Mapped(uses[0], "mixed", also=tuple(uses[1:]))
    return _one(cell)


def _one(cell: str) -> Mapped | None:
    word = cell.casefold()
    if (use := _exact(word)) is not None:
        return Mapped(use, "high")
    part = next((row for row in _uses() if row["match"] == "contains" and row["text"].casefold() in word), None)
    if part is not None:
        return Mapped(part["building_use"], "high" if part["text"].casefold() == word else "name")
    code = mapped(cell, GUIDE)
    use = building_use(code.code) if code is not None else ""
    return Mapped(use, code.confidence) if code is not None and use else None


def _exact(word: str) -> str | None:
    return next(
        (row["building_use"] for row in _uses() if row["match"] == "exact" and row["text"].casefold() == word), None
    )


def to_uses(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of words as archetype names ('' where unknown); unknown, mixed and weak words are told."""
    said, answers = _answers(column)
    lost = sorted(cell for cell, use in answers.items() if use is None and cell.casefold() not in NO_USE)
    found = [
        *_told("intake.use_by_part", said, answers, "name", layer),
        *_told("intake.use_mixed", said, answers, "mixed", layer),
    ]
    if lost:
        count = int(said.isin(lost).sum())
        found.append(Finding("rejected", "intake.use_unknown", layer, count, {"examples": lost[:SHOWN]}))
    return said.map(lambda cell: answer.code if (answer := answers.get(cell)) is not None else ""), tuple(found)


def use_mappings(column: pd.Series, areas: pd.Series | None, *, layer: str) -> tuple[CodeMapping, ...]:
    """Return what became of each word of a column of building uses."""
    said, answers = _answers(column)
    return recorded("building_use", answers, said, areas, layer=layer)


def _answers(column: pd.Series) -> tuple[pd.Series, dict[str, Mapped | None]]:
    said = texts(column)
    return said, {cell: used(cell) for cell in set(said) if cell}


def _told(text: str, said: pd.Series, answers: dict[str, Mapped | None], confidence: str, layer: str) -> list[Finding]:
    some = {cell: use.code for cell, use in answers.items() if use is not None and use.confidence == confidence}
    if not some:
        return []
    examples = [f"{cell}→{use}" for cell, use in sorted(some.items())][:SHOWN]
    return [Finding("guessed", text, layer, int(said.isin(list(some)).sum()), {"examples": examples})]


def to_road_classes(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of road classes in OpenStreetMap's words ('' where unknown); unknown words are told."""
    known = {row["text"]: row["road_class"] for row in rows("road_classes")}
    said = texts(column)
    lost = sorted({cell for cell in said if cell and cell not in known})
    notes = (
        (Finding("rejected", "intake.road_class_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]}),)
        if lost
        else ()
    )
    return said.map(lambda cell: known.get(cell, "")), notes
