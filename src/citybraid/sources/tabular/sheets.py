"""Sheets of cells: the header, the table below it, and the titles, totals and notes around it."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.discovery import role_of
from citybraid.sources.tabular.header_rows import MAX_HEADER_SEARCH, NUMBER, Header, detect_header, known_name_count
from citybraid.sources.tabular.total_rows import GRAND, PARTIAL, TOTALS, WHOLE, among_others, label_of
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.columns import key
from citybraid.sources.text.sheet_rows import ROWS

NOTES = ("注", "备注", "说明", "数据来源", "资料来源", "来源", "制表", "填表", "审核", "note", "source", "remark")
FEWEST_NAMES = 2
"""Known names that make a row the header of another table."""
MOST_EXAMPLES = 3
MOST_ROWS = 8
UNITS = "units of the title"
"""Key of a frame's attrs for the units that the sheet's title states."""
TITLES = "titles of the sheet"
"""Key of a frame's attrs for the texts above its table."""
SHEET = "name of the sheet"
"""Key of a frame's attrs for the sheet of a workbook that it comes from."""
SUMS = "sums"
"""Key of a frame's attrs for the rows of grand totals, by column."""
TABLE_TITLE = re.compile(r"^(?:附?表\s*[\d一二三四五六七八九十]|table\s*\d)", re.IGNORECASE)
"""How the title of a further table of a sheet begins."""


class Sheet(NamedTuple):
    """The table of a sheet, and findings on its surroundings."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def table(
    cells: Sequence[Sequence[object]], role: str, *, name: str, words: Sequence[str],
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (), above: int = 0,
) -> Sheet:  # fmt: skip
    """Return the table of a sheet, separated from titles, header rows, units, totals and notes.

    `words` are the known column names, `merges` the merged ranges as (row, column) of the
    first and the last cell, `above` the empty rows before the first. Empty rows are dropped.
    Raises InputError where the sheet is empty.
    """
    rows = [[normalize_cell(cell) for cell in row] for row in _spread(cells, merges)]
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    if len(numbered) < 2:  # noqa: PLR2004  (a header and a row)
        raise InputError("intake.sheet_empty", name=name, role=role)
    filled = [row for _, row in numbered]
    head = detect_header(filled, words)
    names = unique(head.names)
    head_notes = _header_findings(head, name=name, role=role)
    body, body_notes = _body(numbered, head, words, name=name, role=role)
    if not body:
        raise InputError("intake.sheet_empty", name=name, role=role)
    width = len(names)
    cut = [(row + [""] * width)[:width] for _, row in body]
    frame = pd.DataFrame(cut, columns=names, dtype=object)
    frame = frame.loc[:, [each for each in names if not each.startswith("\x00")]]
    frame.attrs[ROWS] = tuple(number + above for number, _ in body)
    frame.attrs[UNITS], frame.attrs[TITLES] = head.units, head.titles
    read = {number for number, _ in body}
    below = [(number, row, label_of(row)) for number, row in numbered[head.start + head.rows :]]
    total_rows = [row for number, row, label in below if label in GRAND or (label in WHOLE and number not in read)]
    frame.attrs[SUMS] = [dict(zip(names, row, strict=False)) for row in total_rows]
    return Sheet(frame, (*head_notes, *body_notes, *_nameless(body, names, above, name=name, role=role)))


def _nameless(
    body: Sequence[tuple[int, list[str]]], names: Sequence[str], above: int, *, name: str, role: str
) -> list[Finding]:
    """Tell rows with cells in columns that have no name, which are not read; a running number in front is none.

    A cell beside one of the same content may be part of a merged one.
    """
    unnamed = [place for place, each in enumerate(names) if each.startswith("\x00")]
    if unnamed[:1] == [0] and all(row[0].isdigit() or not row[0] for _, row in body):
        unnamed = unnamed[1:]
    places = (*unnamed, *range(len(names), max(len(row) for _, row in body)))
    found = {
        number + above: [(place + 1, row[place]) for place in places if place < len(row) and row[place]
                         and row[place] != row[place - 1]]
        for number, row in body
    }  # fmt: skip
    rows = [number for number, cells in found.items() if cells]
    if not rows:
        return []
    column, example = found[rows[0]][0]
    details = {"name": name, "column": column, "example": example[:40], "sheet_rows": rows[:MOST_ROWS]}
    return [Finding("warning", "intake.cells_nameless", role, len(rows), details)]


def unique(row: Sequence[str]) -> list[str]:
    """Return unique header names: blanks marked for dropping, repeats numbered."""
    counts: dict[str, int] = {}
    names: list[str] = []
    for number, cell in enumerate(row):
        counts[cell] = counts.get(cell, 0) + 1
        names.append(f"\x00{number}" if not cell else cell if counts[cell] == 1 else f"{cell}.{counts[cell]}")
    return names


def first_texts(cells: Sequence[Sequence[object]]) -> tuple[str, ...]:
    """Return every text of the first rows, which include the column names."""
    return tuple(text for row in cells[:MAX_HEADER_SEARCH] for cell in row if (text := normalize_cell(cell)))


def _spread(
    cells: Sequence[Sequence[object]], merges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> list[list[object]]:
    """Return cells with the value of a merged range in each of its cells."""
    rows = [list(row) for row in cells]
    for (top, left), (bottom, right) in merges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left] if normalize_cell(row[column]) == "" else row[column]
    return rows


def _header_findings(head: Header, *, name: str, role: str) -> list[Finding]:
    """Return findings on the header: titles above, joined rows, repeated names."""
    notes: list[Finding] = []
    if head.titles:
        details: Mapping[str, object] = {"name": name, "titles": [each[:40] for each in head.titles[:MOST_EXAMPLES]]}
        notes.append(Finding("found", "intake.sheet_titles", role, head.start, details))
    if head.rows - int(head.unit_row) > 1:
        examples = [each for each in head.names if "/" in each][:MOST_EXAMPLES]
        notes.append(Finding("found", "intake.sheet_head", role, head.rows, {"name": name, "examples": examples}))
    names = [each for each in head.names if each]
    if repeated := sorted({each for each in names if names.count(each) > 1}):
        details = {"name": name, "columns": repeated[:MOST_EXAMPLES]}
        notes.append(Finding("advice", "intake.sheet_names_twice", role, len(repeated), details))
    return notes


def _body(
    numbered: Sequence[tuple[int, list[str]]], head: Header, words: Sequence[str], *, name: str, role: str
) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """Return the numbered rows of the table; repeated headers, totals, notes and further tables are reported."""
    keys = frozenset(key(word) for word in words)
    definition = role_of(role)
    own_totals = definition is not None and definition.sheet is not None and definition.sheet.own_totals
    first = numbered[head.start][1]
    left_out: list[str] = []
    body: list[tuple[int, list[str]]] = []
    notes: list[Finding] = []
    previous = numbered[head.start + head.rows - 1][0]
    for at, (number, row) in enumerate(numbered[head.start + head.rows :], head.start + head.rows):
        gap, previous = number > previous + 1, number
        if row == first:
            left_out.append("/".join(each for each in row if each)[:20])
            continue
        after = numbered[at + 1][1] if at + 1 < len(numbered) else []
        if (gap and known_name_count(row, keys) >= FEWEST_NAMES) or _begins_table(row, after, body, gap=gap):
            details = {"name": name, "row": number}
            notes.append(Finding("advice", "intake.sheet_second_table", role, values=details))
            break
        if _is_aside(row, own_totals=own_totals):
            left_out.append(next(each for each in row if each)[:20])
            continue
        body.append((number, row))
    whole = [] if own_totals else among_others([label_of(row) for _, row in body], [_first(row) for _, row in body])
    left_out += [_first(body[at][1])[:20] for at in whole]
    body = [each for at, each in enumerate(body) if at not in whole]
    if left_out:
        details = {"name": name, "examples": list(dict.fromkeys(left_out))[:MOST_EXAMPLES]}
        notes.append(Finding("found", "intake.sheet_asides", role, len(left_out), details))
    return body, notes


def _first(row: Sequence[str]) -> str:
    return next(each for each in row if each)


def _begins_table(
    row: Sequence[str], after: Sequence[str], body: Sequence[tuple[int, list[str]]], *, gap: bool
) -> bool:
    """Tell whether a row is the title or, below an empty row, the header of another table, whose names are not known.

    A title is a lone text such as 表2 建筑 over a row of names. A header stands over numbers, has no number itself, no
    digit in its first cell, and texts where the table above has numbers only.
    """
    filled = [each for each in row if each]
    if not body or not after:
        return False
    if len(set(filled)) == 1:
        names = [each for each in after if each]
        return TABLE_TITLE.match(filled[0]) is not None and len(names) > 1 and not any(map(NUMBER.match, names))
    if not gap or any(NUMBER.match(each) for each in filled) or any(sign.isdigit() for sign in filled[0]):
        return False
    above = [
        column for column in range(len(row))
        if (cells := [each[column] for _, each in body if column < len(each) and each[column]])
        and all(NUMBER.match(cell) for cell in cells)
    ]  # fmt: skip
    return any(row[column] for column in above) and any(NUMBER.match(each) for each in after if each)


def _is_aside(row: Sequence[str], *, own_totals: bool = False) -> bool:
    """Return whether a row is a total or a note; with `own_totals` only a bare 合计 is one, not 全社会用电总计."""
    texts = [each for each in row if each]
    bare = key(texts[0]).rstrip("*").replace(" ", "")
    label = label_of(row)
    if bare in TOTALS or (not own_totals and (label in TOTALS or label in PARTIAL or bare.endswith(PARTIAL))):
        return True
    return len(set(texts)) <= 2 and texts[0].casefold().lstrip("(（*").startswith(NOTES)  # noqa: PLR2004  (a word and its text)
