"""Which table a sheet of residents belongs to: units, compounds of buildings, parcels or buildings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import COMPOUND, COMPOUND_RESIDENTS, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.text.row_keys import partners

STAGE: Stage = "join"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 1
NAME = "population"
SHOWN = 4
PLACES = (
    ("units", "unit_name", NAME), ("units", "id", NAME), ("buildings", COMPOUND.name, COMPOUND_RESIDENTS.name),
    ("parcels", "plot_number", "parcel_residents"), ("parcels", "id", "parcel_residents"),
    ("buildings", "id", "residents"),
)  # fmt: skip
"""Table, column that names its rows, and residents there: of equal matches the first is taken."""


class Fit(NamedTuple):
    """A sheet's column of names against a table's: rows that have a partner, and the share of the table's that have."""

    matched: int
    covered: float
    rank: int
    column: SourceLayer
    place: tuple[str, str, str]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Give residents of a sheet to the table whose rows it names: that of most matches, then that which it fills most.

    How many rows and people found their place is told. A sheet that names no row is left to the join, which refuses
    it. Nothing is spread here: people of compounds go to their homes as those of parcels do.
    """
    del rules
    sheets: dict[frozenset[str], list[SourceLayer]] = {}
    for column in layers.keyed:
        if column.var.name == NAME:
            sheets.setdefault(column.origin, []).append(column)
    if not sheets:
        return RepairResult(layers)
    kept = [column for column in layers.keyed if column.var.name != NAME]
    findings = []
    for columns in sheets.values():
        fit = max(_fits(layers, columns), default=None, key=lambda each: (each.matched, each.covered, -each.rank))
        if fit is None:
            place = next((each for each in PLACES if _names(layers, *each[:2]) is not None), PLACES[0])
            kept.append(_moved(columns[0], place))
            continue
        kept.append(_moved(fit.column, fit.place))
        findings.append(_finding(fit, layers))
    return RepairResult(replace(layers, keyed=tuple(kept)), tuple(findings))


def _moved(column: SourceLayer, place: tuple[str, str, str]) -> SourceLayer:
    """Return a column of people as one of another table, under its key."""
    _, key, name = place
    value = column.value.rename(name)
    return replace(column, var=_var(name), value=value.set_axis(value.index.rename(key)))


def _var(name: str) -> Var:
    return COMPOUND_RESIDENTS if name == COMPOUND_RESIDENTS.name else vocabulary()[name]


def _names(layers: Layers, table: str, key: str) -> pd.Series | None:
    """Return what names the rows of a table, None where there is no such table or column."""
    frame = layers.table(table)
    if frame is None:
        return None
    if key == "id":
        return pd.Series(frame.index, index=frame.index, dtype=object)
    names: pd.Series | None = frame.get(key)
    return names


def _fits(layers: Layers, columns: Sequence[SourceLayer]) -> list[Fit]:
    fits = []
    for rank, place in enumerate(PLACES):
        names = _names(layers, *place[:2])
        if names is None:
            continue
        for column in columns:
            matched = partners(column.value.index, names).of
            if matched:
                covered = float(np.isin(names.astype(str), list(matched.values())).mean())
                fits.append(Fit(len(matched), covered, rank, column, place))
    return fits


def _finding(fit: Fit, layers: Layers) -> Finding:
    """Return the finding on rows and people with and without a place."""
    table, key, _ = fit.place
    names = _names(layers, table, key)
    matched = partners(fit.column.value.index, () if names is None else names).of
    people = fit.column.value.fillna(0.0)
    lost = people[~people.index.isin(list(matched))]
    values = {
        "table": table, "rows": len(people), "people": float(people.sum()),
        "placed": float(people.sum() - lost.sum()), "lost": float(lost.sum()),
        "examples": [str(each) for each in lost.index[:SHOWN]],
    }  # fmt: skip
    text = "intake.people_joined_all" if lost.empty else "intake.people_joined_part"
    return Finding("found" if lost.empty else "advice", text, NAME, len(matched), values)
