"""A drawing that comes back edited: its parcels' controls and outlines, read as a plan's drawing, against the run's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.text import say
from citybraid.planning.rows import controls
from citybraid.report.exports.dxf import STATED
from citybraid.report.returned.changes import Change, ReturnedControls
from citybraid.report.returned.outlines import moved_outlines, once
from citybraid.report.view import View
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular import returned_table
from citybraid.sources.tabular.returned_table import ReturnedFile
from citybraid.study.run.run import Run

NUMBER, *COMPARED = STATED
DIGITS = 6
"""Significant digits that drawings write numbers with."""


def compare_drawing(run: Run, path: Path, *, alternative: str | None = None) -> ReturnedControls:
    """Compare the outlines of a drawing's parcels and the controls written on them with those of a run, by number.

    The drawing is read as intake reads it: its outlines with the texts inside them. Raises InputError where it cannot
    be read, or where the parcels of the run have no plot numbers.
    """
    if not path.is_file():
        raise InputError("intake.file_missing", name=path.name, path=str(path))
    view = View(run)
    before = view.frame(alternative or view.base, "parcels")
    if before is None or before.empty or NUMBER not in before:
        raise InputError("returned.no_numbers", folder=run.folder.name)
    after, saved = _read(run, path)
    known = {str(number): row for number, row in zip(before[NUMBER], before.to_dict("records"), strict=True) if number}
    found = {str(number): row for number, row in zip(after[NUMBER], after.to_dict("records"), strict=True) if number}
    numbers = after[NUMBER].dropna().astype(str)
    twice = tuple(dict.fromkeys(numbers[numbers.duplicated() & (numbers != "")]))
    changes = [
        change for number in known if number in found for change in _changes(number, known[number], found[number])
    ]
    changes += _moved(before, after)
    return ReturnedControls(
        tuple(replace(each, author=saved.author, when=saved.saved) for each in changes),
        tuple(each for each in found if each not in known), tuple(each for each in known if each not in found), twice,
        author=saved.author, saved=saved.saved,
    )  # fmt: skip


def _moved(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Iterator[Change]:
    """Yield a change for each parcel whose outline is drawn otherwise."""
    known, drawn = (each.geometry.set_axis(each[NUMBER]) for each in (before, after))
    named = drawn.index.notna() & (drawn.index != "")
    yield from moved_outlines(once(known[known.index.notna()]), once(drawn[named]), drawn[~named])


def _read(run: Run, path: Path) -> tuple[gpd.GeoDataFrame, ReturnedFile]:
    """Return the parcels of a drawing with their controls, and who saved it when."""
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
    frame = pd.DataFrame({name: columns[name] for name in STATED if name in columns})
    return gpd.GeoDataFrame(frame.reindex(columns=list(STATED)), geometry=columns["parcels"]), saved


def _changes(number: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Change]:
    percentages = {row.stated for row in controls().values() if row.unit == "%"}
    for name in COMPARED:
        old, new = _value(before.get(name)), _value(after.get(name))
        if old != new:
            unit, scale = ("%", 100.0) if name in percentages else ("", 1.0)
            old, new = (float(f"{scale * each:.{DIGITS}g}") if isinstance(each, float) else each for each in (old, new))
            # A text that is gone may be a slip of the pen, or state what is no number: it takes nothing from the plan.
            yield Change(
                number, name, say(f"drawing.{name}", "zh"), old, new, unit, fault="unread" if new is None else ""
            )


def _value(value: object) -> str | float | None:
    """Return a value as a drawing tells it: six significant digits; None where it tells none."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)) or value == "":
        return None
    return value if isinstance(value, str) else float(f"{float(str(value)):.{DIGITS}g}")
