"""A workbook's sheet whose table is written column by column: XlsxWriter keeps an object for each cell instead."""

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Longest text of a cell [UTF-16 unit]."""


class _TableColumn(NamedTuple):
    """Cells from top to bottom: an integer is the number of a shared string, a float a number, None an empty cell."""

    cells: Sequence[int | float | None]
    text: Format
    numbers: Sequence[Format]


class TableSheet(Worksheet):  # type: ignore[misc]  # its base is untyped
    """A sheet with a table; cells above and below it are written one by one."""

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._columns: list[_TableColumn] = []

    def write_table_column(
        self, first: int, cells: Sequence[str | float | None], *, text: Format, numbers: Sequence[Format]
    ) -> None:
        """Append a column to the table, whose first row is `first` for every column; None leaves a cell empty.

        Each row has a format of `numbers`, for where its cell is one.
        """
        index = self.str_table._get_shared_string_index  # noqa: SLF001  (XlsxWriter has no public way to its texts)
        kept = [index(_cut(cell)) if isinstance(cell, str) else cell for cell in cells]
        self._columns.append(_TableColumn(kept, text, numbers))
        self._first = first
        if kept:
            self._check_dimensions(first + len(kept) - 1, len(self._columns) - 1)

    def _write_rows(self) -> None:
        """Write the rows above the table, its own, and those below it."""
        count = len(self._columns[0].cells) if self._columns else 0
        if not count:
            super()._write_rows()
            return
        top, bottom = self.dim_rowmin, self.dim_rowmax  # type: ignore[has-type]  # its base is untyped
        self.dim_rowmax = self._first - 1
        super()._write_rows()
        elements = [_elements(xl_col_to_name(at), self._first + 1, column) for at, column in enumerate(self._columns)]
        for row, cells in enumerate(zip(*elements, strict=True), self._first + 1):
            self.fh.write(f'<row r="{row}">{"".join(cells)}</row>')
        self.dim_rowmin, self.dim_rowmax = self._first + count, bottom
        super()._write_rows()
        self.dim_rowmin = top


def _elements(name: str, first: int, column: _TableColumn) -> list[str]:
    """Return a column's cells in SpreadsheetML (ECMA-376-1, 18.3.1.4)."""
    index = {each: each._get_xf_index() for each in (column.text, *column.numbers)}  # noqa: SLF001  (no public way to a format's number)
    text = index[column.text]
    return [
        f'<c r="{name}{row}" s="{text}" t="s"><v>{cell}</v></c>'
        if isinstance(cell, int)
        else ""
        if cell is None
        else f'<c r="{name}{row}" s="{index[number]}"><v>{cell:.16G}</v></c>'
        for row, (cell, number) in enumerate(zip(column.cells, column.numbers, strict=True), first)
    ]


def _cut(text: str) -> str:
    """Return what a cell can hold of a text."""
    if len(text) <= LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")
