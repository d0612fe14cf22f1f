"""The .dbf of a shapefile as bytes: its rows, fields and non-ASCII texts."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

HEADER, END, NAME = 32, b"\r", 11
"""Bytes of the header and of each field descriptor, the terminator, and the bytes of a field's name."""
COUNT, START, STEP, DRIVER, TYPE, WIDTH = 4, 8, 10, 29, 11, 16
"""Offsets in the header of row count, first row, row length and language; in a descriptor of type and width."""
MOST_FIELDS = 2048
TEXT = b"C"
TYPES = frozenset(bytes((letter,)) for letter in b"CNFLDMIYTB@O+GPQVWX")
"""Field types of dBASE and its successors."""
HIGH = 0x80
Bytes = npt.NDArray[np.uint8]


class Field(NamedTuple):
    """A field: its name as bytes, its type, its offset in a row and its width [byte]."""

    name: bytes
    kind: bytes
    at: int
    width: int


class Dbf(NamedTuple):
    """A .dbf: its header, its stated row count, its fields, its language driver, its complete rows as bytes."""

    head: bytes
    stated: int
    fields: tuple[Field, ...]
    driver: int
    rows: Bytes

    @property
    def held(self) -> int:
        """Number of complete rows."""
        return len(self.rows)

    def fits(self, shapes: int) -> bool:
        """Return whether there is one complete row for each shape."""
        return self.held == self.stated == shapes and bool(self.fields)

    def of_length(self, shapes: int) -> bytes:
        """Return the file with one row for each shape: surplus rows dropped, missing rows blank."""
        rows = self.rows[:shapes].tobytes()
        blank = b" " * (self.rows.shape[1] * max(0, shapes - self.held))
        count = shapes.to_bytes(4, "little")
        content: bytes = self.head[:COUNT] + count + self.head[COUNT + 4 :] + rows + blank + b"\x1a"
        return content

    def words(self) -> list[bytes]:
        """Return the field names and every distinct non-ASCII text without trailing blanks."""
        texts = [field.name for field in self.fields]
        for field in self.fields:
            if field.kind != TEXT:
                continue
            cells = self.rows[:, field.at : field.at + field.width]
            marked = cells[(cells >= HIGH).any(axis=1)]
            if marked.size:
                texts += [row.tobytes().rstrip(b" \x00") for row in np.unique(marked, axis=0)]
        return texts


def read_dbf(path: Path) -> Dbf:
    """Return the parsed .dbf; truncated rows do not count."""
    content: Bytes = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.zeros(0, dtype=np.uint8)
    head = content[:HEADER].tobytes().ljust(HEADER, b"\x00")
    stated = int.from_bytes(head[COUNT : COUNT + 4], "little")
    start, step = (int.from_bytes(head[at : at + 2], "little") for at in (START, STEP))
    fields = _fields(content[HEADER : max(HEADER, start)].tobytes())
    if step == 0 or start < HEADER or not fields:
        return Dbf(head, stated, (), head[DRIVER], np.zeros((0, 1), dtype=np.uint8))
    count = min(stated, max(0, (len(content) - start) // step))
    rows = content[start : start + count * step].reshape(count, step)
    return Dbf(content[:start].tobytes(), stated, fields, head[DRIVER], rows)


def _fields(content: bytes) -> tuple[Field, ...]:
    fields: list[Field] = []
    at = 1
    for start in range(0, min(len(content), MOST_FIELDS * HEADER) - HEADER + 1, HEADER):
        entry = content[start : start + HEADER]
        if entry[:1] == END or entry[TYPE : TYPE + 1] not in TYPES:
            break
        fields.append(Field(entry[:NAME].split(b"\x00")[0], entry[TYPE : TYPE + 1], at, entry[WIDTH]))
        at += entry[WIDTH]
    return tuple(fields)
