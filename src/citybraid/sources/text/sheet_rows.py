"""Numbers of rows as a person sees them in the file: titles, headers and blank lines counted."""

from collections.abc import Sequence

import pandas as pd

ROWS = "rows of the sheet"
"""Key of a frame's attrs for the number of each row in its sheet."""
WRITTEN = "times as written"
"""Key of a frame's attrs for the times of its rows as the file writes them, where a year or a month was added."""


def row_numbers(table: pd.DataFrame) -> Sequence[int]:
    """Return the number of each row of a table in its file; counted from 1 where the file's own are not known."""
    numbers: Sequence[int] = table.attrs.get(ROWS, ())
    return numbers if len(numbers) == len(table) else range(1, len(table) + 1)


def keep_rows(table: pd.DataFrame, numbers: Sequence[int]) -> pd.DataFrame:
    """Return a table whose rows have these numbers in their file."""
    table.attrs[ROWS] = tuple(numbers)
    return table
