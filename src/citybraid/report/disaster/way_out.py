"""Preparedness: how fast the area empties, where streets are full, and whom a warning reaches in time."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Table, Text, cells, in_words, words
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.rescue_charts import TimeSeriesPanel, time_series
from citybraid.report.drawing.units import label
from citybraid.report.view import View, named

PHASE: Phase = "preparedness"
COURSE, ON_FOOT, FULL = "clearance_course", "walking_clearance_course", "evacuation_full_hours"
TIMES = {"half": "half_clearance_time", "most": "most_clearance_time", "nearly": "clearance_time"}
MODEL = "resilience.evacuation"
LEAST = 1.0
"""People below which nobody is told to stay behind."""
SHOWN, PRINTED = 10, 20
MINUTES = 60.0


def blocks(view: View) -> Iterator[Block]:
    """Yield clearance times, those left behind, the curve, streets that are full, and people reached by a warning."""
    if view.column(view.base, COURSE) is None:
        return
    for alternative in view.ends:
        yield from _sentences(view, alternative)
    yield from _curve(view)
    yield from _bottlenecks(view, view.ends[-1])
    for alternative in view.ends:
        yield from _warning(view, alternative)


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield the time to leave before the event, and leaving until 95 % are out."""
    start = -(view.number(alternative, "time_to_leave") or 0.0)
    if start < 0.0:
        yield Span(words("preparedness.time_to_leave"), start, 0.0)
    out = view.number(alternative, "clearance_time")
    if out is not None and np.isfinite(out):
        yield Span(words("preparedness.leaving"), min(start, 0.0), min(start, 0.0) + out)


def _sentences(view: View, alternative: str) -> Iterator[Block]:
    layer = view.layer(alternative, COURSE)
    if layer is None:
        return
    name, event = view.name(alternative), view.event_name(alternative, layer.label)
    exits = round(view.number(alternative, "evacuation_exits") or 0.0)
    if not exits:
        yield Paragraph(words("preparedness.no_exit", alternative=name), "warning")
        return
    times = {key: _minutes(view.number(alternative, var)) for key, var in TIMES.items()}
    yield Paragraph(words("preparedness.clearance", alternative=name, event=event, exits=exits, **times))
    behind = view.column(alternative, "people_left_behind")
    left = 0.0 if behind is None else float(behind.sum())
    if left >= LEAST:
        yield Paragraph(
            words("preparedness.left_behind", alternative=name, event=event, people=Quantity(left, "person", 0)),
            "warning",
        )
    buses = view.number(alternative, "buses_needed") or 0.0
    if buses:
        yield Paragraph(words("preparedness.buses", count=round(buses)))


def _minutes(hours: float | None) -> object:
    """Return a time in minutes, 'never' where there is none."""
    return words("preparedness.never") if hours is None or np.isnan(hours) else Quantity(MINUTES * hours, "min", 0)


def _lines(view: View, var: str) -> Mapping[str, pd.Series]:
    """Return the course of each alternative in the largest event; one identical to an earlier one's is left out."""
    lines: dict[str, pd.Series] = {}
    keys: set[str] = set()
    for name in view.run.alternatives:
        layer = view.layer(name, var)
        if layer is not None and layer.key not in keys:
            keys.add(layer.key)
            lines[name] = view.run.value(layer)
    return lines


def _curve(view: View) -> Iterator[Block]:
    lines = {var: _lines(view, var) for var in (COURSE, ON_FOOT)}
    layer = view.layer(view.base, COURSE)
    if layer is None:
        return
    event = view.event_name(view.base, layer.label)

    def draw(language: str) -> Drawing:
        panels = [
            TimeSeriesPanel(
                f"{in_words(named('var', var), language)} ({label('person', language)})",
                {in_words(view.name(name), language): line for name, line in values.items()},
            )
            for var, values in lines.items()
            if any((line > 0.0).any() for line in values.values())
        ]
        title = words("preparedness.curve", event=event).say(language)
        return time_series(panels, Labels(title, x=words("preparedness.hours").say(language)))

    if any((line > 0.0).any() for line in lines[COURSE].values()):
        yield Figure("clearance_curve", words("preparedness.curve_caption"), draw, appendix=True)


def _bottlenecks(view: View, alternative: str) -> Iterator[Block]:
    """Yield the streets that leaving cars fill for longest."""
    full, cars = (view.column(alternative, var) for var in (FULL, "evacuation_vehicles"))
    shapes = view.shapes(alternative, "streets")
    if full is None or cars is None or shapes is None or not (full > 0.0).any():
        return
    classes = view.column(alternative, "road_class")
    frame = pd.DataFrame({"full": MINUTES * full, "cars": cars})
    frame = frame[frame["full"] > 0.0].sort_values(["full", "cars"], ascending=False, kind="stable")
    middle = shapes.loc[frame.index].representative_point()
    frame["x"], frame["y"] = middle.x.round(), middle.y.round()
    frame["street"] = cells(view.street(alternative, str(row)) for row in frame.index)
    frame["class"] = cells(_class(classes, row) for row in frame.index)
    columns = [
        Column("street", words("rescue.street")), Column("class", named("var", "road_class")),
        Column("full", words("preparedness.full"), "min", 0), Column("cars", words("preparedness.cars"), "count", 0),
        Column("x", words("waterlogging.x"), "m", 0), Column("y", words("waterlogging.y"), "m", 0),
    ]  # fmt: skip
    title = words("preparedness.bottlenecks", alternative=view.name(alternative))
    yield Table(
        "evacuation_bottlenecks", title, frame.reset_index(drop=True), columns, words("preparedness.bottlenecks_note"),
        most=SHOWN, printed=PRINTED, appendix=True,
    )  # fmt: skip


def _class(classes: pd.Series | None, row: str) -> Text:
    name = None if classes is None else classes.get(row)
    return named("road_class", name) if isinstance(name, str) and name else "–"


def _warning(view: View, alternative: str) -> Iterator[Block]:
    """Yield a sentence on the time to leave and the people who are reached in time."""
    time, reached = view.number(alternative, "time_to_leave"), view.column(alternative, "people_reached_in_time")
    residents = view.column(alternative, "residents")
    if time is None or reached is None or residents is None:
        return
    values: dict[str, Any] = {
        "alternative": view.name(alternative), "time": Quantity(abs(time), "h", 1),
        "reached": Quantity(float(reached.sum()), "person", 0),
        "residents": Quantity(float(residents.sum()), "person", 0),
    }  # fmt: skip
    late, own = time < 0.0, view.number(alternative, "warning_time") is not None
    text = "preparedness.too_late" if late else "preparedness.warned" if own else "preparedness.forecast"
    yield Paragraph(words(text, **values), "warning" if late else "text")
