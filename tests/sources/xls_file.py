"""The least that is an XLS workbook: BIFF 8 records in a compound file (MS-XLS, MS-CFB)."""

import struct
from collections.abc import Sequence
from pathlib import Path

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
LEAST_STREAM = 4096
GLOBALS, SHEET = 0x0005, 0x0010


def xls(path: Path, rows: Sequence[Sequence[str | float]], *, name: str = "表", hidden: bool = False) -> Path:
    """Write a workbook of one sheet."""
    stream = _workbook(rows, name, hidden=hidden)
    stream += bytes(-len(stream) % SECTOR if len(stream) >= LEAST_STREAM else LEAST_STREAM - len(stream))
    count = len(stream) // SECTOR
    table = [FAT, END, *range(3, 2 + count), END]
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    folder = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream)) + bytes(256)
    path.write_bytes(_header() + fat + folder + stream)
    return path


def _header() -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    numbers = struct.pack("<9I", 0, 1, 1, 0, LEAST_STREAM, END, 0, END, 0)
    return start + numbers + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = f"{name}\x00".encode("utf-16-le")
    head = text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))


def _workbook(rows: Sequence[Sequence[str | float]], name: str, *, hidden: bool) -> bytes:
    title = name.encode("utf-16-le")
    pages = _begin(GLOBALS) + _record(0x0042, struct.pack("<H", 1200))
    offset = len(pages) + 4 + 8 + len(title) + 4
    pages += _record(0x0085, struct.pack("<IBBBB", offset, int(hidden), 0, len(name), 1) + title) + _record(0x000A, b"")
    cells = b"".join(_cell(row, column, said) for row, line in enumerate(rows) for column, said in enumerate(line))
    return pages + _begin(SHEET) + cells + _record(0x000A, b"")


def _cell(row: int, column: int, said: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(said, str):
        return _record(0x0204, place + struct.pack("<HB", len(said), 1) + said.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", said))
