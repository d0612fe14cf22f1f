"""Sheets of cells: where the header stands, and the table below it."""

from collections.abc import Sequence

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.columns import key
from citybraid.sources.values import plain

LOOK = 12
"""Rows in which a header is looked for."""


def table(cells: Sequence[Sequence[object]], role: str, *, name: str, words: Sequence[str]) -> pd.DataFrame:
    """Return the table of a sheet: the first rows may be titles, the header is the row that names most quantities.

    `words` are the column names that matter. Rows without any cell are dropped.
    Raises InputError where the sheet is empty.
    """
    rows = [[plain(cell) for cell in row] for row in cells]
    filled = [row for row in rows if any(row)]
    if len(filled) < 2:  # noqa: PLR2004  (a header and a row)
        raise InputError("intake.sheet_empty", name=name, role=role)
    wanted = {key(word) for word in words}
    head = max(range(min(LOOK, len(filled) - 1)), key=lambda row: (_hits(filled[row], wanted), -row))
    header = _unique(filled[head])
    width = len(header)
    body = [(row + [""] * width)[:width] for row in filled[head + 1 :]]
    return pd.DataFrame(body, columns=header, dtype=object).loc[
        :, [name for name in header if not name.startswith("\x00")]
    ]


def _hits(row: Sequence[str], wanted: set[str]) -> int:
    return sum(key(cell) in wanted for cell in row if cell)


def _unique(row: Sequence[str]) -> list[str]:
    """Header names: blanks marked for dropping, repeats numbered."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for number, cell in enumerate(row):
        seen[cell] = seen.get(cell, 0) + 1
        names.append(f"\x00{number}" if not cell else cell if seen[cell] == 1 else f"{cell}.{seen[cell]}")
    return names


def heads(cells: Sequence[Sequence[object]]) -> tuple[str, ...]:
    """Return every text of the first rows: column names are among them."""
    return tuple(said for row in cells[:LOOK] for cell in row if (said := plain(cell)))
