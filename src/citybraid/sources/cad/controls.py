"""Planning controls of a drawing's shapes from its texts: values by column, contradictions, unattached texts."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.cad.drawing import Shapes
from citybraid.sources.cad.plan_texts import (
    PLOT_AREA,
    is_same_value,
    layer_use,
    plot_of_layer,
    square_metres,
    stated_values,
)
from citybraid.sources.cad.plot_numbers import WAYS, Way, layer_numbers, plot_finding, plot_ranks, short_numbers
from citybraid.sources.cad.texts import DrawingText, nearest, shape_of_texts
from citybraid.sources.cad.units import Unit
from citybraid.sources.land_use.land_use import GUIDE, map_code
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import columns_of

OFF_BY = 0.02
"""Relative difference from which a stated area contradicts the drawing [-]."""
PLOT = "plot_number"
"""Quantity with an order of preference among its sources."""
CODED_LAYER = re.compile(r"用地-(\d{4,6})-")
"""A layer as drawings are written here: it names a code of the guide (用地-070102-二类城镇住宅用地)."""
ROUNDED = 60.0
"""Difference that rounding to a hundredth of a hectare may make [m2]."""


class Placing(NamedTuple):
    """How many values belong to a shape, how many texts to the nearest one, and how many to none."""

    attached: int
    nearby: int
    loose: int


@dataclass
class Controls:
    """Values that texts state, by quantity and row; problems have the drawing's coordinates."""

    cells: dict[str, dict[int, str]] = field(default_factory=dict)
    problems: list[tuple[str, int, BaseGeometry, Mapping[str, object]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def columns(self, rows: int) -> dict[str, pd.Series]:
        """Return the columns of a table with `rows` rows, without quantities that are only compared."""
        return {
            var: pd.Series(values, dtype=object).reindex(range(rows))
            for var, values in self.cells.items()
            if var != PLOT_AREA
        }

    def told(self, names: Sequence[str], shapes: Sequence[BaseGeometry], role: str) -> tuple[Problem, ...]:
        """Return the problems with their row names and shapes in the study's CRS, in order of detection."""
        return tuple(
            Problem(text, role, names[row], shape, values=values)
            for (text, row, _, values), shape in zip(self.problems, shapes, strict=True)
        )


def controls(drawn: Shapes, texts: Sequence[DrawingText], role: str, unit: Unit) -> Controls:
    """Return the controls that texts in, near or pointing to each shape state; of two that differ the first is kept."""
    allowed = set(columns_of(role))
    quantities = (*allowed, PLOT_AREA) if "plot_number" in allowed else tuple(allowed)
    collected = Controls()
    row, ways = shape_of_texts(drawn.shapes, texts)
    stated = [stated_values(note.lines, quantities, layer=note.layer) for note in texts]
    unattached = [index for index in range(len(texts)) if row[index] < 0 and stated[index][0]]
    nearby = list(nearest(drawn.shapes, texts, unattached, unit)) if len(drawn.shapes) and unattached else []
    for index, holder in nearby:
        row[index] = holder
    unread: list[str] = []
    holders = row.tolist()
    ranks = plot_ranks(drawn.shapes, texts, holders, [index for index, _ in nearby])
    sources: dict[int, Way] = {}
    for at in sorted(ranks, key=lambda number: ranks[number]):
        if (plot := stated[at][0].get(PLOT)) is not None:
            sources.setdefault(holders[at], WAYS[ranks[at][0]])
            _record_value(collected, PLOT, plot, holders[at], texts[at])
    for note, holder, (values_by_var, unparsed) in zip(texts, holders, stated, strict=True):
        if holder < 0:
            continue
        unread += unparsed
        for var, value in values_by_var.items():
            if var != PLOT:
                _record_value(collected, var, value, holder, note)
    attached = sum(len(rows) for rows in collected.cells.values())
    if PLOT in allowed:
        missing = _layer_plots(collected, drawn, sources)
        silent = [-1 if values_by_var else holder for holder, (values_by_var, _) in zip(holders, stated, strict=True)]
        _short_plots(collected, short_numbers(drawn.shapes, texts, silent, missing), sources)
        finding = plot_finding(sources, len(drawn.shapes), role)
        collected.findings += [] if finding is None else [finding]
    beside = Placing(attached, len(nearby), len(unattached) - len(nearby))
    _add_findings(collected, role, ways, unread, beside)
    _compare_areas(collected, drawn, role, unit)
    if "land_use" in allowed:
        _uses_of_layers(collected, drawn, role)
    return collected


def _layer_plots(collected: Controls, drawn: Shapes, sources: dict[int, Way]) -> list[int]:
    """Add plot numbers from layers that hold one parcel each; return the rows that have none then."""
    known = collected.cells.get(PLOT, {})
    for row, plot in layer_numbers(drawn.layers).items():
        if sources.get(row, "beside") == "beside":
            collected.cells.setdefault(PLOT, known)[row], sources[row] = plot, "layer"
        elif not is_same_value(PLOT, known[row], plot):
            values = {"var": PLOT, "kept": known[row], "other": plot}
            place = shapely.point_on_surface(drawn.shapes[row])
            collected.problems.append(("intake.text_contradicts", row, place, values))
    return [row for row in range(len(drawn.shapes)) if row not in known]


def _short_plots(collected: Controls, short: Mapping[int, str], sources: dict[int, Way]) -> None:
    """Add short numbers as plot numbers where no parcel has one of them already."""
    known = collected.cells.get(PLOT, {})
    if short and not set(short.values()) & set(known.values()):
        collected.cells.setdefault(PLOT, known).update(short)
        sources.update(dict.fromkeys(short, "number"))


def _record_value(collected: Controls, var: str, value: str, row: int, note: DrawingText) -> None:
    first = collected.cells.setdefault(var, {}).setdefault(row, value)
    if not is_same_value(var, first, value):
        values = {"var": var, "kept": first, "other": value}
        collected.problems.append(("intake.text_contradicts", row, Point(note.x, note.y), values))


def _add_findings(collected: Controls, role: str, ways: Counter[str], unread: Sequence[str], placing: Placing) -> None:
    findings = collected.findings
    if placing.attached:
        findings.append(
            Finding("found", "intake.texts_attached", role, placing.attached, {"columns": sorted(collected.cells)})
        )
    if ways["leader"]:
        findings.append(Finding("found", "intake.texts_led", role, ways["leader"]))
    if placing.nearby:
        findings.append(Finding("guessed", "intake.texts_beside", role, placing.nearby))
    if placing.loose:
        findings.append(Finding("rejected", "intake.texts_loose", role, placing.loose))
    if collected.problems:
        examples = [f"{values['var']} {values['kept']} / {values['other']}" for *_, values in collected.problems[:4]]
        findings.append(
            Finding("rejected", "intake.texts_contradict", role, len(collected.problems), {"examples": examples})
        )
    if unread:
        findings.append(
            Finding("found", "intake.texts_unread", role, len(unread), {"examples": sorted(set(unread))[:4]})
        )


def _compare_areas(collected: Controls, drawn: Shapes, role: str, unit: Unit) -> None:
    """Record a problem where a parcel's stated area differs from the drawn area."""
    stated = collected.cells.get(PLOT_AREA, {})
    deviating = 0
    for row, text in stated.items():
        computed = float(drawn.shapes[row].area) / unit.metre**2
        area = square_metres(text, computed)
        if np.isnan(area) or abs(area - computed) <= max(ROUNDED, OFF_BY * computed):
            continue
        deviating += 1
        values = {"stated": area, "computed": computed}
        place = shapely.point_on_surface(drawn.shapes[row])
        collected.problems.append(("intake.plot_area_differs", row, place, values))
    if stated:
        values = {"count_off": deviating, "share": OFF_BY * 100}
        collected.findings.append(Finding("found", "intake.plot_areas", role, len(stated), values))


def _uses_of_layers(collected: Controls, drawn: Shapes, role: str) -> None:
    """Add land uses that no text states, from the name of the layer or of another layer with the same ring.

    A layer that names a code of the guide where a text states another use is a problem; the text is kept.
    """
    known = collected.cells.get("land_use", {})
    for row, use in known.items():
        layer = CODED_LAYER.match(drawn.layers[row])
        if layer is not None and _is_other_use(use, layer[1]):
            values = {"var": "land_use", "kept": use, "other": layer[1]}
            place = shapely.point_on_surface(drawn.shapes[row])
            collected.problems.append(("intake.layer_contradicts", row, place, values))
    inferred = {
        row: use
        for row, layers in enumerate(zip(drawn.layers, drawn.also, strict=True))
        if row not in known and (use := _use((layers[0], *layers[1])))
    }
    if inferred:
        collected.cells.setdefault("land_use", {}).update(inferred)
        collected.findings.append(Finding("found", "intake.use_from_layer", role, len(inferred)))


def _is_other_use(use: str, code: str) -> bool:
    """Return whether a stated use is known and neither a code, nor a class above it or below it."""
    known = map_code(use, GUIDE)
    return known is not None and not (known.code.startswith(code) or code.startswith(known.code))


def _use(layers: Iterable[str]) -> str:
    return next((use for layer in layers if not plot_of_layer(layer) and (use := layer_use(layer))), "")
