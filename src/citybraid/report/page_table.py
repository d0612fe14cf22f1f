"""Rows and columns of a table as the page and documents show them: as it is, or turned where it has many columns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import (
    Amount,
    Column,
    PlacedText,
    RatedText,
    Renderable,
    Sentence,
    Table,
    Text,
    TextList,
    TranslatedText,
    UnitName,
    Words,
    cells,
    row_unit,
    words,
)
from citybraid.report.drawing.units import (
    YEARLY_COUNTS,
    System,
    convert,
    is_money,
    label,
    money_unit,
    number,
    places,
    plain_places,
    shown,
    whole_from_thousand,
)

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
    table = with_money_units(table, system)
    if table.turned:
        return _turned(table, system, min(limit or TURNED_MOST, TURNED_MOST))
    frame = table.frame if limit is None else table.frame.head(limit)
    heads = [Head(Sentence(each.title), each.shown_unit(system), numeric(table.frame, each)) for each in table.columns]
    return LaidOut(heads, _cells(frame, table.columns, system), len(frame))


def with_money_units(table: Table, system: System) -> Table:
    """Return a table whose sums of money are counted in units that keep their digits: the only place that chooses.

    Columns of one unit share it, so that what stands side by side compares. A row that names its unit has its own.
    """
    columns: dict[str, list[Column]] = {}
    for column in table.columns:
        if is_money(column.shown_unit(system)):
            columns.setdefault(column.shown_unit(system), []).append(column)
    small = {
        column.key
        for unit, alike in columns.items()
        if money_unit(np.concatenate([_amounts(table.frame, each, system) for each in alike]), unit) != unit
        for column in alike
    }
    changed = [replace(each, thousands=True) if each.key in small else each for each in table.columns]
    return replace(table, frame=_with_row_units(table.frame, changed), columns=changed)


def _amounts(frame: pd.DataFrame, column: Column, system: System) -> NDArray[np.float64]:
    """Return the numbers of a column in the unit that it is shown in."""
    if numeric(frame, column):
        values = frame[column.key].to_numpy(np.float64, na_value=np.nan)
    else:
        values = np.array([each for each in frame[column.key].tolist() if _is_number(each)], dtype=np.float64)
    amounts: NDArray[np.float64] = values * (display := shown(column.unit, system)).factor + display.offset
    return amounts


def _with_row_units(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a frame whose rows that name a unit of money name the one that keeps the digits of their sums."""
    units = units_of_rows(frame)
    money = [at for at, unit in enumerate(units) if is_money(unit)]
    if not money:
        return frame
    counting = [column.key for column in columns if not column.unit and column.digits is None]
    amounts_by_row = list(frame[counting].itertuples(index=False, name=None))
    names = [UnitName(unit) for unit in units]
    for at in money:
        amounts = np.array([each for each in amounts_by_row[at] if _is_number(each)], dtype=np.float64)
        names[at] = UnitName(money_unit(amounts, units[at]))
    frame = frame.copy()
    for key in [key for key, dtype in frame.dtypes.items() if dtype == np.object_]:
        rows = zip(frame[key].tolist(), units, names, strict=True)
        frame[key] = cells(_recounted(each, unit, name) for each, unit, name in rows)
    return frame


def _recounted(value: Any, old: str, new: UnitName) -> Any:
    """Return a cell whose unit, and whose amounts of that unit within texts, are of the row's new unit."""
    match value:
        case UnitName():
            return new
        case Amount() if value.unit == old:
            return replace(value, unit=new.unit)
        case TextList():
            return replace(value, parts=tuple(_recounted(part, old, new) for part in value.parts))
        case Words():
            named = dict(value.values)
            return replace(value, values={name: _recounted(each, old, new) for name, each in named.items()})
        case RatedText() | PlacedText() | Sentence():
            return replace(value, text=_recounted(value.text, old, new))
        case _:
            return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _turned(table: Table, system: System, most: int) -> LaidOut:
    """Show the first rows and the last one, which holds the sum or the whole, as columns."""
    frame = table.frame
    if len(frame) > most:
        frame = pd.concat([frame.head(most - 1), frame.tail(1)])
    names, *columns = zip(*_cells(frame, table.columns, system), strict=True)
    heads = [Head(words("table.quantity"), "", numeric=False), Head(words("explorer.unit"), "", numeric=False)]
    heads += [Head(name, "", numeric=True) for name in names]
    rows = [
        [Sentence(column.title), _unit(column.shown_unit(system)), *values]
        for column, values in zip(table.columns[1:], columns, strict=True)
    ]
    return LaidOut(heads, rows, len(frame))


def _unit(unit: str) -> Text:
    return TranslatedText({language: label(unit, language) for language in LANGUAGES})


def _cells(frame: pd.DataFrame, columns: Sequence[Column], system: System) -> list[list[Text]]:
    named = any(units_of_rows(frame))
    scaled = [on_scale(frame, column, system, named=named) for column in columns]
    told = []
    for row in frame[[column.key for column in columns]].itertuples(index=False, name=None):
        unit = row_unit(row)
        of_row = zip(row, _of_row(row, unit, scaled), strict=True)
        told.append([cell(value, column, system, unit=unit) for value, column in of_row])
    return told


def _of_row(row: Sequence[object], unit: str, columns: Sequence[Column]) -> Sequence[Column]:
    """Return columns whose amounts of a row's unit have the same decimals where that unit has none of its own.

    Sums of money are counted and cut by each language.
    """
    if is_money(unit):
        return columns
    at = [at for at, column in enumerate(columns) if column.told]
    amounts = np.array([value for value in (row[each] for each in at) if isinstance(value, float)])
    digits = plain_places(amounts[np.isfinite(amounts)]) if len(at) > 1 and amounts.size else None
    if digits is None:
        return columns
    return [replace(each, digits=digits) if each.told else each for each in columns]


def on_scale(frame: pd.DataFrame, column: Column, system: System, *, named: bool) -> Column:
    """Return a column whose amounts have the same decimals, as many as the largest of them needs.

    Small sums of money take those of the largest, amounts without decimals of their own four significant digits of
    it. A column stays as it is where its rows name their units (`named`), or where so few decimals would hide small
    amounts.
    """
    if column.told or named or not numeric(frame, column):
        return column
    values = frame[column.key].to_numpy(np.float64, na_value=np.nan)
    amounts = np.array([convert(each, column.unit, system) for each in values[np.isfinite(values)]])
    if is_money(column.shown_unit(system)):
        return replace(column, largest=float(np.abs(amounts).max(initial=0.0)))
    return column if column.places(system) is not None else replace(column, digits=plain_places(amounts))


def units_of_rows(frame: pd.DataFrame) -> list[str]:
    """Return the unit that each row names, '' for none; columns of numbers and of plain texts name none."""
    objects = [frame.iloc[:, at].tolist() for at, dtype in enumerate(frame.dtypes) if dtype == np.object_]
    naming = [cells for cells in objects if UnitName in set(map(type, cells))]
    return [row_unit(row) for row in zip(*naming, strict=True)] or [""] * len(frame)


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
        shown_unit, decimals = column.amount_unit(unit, system), cell_digits(amount, column, system, unit=unit)
        return (
            Amount(amount, shown_unit, decimals, column.largest)
            if is_money(shown_unit)
            else number(amount, digits=decimals)
        )
    return str(value)


def cell_digits(amount: float, column: Column, system: System, *, unit: str = "") -> int | None:
    """Return the decimals of an amount in a cell, given the unit that its row names; None for four digits.

    Sums of money keep theirs, as languages count them in units of their own.
    """
    counts = column.unit if column.digits is None and column.unit in YEARLY_COUNTS else ""
    of = unit if column.told and unit else counts
    decimals = places(amount, of) if of else None
    if decimals is not None or is_money(column.amount_unit(unit, system)):
        return column.places(system) if decimals is None else decimals
    return whole_from_thousand(amount, column.places(system))


def told_digits(
    frame: pd.DataFrame, columns: Sequence[Column], system: System
) -> dict[int, list[tuple[int | None, str]]]:
    """Return decimals and unit of each row's number, by the place of each column told as sentences tell its amounts."""
    amounts = [at for at, column in enumerate(columns) if column.told]
    digits_by_column: dict[int, list[tuple[int | None, str]]] = {at: [] for at in amounts}
    rows = frame[[column.key for column in columns]].itertuples(index=False, name=None) if amounts else ()
    for row in rows:
        unit = row_unit(row)
        of_row = _of_row(row, unit, columns)
        for at in amounts:
            value = row[at]
            known = isinstance(value, float) and value == value  # noqa: PLR0124  (NaN)
            digits = cell_digits(value, of_row[at], system, unit=unit) if known else None
            digits_by_column[at].append((digits, columns[at].amount_unit(unit, system)))
    return digits_by_column
