"""Detection of a sheet's header: titles above, one to three rows of names, a row of units, merged cells."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from citybraid.sources.text.columns import BRACKETS, key
from citybraid.sources.text.units import is_known_unit

MAX_HEADER_SEARCH = 12
"""Rows that are searched for a header."""
DEEPEST = 3
"""Largest number of joined header rows."""
UNITS = re.compile(r"(?:计量)?单位\s*[:：]?\s*(.+)|^units?\s*[:：]\s*(.+)", re.IGNORECASE)
PARTS = re.compile(r"[、,，;；/\s]+")
NUMBER = re.compile(r"^[-+]?[\d,]*\.?\d+%?$")


class Header(NamedTuple):
    """The header of a table: column names, first row, number of rows, titles and units stated above."""

    names: tuple[str, ...]
    start: int
    rows: int
    titles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_row: bool = False


def detect_header(rows: Sequence[Sequence[str]], words: Sequence[str]) -> Header:
    """Return the header of a sheet whose rows are plain texts without blank ones.

    The header is the group of rows that, joined, name the most of `words`; of equals one that
    leaves no row of names below it, then the fewest and the first rows. Rows above are titles. A row below that
    names the parts of a merged cell, and nothing else, belongs to it, whether its names are known or not.
    """
    keys = frozenset(key(word) for word in words)
    candidates = [
        (
            known_name_count(joined_names(rows[start : start + depth]), keys),
            -_leaves_names(rows[start + depth], keys), -depth, -start,
        )
        for start in range(min(MAX_HEADER_SEARCH, len(rows) - 1))
        for depth in range(1, min(DEEPEST, len(rows) - 1 - start) + 1)
        if depth == 1 or _is_head(rows[start : start + depth])
    ]  # fmt: skip
    _, _, depth, start = max(candidates)
    start, depth = -start, -depth
    while (
        depth < DEEPEST
        and start > 0
        and _repeats(joined_names(rows[start : start + depth]))
        and _is_group(rows[start - 1])
    ):
        start, depth = start - 1, depth + 1
    while depth < DEEPEST and start + depth < len(rows) - 1 and _parts_a_group(*rows[start + depth - 1 :][:3]):
        depth += 1
    names = joined_names(rows[start : start + depth])
    titles = tuple(cell for row in rows[:start] for cell in dict.fromkeys(row) if cell)
    below = _without_names(rows[start + depth], names) if start + depth < len(rows) - 1 else ()
    if unit_row := _is_unit_row(below):
        names = tuple(_with_unit(name, unit) for name, unit in zip(names, _padded(below, len(names)), strict=True))
    return Header(names, start, depth + int(unit_row), titles, _units(titles), unit_row)


def known_name_count(names: Sequence[str], keys: frozenset[str]) -> int:
    """Return how many names are among the keys, each counted once: a merged cell repeats its own."""
    return sum(key(name) in keys or key(name.rpartition("/")[2]) in keys for name in set(names) if name)


def _leaves_names(row: Sequence[str], keys: frozenset[str]) -> bool:
    """Tell whether the row below a header names something known and holds no number: it belongs to the header."""
    return _is_head((row,)) and known_name_count(row, keys) > 0


def joined_names(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return column names joined over rows: 用地 over 面积 is 用地/面积; a cell fills the blanks to its right.

    Only the upper rows fill to the right, and only over columns that the row below names.
    """
    width = max((len(row) for row in rows), default=0)
    padded = [_padded(row, width) for row in rows]
    for row, below in pairwise(padded):
        for column in range(1, width):
            if not row[column] and below[column]:
                row[column] = row[column - 1]
    return tuple("/".join(dict.fromkeys(row[column] for row in padded if row[column])) for column in range(width))


def _parts_a_group(upper: Sequence[str], below: Sequence[str], data: Sequence[str]) -> bool:
    """Tell whether a row names the parts of merged cells above it, over numbers: 户籍 and 常住 below 人口.

    A merged cell comes with blanks to its right, or filled with its own name; one that reaches down comes blank or
    with its name.
    """
    width = max(len(upper), len(below))
    above, parts, values = (_padded(row, width) for row in (upper, below, data))
    if not _is_head((above,)) or not _is_head((parts,)):
        return False
    goes_on = [
        bool(at and above[at - 1] and parts[at] and above[at] in ("", above[at - 1]) and parts[at] != above[at])
        for at in range(width)
    ]
    grouped = [here or (at + 1 < width and goes_on[at + 1]) for at, here in enumerate(goes_on)]
    for at in range(1, width):
        if goes_on[at] and not above[at]:
            above[at] = above[at - 1]
    alone = all(part in ("", name) for part, name, own in zip(parts, above, grouped, strict=True) if not own)
    named = all(part for part, own in zip(parts, grouped, strict=True) if own)
    filled = any(NUMBER.match(value) for value, own in zip(values, grouped, strict=True) if own)
    return any(grouped) and alone and named and filled


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]


def _is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether rows may be one header: none of their cells is a number (a year may be a name)."""
    return not any(NUMBER.match(cell) for row in rows for cell in row)


def _repeats(names: Sequence[str]) -> bool:
    """Return whether a name is repeated."""
    filled = [name for name in names if name]
    return len(set(filled)) < len(filled)


def _is_group(row: Sequence[str]) -> bool:
    """Return whether a row may group the names below it: several texts, no number."""
    return len({cell for cell in row if cell}) > 1 and _is_head((row,))


def _is_unit_row(row: Sequence[str]) -> bool:
    """Return whether a row contains only units, and not only numbers: 1 is a unit too, and the first row of data."""
    texts = [cell.strip("()（）[]【】 ") for cell in row if cell]
    units = [
        each
        for each in texts
        if each and (is_known_unit(each) or all(is_known_unit(part) for part in each.split("/") if part))
    ]
    return any(not NUMBER.match(each) for each in units) and len(units) == len([each for each in texts if each])


def _without_names(row: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return a row without cells that repeat the name above them: a merged cell reaches down into the row of units."""
    return [
        "" if cell and key(cell) == key(name) else cell
        for cell, name in zip(_padded(row, len(names)), names, strict=True)
    ]


def _with_unit(name: str, unit: str) -> str:
    bare = unit.strip("()（）[]【】 ")
    return f"{name}({bare})" if name and bare and not BRACKETS.search(name) else name


def _units(titles: Sequence[str]) -> tuple[str, ...]:
    """Return the units that the titles state: 单位：公顷、人."""
    units: list[str] = []
    for title in titles:
        if (match := UNITS.search(title)) is not None:
            units += [part for part in PARTS.split((match[1] or match[2]).strip("()（） ")) if is_known_unit(part)]
    return tuple(dict.fromkeys(units))
