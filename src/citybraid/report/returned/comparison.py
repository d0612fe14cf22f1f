"""Comparison of an edited control table with its run: parcel, control, old and new value, who and when."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.report.returned.expected import ExpectedTable, Value, expected_tables
from citybraid.report.view import View
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular import returned_table
from citybraid.sources.tabular.returned_table import Cell, ReturnedFile, ReturnedTable
from citybraid.study.run.run import Run

EXACT = 1e-12
"""Relative difference up to which numbers are the same: workbooks keep 16 digits [-]."""
AUTHOR_HEADS = ("修改人", "edited by", "changed by")
DATE_HEADS = ("修改日期", "修改时间", "edited on", "changed on")
"""Titles of columns in which editors say who changed a row and when."""


@dataclass(frozen=True)
class Change:
    """A cell that differs: the parcel's number, the control's title, both values as shown, the unit, who and when.

    `fault` is '' for an ordinary edit; text: words where a number is expected; formula: a cell that computes its value.
    """

    parcel: str
    control: str
    title: str
    old: Value
    new: Value
    unit: str
    author: str = ""
    when: str = ""
    fault: str = ""


@dataclass(frozen=True)
class ReturnedControls:
    """How an edited control table differs from its run.

    `units` are columns whose unit was changed, {title: (as written, as returned)}: their values are not compared.
    `author` and `saved` are those of the file; rows may name their own.
    """

    changes: tuple[Change, ...]
    unknown: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    units: Mapping[str, tuple[str, str]] | None = None
    absent: tuple[str, ...] = ()
    author: str = ""
    saved: str = ""

    @property
    def same(self) -> bool:
        """Whether the file reproduces the run's table exactly."""
        return not (self.changes or self.unknown or self.deleted or self.twice or self.units or self.absent)


def compare_table(run: Run, path: Path) -> ReturnedControls:
    """Compare an edited control table (report.*.xlsx, gis/plan.gpkg) with the run that wrote it.

    Raises InputError where the file has no control table of this run, or the run has no parcels with controls.
    """
    if not path.is_file():
        raise InputError("intake.file_missing", name=path.name, path=str(path))
    expected = expected_tables(View(run), path.suffix.lower())
    if not expected:
        raise InputError("returned.no_controls", folder=run.folder.name)
    with Sandbox(path.resolve().parent) as sandbox:
        job = Job(
            returned_table.__name__, path.resolve(), "", Options(), Target(run.about.crs, run.about.resolution),
            Limits(), "layers",
        )  # fmt: skip
        returned = sandbox.layers(job)
    if not isinstance(returned, ReturnedFile):
        raise InputError("intake.crashed", name=path.name)
    return compared(expected, returned, name=path.name)


def compared(expected: Sequence[ExpectedTable], returned: ReturnedFile, *, name: str) -> ReturnedControls:
    """Compare a returned file with the tables that the run would write; the one it resembles most is taken."""
    pairs = [(_likeness(each, table), each, table) for each in expected for table in returned.tables]
    score, table, found = max(pairs, key=lambda pair: pair[0], default=(0, None, None))
    if table is None or found is None or score == 0:
        raise InputError("returned.no_table", name=name)
    result = _compared(table, found)
    filled = [
        replace(each, author=each.author or returned.author, when=each.when or returned.saved)
        for each in result.changes
    ]
    return replace(result, changes=tuple(filled), author=returned.author, saved=returned.saved)


def _likeness(expected: ExpectedTable, found: ReturnedTable) -> int:
    """Return how many heads and units stand where they were written; 0 without the plot numbers' column."""
    heads = _row(found, expected.head_row)
    if expected.heads[expected.key] not in heads:
        return 0
    units = _row(found, expected.unit_row) if expected.unit_row is not None else []
    return len(set(heads) & set(expected.heads)) * 1000 + sum(
        one == other for one, other in zip(units, expected.units, strict=False)
    )


def _compared(expected: ExpectedTable, found: ReturnedTable) -> ReturnedControls:
    heads = _row(found, expected.head_row)
    place = {head: at for at, head in enumerate(heads) if head}
    units = _changed_units(expected, found, place)
    absent = tuple(head for head in expected.heads if head not in place)
    rows, twice = _rows(expected, found, place[expected.heads[expected.key]])
    numbers = [str(row[expected.key]) for row in expected.rows]
    changes = []
    for row in expected.rows:
        number = str(row[expected.key])
        if number in rows:
            changes += _changes(expected, row, (found, rows[number], place), left_out={*units, *absent})
    return ReturnedControls(
        tuple(changes), tuple(each for each in rows if each not in set(numbers)),
        tuple(each for each in numbers if each not in rows), twice, units, absent,
    )  # fmt: skip


def _changed_units(
    expected: ExpectedTable, found: ReturnedTable, place: Mapping[str, int]
) -> dict[str, tuple[str, str]]:
    if expected.unit_row is None:
        return {}
    units = _row(found, expected.unit_row)
    told = {
        head: (unit, units[place[head]] if place[head] < len(units) else "")
        for head, unit in zip(expected.heads, expected.units, strict=True)
        if head in place
    }
    return {head: pair for head, pair in told.items() if pair[0] != pair[1]}


def _rows(expected: ExpectedTable, found: ReturnedTable, key: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the row of each plot number, and numbers that stand twice; notes below the table are no rows."""
    rows: dict[str, int] = {}
    twice: dict[str, None] = {}
    for at in range(expected.first_row, len(found.cells)):
        cells = found.cells[at]
        number = _text(cells[key]) if key < len(cells) else ""
        filled = sum(cell is not None for cell in cells)
        if not number or filled == 1:
            continue
        if number in rows:
            twice[number] = None
        rows.setdefault(number, at)
    return rows, tuple(twice)


def _changes(
    expected: ExpectedTable, row: Sequence[Value], where: tuple[ReturnedTable, int, Mapping[str, int]], *,
    left_out: set[str],
) -> list[Change]:  # fmt: skip
    found, at, place = where
    cells, formulas = found.cells[at], set(found.formulas)
    author = _said(cells, place, AUTHOR_HEADS)
    when = _said(cells, place, DATE_HEADS)
    changes = []
    for column, head in enumerate(expected.heads):
        if head in left_out or column == expected.key:
            continue
        new = cells[place[head]] if place[head] < len(cells) else None
        formula = f"{_letters(place[head])}{at + 1}" in formulas
        old = row[column]
        if _equal(old, new) and not formula:
            continue
        fault = "formula" if formula else "text" if _words_for_number(expected, column, old, new) else ""
        number, name, unit = str(row[expected.key]), expected.columns[column], expected.units[column]
        changes.append(Change(number, name, head, old, new, unit, author, when, fault))
    return changes


def _words_for_number(expected: ExpectedTable, column: int, old: Value, new: Cell) -> bool:
    """Tell whether words stand where the column holds numbers."""
    return isinstance(new, str) and (isinstance(old, float) or (old is None and expected.numeric[column]))


def _equal(old: Value, new: Cell) -> bool:
    if isinstance(old, float) and isinstance(new, float) and not isinstance(new, bool):
        return math.isclose(old, new, rel_tol=EXACT, abs_tol=EXACT)
    return old == new or (old is None and new is None) or (isinstance(old, str) and old == _text(new))


def _said(cells: Sequence[Cell], place: Mapping[str, int], heads: Sequence[str]) -> str:
    for head, at in place.items():
        if head.strip().casefold() in heads and at < len(cells):
            return _text(cells[at])
    return ""


def _row(found: ReturnedTable, at: int) -> list[str]:
    return [_text(cell) for cell in found.cells[at]] if at < len(found.cells) else []


def _text(cell: Cell) -> str:
    """Return a cell as a text: plot number 12 that a program took for a number is '12' again."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _letters(column: int) -> str:
    """Return the letters of a column: A, B ... Z, AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
