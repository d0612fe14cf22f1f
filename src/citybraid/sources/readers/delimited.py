"""CSV and other delimited text, in UTF-8 (with or without a byte-order mark), UTF-16 or GBK."""

import csv
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cells import from_table, words
from citybraid.sources.encoding import Encoding, named, tried
from citybraid.sources.filespec import CellOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.reading import Reading, findings
from citybraid.sources.sheets import heads, table
from citybraid.sources.target import Target

SUFFIXES = (".csv", ".txt", ".tsv")
VERSION = 1
DELIMITERS = (",", "\t", ";", "|", "，")
LONGEST_CELL = 1_000_000


class Options(CellOptions):
    """What the study may say of a delimited file."""

    encoding: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a delimited file; raises InputError where its encoding cannot be found or it holds no table."""
    rows, encoding = _rows(path, options.encoding, limits)
    cells = table(rows, role, name=path.name, words=words(role))
    reading = from_table(cells, role, options, target, name=path.name)
    values = {"name": path.name, "encoding": encoding.name}
    notes = (
        [Finding("guessed", "intake.encoding_guessed", role, values=values)]
        if encoding.how == "tried" and encoding.name != "utf-8"
        else []
    )
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return the texts of the first rows as columns; raises InputError where the encoding cannot be found."""
    rows, _ = _rows(path, "", Limits())
    return (Peeked("table", "", heads(rows), max(0, len(rows) - 1)),)


def _rows(path: Path, said: str, limits: Limits) -> tuple[list[list[str]], Encoding]:
    """The cells of a file and its encoding."""
    content = path.read_bytes()
    encoding = Encoding(named(said, name=path.name), "named") if said else tried(content, name=path.name)
    try:
        text = content.decode(encoding.name)
    except UnicodeDecodeError as fault:
        raise InputError("intake.encoding_lost", name=path.name) from fault
    if "\x00" in text:
        raise InputError("intake.not_this_format", name=path.name, format="CSV")
    lines = text.splitlines()
    counts = {mark: sum(line.count(mark) for line in lines[:20]) for mark in DELIMITERS}
    mark = max(DELIMITERS, key=lambda each: counts[each])
    if sum(counts.values()) and len(lines) * (counts[mark] / min(20, len(lines)) + 1) > limits.cells:
        raise InputError("intake.sheet_large", name=path.name, sheet="-", got=len(lines), limit=limits.cells)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(lines, delimiter=mark))
    except csv.Error as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)) from fault
    return rows, encoding
