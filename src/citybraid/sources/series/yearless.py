"""Dates that state no year, such as 7月3日 14:00: the year is read where the file states exactly one, else told.

A file states a year in its name, the name of its sheet or a title above the table. Without one, the times between rows
are still exact unless they pass the end of February, so that an event is read; a record of many days is refused.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.sheet_rows import WRITTEN, row_numbers

CLOCK = r"(?:[T\s]*(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](?:(\d{1,2})秒?)?)?)?)?"
CHINESE = re.compile(rf"^(\d{{1,2}})月(\d{{1,2}})[日号]?{CLOCK}$")
NUMBERS = re.compile(rf"^(\d{{1,2}})([/.\-])(\d{{1,2}})(?=[T\s]){CLOCK}$")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
ENGLISH = re.compile(
    rf"^(?:([a-z]{{3,9}})\.?\s+(\d{{1,2}})|(\d{{1,2}})[\s-]+([a-z]{{3,9}})\.?),?{CLOCK}$", re.IGNORECASE
)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?(?!\d)")
"""A year, alone or before month and day: 2021年7月, 20210703."""
FORMS = (CHINESE, NUMBERS, ENGLISH)
ANY_YEAR, LEAP_YEAR = 2001, 2004
"""Years that stand for one that is not known, without and with a 29 February."""
HALF_A_YEAR = 6
FEBRUARY, LEAP_DAY = 2, 29
DAYS = 31
"""Days of a month, to tell which order of two numbers brings dates closer together."""
LAST = 12


class MonthTime(NamedTuple):
    """A date without its year, and the clock as it is written on."""

    month: int
    day: int
    clock: str


def with_years(
    table: pd.DataFrame, role: str, *, needs_year: bool, name: str, said: Sequence[str] = ()
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return a table whose dates without a year have one, and what is told; other tables as they are.

    A year may stand in the file's name or in what is `said` about the table: the name of its sheet, its titles. A
    record `needs_year`, since its place in time counts; of an event or a typical year the time between rows does.
    Raises InputError where one that needs the year states none or several, where a date does not exist, and where rows
    pass the end of February of a year that is not known.
    """
    for header in table.columns:
        cells = [str(cell) for cell in normalize_column(table[header])]
        times = _month_times(cells)
        if times is None:
            continue
        stated = years_in(name, *said)
        _refuse_unknown(stated, times, cells, needs_year=needs_year, name=name)
        first = stated[0] if len(stated) == 1 else LEAP_YEAR if _has_leap_day(times) else ANY_YEAR
        dated = table.assign(**{str(header): _dated(times, first, cells, row_numbers(table), name=name)})
        dated.attrs = {**table.attrs, WRITTEN: cells}
        known = len(stated) == 1
        details: Mapping[str, object] = {"name": name, "example": cells[0], "year": first}
        text = "intake.time_year_found" if known else "intake.time_year_open"
        return dated, (Finding("guessed" if known else "found", text, role, len(cells), details),)
    return table, ()


def years_in(*texts: str) -> list[int]:
    """Return the years that texts state, each once: of 2021年7月3日暴雨.csv 2021."""
    return sorted({int(hit[1]) for text in texts for hit in YEAR.finditer(text)})


def lacks_year(cell: str) -> bool:
    """Tell whether a cell is a date without a year, or with one of two digits, which a reader would make up."""
    short = re.match(r"^\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{1,2})?(?:[T\s]|$)", cell)
    return any(_parse(form, cell) is not None for form in FORMS) or short is not None


def _refuse_unknown(
    stated: Sequence[int], times: Sequence[MonthTime], cells: Sequence[str], *, needs_year: bool, name: str
) -> None:
    rolls = any(one.month - after.month >= HALF_A_YEAR for one, after in pairwise(times))
    if len(stated) == 1 and not (rolls and needs_year):
        return
    months = {each.month for each in times}
    passes_february = bool(months & {1, FEBRUARY}) and bool(months - {1, FEBRUARY, *range(9, LAST + 1)})
    if needs_year or (passes_february and not _has_leap_day(times)):
        raise InputError("intake.time_no_year", name=name, got=cells[0], years=stated or "-")


def _has_leap_day(times: Sequence[MonthTime]) -> bool:
    return any((each.month, each.day) == (FEBRUARY, LEAP_DAY) for each in times)


def _month_times(cells: Sequence[str]) -> list[MonthTime] | None:
    """Return dates of one way of writing; None where the cells are something else."""
    if len(cells) == 0:
        return None
    for form in FORMS:
        read = [_parse(form, cell) for cell in cells]
        times = [each for each in read if each is not None]
        if len(times) == len(cells):
            return _in_order(times) if form is NUMBERS else times
    return None


def _in_order(times: Sequence[MonthTime]) -> list[MonthTime] | None:
    """Return dates of two numbers in the order that exists; of two the one whose days lie closer together."""
    turned = [MonthTime(each.day, each.month, each.clock) for each in times]
    orders = [each for each in (list(times), turned) if all(1 <= time.month <= LAST for time in each)]
    return min(orders, key=_span, default=None)


def _span(times: Sequence[MonthTime]) -> int:
    days = [each.month * DAYS + each.day for each in times]
    return max(days) - min(days)


def _parse(form: re.Pattern[str], cell: str) -> MonthTime | None:
    hit = form.match(cell.strip())
    if hit is None:
        return None
    if form is ENGLISH:
        word, day = (hit[1] or hit[4]).casefold(), int(hit[2] or hit[3])
        month = MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else 0
        return MonthTime(month, day, clock_of(hit, 5)) if month else None
    return MonthTime(int(hit[1]), int(hit[3 if form is NUMBERS else 2]), clock_of(hit, 4 if form is NUMBERS else 3))


def clock_of(hit: re.Match[str], at: int) -> str:
    """Return the clock that three groups of a match hold from one on: 14:00:00."""
    return ":".join(f"{int(hit[part] or 0):02d}" for part in range(at, at + 3))


def _dated(
    times: Sequence[MonthTime], first: int, cells: Sequence[str], rows: Sequence[int], *, name: str
) -> list[str]:  # fmt: skip
    """Return dates with years that go on: December is followed by January of the next year."""
    year, before, dated = first, times[0].month, list[str]()
    for row, (time, cell) in enumerate(zip(times, cells, strict=True)):
        year += before - time.month >= HALF_A_YEAR
        before = time.month
        try:
            day = date(year, time.month, time.day).isoformat()
        except ValueError as fault:
            raise InputError("intake.time_cell", name=name, row=rows[row], got=f"{cell} ({year})") from fault
        dated.append(f"{day} {time.clock}")
    return dated
