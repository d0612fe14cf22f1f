"""The report's tables as a workbook: every row, numbers as numbers, no text ever taken for a formula or a link."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from citybraid.report.chapter import Chapter, Column, Paragraph, Sayable, Table, in_words, words
from citybraid.report.page import Cover
from citybraid.report.units import System, convert

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
NAME_LIMIT = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDEST, NARROWEST = 60, 8
HEAD_ROWS = 3
"""Title, column names, units."""


def write_workbook(path: Path, chapters: Sequence[Chapter], *, cover: Cover, language: str, system: System) -> Path:
    """Write every table of the chapters to its own sheet and return the path."""
    tables = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Table)]
    with Workbook(str(path), SAFE) as book:
        styles = _styles(book)
        names = _sheet_names([in_words(table.title, language, system) for table in tables])
        _front(book, styles, cover, chapters, names, language, system)
        for name, table in zip(names, tables, strict=True):
            _sheet(book.add_worksheet(name), styles, book, table, language, system)
    return path


def _styles(book: Workbook) -> Mapping[str, Format]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#E4EDEA", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "unit": book.add_format({"italic": True, "font_color": "#5B6570", "bottom": 2}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"italic": True, "font_color": "#5B6570", "text_wrap": True, "valign": "top"}),
        "warning": book.add_format({"font_color": "#8A3B12", "bold": True, "text_wrap": True, "valign": "top"}),
    }


def _front(
    book: Workbook, styles: Mapping[str, Format], cover: Cover, chapters: Sequence[Chapter],
    names: Sequence[str], language: str, system: System,
) -> None:  # fmt: skip
    front = book.add_worksheet(in_words(words("workbook.front"), language))
    front.set_column(0, 0, 110)
    front.hide_gridlines(2)
    front.write_string(0, 0, in_words(cover.title, language, system), styles["title"])
    lines: list[tuple[str, Format]] = []
    if cover.synthetic:
        lines.append((in_words(words("page.synthetic"), language), styles["warning"]))
    if chapters:
        said = [block for block in chapters[0].blocks if isinstance(block, Paragraph)]
        lines += [
            (in_words(block.text, language, system), styles["warning" if block.kind == "warning" else "text"])
            for block in said
        ]
    lines += [("", styles["text"]), *((name, styles["text"]) for name in names)]
    for row, (text, style) in enumerate(lines, 2):
        front.write_string(row, 0, text, style)


def _sheet(
    sheet: Worksheet, styles: Mapping[str, Format], book: Workbook, table: Table, language: str, system: System
) -> None:
    sheet.write_string(0, 0, in_words(table.title, language, system), styles["title"])
    for at, column in enumerate(table.columns):
        sheet.write_string(1, at, in_words(column.title, language, system), styles["head"])
        sheet.write_string(2, at, column.unit_label(language, system), styles["unit"])
        values = [_value(value, column, language, system) for value in table.frame[column.key]]
        style = book.add_format({"num_format": _number_format(column, system), "valign": "top"})
        for row, value in enumerate(values, HEAD_ROWS):
            if isinstance(value, str):
                sheet.write_string(row, at, value, styles["text"])
            elif value is not None:
                sheet.write_number(row, at, value, style)
        sheet.set_column(at, at, _width([in_words(column.title, language, system), *values]))
    last = HEAD_ROWS + len(table.frame)
    sheet.freeze_panes(HEAD_ROWS, 1)
    if len(table.frame):
        sheet.autofilter(HEAD_ROWS - 1, 0, last - 1, len(table.columns) - 1)
    if table.note:
        sheet.write_string(last + 1, 0, in_words(table.note, language, system), book.add_format({"italic": True}))
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _value(value: object, column: Column, language: str, system: System) -> str | float | None:
    if isinstance(value, Sayable):
        return in_words(value, language, system)
    if value is None or value is pd.NA:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return convert(float(value), column.unit, system) if math.isfinite(value) else None
    return str(value)


def _number_format(column: Column, system: System) -> str:
    places = column.places(system)
    if places is None:
        return "General"
    return "#,##0" + ("." + "0" * places if places else "")


def _width(values: Iterable[str | float | None]) -> int:
    sizes = [sum(1 if char.isascii() else 2 for char in value) if isinstance(value, str) else 12 for value in values]
    return min(max([NARROWEST, *sizes]) + 2, WIDEST)


def _sheet_names(titles: Iterable[str]) -> list[str]:
    names: list[str] = []
    for title in titles:
        plain = title.translate(FORBIDDEN).strip()[:NAME_LIMIT] or "-"
        name, again = plain, 2
        while name.casefold() in {taken.casefold() for taken in names}:
            name, again = f"{plain[: NAME_LIMIT - 4]} {again}", again + 1
        names.append(name)
    return names
