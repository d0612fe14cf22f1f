"""Text columns of a table, each brought to the words its Var is kept in."""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.codes import rows
from citybraid.sources.uses import to_road_classes
from citybraid.sources.values import texts


class Wording(Protocol):
    """How a column of words is read."""

    def __call__(self, column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
        """Return the column in the Var's words, and what was noticed."""


def to_parcel_status(column: pd.Series, *, layer: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return whether a parcel is 'built' or 'planned' ('' where unknown); unknown words are told."""
    known = {row["text"]: row["parcel_status"] for row in rows("parcel_status")}
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
    known = {row["text"]: row["facility_kind"] for row in rows("facility_kinds")}
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


WORDINGS: Mapping[str, Wording] = {
    "road_class": to_road_classes,
    "facility_kind": to_facility_kinds,
    "parcel_status": to_parcel_status,
}
"""How the words of a column are read, by Var name; others stay as written."""
