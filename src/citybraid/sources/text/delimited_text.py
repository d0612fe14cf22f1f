"""Text files of tables: which encoding, which mark between cells, which comma; broken quotes mended and told."""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.encoding import Encoding, named, tried

MIB = 1 << 20
DELIMITERS = (",", "\t", ";", "|", "，")
LONGEST_CELL = 1_000_000
SAMPLE = 30
"""Lines that the mark between cells is judged by."""
TALLEST_CELL = 5
"""Lines from which a quoted cell is taken for a quote that was never closed."""
DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")
THOUSANDS = re.compile(r"^[-+]?\d{1,3}(?:,\d{3})+$")
WITH_POINT = re.compile(r"^[-+]?[\d,]*\.\d+$")
SPACES = re.compile(r"[ \t]+")
FEWEST_WORDS = 3
NUL_SHARE = 0.2


class Cells(NamedTuple):
    """The cells of a text file, and what was noticed while they were told apart."""

    rows: list[list[str]]
    findings: tuple[Finding, ...]


def cells_of(path: Path, said: str, limits: Limits, *, layer: str) -> Cells:
    """Return the cells of a delimited file, packed by gzip or not.

    Raises InputError where its encoding cannot be found, it is no text, or it is too large.
    """
    content = content_of(path, limits)
    text, found = text_of(content, said, name=path.name, layer=layer)
    if "\x00" in text:
        raise InputError("intake.not_this_format", name=path.name, format="CSV")
    lines = io.StringIO(text, newline=None).read().split("\n")
    mark = delimiter(lines)
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0]) <= len("sep=x"):
        mark, lines = lines[0][4:] or mark, lines[1:]
    per_line = max((line.count(mark) for line in lines[:SAMPLE]), default=0) + 1 if mark else 1
    if len(lines) * per_line > limits.cells:
        raise InputError("intake.sheet_large", name=path.name, sheet="-", got=len(lines) * per_line, limit=limits.cells)
    if not mark:
        return Cells([SPACES.split(line.strip()) if line.strip() else [] for line in lines], tuple(found))
    rows, notes = _split(lines, mark, path=path, layer=layer)
    rows, more = _with_points(rows, mark, path=path, layer=layer)
    return Cells(rows, (*found, *notes, *more, *_ragged(rows, path=path, layer=layer)))


def content_of(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes, unpacked within the limits where it is packed by gzip."""
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    most = int(min(limits.unpacked_mib * MIB, max(limits.unpacked_ratio * path.stat().st_size, MIB)))
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    if len(content) > most:
        raise InputError("intake.packed_large", name=path.name, limit=round(most / MIB, 1))
    return content


def text_of(content: bytes, said: str, *, name: str, layer: str) -> tuple[str, list[Finding]]:
    """Return a file's text, and what was found of its encoding; raises InputError where none fits."""
    encoding = Encoding(named(said, name=name), "named") if said else _utf_16(content) or tried(content, name=name)
    try:
        text = content.decode(encoding.name)
    except UnicodeDecodeError as fault:
        raise InputError("intake.encoding_lost", name=name) from fault
    told = {"name": name, "encoding": encoding.name}
    guessed = encoding.how == "tried" and encoding.name != "utf-8"
    return text.lstrip("\ufeff"), [Finding("guessed", "intake.encoding_guessed", layer, values=told)] if guessed else []


def _utf_16(content: bytes) -> Encoding | None:
    """UTF-16 without its mark, known by its zero bytes."""
    head = content[:4096]
    if len(head) < 2 or head.startswith((b"\xff\xfe", b"\xfe\xff")):  # noqa: PLR2004  (two bytes of a mark)
        return None
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        other = head[::2] if encoding == "utf-16-le" else head[1::2]
        if zeros.count(0) > NUL_SHARE * len(zeros) and other.count(0) == 0:
            return Encoding(encoding, "tried")
    return None


def delimiter(lines: Sequence[str]) -> str:
    """Return the mark that stands equally often in most lines; '' where only spaces part the words."""
    sample = [line for line in lines if line.strip()][:SAMPLE]
    scores: dict[str, tuple[float, int]] = {}
    for mark in DELIMITERS:
        counts = [_outside_quotes(line).count(mark) for line in sample]
        some = Counter(each for each in counts if each)
        if some:
            times, lines_with = some.most_common(1)[0]
            scores[mark] = (lines_with / len(sample), times)
    if scores:
        return max(scores, key=lambda mark: scores[mark])
    words = [len(SPACES.split(line.strip())) for line in sample]
    even = bool(words) and min(words) == max(words) >= FEWEST_WORDS
    return "" if even else ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2]) if line.count('"') % 2 == 0 else line


def _split(lines: list[str], mark: str, *, path: Path, layer: str) -> tuple[list[list[str]], list[Finding]]:
    """Rows of cells; where a quote is never closed, quotes are taken as plain characters."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=mark, strict=True)
        rows = [[cell.rstrip("\n") if cell.endswith("\n") else cell for cell in row] for row in reader]
        if not any(cell.count("\n") >= TALLEST_CELL for row in rows for cell in row):
            return rows, []
    except csv.Error:
        pass
    bad = next((number for number, line in enumerate(lines, 1) if line.count('"') % 2), 1)
    rows = [[cell.strip('"') for cell in line.split(mark)] for line in lines]
    return rows, [Finding("repaired", "intake.quotes_broken", layer, values={"name": path.name, "line": bad})]


def _with_points(rows: list[list[str]], mark: str, *, path: Path, layer: str) -> tuple[list[list[str]], list[Finding]]:
    """Decimal commas made points, where the mark between cells is another and no cell has a point."""
    if mark in (",", "，"):
        return rows, []
    cells = [cell.strip() for row in rows for cell in row]
    commas = [cell for cell in cells if DECIMAL_COMMA.match(cell)]
    if not commas or any(WITH_POINT.match(cell) for cell in cells):
        return rows, []
    told = {"name": path.name, "examples": commas[:2]}
    if all(THOUSANDS.match(cell) for cell in commas):
        return rows, [Finding("advice", "intake.commas_unclear", layer, len(commas), told)]
    changed = [[cell.replace(",", ".") if DECIMAL_COMMA.match(cell.strip()) else cell for cell in row] for row in rows]
    return changed, [Finding("guessed", "intake.commas_decimal", layer, len(commas), told)]


def _ragged(rows: Sequence[Sequence[str]], *, path: Path, layer: str) -> list[Finding]:
    """Rows that have more cells than most."""
    counts = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not counts:
        return []
    usual = counts.most_common(1)[0][0]
    longer = [
        number for number, row in enumerate(rows, 1) if len(row) > usual and any(cell.strip() for cell in row[usual:])
    ]
    if not longer:
        return []
    told = {"name": path.name, "rows": longer[:3], "usual": usual}
    return [Finding("advice", "intake.rows_longer", layer, len(longer), told)]
