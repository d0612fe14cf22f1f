"""The .shx of a shapefile: checked against the .shp, rebuilt in a temporary folder where it is missing or wrong."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.sources.vector.shapefile_dbf import Dbf

HEAD = 100
"""Bytes of the header of .shp and .shx, which share one layout (ESRI 1998, table 1)."""
MAGIC = bytes((0, 0, 0x27, 0x0A))
LENGTH_STARTS, LENGTH_ENDS = 24, 28
"""Bytes of the header that give the file's length, in words of 16 bits."""
ENTRY = 8
"""Bytes of an entry of .shx and of a record's header in .shp: two numbers of 4 bytes, in words of 16 bits."""
SUFFIXES = (".shx", ".prj", ".cpg")


class ShapeCount(NamedTuple):
    """The number of shapes, and whether their index was rebuilt."""

    shapes: int
    rebuilt: bool


def companion_file(path: Path, suffix: str) -> Path | None:
    """Return the companion file with a suffix in lower or upper case; None where it is missing."""
    candidates = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((each for each in candidates if each.is_file()), None)


def is_index_valid(path: Path) -> bool:
    """Return whether the .shx beside a .shp fits it: its length, its first record, and no record beyond the end."""
    index = companion_file(path, ".shx")
    if index is None:
        return False
    content = index.read_bytes()
    if content[:4] != MAGIC or len(content) < HEAD or (len(content) - HEAD) % ENTRY:
        return False
    entries = np.frombuffer(content, dtype=">i4", offset=HEAD).reshape(-1, 2).astype(np.int64) * 2
    if len(entries) == 0:
        return path.stat().st_size <= HEAD
    ends = entries.sum(axis=1) + ENTRY
    return bool((entries >= 0).all() and entries[0, 0] == HEAD and ends.max() <= path.stat().st_size)


@contextmanager
def repaired_shapefile(path: Path, dbf: Dbf | None) -> Iterator[tuple[Path, ShapeCount]]:
    """Yield a consistent shapefile and its shape count.

    A missing or wrong index is rebuilt from the records, and a table that has not one row a
    shape is padded or truncated: both in a temporary copy; nothing is written beside the
    user's file. Raises InputError where the records are not contiguous.
    """
    sound = is_index_valid(path)
    content = b"" if sound else path.read_bytes()
    entries = np.empty((_index_length(path), 2)) if sound else _records(content, path)
    counted = ShapeCount(len(entries), rebuilt=not sound)
    if sound and (dbf is None or dbf.fits(len(entries))):
        yield path, counted
        return
    with tempfile.TemporaryDirectory(prefix="shapefile-", ignore_cleanup_errors=True) as scratch:
        copy = Path(scratch) / path.with_suffix(".shp").name
        for suffix in SUFFIXES:
            if (companion := companion_file(path, suffix)) is not None:
                shutil.copyfile(companion, copy.with_suffix(suffix))
        shutil.copyfile(path, copy)
        if not sound:
            head = bytearray(content[:HEAD])
            head[LENGTH_STARTS:LENGTH_ENDS] = ((HEAD + ENTRY * len(entries)) // 2).to_bytes(4, "big")
            copy.with_suffix(".shx").write_bytes(bytes(head) + entries.astype(">i4").tobytes())
        if dbf is not None and dbf.fields:
            copy.with_suffix(".dbf").write_bytes(dbf.of_length(len(entries)))
        yield copy, counted


def _index_length(path: Path) -> int:
    index = companion_file(path, ".shx")
    return 0 if index is None else (index.stat().st_size - HEAD) // ENTRY


def _records(content: bytes, path: Path) -> np.ndarray:
    """Return offset and length of every record in 16-bit words, following the record headers through the file."""
    records: list[tuple[int, int]] = []
    at, end = HEAD, min(len(content), 2 * int.from_bytes(content[LENGTH_STARTS:LENGTH_ENDS], "big"))
    while at + ENTRY <= end:
        length = int.from_bytes(content[at + 4 : at + ENTRY], "big")
        if length < 2 or at + ENTRY + 2 * length > end:  # noqa: PLR2004  (a record holds at least its type)
            raise InputError("intake.shx_hopeless", name=path.name, record=len(records) + 1)
        records.append((at // 2, length))
        at += ENTRY + 2 * length
    return np.array(records, dtype=np.int64).reshape(-1, 2)
