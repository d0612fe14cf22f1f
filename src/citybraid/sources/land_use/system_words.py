"""Systems and standards of buildings from words in tables: heating, hot water, cooking, blinds, structure."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.rows.land import SystemWord
from citybraid.core.tables import read_table
from citybraid.sources.text.cell_values import normalize_column

SHOWN = 4
ROW_NAME = re.compile(r"[a-z][a-z0-9_.]*")
"""A name of factor rows, which a study may add to."""
VARS = (
    "blind_place", "heating_system", "hot_water_system", "cooking_system", "lighting_standard", "equipment_standard",
    "envelope_standard", "structure_system", "concrete_mix",
)  # fmt: skip


def to_systems(column: pd.Series, *, layer: str, var: str) -> tuple[pd.Series, tuple[Finding, ...]]:
    """Return a column of systems or standards in the words of the models; '' where a word is unknown and reported.

    Names of factor rows stay as written: models refuse those that no row has.
    """
    known = {row.text: row.value for row in read_table(SystemWord) if row.var == var}
    cells = normalize_column(column)
    meant = {cell: _word_meaning(cell, known) for cell in set(cells) if cell}
    unknown = sorted(cell for cell, value in meant.items() if not value)
    values = cells.map(lambda cell: meant.get(cell, ""))
    if not unknown:
        return values, ()
    details = {"var": var, "examples": unknown[:SHOWN], "known": sorted(set(known.values()))}
    return values, (Finding("rejected", "intake.system_unknown", layer, int(cells.isin(unknown).sum()), details),)


def _word_meaning(cell: str, known: Mapping[str, str]) -> str:
    return known.get(cell.casefold(), cell if ROW_NAME.fullmatch(cell) else "")


SYSTEM_WORDINGS: Mapping[str, Callable[..., tuple[pd.Series, tuple[Finding, ...]]]] = {
    var: partial(to_systems, var=var) for var in VARS
}
"""Converters of these columns by Var name."""
