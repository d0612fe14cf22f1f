"""XLSX workbooks through calamine: values only, no formula is ever run."""

import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cells import from_table, words
from citybraid.sources.columns import key
from citybraid.sources.filespec import CellOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.reading import Reading, findings
from citybraid.sources.sheets import heads, table
from citybraid.sources.target import Target

SUFFIXES = (".xlsx", ".xlsm")
VERSION = 1
MIB = 1 << 20
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
"""A filled cell in the text of a sheet."""
LONGEST_TAG = 64


class Options(CellOptions):
    """What the study may say of a workbook."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the sheet that the study names, else the one whose header names most of the role's quantities.

    Raises InputError where the file is no workbook, would unpack beyond the limits, or has no such sheet.
    """
    _check_packing(path, limits)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: _cells(book, name, limits, path) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    if options.sheet and options.sheet not in sheets:
        raise InputError("intake.sheet_absent", name=path.name, got=options.sheet, needs=list(sheets))
    wanted = words(role)
    chosen = options.sheet or max(sheets, key=lambda name: _hits(sheets[name], wanted))
    notes = (
        [Finding("found", "intake.sheet_chosen", role, len(sheets), {"name": path.name, "sheet": chosen})]
        if len(sheets) > 1
        else []
    )
    cells = table(sheets[chosen], role, name=path.name, words=wanted)
    reading = from_table(cells, role, options, target, name=path.name)
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return each sheet's cells of the first rows as its columns; raises InputError where the file is no workbook."""
    limits = Limits()
    _check_packing(path, limits)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: _cells(book, name, limits, path) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    return tuple(Peeked("table", name, heads(rows), max(0, len(rows) - 1)) for name, rows in sheets.items() if rows)


def _cells(book: CalamineWorkbook, name: str, limits: Limits, path: Path) -> list[list[object]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > limits.cells:
        raise InputError(
            "intake.sheet_large", name=path.name, sheet=name, got=sheet.height * sheet.width, limit=limits.cells
        )
    return [list(row) for row in sheet.to_python(skip_empty_area=True)]


def _hits(rows: list[list[object]], wanted: tuple[str, ...]) -> int:
    names = {key(word) for word in wanted}
    return max((sum(key(str(cell)) in names for cell in row if cell) for row in rows[:12]), default=0)


class Area(NamedTuple):
    """The rectangle that holds the filled cells of a sheet seen so far: one far cell makes it immense."""

    top: int = 1 << 30
    bottom: int = 0
    left: int = 1 << 30
    right: int = 0
    rest: bytes = b""

    def over(self, block: bytes) -> "Area":
        """Return the area with the cells of a further block of the sheet's text."""
        text = self.rest + block
        at = [(int(found[2]), _column(found[1])) for found in CELL.finditer(text)]
        rows, columns = ([each[axis] for each in at] for axis in (0, 1))
        return Area(
            min([self.top, *rows]), max([self.bottom, *rows]), min([self.left, *columns]), max([self.right, *columns]),
            text[-LONGEST_TAG:],
        )  # fmt: skip

    @property
    def cells(self) -> int:
        """How many cells the rectangle has."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _check_packing(path: Path, limits: Limits) -> None:
    """Refuse a file that unpacks to far more than it weighs; the sizes that it declares are checked, then counted."""
    if not zipfile.is_zipfile(path):
        raise InputError("intake.not_this_format", name=path.name, format="XLSX")
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > limits.packed_entries:
                raise InputError("intake.packed_entries", name=path.name, got=len(entries), limit=limits.packed_entries)
            most = min(limits.unpacked_mib * MIB, max(limits.unpacked_ratio * path.stat().st_size, MIB))
            total = 0
            for entry in entries:
                area = Area()
                with packed.open(entry) as stream:
                    while block := stream.read(MIB):
                        total += len(block)
                        if total > most:
                            raise InputError("intake.packed_large", name=path.name, limit=round(most / MIB, 1))
                        if entry.filename.startswith("xl/worksheets/"):
                            area = area.over(block)
                if area.cells > limits.cells:
                    sheet = entry.filename.rpartition("/")[2]
                    raise InputError(
                        "intake.sheet_large", name=path.name, sheet=sheet, got=area.cells, limit=limits.cells
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
