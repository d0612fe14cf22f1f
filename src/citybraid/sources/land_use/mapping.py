"""A two-column sheet as the planner's own mapping: from the codes of a file to codes of the 2023 guide."""

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.rows.land import LandUseMappingColumn
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.sources.land_use.cells import spelled
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.text.cell_values import normalize_cell, normalize_column
from citybraid.sources.text.columns import key

ROLE = "land_use_mapping"
"""Role of a table of cells that is read as a mapping."""
MAPPING = Var(ROLE, "", "Code of the 2023 guide by what a file says", on=ROLE, kind="text")
PAIR = 2


def header_words() -> tuple[str, ...]:
    """Return the column names by which the header row of a mapping is located."""
    return tuple(row.name for row in read_table(LandUseMappingColumn))


def from_cells(table: pd.DataFrame, *, name: str) -> Reading:
    """Return a two-column table as a mapping; raises InputError where the two code columns are not found."""
    headers = [str(each) for each in table.columns]
    from_header, to_header = (_column(headers, which) for which in ("from", "to"))
    if (from_header is None or to_header is None) and len(headers) == PAIR:
        from_header, to_header = headers
    if from_header is None or to_header is None or from_header == to_header:
        raise InputError("intake.mapping_columns", name=name, got=headers)
    cells, codes = normalize_column(table[from_header]), normalize_column(table[to_header])
    pairs = list(zip(cells, codes, strict=True))
    if normalize_cell(to_header) and target_of(normalize_cell(to_header)) is not None:
        pairs.insert(0, (normalize_cell(from_header), normalize_cell(to_header)))
    frame = pd.Series(
        [code for _, code in pairs], index=pd.Index([cell for cell, _ in pairs], dtype=object), dtype=object
    )
    return Reading((SourceLayer(MAPPING, frame[frame.index != ""], stated=1.0),))


def _column(headers: list[str], which: str) -> str | None:
    names = [key(row.name) for row in read_table(LandUseMappingColumn) if row.column == which]
    return next((header for name in names for header in headers if key(header) == name), None)


def target_of(text: str) -> str | None:
    """Return the guide's code in a target cell, with a lost leading zero restored; None where there is none."""
    normalized = normalize_cell(text)
    return next((each for each in (normalized, *spelled(normalized)) if each in guide()), None)
