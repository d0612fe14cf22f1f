"""Where the head of a sheet stands: titles above, one to three rows of names, a row of units, merged cells."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from citybraid.sources.text.columns import BRACKETS, key
from citybraid.sources.text.units import known

LOOK = 12
"""Rows in which a head is looked for."""
DEEPEST = 3
"""Most rows of names that are joined."""
UNITS = re.compile(r"(?:计量)?单位\s*[:：]?\s*(.+)|^units?\s*[:：]\s*(.+)", re.IGNORECASE)
PARTS = re.compile(r"[、,，;；/\s]+")
NUMBER = re.compile(r"^[-+]?[\d,]*\.?\d+%?$")


class Head(NamedTuple):
    """The head of a table: its columns' names, the rows it takes, where it starts, titles and units said above."""

    names: tuple[str, ...]
    start: int
    rows: int
    titles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_row: bool = False


def head_of(rows: Sequence[Sequence[str]], words: Sequence[str]) -> Head:
    """Return the head of a sheet whose rows are plain texts without blank ones.

    The rows that, joined, name the most wanted quantities are the head; the fewest and
    the first of equals. Rows above are titles.
    """
    wanted = frozenset(key(word) for word in words)
    tries = [
        (hits(joined(rows[start : start + depth]), wanted), -depth, -start)
        for start in range(min(LOOK, len(rows) - 1))
        for depth in range(1, min(DEEPEST, len(rows) - 1 - start) + 1)
        if depth == 1 or _is_head(rows[start : start + depth])
    ]
    _, depth, start = max(tries)
    start, depth = -start, -depth
    while (
        depth < DEEPEST and start > 0 and _repeats(joined(rows[start : start + depth])) and _is_group(rows[start - 1])
    ):
        start, depth = start - 1, depth + 1
    names = joined(rows[start : start + depth])
    titles = tuple(cell for row in rows[:start] for cell in dict.fromkeys(row) if cell)
    below = rows[start + depth] if start + depth < len(rows) - 1 else ()
    if unit_row := _is_unit_row(below):
        names = tuple(_with_unit(name, unit) for name, unit in zip(names, _padded(below, len(names)), strict=True))
    return Head(names, start, depth + int(unit_row), titles, _units(titles), unit_row)


def hits(names: Sequence[str], wanted: frozenset[str]) -> int:
    """Return how many names are wanted ones."""
    return sum(key(name) in wanted or key(name.rpartition("/")[2]) in wanted for name in names if name)


def joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of columns: 用地 over 面积 is 用地/面积; a cell counts for those right of it.

    Only the upper rows spread to the right, and only over columns that the row below names.
    """
    width = max((len(row) for row in rows), default=0)
    filled = [_padded(row, width) for row in rows]
    for row, below in pairwise(filled):
        for column in range(1, width):
            if not row[column] and below[column]:
                row[column] = row[column - 1]
    return tuple("/".join(dict.fromkeys(row[column] for row in filled if row[column])) for column in range(width))


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))][:width]


def _is_head(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows may be one head: none of their cells is a number (a year may be a name)."""
    return not any(NUMBER.match(cell) for row in rows for cell in row)


def _repeats(names: Sequence[str]) -> bool:
    """Tell whether a name stands twice."""
    said = [name for name in names if name]
    return len(set(said)) < len(said)


def _is_group(row: Sequence[str]) -> bool:
    """Tell whether a row may group the names below it: several texts, no number."""
    return len({cell for cell in row if cell}) > 1 and _is_head((row,))


def _is_unit_row(row: Sequence[str]) -> bool:
    """Tell whether a row holds nothing but units."""
    said = [cell.strip("()（）[]【】 ") for cell in row if cell]
    named = [each for each in said if each and (known(each) or all(known(part) for part in each.split("/") if part))]
    return bool(named) and len(named) == len([each for each in said if each])


def _with_unit(name: str, unit: str) -> str:
    bare = unit.strip("()（）[]【】 ")
    return f"{name}({bare})" if name and bare and not BRACKETS.search(name) else name


def _units(titles: Sequence[str]) -> tuple[str, ...]:
    """Units that the titles name: 单位：公顷、人."""
    found: list[str] = []
    for title in titles:
        if (said := UNITS.search(title)) is not None:
            found += [part for part in PARTS.split((said[1] or said[2]).strip("()（） ")) if known(part)]
    return tuple(dict.fromkeys(found))
