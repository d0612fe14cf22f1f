"""Changes of a returned control table made the study's: rows of edits beside the study file, which names them."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.planning.rows import controls
from citybraid.report.returned.changes import Change, ReturnedControls
from citybraid.report.returned.control_file import returned_controls
from citybraid.report.view import View
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.open.control_edits import LAND_USE, ControlEdit, edit_problems, write_edits
from citybraid.study.open.open_study import open_study
from citybraid.study.run.run import Run

CODE = "code"
"""Column of the control table with the land-use code."""
USE = "use"
"""Column with the name of the land use: it follows from the code."""


class WrittenBack(NamedTuple):
    """The edits that are the study's now, the file that holds them, and whether the study file was told of it.

    `left` are columns that the returned table lacks: their values stay.
    """

    edits: tuple[ControlEdit, ...]
    file: Path
    named: bool
    left: tuple[str, ...] = ()


def write_back(run: Run, file: Path, study: Path, *, author: str = "") -> WrittenBack:
    """Make the changes of an edited control table those of a study, with who made them and what stood before.

    Rows are added to the study's file of edits (`edits` of study.toml, else <study>.edits.csv, which the study file
    then names); the files of the plan stay as they are. `author` counts where the table names none.

    Raises:
        InputErrors: every change that cannot be taken: computed columns, formulas, words for numbers, values out of
            range, parcels that are new, missing or twice, other units. Nothing is written then.
        InputError: the run is of another study, or nothing was changed.
    """
    opened = open_study(study)
    if opened.asked.study.name != run.about.name:
        raise InputError("edits.other_study", run=run.about.name, study=opened.asked.study.name)
    returned = returned_controls(run, file)
    problems = list(_refused(returned, file.name))
    rows: list[ControlEdit] = []
    recoded = {change.parcel for change in returned.changes if change.control == CODE}
    for change in returned.changes:
        if change.control == USE and change.parcel in recoded:
            continue
        row = _edit(run, change, file.name, author, problems)
        if row is not None:
            rows.append(row)
    problems += edit_problems(rows, file=file.name)
    if problems:
        raise InputErrors(problems)
    if not rows:
        raise InputError("edits.none", file=file.name)
    name = opened.asked.edits or f"{study.stem}.edits.csv"
    path = study.parent / name
    write_edits(path, rows)
    named = not opened.asked.edits
    if named:
        text = study.read_text(encoding="utf-8-sig")
        partial = study.with_name(f"{study.name}.part")
        partial.write_text(f'edits = "{name}"\n{text}', encoding="utf-8")
        partial.replace(study)
    return WrittenBack(tuple(rows), path, named, returned.absent)


def _refused(returned: ReturnedControls, name: str) -> Iterator[PlanError]:
    """Yield an error for each fault of the table as a whole."""
    for text, which in (("unknown", returned.unknown), ("deleted", returned.deleted), ("twice", returned.twice)):
        if which:
            yield InputError(f"edits.{text}", file=name, which=list(which), count=len(which))
    if returned.units:
        yield InputError("edits.units", file=name, which=list(returned.units))


def _edit(run: Run, change: Change, file: str, author: str, problems: list[PlanError]) -> ControlEdit | None:
    """Return a change as an edit of a quantity of the parcel; None and a problem where it is none."""
    where = {"file": file, "parcel": change.parcel, "control": change.title}
    quantity, scale = _quantity(change.control)
    if not quantity or change.fault:
        problems.append(InputError(f"edits.fault_{change.fault or 'computed'}", **where))
        return None
    parcel = _parcel(run, change.parcel)
    if parcel is None:
        problems.append(InputError("edits.unknown", file=file, which=[change.parcel], count=1))
        return None
    before, value = (_text(each, scale) for each in (change.old, change.new))
    return ControlEdit(parcel, change.parcel, quantity, value, before, change.author or author, change.when, file)


def _quantity(control: str) -> tuple[str, float]:
    """Return the quantity that a column states, and how many of the column's units one of the quantity's is."""
    if control in {CODE, LAND_USE}:
        return LAND_USE, 1.0
    for row in controls().values():
        if row.stated and control in {row.id, row.opposite} and control:
            return row.stated if control == row.id else row.opposite, 100.0 if row.unit == "%" else 1.0
    # A drawing names the quantity itself.
    stated = {row.stated: 100.0 if row.unit == "%" else 1.0 for row in controls().values()}
    return (control, stated[control]) if control in stated and control in vocabulary() else ("", 1.0)


def _parcel(run: Run, number: str) -> str | None:
    """Return the id of the parcel with a plot number."""
    view = View(run)
    shapes = view.shapes(run.manifest.failing_in or view.base, "parcels")
    ids = [] if shapes is None else [str(name) for name in shapes.index if view.parcel_name(name) == number]
    return ids[0] if len(ids) == 1 else None


def _text(value: str | float | None, scale: float) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value / scale:.12g}" if isinstance(value, int | float) else str(value)
