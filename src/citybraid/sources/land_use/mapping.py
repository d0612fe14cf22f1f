"""A sheet of two columns read as a planner's own table: from the codes of a file to codes of the 2023 guide."""

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.rows.land import LandUseMappingColumn
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.sources.land_use.cells import spelled
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.text.cell_values import plain, texts
from citybraid.sources.text.columns import key

ROLE = "land_use_mapping"
"""The role under which a table of cells is read as a mapping."""
MAPPING = Var(ROLE, "", "Code of the 2023 guide by what a file says", on=ROLE, kind="text")
PAIR = 2


def header_words() -> tuple[str, ...]:
    """Return the column names by which a mapping's header is found."""
    return tuple(row.name for row in read_table(LandUseMappingColumn))


def from_cells(table: pd.DataFrame, *, name: str) -> Reading:
    """Return a table of two columns as a mapping; raises InputError where no two columns lead from codes to codes."""
    headers = [str(each) for each in table.columns]
    start, end = (_column(headers, which) for which in ("from", "to"))
    if (start is None or end is None) and len(headers) == PAIR:
        start, end = headers
    if start is None or end is None or start == end:
        raise InputError("intake.mapping_columns", name=name, got=headers)
    said, codes = texts(table[start]), texts(table[end])
    lines = list(zip(said, codes, strict=True))
    if plain(end) and target_of(plain(end)) is not None:
        lines.insert(0, (plain(start), plain(end)))
    frame = pd.Series(
        [code for _, code in lines], index=pd.Index([cell for cell, _ in lines], dtype=object), dtype=object
    )
    return Reading((Found(MAPPING, frame[frame.index != ""], stated=1.0),))


def _column(headers: list[str], which: str) -> str | None:
    names = [key(row.name) for row in read_table(LandUseMappingColumn) if row.column == which]
    return next((header for name in names for header in headers if key(header) == name), None)


def target_of(text: str) -> str | None:
    """Return the guide's code that a target says, its lost zero restored; None where it says none."""
    said = plain(text)
    return next((each for each in (said, *spelled(said)) if each in guide()), None)
