"""A drawing that comes back edited: its parcels' controls and outlines, read as a plan's drawing, against the run's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.text import say
from citybraid.report.exports.dxf import OTHER_ENDS, PERCENT, STATED
from citybraid.report.returned.changes import Change, ReturnedControls
from citybraid.report.returned.outlines import moved_outlines, once
from citybraid.report.view import View
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular import returned_table
from citybraid.sources.tabular.returned_table import ReturnedFile
from citybraid.study.run.run import Run

NUMBER, *COMPARED = (*STATED, *OTHER_ENDS.values())
CONTRADICTED = {"intake.text_contradicts": "contradicts", "intake.layer_contradicts": "layer"}
"""Faults by what is found where a drawing states a control twice: in two texts, or in a text and its layer."""
PERCENTAGES = PERCENT | {other for name, other in OTHER_ENDS.items() if name in PERCENT}
"""Controls that are stated in percent, and the other ends of their spans."""
DIGITS = 6
"""Significant digits that drawings write numbers with."""


def compare_drawing(run: Run, path: Path, *, alternative: str | None = None) -> ReturnedControls:
    """Compare the outlines of a drawing's parcels and the controls written on them with those of a run, by number.

    The drawing is read as intake reads it: its outlines with the texts inside them. Raises InputError where it cannot
    be read, or where the run has no parcels.
    """
    if not path.is_file():
        raise InputError("intake.file_missing", name=path.name, path=str(path))
    view = View(run)
    before = view.frame(alternative or view.base, "parcels")
    if before is None or before.empty:
        raise InputError("returned.no_controls", folder=run.folder.name)
    before[NUMBER] = [view.parcel_name(str(parcel)) for parcel in before.index]
    reading, after, saved = _read(run, path)
    known = {str(number): row for number, row in zip(before[NUMBER], before.to_dict("records"), strict=True) if number}
    rows = {str(number): row for number, row in zip(after[NUMBER], after.to_dict("records"), strict=True) if number}
    numbers = after[NUMBER].dropna().astype(str)
    twice = tuple(dict.fromkeys(numbers[numbers.duplicated() & (numbers != "")]))
    changes = [change for number in known if number in rows for change in _changes(number, known[number], rows[number])]
    changes += _contradicted(reading.problems, known, after)
    changes += _moved(before, after)
    return ReturnedControls(
        tuple(replace(each, author=saved.author, when=saved.saved) for each in changes),
        tuple(each for each in rows if each not in known), tuple(each for each in known if each not in rows), twice,
        author=saved.author, saved=saved.saved,
    )  # fmt: skip


def _moved(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Iterator[Change]:
    """Yield a change for each parcel whose outline is drawn otherwise."""
    known, drawn = (each.geometry.set_axis(each[NUMBER]) for each in (before, after))
    named = drawn.index.notna() & (drawn.index != "")
    yield from moved_outlines(once(known[known.index.notna()]), once(drawn[named]), drawn[~named])


def _contradicted(
    problems: Iterable[Problem], known: Mapping[str, Mapping[Any, Any]], after: gpd.GeoDataFrame
) -> Iterator[Change]:
    """Yield a change for each control that a drawing states twice, with what its second statement says."""
    numbers = {str(row): str(number) for row, number in after[NUMBER].items()}
    for each in problems:
        values = each.values  # noqa: PD011  (a problem's, no table's)
        number, name = numbers.get(each.row, ""), str(values.get("var", ""))
        if each.text in CONTRADICTED and name in COMPARED and number in known:
            old, other = _value(known[number].get(name)), str(values["other"])
            if isinstance(old, float) and name in PERCENTAGES:
                old *= 100.0
            yield Change(number, name, _title(name), old, other, "", fault=CONTRADICTED[each.text])


def _read(run: Run, path: Path) -> tuple[Reading, gpd.GeoDataFrame, ReturnedFile]:
    """Return what a drawing states, its parcels with their controls, and who saved it when."""
    reader = reader_for(path)
    job = Job(
        reader.module.__name__, path.resolve(), "parcels", reader.options.model_validate({"crs": run.about.crs}),
        Target(run.about.crs, run.about.resolution),
        Limits(),
    )  # fmt: skip
    with Sandbox(path.resolve().parent) as sandbox:
        reading = sandbox.read(job)
        head = sandbox.layers(replace(job, module=returned_table.__name__, options=Options(), task="layers"))
    saved = head if isinstance(head, ReturnedFile) else ReturnedFile(())
    columns = {layer.var.name: layer.value for layer in reading.layers if layer.var.on == "parcels"}
    frame = pd.DataFrame({name: columns[name] for name in (NUMBER, *COMPARED) if name in columns})
    return reading, gpd.GeoDataFrame(frame.reindex(columns=[NUMBER, *COMPARED]), geometry=columns["parcels"]), saved


def _changes(number: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Change]:
    for name in COMPARED:
        old, new = _value(before.get(name)), _value(after.get(name))
        if old != new:
            unit, scale = ("%", 100.0) if name in PERCENTAGES else ("", 1.0)
            old, new = (float(f"{scale * each:.{DIGITS}g}") if isinstance(each, float) else each for each in (old, new))
            # A text that is gone may be a slip of the pen, or state what is no number: it takes nothing from the plan.
            yield Change(number, name, _title(name), old, new, unit, fault="unread" if new is None else "")


def _title(name: str) -> str:
    """Return a control's name as the drawing has it; the other end of a span has that of its quantity."""
    return say(f"drawing.{name}" if name in STATED else f"var.{name}", "zh")


def _value(value: object) -> str | float | None:
    """Return a value as a drawing tells it: six significant digits; None where it tells none."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)) or value == "":
        return None
    return value if isinstance(value, str) else float(f"{float(str(value)):.{DIGITS}g}")
