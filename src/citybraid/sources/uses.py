"""Building uses and road classes from the words that tables carry."""

from functools import cache

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.codes import Row, rows
from citybraid.sources.land_use import GUIDE, building_use, mapped
from citybraid.sources.values import texts


@cache
def _uses() -> tuple[Row, ...]:
    return rows("building_use")


def use_of(cell: str) -> str:
    """Return the archetype that a text names, '' where it names none.

    Exact words first, then the first known part in the table's order ('商务住宅' is a
    residential building), then a land-use code.
    """
    word = cell.casefold()
    for row in _uses():
        if row["match"] == "exact" and row["text"].casefold() == word:
            return row["building_use"]
    parts = [
        (cell.find(row["text"]), number, row["building_use"])
        for number, row in enumerate(_uses())
        if row["match"] == "contains"
    ]
    if found := [part for part in parts if part[0] >= 0]:
        return min(found, key=lambda part: part[1])[2]
    code = mapped(cell, GUIDE)
    return building_use(code.code) if code is not None else ""


def to_uses(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of words as archetype names ('' where unknown); unknown words are told."""
    said = texts(column)
    answers = {cell: use_of(cell) for cell in set(said) if cell}
    lost = sorted(cell for cell, use in answers.items() if not use and cell.casefold() != "yes")
    notes = (
        (Finding("rejected", "intake.use_unknown", layer, int(said.isin(lost).sum()), {"examples": lost[:4]}),)
        if lost
        else ()
    )
    return said.map(lambda cell: answers.get(cell, "")), notes


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
