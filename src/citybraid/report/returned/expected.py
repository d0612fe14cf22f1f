"""Control tables as a run writes them to files: by the functions of the exports, so that both agree."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from citybraid.report.annex.provenance import Codes
from citybraid.report.controls.control_sheet import ControlSheet, control_sheet
from citybraid.report.drawing.units import System
from citybraid.report.exports.control_layer import control_layer
from citybraid.report.view import LANGUAGES, View
from citybraid.report.workbook import HEAD_ROWS, table_cells

Value = str | float | None
PROVENANCE = "provenance"
"""Key of the column of provenance codes, which is none of the control table."""


@dataclass(frozen=True)
class ExpectedTable:
    """A control table as it is written: ids, heads and units of its columns, which hold numbers, and its rows.

    `key` is the column of plot numbers; rows count from 0; `unit_row` is None where the file has no row of units.
    """

    columns: tuple[str, ...]
    heads: tuple[str, ...]
    units: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Value, ...], ...]
    key: int
    head_row: int
    unit_row: int | None
    first_row: int


def expected_tables(view: View, suffix: str) -> tuple[ExpectedTable, ...]:
    """Return the tables that a run writes to files of a kind: in every language and unit system for a workbook."""
    sheet = control_sheet(view)
    if sheet is None:
        return ()
    if suffix == ".gpkg":
        return tuple(_of_layer(view, sheet))
    return tuple(_of_workbook(sheet, language, system) for language in LANGUAGES for system in get_args(System))


def _of_workbook(sheet: ControlSheet, language: str, system: System) -> ExpectedTable:
    table = sheet.table(sheet.frame, name="control_sheet", title="")
    written = table_cells(table, language=language, system=system)
    columns = tuple(str(column.key) for column in table.columns)
    return ExpectedTable(
        columns, tuple(written.heads), tuple(written.units), _numeric(written.columns),
        tuple(zip(*written.columns, strict=True)), columns.index("number"), 1, 2, HEAD_ROWS,
    )  # fmt: skip


def _of_layer(view: View, sheet: ControlSheet) -> Iterator[ExpectedTable]:
    for layer in control_layer(view, Codes(view)):
        frame = layer.frame.drop(columns="geometry")
        heads = tuple(map(str, frame.columns))
        keys = (*(str(column.key) for column in sheet.columns), PROVENANCE)
        values = [[_plain(value) for value in frame[head]] for head in heads]
        rows = tuple(zip(*values, strict=True))
        yield ExpectedTable(
            keys, heads, tuple("" for _ in heads), _numeric(values), rows, keys.index("number"), 0, None, 1
        )


def _numeric(columns: list[list[Value]]) -> tuple[bool, ...]:
    """Return which columns hold numbers: those without words."""
    return tuple(not any(isinstance(value, str) for value in column) for column in columns)


def _plain(value: object) -> Value:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return None if value is None else str(value)
