"""What a run says of a place: values of rasters, the shapes there with their columns, indicators and controls."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.layer import Layer
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Quantity as Amount
from citybraid.report.chapter import Text, TranslatedText, words
from citybraid.report.verdict.remedies import why_of
from citybraid.report.view import named
from citybraid.web.maps.catalogue import Chart, Found
from citybraid.web.maps.cells import moment_of, place_of, valid
from citybraid.web.maps.classes import NONE, Classes, classes_of

NEAR = 12.0
"""A line or a point this near counts as being at a place [m]."""
AREA = 2
"""Dimensions of an area."""
FIRST = ("parcels", "buildings", "units", "streets")
"""Tables that are told first."""


class Value(NamedTuple):
    """A value of a quantity: the number in its canonical unit where it is one, and as a text."""

    name: str
    title: Text
    layer: str
    number: float | None
    text: Text
    colour: str
    """The colour that the map gives it, '' for none."""


class Shape(NamedTuple):
    """A shape at a place: table, id, name, number of its row, values of its columns."""

    table: str
    id: str
    name: str
    row: int
    values: Sequence[Value]


class ControlValue(NamedTuple):
    """A control of a parcel: its value against its limit, and why it is missed."""

    control: str
    title: Text
    computed: Text
    limit: Text
    state: str
    why: Text


def raster_value(chart: Chart, layer: Found, x: float, y: float, moment: int = 0) -> Value:
    """Return the value of the cell at a place of the study's coordinates [m]; none beyond the cells."""
    cells = moment_of(chart.value(layer.layer), moment)
    place = place_of(layer.layer, cells)
    column, row = (math.floor(at) for at in ~place * (x, y)) if math.isfinite(x + y) else (-1, -1)
    inside = 0 <= row < cells.shape[0] and 0 <= column < cells.shape[1]
    number = float(valid(layer.layer, cells.to_numpy()[row, column])) if inside else math.nan
    classes = classes_of(chart, layer.quantity)
    return _value(chart, layer.alternative, layer.layer, number, classes)


def rows_at(chart: Chart, alternative: str, x: float, y: float) -> Iterator[tuple[str, int]]:
    """Yield the tables that have a shape at a place, each with the number of its row."""
    if not math.isfinite(x + y):
        return
    point = shapely.Point(x, y)
    order = sorted(chart.tables, key=lambda table: (FIRST.index(table) if table in FIRST else len(FIRST), table))
    for table in order:
        shapes = chart.shapes(alternative, table)
        if shapes is None or not len(shapes):
            continue
        hits = shapes.sindex.query(point, predicate="dwithin", distance=NEAR)
        near = shapes.array[hits].to_numpy()
        areas, away = shapely.get_dimensions(near) == AREA, shapely.distance(near, point)
        fitting = [int(hit) for hit, area, far in sorted(zip(hits, areas, away, strict=True), key=_nearness)
                   if not area or far == 0.0]  # fmt: skip
        if fitting:
            yield table, fitting[0]


def _nearness(hit: tuple[int, bool, float]) -> tuple[float, int]:
    return float(hit[2]), int(hit[0])


def shape_of(chart: Chart, alternative: str, table: str, row: int) -> Shape:
    """Return a shape by the number of its row; values of events from the most frequent to the rarest."""
    shapes = chart.shapes(alternative, table)
    key = "" if shapes is None else shapes.index[row]
    name = chart.view.parcel_name(str(key)) if table == "parcels" else str(key)
    return Shape(table, str(key), name, row, list(_columns(chart, alternative, table, key)))


def _columns(chart: Chart, alternative: str, table: str, key: object) -> Iterator[Value]:
    for quantity in chart.quantities.values():
        layers = quantity.layers.get(alternative, {})
        if quantity.shape != table or not layers:
            continue
        for label in chart.view.events(alternative, quantity.var.name):
            layer = layers[label]
            column = chart.value(layer)
            value = column.get(key)
            if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
                continue
            yield _value(chart, alternative, layer, value, classes_of(chart, quantity))


def _value(chart: Chart, alternative: str, layer: Layer, value: Any, classes: Classes) -> Value:
    name = layer.var.name
    what = named("var", name)
    event = chart.view.event_name(alternative, layer.label)
    title = words("map.title_event", what=what, event=event) if layer.label else what
    number = float(value) if isinstance(value, int | float | np.number) else None
    at = classes.of_one(value if number is None else number)
    coded = bool(classes.words or classes.scale.codes)
    text: Text = str(value) if number is None else Amount(number, layer.var.unit_with_gas)
    if coded and at != NONE:
        text = TranslatedText(classes.labels[at])
    finite = None if number is None or not math.isfinite(number) else number
    return Value(name, title, layer.key, finite, text, classes.colours[at] if at != NONE else "")


def indicators_at(chart: Chart, alternative: str, unit: str) -> Mapping[str, tuple[Text, float, Text]]:
    """Return the indicators of a planning unit, or of the whole area where the run has no such unit."""
    table = chart.run.table(f"units/{alternative}")
    if table is None:
        return {}
    zone = zone_of(table, unit)
    if zone not in table.index:
        return {}
    numbers = {name: float(table[name][zone]) for name in table.columns if name in indicators()}
    return {
        name: (named("indicator", name), number, Amount(number, chart.view.unit_of(name)))
        for name, number in numbers.items()
        if not math.isnan(number)
    }


def zone_of(table: pd.DataFrame, unit: str) -> str:
    """Return the row of a planning unit in a table of units, that of the whole area where it has none."""
    return unit if unit in table.index else WHOLE_AREA


def controls_of(chart: Chart, alternative: str, parcel: str) -> Iterator[ControlValue]:
    """Yield the controls of a parcel that are stated or computed, those that are missed first."""
    table = chart.run.table(f"controls/{alternative}")
    if table is None:
        return
    rows = table[(table["parcel"].astype(str) == parcel) & (table["state"] != "gap")]
    order = rows["state"].map({"failed": 0, "passed": 1, "computed": 2, "stated": 3}).sort_values(kind="stable").index
    for row in rows.loc[order].to_dict("records"):
        unit, limit, stated = str(row["unit"]), float(row["limit"]), str(row.get("stated_text") or "")
        known = limit if math.isfinite(limit) else float(row["stated"])
        failed = row["state"] == "failed"
        yield ControlValue(
            str(row["control"]), named("control", str(row["control"])), Amount(float(row["computed"]), unit),
            Amount(known, unit) if math.isfinite(known) or not stated else stated, str(row["state"]),
            why_of(row) if failed else "",
        )  # fmt: skip
