"""What the texts of a drawing say of its shapes: controls by column, what contradicts, what belongs to nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.cad.drawing import Shapes
from citybraid.sources.cad.plan_texts import PLOT_AREA, layer_use, parted, same, square_metres
from citybraid.sources.cad.texts import Note, holders, nearest
from citybraid.sources.cad.units import Unit
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import columns_of

OFF_BY = 0.02
"""Difference from which a stated area contradicts the drawing [share]."""
ROUNDED = 60.0
"""Difference that rounding to a hundredth of a hectare may make [m2]."""


@dataclass
class Controls:
    """What texts state, by quantity and row; the rows' problems lie in the drawing's coordinates."""

    cells: dict[str, dict[int, str]] = field(default_factory=dict)
    problems: list[tuple[str, int, BaseGeometry, Mapping[str, object]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def columns(self, rows: int) -> dict[str, pd.Series]:
        """Return the columns of a table of so many rows, without what is only compared."""
        return {
            var: pd.Series(values, dtype=object).reindex(range(rows))
            for var, values in self.cells.items()
            if var != PLOT_AREA
        }

    def told(self, names: Sequence[str], shapes: Sequence[BaseGeometry], role: str) -> tuple[Problem, ...]:
        """Return the problems with the names of their rows and shapes in the study's CRS, in the order they came."""
        return tuple(
            Problem(text, role, names[row], shape, values=values)
            for (text, row, _, values), shape in zip(self.problems, shapes, strict=True)
        )


def controls(drawn: Shapes, texts: Sequence[Note], role: str, unit: Unit) -> Controls:
    """Return what the texts in, at or pointing to each shape state of it; the first of two that differ is kept."""
    allowed = set(columns_of(role))
    can = (*allowed, PLOT_AREA) if "plot_number" in allowed else tuple(allowed)
    found = Controls()
    row, ways = holders(drawn.shapes, texts)
    stated = [parted(note.lines, can, layer=note.layer) for note in texts]
    loose = [at for at in range(len(texts)) if row[at] < 0 and stated[at][0]]
    beside = list(nearest(drawn.shapes, texts, loose, unit)) if len(drawn.shapes) and loose else []
    for at, holder in beside:
        row[at] = holder
    unread: list[str] = []
    for note, holder, (said, rest) in zip(texts, row.tolist(), stated, strict=True):
        if holder < 0:
            continue
        unread += rest
        for var, value in said.items():
            _take(found, var, value, holder, note)
    _tell(found, role, ways, unread, beside=len(beside), loose=len(loose) - len(beside))
    _compare_areas(found, drawn, role, unit)
    if "land_use" in allowed:
        _uses_of_layers(found, drawn, role)
    return found


def _take(found: Controls, var: str, value: str, row: int, note: Note) -> None:
    before = found.cells.setdefault(var, {}).setdefault(row, value)
    if not same(var, before, value):
        values = {"var": var, "kept": before, "other": value}
        found.problems.append(("intake.text_contradicts", row, Point(note.x, note.y), values))


def _tell(found: Controls, role: str, ways: Counter[str], unread: Sequence[str], *, beside: int, loose: int) -> None:
    attached = sum(len(rows) for rows in found.cells.values())
    told = found.findings
    if attached:
        told.append(Finding("found", "intake.texts_attached", role, attached, {"columns": sorted(found.cells)}))
    if ways["leader"]:
        told.append(Finding("found", "intake.texts_led", role, ways["leader"]))
    if beside:
        told.append(Finding("guessed", "intake.texts_beside", role, beside))
    if loose:
        told.append(Finding("rejected", "intake.texts_loose", role, loose))
    if found.problems:
        examples = [f"{values['var']} {values['kept']} / {values['other']}" for *_, values in found.problems[:4]]
        told.append(Finding("rejected", "intake.texts_contradict", role, len(found.problems), {"examples": examples}))
    if unread:
        told.append(Finding("found", "intake.texts_unread", role, len(unread), {"examples": sorted(set(unread))[:4]}))


def _compare_areas(found: Controls, drawn: Shapes, role: str, unit: Unit) -> None:
    """Tell where a parcel's stated area is not the area that is drawn."""
    stated = found.cells.get(PLOT_AREA, {})
    off = 0
    for row, text in stated.items():
        computed = float(drawn.shapes[row].area) / unit.metre**2
        area = square_metres(text, computed)
        if np.isnan(area) or abs(area - computed) <= max(ROUNDED, OFF_BY * computed):
            continue
        off += 1
        values = {"stated": area, "computed": computed}
        place = shapely.point_on_surface(drawn.shapes[row])
        found.problems.append(("intake.plot_area_differs", row, place, values))
    if stated:
        values = {"count_off": off, "share": OFF_BY * 100}
        found.findings.append(Finding("found", "intake.plot_areas", role, len(stated), values))


def _uses_of_layers(found: Controls, drawn: Shapes, role: str) -> None:
    """Land uses that no text states, from the name of the layer, or of another on which the same ring is drawn."""
    known = found.cells.get("land_use", {})
    silent = {
        row: use
        for row, layers in enumerate(zip(drawn.layers, drawn.also, strict=True))
        if row not in known and (use := _use((layers[0], *layers[1])))
    }
    if silent:
        found.cells.setdefault("land_use", {}).update(silent)
        found.findings.append(Finding("found", "intake.use_from_layer", role, len(silent)))


def _use(layers: Iterable[str]) -> str:
    return next((use for layer in layers if (use := layer_use(layer))), "")
