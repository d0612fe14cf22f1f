"""Delimited text files: detection of encoding, separator and decimal comma; unbalanced quotes are repaired."""

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
from citybraid.sources.text.encoding import Encoding, canonical_encoding, tried

MIB = 1 << 20
DELIMITERS = (",", "\t", ";", "|", "，")
LONGEST_CELL = 1_000_000
SAMPLE = 30
"""Number of lines from which the separator is detected."""
TALLEST_CELL = 5
"""Line breaks in a quoted cell that indicate an unclosed quote."""
DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")
THOUSANDS = re.compile(r"^[-+]?\d{1,3}(?:,\d{3})+$")
WITH_POINT = re.compile(r"^[-+]?[\d,]*\.\d+$")
SPACES = re.compile(r"[ \t]+")
FEWEST_WORDS = 3
NUL_SHARE = 0.2


class Cells(NamedTuple):
    """Rows of cells of a text file, and findings."""

    rows: list[list[str]]
    findings: tuple[Finding, ...]


def cells_of(path: Path, encoding: str, limits: Limits, *, layer: str) -> Cells:
    """Return the cells of a delimited file, gzipped or not.

    Raises InputError where its encoding cannot be detected, it is not text, or it is too large.
    """
    content = content_of(path, limits)
    text, encoding_findings = text_of(content, encoding, name=path.name, layer=layer)
    if "\x00" in text:
        raise InputError("intake.not_this_format", name=path.name, format="CSV")
    lines = io.StringIO(text, newline=None).read().split("\n")
    separator = delimiter(lines)
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0]) <= len("sep=x"):
        separator, lines = lines[0][4:] or separator, lines[1:]
    per_line = max((line.count(separator) for line in lines[:SAMPLE]), default=0) + 1 if separator else 1
    if len(lines) * per_line > limits.cells:
        raise InputError("intake.sheet_large", name=path.name, sheet="-", got=len(lines) * per_line, limit=limits.cells)
    if not separator:
        return Cells([SPACES.split(line.strip()) if line.strip() else [] for line in lines], tuple(encoding_findings))
    rows, quote_findings = _split(lines, separator, path=path, layer=layer)
    rows, decimal_findings = _with_points(rows, separator, path=path, layer=layer)
    return Cells(rows, (*encoding_findings, *quote_findings, *decimal_findings))


def content_of(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes, decompressed within the limits where it is gzipped."""
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    limit = int(min(limits.unpacked_mib * MIB, max(limits.unpacked_ratio * path.stat().st_size, MIB)))
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    if len(content) > limit:
        raise InputError("intake.packed_large", name=path.name, limit=round(limit / MIB, 1))
    return content


def text_of(content: bytes, stated_encoding: str, *, name: str, layer: str) -> tuple[str, list[Finding]]:
    """Return a file's text, and findings on its encoding; raises InputError where none fits."""
    encoding = (
        Encoding(canonical_encoding(stated_encoding, name=name), "named")
        if stated_encoding
        else _utf_16(content) or tried(content, name=name)
    )
    try:
        text = content.decode(encoding.name)
    except UnicodeDecodeError as fault:
        raise InputError("intake.encoding_lost", name=name) from fault
    values = {"name": name, "encoding": encoding.name}
    guessed = encoding.how == "tried" and encoding.name != "utf-8"
    return text.lstrip("\ufeff"), [
        Finding("guessed", "intake.encoding_guessed", layer, values=values)
    ] if guessed else []


def _utf_16(content: bytes) -> Encoding | None:
    """Detect UTF-16 without a byte-order mark by its zero bytes."""
    head = content[:4096]
    if len(head) < 2 or head.startswith((b"\xff\xfe", b"\xfe\xff")):  # noqa: PLR2004  (two bytes of a mark)
        return None
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        other = head[::2] if encoding == "utf-16-le" else head[1::2]
        if zeros.count(0) > NUL_SHARE * len(zeros) and other.count(0) == 0:
            return Encoding(encoding, "tried")
    return None


def delimiter(lines: Sequence[str]) -> str:
    """Return the separator with the most consistent count per line; '' for whitespace-separated text."""
    sample = [line for line in lines if line.strip()][:SAMPLE]
    scores: dict[str, tuple[float, int]] = {}
    for separator in DELIMITERS:
        counts = [_outside_quotes(line).count(separator) for line in sample]
        nonzero = Counter(each for each in counts if each)
        if nonzero:
            times, lines_with = nonzero.most_common(1)[0]
            scores[separator] = (lines_with / len(sample), times)
    if scores:
        return max(scores, key=lambda separator: scores[separator])
    words = [len(SPACES.split(line.strip())) for line in sample]
    uniform = bool(words) and min(words) == max(words) >= FEWEST_WORDS
    return "" if uniform else ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2]) if line.count('"') % 2 == 0 else line


def _split(lines: list[str], separator: str, *, path: Path, layer: str) -> tuple[list[list[str]], list[Finding]]:
    """Split lines into cells; where a quote is never closed, treat quotes as plain characters."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
        rows = [[cell.rstrip("\n") if cell.endswith("\n") else cell for cell in row] for row in reader]
        if not any(cell.count("\n") >= TALLEST_CELL for row in rows for cell in row):
            return rows, []
    except csv.Error:
        pass
    bad_line = next((number for number, line in enumerate(lines, 1) if line.count('"') % 2), 1)
    rows = [[cell.strip('"') for cell in line.split(separator)] for line in lines]
    return rows, [Finding("repaired", "intake.quotes_broken", layer, values={"name": path.name, "line": bad_line})]


def _with_points(
    rows: list[list[str]], separator: str, *, path: Path, layer: str
) -> tuple[list[list[str]], list[Finding]]:
    """Convert decimal commas to points, where the comma is not the separator and no cell has a point."""
    if separator in (",", "，"):
        return rows, []
    cells = [cell.strip() for row in rows for cell in row]
    commas = [cell for cell in cells if DECIMAL_COMMA.match(cell)]
    if not commas or any(WITH_POINT.match(cell) for cell in cells):
        return rows, []
    values = {"name": path.name, "examples": commas[:2]}
    if all(THOUSANDS.match(cell) for cell in commas):
        return rows, [Finding("advice", "intake.commas_unclear", layer, len(commas), values)]
    changed = [[cell.replace(",", ".") if DECIMAL_COMMA.match(cell.strip()) else cell for cell in row] for row in rows]
    return changed, [Finding("guessed", "intake.commas_decimal", layer, len(commas), values)]
