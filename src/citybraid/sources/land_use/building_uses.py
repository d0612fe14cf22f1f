"""Building uses, road classes, facility kinds and parcel status from the words that tables carry."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.rows.land import BuildingUseWord, FacilityWord, ParcelStatusWord, RoadWord
from citybraid.core.tables import read_table, remembered
from citybraid.sources.land_use.cells import parted
from citybraid.sources.land_use.column import recorded
from citybraid.sources.land_use.land_use import GUIDE, Mapped, building_use, mapped
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.text.cell_values import texts


class Wording(Protocol):
    """How a column of words is read."""

    def __call__(self, column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Return the column in the Var's words, and what was noticed."""


def to_parcel_status(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return whether a parcel is 'built' or 'planned' ('' where unknown); unknown words are told."""
    known = {row.text: row.parcel_status for row in read_table(ParcelStatusWord)}
    said = texts(column)
    lost = sorted({cell for cell in said if cell and cell.casefold() not in known})
    notes = (
        (Finding("rejected", "intake.status_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]}),)
        if lost
        else ()
    )
    return said.map(lambda cell: known.get(cell.casefold(), "")), notes


def to_facility_kinds(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return the kind of each facility, as written where it is none that is known; these are told."""
    known = {row.text: row.facility_kind for row in read_table(FacilityWord)}
    said = texts(column)
    lost = sorted({cell for cell in said if cell and cell.casefold() not in known})
    notes = (
        (Finding("advice", "intake.facility_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]}),)
        if lost
        else ()
    )
    return said.map(lambda cell: known.get(cell.casefold(), cell)), notes


def as_written(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of plain texts."""
    del layer
    return texts(column), ()


SHOWN = 4
NO_USE = frozenset({"yes"})
"""Words that say there is a building and nothing more."""


class Uses(NamedTuple):
    """A column of building uses as archetype names ('' where unknown), what was noticed, what became of each word."""

    codes: pd.Series
    findings: tuple[Finding, ...]
    mappings: tuple[CodeMapping, ...]


@remembered
def _exact() -> Mapping[str, str]:
    """Archetypes by whole words, in lower case."""
    return {row.text.casefold(): row.building_use for row in reversed(read_table(BuildingUseWord))}


@remembered
def _parts() -> tuple[tuple[str, str], ...]:
    """Parts of words with their archetypes, the most telling first."""
    return tuple(
        (row.text.casefold(), row.building_use) for row in read_table(BuildingUseWord) if row.match == "contains"
    )


def use_of(cell: str) -> str:
    """Return the archetype that a text names, '' where it names none."""
    found = used(cell)
    return found.code if found is not None else ""


def used(cell: str) -> Mapped | None:
    """Return the archetype that a text names, and how sure that is; None where it names none.

    The whole word first; then, of several uses, the first; then the first known part in
    the table's order ('商务住宅' is a residential building); then a land-use code.
    """
    if (use := _exact().get(cell.casefold())) is not None:
        return Mapped(use, "high")
    parts = [found for part in parted(cell) if (found := _one(part.text)) is not None]
    uses = list(dict.fromkeys(part.code for part in parts))
    if len(uses) > 1:
        return Mapped(uses[0], "mixed", also=tuple(uses[1:]))
    return _one(cell)


def _one(cell: str) -> Mapped | None:
    word = cell.casefold()
    if (use := _exact().get(word)) is not None:
        return Mapped(use, "high")
    if (part := next((use for text, use in _parts() if text in word), None)) is not None:
        return Mapped(part, "name")
    code = mapped(cell, GUIDE)
    use = building_use(code.code) if code is not None else ""
    return Mapped(use, code.confidence) if code is not None and use else None


def to_uses(column: pd.Series, *, layer: str, areas: pd.Series | None = None) -> Uses:
    """Bring a column of words to archetype names; unknown, mixed and weak words are told; `areas` in m2."""
    said = texts(column)
    answers = {cell: used(cell) for cell in set(said) if cell}
    lost = sorted(cell for cell, use in answers.items() if use is None and cell.casefold() not in NO_USE)
    found = [
        *_told("intake.use_by_part", said, answers, "name", layer),
        *_told("intake.use_mixed", said, answers, "mixed", layer),
    ]
    if lost:
        count = int(said.isin(lost).sum())
        found.append(Finding("rejected", "intake.use_unknown", layer, count, {"examples": lost[:SHOWN]}))
    codes = said.map(lambda cell: answer.code if (answer := answers.get(cell)) is not None else "")
    return Uses(codes, tuple(found), recorded("building_use", answers, said, areas, layer=layer))


def _told(text: str, said: pd.Series, answers: dict[str, Mapped | None], confidence: str, layer: str) -> list[Finding]:
    some = {cell: use.code for cell, use in answers.items() if use is not None and use.confidence == confidence}
    if not some:
        return []
    examples = [f"{cell}→{use}" for cell, use in sorted(some.items())][:SHOWN]
    return [Finding("guessed", text, layer, int(said.isin(list(some)).sum()), {"examples": examples})]


def to_road_classes(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of road classes in OpenStreetMap's words ('' where unknown); unknown words are told."""
    known = {row.text: row.road_class for row in read_table(RoadWord)}
    said = texts(column)
    lost = sorted({cell for cell in said if cell and cell not in known})
    notes = (
        (Finding("rejected", "intake.road_class_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]}),)
        if lost
        else ()
    )
    return said.map(lambda cell: known.get(cell, "")), notes


WORDINGS: Mapping[str, Wording] = {
    "road_class": to_road_classes,
    "facility_kind": to_facility_kinds,
    "parcel_status": to_parcel_status,
}
"""How the words of a column are read, by Var name; others stay as written."""
