"""Workbooks as ZIP packages: unpacked size, extent of their cells, failed formulas, hidden rows and columns."""

import html
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits

MIB = 1 << 20
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
"""A filled cell in a sheet's XML."""
FAILED = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*\bt="e"[^>]*>')
"""A cell whose formula failed (#DIV/0!, #REF!)."""
UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""A cell with a formula and no stored value, as programs write that do not compute; Excel stores values on saving."""
HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})"')
HIDDEN_COLUMNS = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\bmin="(\d{1,5})"[^>]*\bmax="(\d{1,5})"')
WIDEST = 16384
"""Columns of a sheet: hidden ones up to the last are its empty margin."""
SHEET = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
LINK = re.compile(rb"<Relationship\b[^>]*>")
MOST_FAILED = 1000
LONGEST_TAG = 128
LONGEST_FORMULA = 8192


class Marks(NamedTuple):
    """What a sheet's cells do not tell: formulas that failed or have no value, hidden rows, hidden columns."""

    failed: tuple[str, ...] = ()
    rows: int = 0
    columns: int = 0


class Area(NamedTuple):
    """Bounding rectangle of the filled cells scanned so far: a single distant cell makes it huge."""

    top: int = 1 << 30
    bottom: int = 0
    left: int = 1 << 30
    right: int = 0
    rest: bytes = b""

    def over(self, block: bytes) -> "Area":
        """Return the area extended by the cells of the next block of the sheet's XML."""
        text = self.rest + block
        cells = [(int(match[2]), _column(match[1])) for match in CELL.finditer(text)]
        rows, columns = ([each[axis] for each in cells] for axis in (0, 1))
        return Area(
            min([self.top, *rows]), max([self.bottom, *rows]), min([self.left, *columns]), max([self.right, *columns]),
            text[-LONGEST_TAG:],
        )  # fmt: skip

    @property
    def cells(self) -> int:
        """Number of cells in the rectangle."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


PACKED = b"PK\x03\x04"
"""First bytes of a package: where its end is missing, the file is cut off."""


def check_package(path: Path, limits: Limits) -> Mapping[str, Marks]:
    """Refuse a decompression bomb; return failed formulas and hidden rows and columns by sheet, where it has any.

    The sizes are counted while unpacking, whatever the package declares.
    Raises InputError where the file is no package, has too many parts, or a sheet reaches too far.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            if stream.read(len(PACKED)) == PACKED:
                raise InputError("intake.workbook_cut", name=path.name)
        raise InputError("intake.not_this_format", name=path.name, format=path.suffix.lstrip(".").upper())
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > limits.packed_entries:
                raise InputError("intake.packed_entries", name=path.name, got=len(entries), limit=limits.packed_entries)
            most = min(limits.unpacked_mib * MIB, max(limits.unpacked_ratio * path.stat().st_size, MIB))
            total, marked = 0, {}
            for entry in entries:
                size, marks = _counted(packed, entry, most - total, limits, path=path, most=most)
                total += size
                if any(marks):
                    marked[entry.filename] = marks
            return _by_sheet(packed, marked)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault


def _counted(
    packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: float, limits: Limits, *, path: Path, most: float
) -> tuple[int, Marks]:
    """Return the unpacked size of one part [byte], and the marks of its cells."""
    area, size, failed, rest = Area(), 0, dict[str, None](), b""
    rows, columns = set[bytes](), set[tuple[bytes, bytes]]()
    sheet = entry.filename.startswith("xl/worksheets/")
    with packed.open(entry) as stream:
        while block := stream.read(MIB):
            size += len(block)
            if size > left:
                raise InputError("intake.packed_large", name=path.name, limit=round(most / MIB, 1))
            if sheet:
                area = area.over(block)
                text = rest + block
                bad = (*FAILED.findall(text)[:MOST_FAILED], *UNCOMPUTED.findall(text)[:MOST_FAILED])
                failed |= dict.fromkeys(each.decode() for each in bad)
                rows |= set(HIDDEN_ROW.findall(text))
                columns |= set(HIDDEN_COLUMNS.findall(text))
                rest = text[-LONGEST_FORMULA:]
    if area.cells > limits.cells:
        name = entry.filename.rpartition("/")[2]
        raise InputError("intake.sheet_large", name=path.name, sheet=name, got=area.cells, limit=limits.cells)
    hidden = sum(int(last) - int(first) + 1 for first, last in columns if int(last) < WIDEST)
    return size, Marks(tuple(failed), len(rows), hidden)


def _by_sheet(packed: zipfile.ZipFile, marked: Mapping[str, Marks]) -> Mapping[str, Marks]:
    """Return marks by sheet name, or by part name where the package does not map it."""
    if not marked:
        return {}
    try:
        book, links = packed.read("xl/workbook.xml"), packed.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return marked
    parts = {
        ids[1]: f"xl/{target[1].decode().removeprefix('/xl/')}"
        for link in LINK.findall(links)
        if (ids := re.search(rb'\bId="([^"]*)"', link)) and (target := re.search(rb'\bTarget="([^"]*)"', link))
    }
    names = {
        parts[link]: html.unescape(name.decode("utf-8", "replace"))
        for name, link in SHEET.findall(book)
        if link in parts
    }
    return {names.get(part, part): marks for part, marks in marked.items()}
