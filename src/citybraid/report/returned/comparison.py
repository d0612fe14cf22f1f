"""Comparison of an edited control table with its run: parcel, control, old and new value, who and when."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.planning.rows import controls
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.returned.changes import Change, Remark, ReturnedControls
from citybraid.report.returned.copies import copied_edits
from citybraid.report.returned.expected import ExpectedTable, Value, expected_tables
from citybraid.report.returned.outlines import moved_outlines, once
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
SEARCHED = 20
"""Rows of a table among which its heads are looked for."""
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?$")
"""A cell that holds a date, as it is read."""
WRITTEN: Mapping[str, tuple[str, ...]] = {"m": ("米", "公尺")}
"""How planners write a unit beside a number, other than its column does."""
AUTHOR_HEADS = ("修改人", "edited by", "changed by")
DATE_HEADS = ("修改日期", "修改时间", "edited on", "changed on")
"""Titles of columns in which editors say who changed a row and when."""


def compare_table(run: Run, path: Path) -> ReturnedControls:
    """Compare an edited control table (report.*.xlsx, gis/plan.gpkg) with the run that wrote it.

    Raises InputError where the file has no control table of this run, or the run has no parcels with controls.
    """
    if not path.is_file():
        raise InputError("intake.file_missing", name=path.name, path=str(path))
    view = View(run)
    expected = expected_tables(view, path.suffix.lower())
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
    comparison = compared(expected, returned, name=path.name)
    others = (*_redrawn(view, expected[0], returned), *copied_edits(view, returned))
    changes = (replace(each, author=comparison.author, when=comparison.saved) for each in others)
    return replace(comparison, changes=(*comparison.changes, *changes))


def _redrawn(view: View, expected: ExpectedTable, returned: ReturnedFile) -> Iterator[Change]:
    """Yield a change for each parcel whose outline in a layer lies elsewhere; tables of a workbook have none."""
    sheet = control_sheet(view)
    shapes = None if sheet is None else view.shapes(sheet.alternative, "parcels")
    table = returned.tables[0]
    if table.outlines is None or shapes is None:
        return
    heads, *rows = table.cells
    key = [_text(head) for head in heads].index(expected.heads[expected.key])
    before = shapes.set_axis([str(row[expected.key]) for row in expected.rows])
    after = table.outlines.to_crs(shapes.crs).set_axis([_text(row[key]) for row in rows])
    yield from moved_outlines(once(before), once(after), after[:0])


def compared(expected: Sequence[ExpectedTable], returned: ReturnedFile, *, name: str) -> ReturnedControls:
    """Compare a returned file with the tables that the run would write; the one it resembles most is taken."""
    pairs = [
        (_likeness(each, table), each, table)
        for each in expected
        for table in (_aligned(each, best_table) for best_table in returned.tables)
    ]
    score, table, best_table = max(pairs, key=lambda pair: pair[0], default=(0, None, None))
    if table is None or best_table is None or score == 0:
        raise InputError("returned.no_table", name=name)
    result = _compared(table, best_table)
    filled = [
        replace(each, author=each.author or returned.author, when=each.when or returned.saved)
        for each in result.changes
    ]
    return replace(result, changes=tuple(filled), author=returned.author, saved=returned.saved)


def _aligned(expected: ExpectedTable, table: ReturnedTable) -> ReturnedTable:
    """Return a table with its heads in the row where they were written: rows above it may have come or gone."""
    heads = set(expected.heads)
    rows = [(len(heads & set(_row(table, at))), -at) for at in range(min(SEARCHED, len(table.cells)))]
    down = -max(rows, default=(0, -expected.head_row))[1] - expected.head_row
    if down == 0:
        return table
    cells = table.cells[down:] if down > 0 else ((),) * -down + table.cells
    comments = tuple(
        each._replace(cell=cell) for each in table.comments for cell in _moved([each.cell], down)
    )  # fmt: skip
    return ReturnedTable(table.name, cells, _moved(table.formulas, down), _moved(table.errors, down), comments)


def _moved(names: Iterable[str], down: int) -> tuple[str, ...]:
    """Return the names of cells so many rows further up."""
    matches = (re.match(r"([A-Z]+)(\d+)$", name) for name in names)
    return tuple(f"{each[1]}{int(each[2]) - down}" for each in matches if each)


def _likeness(expected: ExpectedTable, table: ReturnedTable) -> int:
    """Return how many heads and units stand where they were written; 0 without the plot numbers' column."""
    heads = _row(table, expected.head_row)
    if expected.heads[expected.key] not in heads:
        return 0
    units = _row(table, expected.unit_row) if expected.unit_row is not None else []
    return len(set(heads) & set(expected.heads)) * 1000 + sum(
        one == other for one, other in zip(units, expected.units, strict=False)
    )


def _compared(expected: ExpectedTable, table: ReturnedTable) -> ReturnedControls:
    heads = _row(table, expected.head_row)
    place = {head: at for at, head in enumerate(heads) if head}
    units = _changed_units(expected, table, place)
    absent = tuple(head for head in expected.heads if head not in place)
    rows, twice = _rows(expected, table, place[expected.heads[expected.key]])
    numbers = [str(row[expected.key]) for row in expected.rows]
    changes = []
    for row in expected.rows:
        number = str(row[expected.key])
        if number in rows:
            changes += _changes(expected, row, (table, rows[number], place), left_out={*units, *absent})
    return ReturnedControls(
        tuple(changes), tuple(each for each in rows if each not in set(numbers)),
        tuple(each for each in numbers if each not in rows), twice, units, absent,
        remarks=tuple(_remarks(table, heads, {at: number for number, at in rows.items()})),
    )  # fmt: skip


def _remarks(table: ReturnedTable, heads: Sequence[str], numbers: Mapping[int, str]) -> Iterator[Remark]:
    """Yield the comments on cells with the parcel of their row and the title of their column."""
    columns = {_letters(at): head for at, head in enumerate(heads)}
    for each in table.comments:
        place = re.match(r"([A-Z]+)(\d+)$", each.cell)
        if place:
            parcel = numbers.get(int(place[2]) - 1, "")
            yield Remark(parcel, columns.get(place[1], ""), each.author, each.text)


def _changed_units(
    expected: ExpectedTable, table: ReturnedTable, place: Mapping[str, int]
) -> dict[str, tuple[str, str]]:
    if expected.unit_row is None:
        return {}
    units = _row(table, expected.unit_row)
    units_changed = {
        head: (unit, units[place[head]] if place[head] < len(units) else "")
        for head, unit in zip(expected.heads, expected.units, strict=True)
        if head in place
    }
    return {head: pair for head, pair in units_changed.items() if pair[0] != pair[1]}


def _rows(expected: ExpectedTable, table: ReturnedTable, key: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the row of each plot number, and numbers that stand twice; notes below the table are no rows."""
    rows: dict[str, int] = {}
    twice: dict[str, None] = {}
    known = {str(row[expected.key]) for row in expected.rows}
    for at in range(expected.first_row, len(table.cells)):
        cells = table.cells[at]
        number = _numbered(_text(cells[key]), known) if key < len(cells) else ""
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
    items, at, place = where
    cells = items.cells[at]
    author = _cells_text(cells, place, AUTHOR_HEADS)
    when = _cells_text(cells, place, DATE_HEADS)
    changes = []
    for column, head in enumerate(expected.heads):
        if head in left_out or column == expected.key:
            continue
        new = cells[place[head]] if place[head] < len(cells) else None
        cell = f"{_letters(place[head])}{at + 1}"
        marked = "formula" if cell in items.formulas else "error" if cell in items.errors else ""
        old = row[column]
        number, name, unit = str(row[expected.key]), expected.columns[column], expected.units[column]
        if _words_for_number(expected, column, old, new):
            new = _number(str(new), unit="%" if _in_percent(name) else unit)
        if _equal(old, new) and not marked:
            continue
        fault = marked or _fault(expected, column, old, new)
        changes.append(Change(number, name, head, old, new, unit, author, when, fault))
    return changes


def _fault(expected: ExpectedTable, column: int, old: Value, new: Cell) -> str:
    """Return what keeps a new value from being one of its column; '' for nothing."""
    if _words_for_number(expected, column, old, new):
        return "date" if DATE.match(str(new)) else "text"
    others = [row[column] for row in expected.rows if isinstance(row[column], float)]
    small = any(0.0 < float(value) <= 1.0 for value in others if value is not None)
    percent = _in_percent(expected.columns[column])
    return "share" if percent and not small and isinstance(new, float) and 0.0 < new <= 1.0 else ""


def _in_percent(control: str) -> bool:
    """Tell whether a column holds percentages that a plan states."""
    return any(row.stated and row.unit == "%" and control in {row.id, row.opposite} for row in controls().values())


def _number(text: str, *, unit: str) -> str | float:
    """Return a number that stands as a text, as 2.0, or with its column's own unit, as 35% or 24 m; else the text."""
    bare = unicodedata.normalize("NFKC", text).strip()
    for name in (unicodedata.normalize("NFKC", unit), *WRITTEN.get(unit, ())):
        bare = bare.removesuffix(name).strip()
    try:
        value = float(bare)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _words_for_number(expected: ExpectedTable, column: int, old: Value, new: Cell) -> bool:
    """Tell whether words, or TRUE and FALSE, stand where the column holds numbers."""
    return isinstance(new, str | bool) and (isinstance(old, float) or (old is None and expected.numeric[column]))


def _equal(old: Value, new: Cell) -> bool:
    if isinstance(old, float) and isinstance(new, float) and not isinstance(new, bool):
        return math.isclose(old, new, rel_tol=EXACT, abs_tol=EXACT)
    if isinstance(old, str) and isinstance(new, float):
        # Programs take codes and plot numbers for numbers, and drop zeros before them: 070102 becomes 70102.
        return (old.lstrip("0") if old.isdigit() else old) == _text(new)
    return old == new or (old is None and new is None) or (isinstance(old, str) and old == _text(new))


def _cells_text(cells: Sequence[Cell], place: Mapping[str, int], heads: Sequence[str]) -> str:
    for head, at in place.items():
        if head.strip().casefold() in heads and at < len(cells):
            return _text(cells[at])
    return ""


def _row(table: ReturnedTable, at: int) -> list[str]:
    return [_text(cell) for cell in table.cells[at]] if at < len(table.cells) else []


def _text(cell: Cell) -> str:
    """Return a cell as a text: plot number 12 that a program took for a number is '12' again."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _numbered(text: str, known: Collection[str]) -> str:
    """Return a plot number that a program took for a date, such as 1-2, as it was; any other text as it is."""
    day = DATE.match(text)
    if text in known or day is None:
        return text
    year, month, date = int(day[1]), int(day[2]), int(day[3])
    pairs = [(month, date), (date, month), (year, month), (year % 100, month), (month, year), (month, year % 100)]
    likely = {
        each
        for one, other in pairs
        for sign in "-/."
        for each in (f"{one}{sign}{other}", f"{one:02}{sign}{other:02}", f"{one}{sign}{other:02}")
    }
    matches = likely.intersection(known)
    return matches.pop() if len(matches) == 1 else text


def _letters(column: int) -> str:
    """Return the letters of a column: A, B ... Z, AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
