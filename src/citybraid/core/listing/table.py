"""Rows of cells in a text: separators, comments, a header where there is one; faults are named with their line."""

import csv
import math
from collections.abc import Sequence
from typing import NamedTuple

from citybraid.core.errors import InputError

SEPARATORS = ("\t", ",", ";", "|")
COMMENTS = ("#", "~", "//")
MISSING = frozenset({"", "nan", "na", "-", "none", "null"})
"""Cells without a value, which make no header."""


class ListRow(NamedTuple):
    """Cells of a line of a text, and the line's number from 1."""

    line: int
    cells: tuple[str, ...]


class ListTable(NamedTuple):
    """Rows of a text, and the names of their columns; no names where the text has no header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[ListRow, ...]

    @property
    def width(self) -> int:
        """Number of columns of the longest row."""
        return max((len(row.cells) for row in self.rows), default=len(self.header))

    def column(self, at: int) -> tuple[str, ...]:
        """Return the cells of a column, '' where a row is too short."""
        return tuple(row.cells[at] if at < len(row.cells) else "" for row in self.rows)

    def place(self, column: str, *, option: str) -> int:
        """Return the place of a column by name, whatever its case; raises InputError where there is none."""
        named = [each.casefold() for each in self.header]
        if column.strip().casefold() not in named:
            raise InputError(
                "listing.no_column", name=self.name, column=column, option=option, known=list(self.header) or ["-"]
            )
        return named.index(column.strip().casefold())

    def named(self, words: Sequence[str]) -> int | None:
        """Return the place of the first column that has one of these names, None where none has."""
        keys = [_key(each) for each in self.header]
        return next((keys.index(word) for word in words if word in keys), None)


def table_of(text: str, *, name: str) -> ListTable:
    """Return the rows of a text whose cells are apart by tabs, commas, semicolons, bars or blanks.

    Lines that begin with #, ~ or // are comments. The first row is a header where one of its cells is no number and
    the row below has a number in its place, or where the text has one row alone of words.
    Raises InputError for a text without rows.
    """
    lines = [(at, line) for at, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if _says(line)]
    if not lines:
        raise InputError("listing.empty", name=name)
    separator = _separator([line for _, line in lines])
    rows = tuple(ListRow(at, _cells(line, separator)) for at, line in lines)
    if _is_header(rows):
        return ListTable(name, rows[0].cells, rows[1:])
    return ListTable(name, (), rows)


def number_of(cell: str, *, row: ListRow, name: str, column: str = "") -> float:
    """Return a cell as a number; raises InputError with its line for any other, infinite and empty ones too."""
    value = number_or_nan(cell)
    if not math.isfinite(value):
        raise InputError("listing.number", name=name, line=row.line, got=cell or "-", column=column or "-")
    return value


def number_or_nan(cell: str) -> float:
    """Return a cell as a number, NaN where it is none."""
    try:
        return float(cell)
    except ValueError:
        return math.nan


def identity(cell: str) -> str:
    """Return a cell as the name of a thing: whole numbers written with decimals are the same as without."""
    value = number_or_nan(cell)
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15 and _plain_zero(cell):  # noqa: PLR2004
        return str(int(value))
    return cell


def _plain_zero(cell: str) -> bool:
    """Tell whether a number is not written with zeros before it, as codes of places are."""
    digits = cell.strip().lstrip("+-")
    return not (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit())


def _says(line: str) -> bool:
    written = line.strip()
    return bool(written) and not written.startswith(COMMENTS)


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that most lines hold, '' for blanks."""
    counts = {mark: sum(mark in line.strip() for line in lines) for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda mark: counts[mark])
    return best if counts[best] * 2 > len(lines) else ""


def _cells(line: str, separator: str) -> tuple[str, ...]:
    if not separator:
        return tuple(line.split())
    cells = next(csv.reader([line.rstrip("\r\n")], delimiter=separator))
    return tuple(cell.strip() for cell in cells)


def _is_header(rows: Sequence[ListRow]) -> bool:
    first = rows[0].cells
    words = [
        at for at, cell in enumerate(first)
        if math.isnan(number_or_nan(cell)) and (cell.casefold() not in MISSING or (at == 0 and cell == ""))
    ]  # fmt: skip
    if not words:
        return False
    if len(rows) == 1:
        return len(words) == len(first)
    below = rows[1].cells
    numbers = [at for at in words if at < len(below) and math.isfinite(number_or_nan(below[at]))]
    return bool(numbers) or len(words) == len(first)


def _key(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum())
