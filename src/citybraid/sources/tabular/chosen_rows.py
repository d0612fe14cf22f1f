"""The rows of a table that a study asks for, where a file holds more than its area."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.tabular.sheets import SUMS
from citybraid.sources.text.cell_values import normalize_cell, normalize_column
from citybraid.sources.text.columns import key
from citybraid.sources.text.sheet_rows import ROWS

SHOWN = 6
Frame = TypeVar("Frame", bound=pd.DataFrame)


def chosen_rows(
    frame: Frame, only: Mapping[str, Sequence[str]], *, layer: str, name: str
) -> tuple[Frame, tuple[Finding, ...]]:
    """Return the rows whose cells have one of the values that `only` states by column, and what was left out.

    A total that the sheet states holds for all rows and is dropped with them. Raises InputError where a column
    is absent or no row has a value that is asked for.
    """
    kept, count = frame, len(frame)
    for column, values in only.items():
        headers = [each for each in frame.columns if key(str(each)) == key(column)]
        if not headers:
            raise InputError("intake.column_absent", name=name, got=column, needs=[str(each) for each in frame.columns])
        cells = normalize_column(kept[headers[0]])
        wanted = [normalize_cell(value) for value in values]
        chosen = np.asarray(cells.isin(wanted), dtype=np.bool_)
        lost = [value for value in wanted if value not in set(cells[chosen])]
        if lost:
            known = sorted(set(cells))[:SHOWN]
            raise InputError("intake.rows_absent", name=name, column=column, got=lost[:SHOWN], known=known)
        numbers = kept.attrs.get(ROWS, ())
        kept = kept[chosen]
        if len(numbers) == len(chosen):
            kept.attrs[ROWS] = tuple(numbers[at] for at in np.flatnonzero(chosen))
    if len(kept) == count:
        return frame, ()
    kept.attrs.pop(SUMS, None)
    values_told = {"name": name, "of": count, "columns": list(only)}
    return kept.reset_index(drop=True), (Finding("found", "intake.rows_chosen", layer, len(kept), values_told),)
