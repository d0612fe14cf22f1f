"""Sheets of cells: where the head stands, the table below it, and what lies around it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.tabular.header_rows import LOOK, Head, head_of, hits
from citybraid.sources.text.cell_values import plain
from citybraid.sources.text.columns import key

TOTALS = frozenset({"合计", "总计", "小计", "共计", "总和", "total", "sum", "subtotal", "grandtotal"})
NOTES = ("注", "备注", "说明", "数据来源", "资料来源", "来源", "制表", "填表", "审核", "note", "source", "remark")
FEWEST_NAMES = 2
"""Names that make a row the head of another table."""
MOST_EXAMPLES = 3
UNITS = "units of the title"
"""Under this word a frame's attrs hold the units that the sheet's title names."""
SUMS = "sums"
"""Under this word a frame's attrs hold the rows of grand totals, by column."""
GRAND = frozenset({"合计", "总计", "共计", "总和", "total", "grandtotal"})
"""Totals of the whole table, not of a part."""


class Sheet(NamedTuple):
    """A table found in a sheet, and what was noticed around it."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def table(
    cells: Sequence[Sequence[object]], role: str, *, name: str, words: Sequence[str],
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (),
) -> Sheet:  # fmt: skip
    """Return the table of a sheet: titles above, heads of several rows, units, totals and notes are told apart.

    `words` are the column names that matter, `merges` the merged cells as (row, column)
    of the first and the last. Rows without any cell are dropped.
    Raises InputError where the sheet is empty.
    """
    rows = [[plain(cell) for cell in row] for row in _spread(cells, merges)]
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    if len(numbered) < 2:  # noqa: PLR2004  (a header and a row)
        raise InputError("intake.sheet_empty", name=name, role=role)
    filled = [row for _, row in numbered]
    head = head_of(filled, words)
    names = unique(head.names)
    found = _of_head(head, name=name, role=role)
    body, notes = _body(numbered, head, words, name=name, role=role)
    if not body:
        raise InputError("intake.sheet_empty", name=name, role=role)
    width = len(names)
    frame = pd.DataFrame([(row + [""] * width)[:width] for row in body], columns=names, dtype=object)
    frame = frame.loc[:, [each for each in names if not each.startswith("\x00")]]
    frame.attrs[UNITS] = head.units
    below = [row for _, row in numbered[head.start + head.rows :] if key(next(filter(None, row))).rstrip("*") in GRAND]
    frame.attrs[SUMS] = [dict(zip(names, row, strict=False)) for row in below]
    return Sheet(frame, (*found, *notes))


def unique(row: Sequence[str]) -> list[str]:
    """Return header names: blanks marked for dropping, repeats numbered."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for number, cell in enumerate(row):
        seen[cell] = seen.get(cell, 0) + 1
        names.append(f"\x00{number}" if not cell else cell if seen[cell] == 1 else f"{cell}.{seen[cell]}")
    return names


def heads(cells: Sequence[Sequence[object]]) -> tuple[str, ...]:
    """Return every text of the first rows: column names are among them."""
    return tuple(said for row in cells[:LOOK] for cell in row if (said := plain(cell)))


def _spread(
    cells: Sequence[Sequence[object]], merges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[list[object]]:
    """Cells in which every part of a merged cell holds its value."""
    rows = [list(row) for row in cells]
    for (top, left), (bottom, right) in merges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left] if plain(row[column]) == "" else row[column]
    return rows


def _of_head(head: Head, *, name: str, role: str) -> list[Finding]:
    """What is told of the head: titles above, joined rows, units, repeated names."""
    found: list[Finding] = []
    if head.titles:
        told: Mapping[str, object] = {"name": name, "titles": [each[:40] for each in head.titles[:MOST_EXAMPLES]]}
        found.append(Finding("found", "intake.sheet_titles", role, head.start, told))
    if head.rows - int(head.unit_row) > 1:
        examples = [each for each in head.names if "/" in each][:MOST_EXAMPLES]
        found.append(Finding("found", "intake.sheet_head", role, head.rows, {"name": name, "examples": examples}))
    named = [each for each in head.names if each]
    if twice := sorted({each for each in named if named.count(each) > 1}):
        told = {"name": name, "columns": twice[:MOST_EXAMPLES]}
        found.append(Finding("advice", "intake.sheet_names_twice", role, len(twice), told))
    return found


def _body(
    numbered: Sequence[tuple[int, list[str]]], head: Head, words: Sequence[str], *, name: str, role: str
) -> tuple[list[list[str]], list[Finding]]:
    """The rows of the table: heads repeated on every page, totals, notes and further tables are left out and told."""
    wanted = frozenset(key(word) for word in words)
    first = numbered[head.start][1]
    left_out: list[str] = []
    body: list[list[str]] = []
    found: list[Finding] = []
    before = numbered[head.start + head.rows - 1][0]
    for number, row in numbered[head.start + head.rows :]:
        gap, before = number > before + 1, number
        if row == first:
            left_out.append("/".join(each for each in row if each)[:20])
            continue
        if gap and hits(row, wanted) >= FEWEST_NAMES:
            told = {"name": name, "row": number}
            found.append(Finding("advice", "intake.sheet_second_table", role, values=told))
            break
        if _is_aside(row):
            left_out.append(next(each for each in row if each)[:20])
            continue
        body.append(row)
    if left_out:
        told = {"name": name, "examples": list(dict.fromkeys(left_out))[:MOST_EXAMPLES]}
        found.append(Finding("found", "intake.sheet_asides", role, len(left_out), told))
    return body, found


def _is_aside(row: Sequence[str]) -> bool:
    """Tell whether a row is a total or a note."""
    said = [each for each in row if each]
    bare = key(said[0]).rstrip("*")
    if bare in TOTALS or bare.replace(" ", "") in TOTALS:
        return True
    return len(set(said)) <= 2 and said[0].casefold().lstrip("(（*").startswith(NOTES)  # noqa: PLR2004  (a word and its text)
