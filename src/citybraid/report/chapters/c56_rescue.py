"""Rescue in a flood: closures, routes of fire engines and ambulances, and people out of reach, hour by hour."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.layer import Layer
from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Sentence,
    Table,
    Text,
    TextList,
    appended,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.palettes import NOISE
from citybraid.report.drawing.rescue_charts import TimeSeriesPanel, time_series
from citybraid.report.drawing.units import label
from citybraid.report.remarks.crossings import crossing_blocks
from citybraid.report.remarks.unended import unended, unended_note
from citybraid.report.sheets import moments
from citybraid.report.strand import strand_maps
from citybraid.report.view import View, named

CLOSED, HOURS = "closed_street_course", "closed_hours"
ISOLATED, LATE = "isolated_course", "late_course"
CHARTS: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "people": ((ISOLATED, "person", 1.0), (LATE, "person", 1.0)),
    "streets": ((CLOSED, "km", 1e-3), ("waterlogged_street_course", "km", 1e-3)),
    "reach": (("fire_coverage_course", "%", 100.0), ("hospital_coverage_course", "%", 100.0)),
}
"""Charts: the quantities of their panels, the unit shown, and the factor to it."""
LASTING = frozenset({"people", "streets"})
"""Charts that mark what has not ended as the event does."""
STATES = {kind: (f"{kind}_time", f"worst_{kind}_time", f"after_{kind}_time") for kind in ("fire", "hospital")}
"""Driving times before an event, at its worst moment and as it ends."""
PRINTED = 20


def chapter(view: View) -> Chapter:
    """Return the chapter of rescue in a flood."""
    blocks: list[Block] = [
        *_period(view), *appended(crossing_blocks(view)), *_events(view), *_charts(view), *_moments(view),
        *_teams(view), *strand_maps(view, "rescue"), *_closures(view),
    ]  # fmt: skip
    return Chapter("rescue", words("rescue.title"), blocks)


def _values(view: View, alternative: str, var: str, event: str) -> Any:
    """Return a quantity of an event, None where the run has none."""
    layer: Layer | None = view.layers[alternative].get(var, {}).get(event)
    return None if layer is None else view.run.value(layer)


def _period(view: View) -> Iterator[Block]:
    """State the event, time step and end of the period that the chapter covers."""
    layer = view.layer(view.base, CLOSED)
    if layer is None:
        return
    hours = view.run.value(layer).index.to_numpy(np.float64)
    event = view.event_name(view.base, layer.label)
    values: dict[str, object] = {
        "event": event, "minutes": Quantity(60.0 * float(hours[1] - hours[0]), "min", 0),
        "end": Quantity(float(hours[-1]), "h", 2),
    }  # fmt: skip
    yield Paragraph(words("rescue.clock", **values), "lead")
    left = unended(view, view.base)
    if left is not None and left.any:
        yield Paragraph(left.say(view.name(view.base), event), "warning")


def _events(view: View) -> Iterator[Block]:
    """Yield the worst values of the largest event by alternative, and in the appendix those of every event."""
    labels = [(name, event) for name in view.run.alternatives for event in view.events(name, CLOSED)]
    if not labels:
        return
    frame = pd.DataFrame(
        [
            {"alternative": view.name(name), "event": view.event_name(name, event), **_row(view, name, event)}
            for name, event in labels
        ]
    )
    for column in ("alternative", "event"):
        frame[column] = cells(frame[column])
    columns = [
        Column("alternative", words("explorer.alternative")), Column("event", words("risk.event")),
        Column("closed", words("rescue.closed_most"), "km", 2),
        Column("longest_closure", words("rescue.longest_closure"), "h", 1),
        Column("still_closed", words("rescue.still_closed"), "count", 0),
        Column("fire", words("rescue.fire_least"), "%", 1), Column("hospital", words("rescue.hospital_least"), "%", 1),
        Column("isolated", words("rescue.isolated_most"), "person", 0),
        Column("late", words("rescue.late_most"), "person", 0),
        Column("person_hours", words("rescue.person_hours"), "person h", 0),
        Column("longest", words("rescue.longest"), "h", 1),
        Column("at_end", words("rescue.isolated_end"), "person", 0),
    ]  # fmt: skip
    known = [column for column in columns if column.key in frame]
    notes = {"rescue.events_note": True, "rescue.isolated_note": "isolated" in frame}
    notes["rescue.coverage_note"] = any(kind in frame for kind in STATES)
    note = TextList(tuple(words(text) for text, needed in notes.items() if needed), " ")
    last = dict(labels)
    largest = frame[[last[name] == event for name, event in labels]]
    if len(largest) < len(frame):
        title = words("rescue.largest", event=view.event_name(view.base, last[view.base]))
        short = [column for column in known if column.key != "event"]
        yield Table("rescue_largest", title, largest, short, note, turned=True)
    yield Table("rescue_events", words("rescue.events"), frame, known, note, appendix=len(largest) < len(frame))


def _row(view: View, name: str, event: str) -> Mapping[str, float]:
    def of(var: str) -> Any:
        return _values(view, name, var, event)

    summary: dict[str, float] = {"closed": 1e-3 * float(of(CLOSED).max()), "longest_closure": float(of(HOURS).max())}
    if (left := unended(view, name, event)) is not None:
        summary["still_closed"] = float(left.streets)
    for kind in STATES:
        if (reach := of(f"{kind}_coverage_course")) is not None and reach.notna().any():
            summary[kind] = 100.0 * float(reach.min())
    if (people := of(ISOLATED)) is not None:
        summary |= {
            "isolated": float(people.max()), "at_end": float(people.iloc[-1]), "late": float(of(LATE).max()),
            "person_hours": float(of("isolated_person_hours").sum()), "longest": float(of("isolated_hours").max()),
        }  # fmt: skip
    return summary


def _charts(view: View) -> Iterator[Block]:
    left = unended_note(view)
    for chart, panels in CHARTS.items():
        lines = {var: _lines(view, var, factor) for var, _, factor in panels}
        shown = [(var, unit) for var, unit, _ in panels if lines[var]]
        if not shown:
            continue
        event = view.event_name(view.base, _label(view, shown[0][0]))

        def draw(
            language: str, chart: str = chart, shown: Sequence[tuple[str, str]] = tuple(shown),
            lines: Mapping[str, Mapping[str, pd.Series]] = lines, event: Text = event,
        ) -> Drawing:  # fmt: skip
            course_panels = [
                TimeSeriesPanel(
                    f"{in_words(named('var', var), language)} ({label(unit, language)})",
                    {in_words(view.name(name), language): line for name, line in lines[var].items()},
                    goes_on=chart in LASTING,
                )
                for var, unit in shown
            ]
            title = words(f"rescue.{chart}_chart", event=event).say(language)
            return time_series(course_panels, Labels(title, x=words("rescue.hours").say(language)))

        going_on = (words("rescue.goes_on"),) if left is not None and chart in LASTING else ()
        yield Figure(
            f"rescue_{chart}",
            TextList((words(f"rescue.{chart}_caption"), *going_on), " "),
            draw,
            appendix=chart != "people",
        )


def _label(view: View, var: str) -> str:
    layer = next(layer for name in view.run.alternatives if (layer := view.layer(name, var)) is not None)
    return layer.label


def _lines(view: View, var: str, factor: float) -> Mapping[str, pd.Series]:
    """Return a series of each alternative in the largest event; one identical to an earlier one's is left out."""
    lines: dict[str, pd.Series] = {}
    keys: set[str] = set()
    for name in view.run.alternatives:
        layer = view.layer(name, var)
        if layer is None or layer.key in keys:
            continue
        keys.add(layer.key)
        values = view.run.value(layer)
        if (values.abs() > NOISE).any():
            lines[name] = factor * values
    return lines


def _moments(view: View) -> Iterator[Block]:
    """Yield the driving times of each kind before the largest event, at the kind's worst moment and as it ends."""
    for kind, states in STATES.items():
        moment = view.number(view.base, f"worst_{kind}_moment")
        if moment is None or np.isnan(moment):
            continue
        worst = words("rescue.worst", moment=Quantity(moment, "h", 2))
        title, what = words(f"rescue.{kind}_moments"), words(f"rescue.{kind}")
        figure = moments(
            view, view.base, states, [words("rescue.before"), worst, words("rescue.after")], title=title, what=what
        )
        if figure is not None:
            yield figure


def _teams(view: View) -> Iterator[Block]:
    """Yield how long boats need to bring out those cut off at the worst moment of the largest event."""
    last, count = view.number(view.base, "team_last"), view.number(view.base, "team_count")
    people, layer = view.column(view.base, "isolated_at_once"), view.layer(view.base, "team_last")
    share = view.number(view.base, "team_share")
    if not last or not count or people is None or layer is None or share is None:
        return
    values = {"teams": round(count), "last": Quantity(last, "h", 1), "share": round(100.0 * share)}
    cut_off = Quantity(float(people.sum()), "person", 0)
    event = view.event_name(view.base, layer.label)
    yield Paragraph(Sentence(words("rescue.teams", event=event, people=cut_off, **values)))


def _closures(view: View) -> Iterator[Block]:
    """Yield the list of closed streets of each alternative in the largest event, the longest closed first."""
    for name in view.run.alternatives:
        layer, shapes = view.layer(name, HOURS), view.shapes(name, "streets")
        if layer is None or shapes is None:
            continue
        event = layer.label
        frame = pd.DataFrame(
            {var: _values(view, name, var, event) for var in (HOURS, "closed_from", "closed_until")}, index=shapes.index
        )
        for var in ("peak_street_depth", "closed_length"):
            frame[var] = np.nan if (values := _values(view, name, var, event)) is None else values
        classes = view.column(name, "road_class")
        frame["class"] = cells("" if classes is None else _road(classes.get(street)) for street in frame.index)
        middle = shapes.representative_point()
        frame["x"], frame["y"] = middle.x.round(), middle.y.round()
        frame = frame[frame[HOURS] > 0.0]
        frame = frame.sort_values([HOURS, "closed_from"], ascending=[False, True], kind="stable")
        if frame.empty:
            continue
        title = words("rescue.closures", alternative=view.name(name), event=view.event_name(name, event))
        note = words("rescue.closures_note")
        rows = frame.assign(street=cells(view.street(name, str(each)) for each in frame.index)).reset_index(drop=True)
        printed = PRINTED if name == view.base else 0
        yield Table(f"closures_{name}", title, rows, _columns(), note, most=PRINTED, printed=printed, appendix=True)


def _road(name: object) -> Text:
    return named("road_class", name) if isinstance(name, str) and name else "–"


def _columns() -> Sequence[Column]:
    return [
        Column("street", words("rescue.street")), Column("class", named("var", "road_class")),
        Column("closed_from", words("rescue.from"), "h", 2), Column("closed_until", words("rescue.until"), "h", 2),
        Column(HOURS, named("var", HOURS), "h"),
        Column("peak_street_depth", named("var", "peak_street_depth"), "m", 2),
        Column("closed_length", named("var", "closed_length"), "m", 0),
        Column("x", words("waterlogging.x"), "m", 0), Column("y", words("waterlogging.y"), "m", 0),
    ]  # fmt: skip
