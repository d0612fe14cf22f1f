"""Workbooks (XLSX, XLS, ODS) through calamine: values only, formulas are never evaluated."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.protocol.discovery import takes_several_sheets
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings, joined_readings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.cells import cells_reading, header_names
from citybraid.sources.tabular.header_rows import MAX_HEADER_SEARCH, known_name_count
from citybraid.sources.tabular.sheets import SHEET, first_texts, table
from citybraid.sources.tabular.table_shapes import shape_kind
from citybraid.sources.tabular.workbook_package import Marks, check_package
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.columns import key
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
VERSION = 19
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Magic number of older workbooks (.xls)."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Stream name that marks a password-protected workbook."""
HIDDEN_SHEETS = "intake.sheets_hidden"
"""Text id of the finding on hidden sheets."""
PACKED = frozenset({".xlsx", ".xlsm", ".ods"})
Merge = tuple[tuple[int, int], tuple[int, int]]


class Options(CellOptions):
    """Options of a workbook in the study file."""

    sheet: str = ""


class Page(NamedTuple):
    """One sheet: its cells from the first non-empty one, merged ranges relative to it, whether it is hidden."""

    cells: list[list[object]]
    merges: tuple[Merge, ...]
    hidden: bool
    above: int = 0
    """Empty rows before the first cell."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the sheet that the study names, else the visible one whose header names most of the role's quantities.

    Where the role allows it the study may name several, joined with |, or all visible ones with *.
    Raises InputError where the file is no workbook, would exceed the limits unpacked, or has no such sheet.
    """
    pages, marked = _pages(path, limits)
    visible = [name for name, page in pages.items() if not page.hidden] or list(pages)
    if options.sheet not in pages and takes_several_sheets(role) and set(options.sheet) & set("|*"):
        names = visible if options.sheet.strip() == "*" else [name.strip() for name in options.sheet.split("|")]
        parts = [read(path, role, options.model_copy(update={"sheet": name}), target, limits=limits) for name in names]
        return joined_readings(parts)
    if options.sheet and options.sheet not in pages:
        raise InputError("intake.sheet_absent", name=path.name, got=options.sheet, needs=list(pages))
    role_words = header_names(role)
    if not visible:
        raise InputError("intake.sheet_empty", name=path.name, role=role)
    chosen = options.sheet or max(visible, key=lambda name: _hits(pages[name].cells, role_words))
    notes = _workbook_findings(pages, chosen, marked.get(chosen, Marks()), path=path, role=role)
    page = pages[chosen]
    sheet = table(page.cells, role, name=path.name, words=role_words, merges=page.merges, above=page.above)
    sheet.frame.attrs[SHEET] = chosen
    try:
        reading = cells_reading(sheet.frame, role, options, target, name=path.name)
    except InputError as fault:
        unseen = [InputError(each.text, layer=each.layer, count=each.count, **each.values)
                  for each in notes if each.text == HIDDEN_SHEETS]  # fmt: skip
        if not unseen:
            raise
        raise InputErrors([fault, *unseen]) from fault
    return Reading(reading.layers, findings(notes, sheet.findings, reading.findings), reading.problems)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return each sheet's cells of the first rows as its columns; raises InputError where the file is no workbook."""
    pages, _ = _pages(path, Limits())
    return tuple(
        LayerPreview(shape_kind(page.cells), name, first_texts(page.cells), max(0, len(page.cells) - 1))
        for name, page in pages.items()
        if page.cells and not page.hidden
    )


def _pages(path: Path, limits: Limits) -> tuple[dict[str, Page], Mapping[str, Marks]]:
    """Every sheet by name, and failed formulas and hidden rows and columns by sheet."""
    marked: Mapping[str, Marks] = {}
    with path.open("rb") as stream:
        compound = stream.read(len(COMPOUND)) == COMPOUND
    if path.suffix.lower() in PACKED and not compound:
        marked = check_package(path, limits)
    elif not compound:
        raise InputError("intake.not_this_format", name=path.name, format="XLS")
    try:
        book = _opened(path, compound=compound)
        hidden = {each.name for each in book.sheets_metadata if each.visible != SheetVisibleEnum.Visible}
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        return {name: _page(book, name, limits, path, hidden=name in hidden) for name in names}, marked
    except (CalamineError, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault


def _opened(path: Path, *, compound: bool) -> CalamineWorkbook:
    """Open a workbook by its content, whatever its suffix; raises InputError where it is password-protected."""
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
    return Page([list(row) for row in sheet.to_python(skip_empty_area=True)], merges, hidden, top)


def _hits(rows: Sequence[Sequence[object]], role_words: Sequence[str]) -> int:
    names = frozenset(key(word) for word in role_words)
    return max(
        (known_name_count([normalize_cell(cell) for cell in row], names) for row in rows[:MAX_HEADER_SEARCH]), default=0
    )


def _workbook_findings(pages: Mapping[str, Page], chosen: str, marks: Marks, *, path: Path, role: str) -> list[Finding]:
    """Findings on the workbook: the sheet chosen, hidden sheets, rows and columns, failed formulas."""
    notes: list[Finding] = []
    if len(pages) > 1:
        values = {"name": path.name, "sheet": chosen}
        notes.append(Finding("found", "intake.sheet_chosen", role, len(pages), values))
    if hidden := [name for name, page in pages.items() if page.hidden]:
        hidden_values = {"name": path.name, "sheets": hidden[:8]}
        notes.append(Finding("advice", HIDDEN_SHEETS, role, len(hidden), hidden_values))
    if marks.rows or marks.columns:
        part = {"name": path.name, "sheet": chosen, "columns": marks.columns}
        notes.append(Finding("warning", "intake.sheet_hidden_rows", role, marks.rows, part))
    if marks.failed:
        failed_values = {"name": path.name, "sheet": chosen, "cells": list(marks.failed[:8])}
        notes.append(Finding("rejected", "intake.cells_failed", role, len(marks.failed), failed_values))
    return notes
