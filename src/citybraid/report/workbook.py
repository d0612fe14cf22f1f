"""The report's tables as a workbook: every row, numbers as numbers, no text ever taken for a formula or a link."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from citybraid.core.text import visible
from citybraid.report.chapter import (
    Chapter,
    Column,
    Paragraph,
    Renderable,
    Sentence,
    Table,
    Text,
    in_words,
    words,
)
from citybraid.report.drawing.units import (
    MINUS,
    System,
    between,
    convert,
    counted,
    decimals,
    is_money,
    is_small,
    shown,
    whole_from,
)
from citybraid.report.page import Cover
from citybraid.report.page_table import on_scale, told_digits, units_of_rows, with_money_units
from citybraid.report.table_sheet import TableSheet

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
QUICK = {"in_memory": True}
"""Sheets are put together in memory: XlsxWriter else writes each to a file of its own, and reads it again."""
NAME_LIMIT = 31
LAST_WORD = re.compile(r"[A-Za-z0-9.,%]+$")
CUT_BEFORE, MORE = " ,;:·–—（(", "…"
"""Signs that a title which is cut does not end with, and what it ends with instead."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDEST, NARROWEST, HEAD_WIDE = 60, 8, 18
"""Bounds of a column's width, and the width from which its head breaks [Latin letters]."""
HEAD_ROWS = 3
"""Title, column names, units."""
A4, LINE = 9, 15.0
"""The code of the size of paper that sheets are printed on, and the height of a line [pt]."""


def write_workbook(path: Path, chapters: Sequence[Chapter], *, cover: Cover, language: str, system: System) -> Path:
    """Write every table of the chapters to its own sheet and return the path."""
    held = [(chapter, block) for chapter in chapters for block in chapter.blocks if isinstance(block, Table)]
    tables = [table for _, table in held]
    with Workbook(str(path), SAFE | QUICK) as book:
        styles = _styles(book)
        context = _Context(language, system)
        names = _sheet_names(
            [context.render(words("workbook.front")), *(context.render(table.title) for table in tables)]
        )
        contents = [
            _Entry(name, context.render(table.title), context.render(chapter.title))
            for name, (chapter, table) in zip(names[1:], held, strict=True)
        ]
        _front(book, styles, names[0], [*_front_lines(cover, chapters, context)], contents)
        for name, table in zip(names[1:], tables, strict=True):
            _sheet(book, name, table, styles=styles, context=context, front=names[0])
    return path


def _styles(book: Workbook) -> Mapping[str, Format]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "chapter": book.add_format({"bold": True, "top": 1, "font_color": "#14594A"}),
        "link": book.add_format({"font_color": "#14594A", "underline": 1, "indent": 1}),
        "head": book.add_format({"bold": True, "bg_color": "#E4EDEA", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "unit": book.add_format({"italic": True, "font_color": "#5B6570", "bottom": 2}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "indent": 1}),
        "note": book.add_format({"italic": True, "font_color": "#5B6570", "text_wrap": True, "valign": "top"}),
        "warning": book.add_format({"font_color": "#8A3B12", "bold": True, "text_wrap": True, "valign": "top"}),
    }


class _Context(NamedTuple):
    """Language and unit system of a workbook."""

    language: str
    system: System

    def render(self, text: Text) -> str:
        return in_words(text, self.language, self.system)


def _front_lines(cover: Cover, chapters: Sequence[Chapter], context: _Context) -> Iterable[tuple[str, str]]:
    """The front sheet's lines with their styles: the title, a warning of synthetic data, the first page's texts."""
    yield context.render(cover.title), "title"
    if cover.synthetic:
        yield context.render(words("page.synthetic")), "warning"
    for block in chapters[0].blocks if chapters else ():
        if isinstance(block, Paragraph):
            yield context.render(block.text), "warning" if block.kind == "warning" else "text"


class _Entry(NamedTuple):
    """A line of the contents: the sheet, its table's title, and the chapter that the table belongs to."""

    sheet: str
    title: str
    chapter: str


def _front(
    book: Workbook,
    styles: Mapping[str, Format],
    name: str,
    lines: Sequence[tuple[str, str]],
    contents: Sequence[_Entry],
) -> None:
    """Write the front sheet: its lines, then the contents by chapter, each linked to its sheet."""
    front = book.add_worksheet(name)
    front.set_column(0, 0, 110)
    front.hide_gridlines(2)
    front.set_paper(A4)
    front.fit_to_pages(1, 0)
    for row, (text, style) in enumerate(lines):
        front.write_string(row, 0, text, styles[style])
    row = len(lines) + 1
    for chapter, entries in groupby(contents, key=lambda entry: entry.chapter):
        front.write_string(row, 0, chapter, styles["chapter"])
        for at, entry in enumerate(entries, row + 1):
            front.write_url(at, 0, _place(entry.sheet), styles["link"], entry.title)
            row = at
        row += 1


def _place(sheet: str) -> str:
    """Return the link to the first cell of a sheet of the same workbook."""
    return f"internal:'{sheet}'!A1"


class TableCells(NamedTuple):
    """A table as a sheet holds it: heads, names of units, and the cells of each column."""

    heads: list[str]
    units: list[str]
    columns: list[list[str | float | None]]


def table_cells(table: Table, *, language: str, system: System) -> TableCells:
    """Return the cells of a table's sheet below its title."""
    context, table = _Context(language, system), with_money_units(table, system)
    units = units_of_rows(table.frame[[column.key for column in table.columns]])
    return TableCells(
        [in_words(Sentence(column.title), language, system) for column in table.columns],
        [column.unit_label(language, system) for column in table.columns],
        [_values(table.frame[column.key], column, units, context) for column in table.columns],
    )


def _sheet(
    book: Workbook, name: str, table: Table, *, styles: Mapping[str, Format], context: _Context, front: str
) -> None:
    """Write a table to a sheet; its title leads back to the contents."""
    sheet, (language, system) = book.add_worksheet(name, TableSheet), context
    sheet.write_url(0, 0, _place(front), styles["title"], in_words(table.title, language, system), front)
    table = with_money_units(table, system)
    cells, wide = table_cells(table, language=language, system=system), 0
    named, digits = any(units_of_rows(table.frame)), told_digits(table.frame, table.columns, system)
    for at, column in enumerate(table.columns):
        head, values = cells.heads[at], cells.columns[at]
        sheet.write_string(1, at, head, styles["head"])
        sheet.write_string(2, at, cells.units[at], styles["unit"])
        scaled = on_scale(table.frame, column, system, named=named)
        formats = _number_formats(scaled, digits.get(at), len(table.frame), context)
        made = {each: book.add_format({"num_format": each, "valign": "top"}) for each in dict.fromkeys(formats)}
        sheet.write_table_column(HEAD_ROWS, values, text=styles["text"], numbers=[made[each] for each in formats])
        sheet.set_column(at, at, width := _width(head, values))
        wide += width
    last = HEAD_ROWS + len(table.frame)
    sheet.freeze_panes(HEAD_ROWS, 1)
    if len(table.frame):
        sheet.autofilter(HEAD_ROWS - 1, 0, last - 1, len(table.columns) - 1)
    if table.note:
        _note(sheet, last + 1, in_words(table.note, language, system), (len(table.columns), wide), styles["note"])
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _note(sheet: TableSheet, row: int, text: str, across: tuple[int, int], style: Format) -> None:
    """Write a note over the columns of its table, in as many lines as it needs: on one it would shrink a print."""
    columns, wide = across
    sheet.set_row(row, LINE * -(-_size(text) // max(wide, 1)))
    if columns == 1:
        sheet.write_string(row, 0, text, style)
    else:
        sheet.merge_range(row, 0, row, columns - 1, "", style)
        sheet.write_string(row, 0, text, style)


def _values(series: pd.Series, column: Column, units: Sequence[str], context: _Context) -> list[str | float | None]:
    """Return the cells of a column, given each row's unit; a text object that occurs again is rendered once."""
    if series.dtype == np.float64 and len(set(units)) == 1:
        return _numbers(series.to_numpy(np.float64), column, units[0], context)
    known: dict[int, tuple[object, str | float | None]] = {}  # with the object: freed, its id would be another's
    display = shown(column.unit, context.system)
    values: list[str | float | None] = []
    units_shown = {unit: column.amount_unit(unit, context.system) for unit in set(units)}
    for value, unit in zip(series.to_numpy(dtype=object).tolist(), units, strict=True):
        if isinstance(value, float):
            amount = value * display.factor + display.offset
            values.append(counted(amount, units_shown[unit], context.language) if math.isfinite(value) else None)
        elif isinstance(value, str):
            values.append(visible(value))
        else:
            if id(value) not in known:
                known[id(value)] = (value, _value(value, column, context))
            values.append(known[id(value)][1])
    return values


def _numbers(values: NDArray[np.float64], column: Column, unit: str, context: _Context) -> list[str | float | None]:
    """Return the cells of a column of numbers alone, whose rows name the same unit or none."""
    display = shown(column.unit, context.system)
    amounts = values * display.factor + display.offset
    numbers_shown: list[str | float | None] = amounts.tolist()
    if is_money(amount_unit := column.amount_unit(unit, context.system)):
        numbers_shown = [counted(amount, amount_unit, context.language) for amount in amounts.tolist()]
    for at in np.flatnonzero(~np.isfinite(amounts)):
        numbers_shown[at] = None
    return numbers_shown


def _value(value: object, column: Column, context: _Context) -> str | float | None:
    if isinstance(value, Renderable):
        return context.render(value)
    if value is None or value is pd.NA:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        amount = convert(float(value), column.unit, context.system)
        return counted(amount, column.shown_unit(context.system), context.language)
    return visible(str(value))


def _number_formats(
    column: Column, digits: Sequence[tuple[int | None, str]] | None, count: int, context: _Context
) -> list[str]:
    """Return the format of each row's number: the decimals with which the page shows it."""
    if digits is not None:
        formats = {each: _number_format(*each, context) for each in set(digits)}
        return [formats[each] for each in digits]
    places, unit = column.places(context.system), column.shown_unit(context.system)
    if column.largest is not None:
        largest = counted(column.largest, unit, context.language)
        if is_small(largest, unit, context.language):
            places = decimals(largest, unit, places, context.language)
    return [_number_format(places, unit, context)] * count


def _number_format(places: int | None, unit: str, context: _Context) -> str:
    """Return the format of numbers with so many decimals, none from where amounts of the unit are told whole."""
    places = between(unit, places, context.language)
    if places is None:
        return f'[>=1000]#,##0;[<=-1000]"{MINUS}"#,##0;General'
    if not places:
        return f'#,##0;"{MINUS}"#,##0'
    least = f"{whole_from(unit, context.language) - 0.5 * 10.0**-places:.{places + 1}f}"
    return f'[>={least}]#,##0;[<=-{least}]"{MINUS}"#,##0;#,##0.{"0" * places}'


def _width(head: str, values: Iterable[str | float | None]) -> int:
    """Return the width of a column: its cells stand on one line, its head takes a few."""
    kinds = {value if isinstance(value, str) else None for value in values}
    return min(max(NARROWEST, min(_size(head), HEAD_WIDE), *map(_size, kinds)) + 2, WIDEST)


def _size(value: str | None) -> int:
    """Width of a cell [Latin letters]; a hanzi counts as two, a number as twelve."""
    if value is None:
        return 12
    return len(value) if value.isascii() else sum(1 if char.isascii() else 2 for char in value)


def _cut(title: str, longest: int) -> str:
    """Return a title of at most so many characters: one that is longer ends in … after a whole word or number."""
    if len(title) <= longest:
        return title
    kept = title[: longest - 1]
    if not title[longest - 1].isspace():
        kept = LAST_WORD.sub("", kept) or kept
    return kept.rstrip(CUT_BEFORE) + MORE


def _sheet_names(titles: Iterable[str]) -> list[str]:
    names: list[str] = []
    for title in titles:
        plain = " ".join(title.translate(FORBIDDEN).split()) or "-"
        name, number = _cut(plain, NAME_LIMIT), 2
        while name.casefold() in {used.casefold() for used in names}:
            name, number = f"{_cut(plain, NAME_LIMIT - 4)} {number}", number + 1
        names.append(name)
    return names
