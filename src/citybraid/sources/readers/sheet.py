"""Workbooks (XLSX, XLS, ODS) through calamine: values only, no formula is ever run."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.cells import from_table, words
from citybraid.sources.tabular.header_rows import LOOK, hits
from citybraid.sources.tabular.sheets import heads, table
from citybraid.sources.tabular.table_shapes import kind_of
from citybraid.sources.tabular.workbook_package import check_packing
from citybraid.sources.text.cell_values import plain
from citybraid.sources.text.columns import key
from citybraid.sources.vector.preview import Peeked

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
VERSION = 2
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older workbooks (.xls) begin."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""What a workbook with a password holds."""
PACKED = frozenset({".xlsx", ".xlsm", ".ods"})
Merge = tuple[tuple[int, int], tuple[int, int]]


class Options(CellOptions):
    """What the study may say of a workbook."""

    sheet: str = ""


class Page(NamedTuple):
    """One sheet: its cells from its first filled one on, its merged cells counted from there, whether it is hidden."""

    cells: list[list[object]]
    merges: tuple[Merge, ...]
    hidden: bool


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the sheet that the study names, else the visible one whose header names most of the role's quantities.

    Raises InputError where the file is no workbook, would unpack beyond the limits, or has no such sheet.
    """
    pages, failed = _pages(path, limits)
    if options.sheet and options.sheet not in pages:
        raise InputError("intake.sheet_absent", name=path.name, got=options.sheet, needs=list(pages))
    wanted = words(role)
    visible = [name for name, page in pages.items() if not page.hidden] or list(pages)
    if not visible:
        raise InputError("intake.sheet_empty", name=path.name, role=role)
    chosen = options.sheet or max(visible, key=lambda name: _hits(pages[name].cells, wanted))
    notes = _of_book(pages, chosen, failed.get(chosen, ()), path=path, role=role)
    sheet = table(pages[chosen].cells, role, name=path.name, words=wanted, merges=pages[chosen].merges)
    reading = from_table(sheet.frame, role, options, target, name=path.name)
    return Reading(reading.layers, findings(notes, sheet.findings, reading.findings), reading.problems)


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return each sheet's cells of the first rows as its columns; raises InputError where the file is no workbook."""
    pages, _ = _pages(path, Limits())
    return tuple(
        Peeked(kind_of(page.cells), name, heads(page.cells), max(0, len(page.cells) - 1))
        for name, page in pages.items()
        if page.cells and not page.hidden
    )


def _pages(path: Path, limits: Limits) -> tuple[dict[str, Page], Mapping[str, tuple[str, ...]]]:
    """Every sheet by name, and the cells of failed formulas by sheet."""
    failed: Mapping[str, tuple[str, ...]] = {}
    with path.open("rb") as stream:
        compound = stream.read(len(COMPOUND)) == COMPOUND
    if path.suffix.lower() in PACKED and not compound:
        failed = check_packing(path, limits)
    elif not compound:
        raise InputError("intake.not_this_format", name=path.name, format="XLS")
    try:
        book = _opened(path, compound=compound)
        hidden = {each.name for each in book.sheets_metadata if each.visible != SheetVisibleEnum.Visible}
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        return {name: _page(book, name, limits, path, hidden=name in hidden) for name in names}, failed
    except (CalamineError, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault


def _opened(path: Path, *, compound: bool) -> CalamineWorkbook:
    """Open a workbook by what it is, whatever its suffix; raises InputError where a password locks it."""
    if not compound:
        return CalamineWorkbook.from_path(str(path))
    content = path.read_bytes()
    if LOCKED in content:
        raise InputError("intake.workbook_locked", name=path.name)
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def _page(book: CalamineWorkbook, name: str, limits: Limits, path: Path, *, hidden: bool) -> Page:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > limits.cells:
        raise InputError(
            "intake.sheet_large", name=path.name, sheet=name, got=sheet.height * sheet.width, limit=limits.cells
        )
    top, left = sheet.start or (0, 0)
    merges = tuple(
        ((first[0] - top, first[1] - left), (last[0] - top, last[1] - left))
        for first, last in sheet.merged_cell_ranges or ()
        if first[0] >= top and first[1] >= left
    )
    return Page([list(row) for row in sheet.to_python(skip_empty_area=True)], merges, hidden)


def _hits(rows: Sequence[Sequence[object]], wanted: Sequence[str]) -> int:
    names = frozenset(key(word) for word in wanted)
    return max((hits([plain(cell) for cell in row], names) for row in rows[:LOOK]), default=0)


def _of_book(pages: Mapping[str, Page], chosen: str, failed: Sequence[str], *, path: Path, role: str) -> list[Finding]:
    """What is told of the workbook: which sheet, which are hidden, which formulas failed."""
    found: list[Finding] = []
    if len(pages) > 1:
        told = {"name": path.name, "sheet": chosen}
        found.append(Finding("found", "intake.sheet_chosen", role, len(pages), told))
    if hidden := [name for name, page in pages.items() if page.hidden]:
        shown = {"name": path.name, "sheets": hidden[:8]}
        found.append(Finding("advice", "intake.sheets_hidden", role, len(hidden), shown))
    if failed:
        cells = {"name": path.name, "sheet": chosen, "cells": list(failed[:8])}
        found.append(Finding("rejected", "intake.cells_failed", role, len(failed), cells))
    return found
