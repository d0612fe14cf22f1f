"""Dates that state the day of a month alone, such as 3日14时: the month is read where the file states it, else told.

A file states a month in its name, the name of its sheet or a title above the table. Without one, the times between rows
are still exact while days go forward, so that an event is read; a record of many days is refused.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.series.yearless import ANY_YEAR, CLOCK, LAST, clock_of
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.sheet_rows import WRITTEN, row_numbers

DAY = re.compile(rf"^(\d{{1,2}})(?:日|号(?=[T\s]*\d)){CLOCK}$")
"""A day and mostly a clock: 3日14时; 3号 alone is a number of something."""
MONTHS = (
    re.compile(r"(?<!\d)(0?[1-9]|1[0-2])月"),
    re.compile(r"(?<!\d)(?:19|20)\d{2}[-_./](0?[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<!\d)(?:19|20)\d{2}(0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01]))?(?!\d)"),
)
"""Ways to state a month: 7月, 2021-07, 20210703."""
LONGEST = 31
"""Days of the longest month, the only one whose last day tells itself."""


def with_months(
    table: pd.DataFrame, role: str, *, needs_year: bool, name: str, said: Sequence[str] = ()
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return a table whose days have a month, with what is told; other tables as they are.

    Raises InputError where a record `needs_year` and no month is stated, and where an event passes the end of a month
    whose length is not known.
    """
    for header in table.columns:
        cells = [str(cell) for cell in normalize_column(table[header])]
        hits = [DAY.match(cell) for cell in cells]
        if not cells or any(hit is None for hit in hits):
            continue
        days = [int(hit[1]) for hit in hits if hit is not None]
        clocks = [clock_of(hit, 2) for hit in hits if hit is not None]
        rolls = [one > after for one, after in pairwise(days)]
        month = _month(months_in(name, *said), passes=sum(rolls))
        passed = [one for one, after in pairwise(days) if one > after]
        if not month and (needs_year or any(day != LONGEST for day in passed) or len(passed) > 1):
            raise InputError("intake.time_no_month", name=name, got=cells[0])
        dates = _dates(days, clocks, month, cells, rows=row_numbers(table), name=name)
        dated = table.assign(**{str(header): dates})
        dated.attrs = {**table.attrs, WRITTEN: cells}
        text = "intake.time_month_found" if month else "intake.time_month_open"
        details = {"name": name, "example": cells[0], "month": month}
        return dated, (Finding("guessed" if month else "found", text, role, len(cells), details),)
    return table, ()


def months_in(*texts: str) -> list[int]:
    """Return the months that texts state, each once and in order: of 2021年7月3日暴雨.csv 7."""
    return list(dict.fromkeys(int(hit[1]) for text in texts for form in MONTHS for hit in form.finditer(text)))


def _month(stated: Sequence[int], *, passes: int) -> int:
    """Return the month of the first row: the only one stated, or the first of two where rows pass into the second."""
    if len(stated) == 1:
        return stated[0]
    for one in stated:
        if len(stated) == 2 and passes == 1 and one % LAST + 1 in stated:  # noqa: PLR2004  (from one to the next)
            return one
    return 0


def _dates(
    days: Sequence[int], clocks: Sequence[str], month: int, cells: Sequence[str], *, rows: Sequence[int], name: str
) -> list[str]:  # fmt: skip
    """Return dates whose months go on where days fall: as 7月3日, of no known month as in any year's January."""
    at, before, dates = month or 1, days[0], list[str]()
    for row, (day, clock) in enumerate(zip(days, clocks, strict=True)):
        if not 1 <= day <= LONGEST:
            raise InputError("intake.time_cell", name=name, row=rows[row], got=cells[row])
        at = at % LAST + 1 if day < before else at
        before = day
        dates.append(f"{at}月{day}日 {clock}" if month else f"{ANY_YEAR}-{at:02d}-{day:02d} {clock}")
    return dates
