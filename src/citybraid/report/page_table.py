"""Rows and columns of a table as the page and documents show them: as it is, or turned where it has many columns."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import Amount, Column, Renderable, Sentence, Table, Text, TranslatedText, row_unit, words
from citybraid.report.drawing.units import System, convert, is_money, label, number, places, shown

TURNED_MOST = 8
"""Rows of a turned table that are shown as columns."""


class Head(NamedTuple):
    """Head of a column: title, shown unit, and whether its cells are numbers."""

    title: Text
    unit: str
    numeric: bool


class LaidOut(NamedTuple):
    """A table as it is shown, and how many of its frame's rows that are."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Text]]
    shown: int


def laid_out(table: Table, system: System, most: int | None = None) -> LaidOut:
    """Return a table as it is shown, with at most so many rows."""
    limit = table.most if most is None else most
    if table.turned:
        return _turned(table, system, min(limit or TURNED_MOST, TURNED_MOST))
    frame = table.frame if limit is None else table.frame.head(limit)
    heads = [
        Head(Sentence(each.title), shown(each.unit, system).unit, numeric(table.frame, each)) for each in table.columns
    ]
    return LaidOut(heads, _cells(frame, table.columns, system), len(frame))


def _turned(table: Table, system: System, most: int) -> LaidOut:
    """Show the first rows and the last one, which holds the sum or the whole, as columns."""
    frame = table.frame
    if len(frame) > most:
        frame = pd.concat([frame.head(most - 1), frame.tail(1)])
    names, *columns = zip(*_cells(frame, table.columns, system), strict=True)
    heads = [Head(words("table.quantity"), "", numeric=False), Head(words("explorer.unit"), "", numeric=False)]
    heads += [Head(name, "", numeric=True) for name in names]
    rows = [
        [Sentence(column.title), _unit(shown(column.unit, system).unit), *values]
        for column, values in zip(table.columns[1:], columns, strict=True)
    ]
    return LaidOut(heads, rows, len(frame))


def _unit(unit: str) -> Text:
    return TranslatedText({language: label(unit, language) for language in LANGUAGES})


def _cells(frame: pd.DataFrame, columns: Sequence[Column], system: System) -> list[list[Text]]:
    return [
        [cell(value, column, system, unit=row_unit(row)) for value, column in zip(row, columns, strict=True)]
        for row in frame[[column.key for column in columns]].itertuples(index=False, name=None)
    ]


def numeric(frame: pd.DataFrame, column: Column) -> bool:
    """Tell whether a column holds numbers, which are right-aligned."""
    return bool(pd.api.types.is_numeric_dtype(frame[column.key]) and not pd.api.types.is_bool_dtype(frame[column.key]))


def cell(value: object, column: Column, system: System, *, unit: str = "") -> Text:
    """Return a cell as text, converted to the unit that its column is shown in, or else its row names."""
    if isinstance(value, Renderable):
        return value
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124  (NaN)
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        amount = convert(float(value), column.unit, system)
        told = column.amount_unit(unit, system)
        decimals = places(amount, unit) if column.told and unit else column.places(system)
        return Amount(amount, told, decimals) if is_money(told) else number(amount, digits=decimals)
    return str(value)
