"""Years of the Buddhist Era (พ.ศ.), in which Thai files count: 2540 is 1997.

Since 1941 a year of the era begins on 1 January and is 543 ahead; of older dates, January to March may be one year
later than read here.
"""

import re
import unicodedata
from typing import NamedTuple

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import Calendar
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.columns import synonyms

AHEAD = 543
"""Years by which the Buddhist Era is ahead of the common one."""
COUNTRY = "TH"
"""Country whose files count in it, of the region's code."""
MARK = re.compile(r"พ\s*\.?\s*ศ\s*\.?|(?<![a-z])b\.\s?e\.|buddhist|佛历|佛曆", re.IGNORECASE)
"""Words that say that a year is of the era."""
YEAR = re.compile(r"(?<!\d)(2[4-7]\d\d)(?!\d)")
"""Years of the era from 1857 on: no building and no series of the common era is of such a year."""
DATE = re.compile(r"^(?:2[4-7]\d\d[-/.]\d{1,2}(?!\d)|\d{1,2}[-/. ]\d{1,2}[-/. ]2[4-7]\d\d(?!\d))")
"""A date with such a year, which comes first or last."""
WORDS = ("year", "years", "ปี", "ปีที่", "ปี พ.ศ.", "พ.ศ.")
MOST_EXAMPLES = 3
TIME = "time"


class Counted(NamedTuple):
    """Cells with their years in the common era, and what is told."""

    cells: pd.Series
    findings: tuple[Finding, ...]


def of_region(region: str) -> Calendar:
    """Return the calendar in which a region's files may count."""
    return "buddhist" if region.partition("-")[0] == COUNTRY else ""


def common_years(cells: pd.Series, calendar: Calendar, *, layer: str, header: str) -> Counted:
    """Return a column of years in the common era.

    Years from 2400 on are of the Buddhist Era where the cell or the header says so, or the study or its country does;
    elsewhere they stay, which no range of years holds, and that they may be of the era is told.
    """
    if calendar == "gregorian":
        return Counted(cells, ())
    texts = [_with_digits(cell) for cell in cells]
    buddhist = calendar == "buddhist" or MARK.search(header) is not None
    candidates = [YEAR.search(text) is not None for text in texts]
    read = [
        year_found and (buddhist or MARK.search(text) is not None)
        for text, year_found in zip(texts, candidates, strict=True)
    ]
    notes: list[Finding] = []
    examples = sorted({text for text, which in zip(texts, read, strict=True) if which})[:MOST_EXAMPLES]
    if any(read):
        values = {"header": header, "examples": examples}
        notes.append(Finding("guessed", "intake.years_buddhist", layer, sum(read), values))
    open_ones = sorted(
        {text for text, year_found, which in zip(texts, candidates, read, strict=True) if year_found and not which}
    )
    if open_ones:
        count = sum(year_found and not which for year_found, which in zip(candidates, read, strict=True))
        values = {"header": header, "examples": open_ones[:MOST_EXAMPLES]}
        notes.append(Finding("advice", "intake.years_late", layer, count, values))
    if not any(read):
        return Counted(cells, tuple(notes))
    turned = [_turned(text) if which else cell for cell, text, which in zip(cells, texts, read, strict=True)]
    return Counted(pd.Series(turned, index=cells.index, dtype=object), tuple(notes))


def common_dates(table: pd.DataFrame, calendar: Calendar, *, layer: str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return a sheet with its dates and its columns of years in the common era, by the rules of `common_years`."""
    turned: dict[str, pd.Series] = {}
    notes: list[Finding] = []
    for at, header in enumerate(map(str, table.columns)):
        column = table.iloc[:, at]
        if not (_names_years(header) or any(DATE.match(_with_digits(cell)) for cell in column)):
            continue
        counted = common_years(column, calendar, layer=layer, header=header)
        notes += counted.findings
        if counted.cells is not column:
            turned[table.columns[at]] = counted.cells
    return (table.assign(**turned) if turned else table), tuple(notes)


def _names_years(header: str) -> bool:
    bare = MARK.sub("", unicodedata.normalize("NFKC", header)).strip(" ().（）").casefold()
    return bare in {*WORDS, *(word.casefold() for word in synonyms("year"))} or (not bare and bool(header.strip()))


def _with_digits(cell: object) -> str:
    """Return a cell's normalized text with digits of any script as those of Arabic numerals: ๒๕๔๐ as 2540."""
    text = normalize_cell(cell)
    return text if text.isascii() else "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def _turned(text: str) -> str:
    return YEAR.sub(lambda hit: str(int(hit[1]) - AHEAD), MARK.sub("", text)).strip()
