"""The rehearsal of a disaster: the hours of an event, what is flooded, closed and cut off at each, and the phases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from citybraid.core.layer import Layer
from citybraid.planning.rows import Reading, indicators
from citybraid.report.chapter import words
from citybraid.report.disaster.phase import PHASES, bars, blocks_by_phase
from citybraid.report.disaster.phase_table import phase_table
from citybraid.report.verdict.summary import recommended
from citybraid.report.view import View, named
from citybraid.web.access.refusals import NotFound
from citybraid.web.results.assumptions import AssumptionState, assumptions
from citybraid.web.results.blocks import BlockState, block_states
from citybraid.web.results.frames import DEPTH, RESCUE, LegendState, legends, shrink, stages
from citybraid.web.results.opened import Opened
from citybraid.web.wording import Said, known, said, titled, unit_digits, unit_said

COURSES: Mapping[str, tuple[str, float]] = {
    "closed_street_course": ("km", 1e-3), "waterlogged_street_course": ("km", 1e-3), "isolated_course": ("person", 1.0),
    "late_course": ("person", 1.0), "fire_coverage_course": ("%", 100.0), "hospital_coverage_course": ("%", 100.0),
}  # fmt: skip
"""Figures of an hour that the models give: the unit shown, and the factor to it."""
AFTER: Mapping[str, tuple[str, float]] = {
    "clearance_course": ("person", 1.0), "walking_clearance_course": ("person", 1.0), "recovery_course": ("%", 100.0),
}  # fmt: skip
"""Courses that count on a time of their own: leaving from the warning, recovery for days."""
CLOCK = ("depth_course", "closed_street_course", "recovery_course")
"""Quantities that tell the hours of the slider, the first that the run has."""
FLOODED = "flooded_area"
PEAKS = (FLOODED, "closed_street_course", "waterlogged_street_course", "isolated_course", "late_course")
"""Courses whose highest value is the peak of the event, the first that is not 0 throughout."""
MM_PER_M = 1000.0
MOST_LINES = 6000
"""Streets that are drawn, the longest."""


class CourseState(BaseModel):
    """A figure over time: hours from the event's start and a value at each; an unknown one is None."""

    id: str
    title: Said
    unit: Said
    digits: int | None
    """Decimals of its unit below a thousand; None for four significant digits."""
    hours: list[float]
    values: list[float | None]
    after: bool


class StreetState(BaseModel):
    """A street on the picture: its line [pixel], and from when to when it is closed [h]; `until` None: as it ends."""

    name: Said
    line: list[tuple[float, float]]
    closed_from: float | None
    closed_until: float | None


class SpanState(BaseModel):
    """A bar of the timeline in hours from the event's start."""

    phase: str
    what: Said
    start: float
    end: float
    open: bool


class PhaseState(BaseModel):
    """A phase: its name and what the report tells of it."""

    id: str
    title: Said
    blocks: list[BlockState]


class PeakState(BaseModel):
    """The hour at which most is to be seen: its place among the hours, and the course that is highest then."""

    step: int
    course: str
    last: bool
    """Whether it is the last hour computed, so that more may follow."""


class RehearsalState(BaseModel):
    """The rehearsal of an event in an alternative."""

    alternative: str
    alternatives: dict[str, Said]
    existing: str
    """The alternative that is the place as it is, '' where it has no rehearsal."""
    recommended: str
    """The alternative that page one recommends, '' where it recommends none that has a rehearsal."""
    event: str
    events: dict[str, Said]
    events_of: dict[str, list[str]]
    """Events of each alternative, so that another one is shown in the same event where it has it."""
    hours: list[float]
    peak: PeakState | None
    """None where nothing happens in any hour."""
    width: int
    height: int
    pixel: float
    """Side of a pixel of the picture [m]."""
    pictures: dict[str, LegendState]
    """Pictures that there are for every hour, with their legends."""
    streets: list[StreetState]
    courses: list[CourseState]
    spans: list[SpanState]
    phases: list[PhaseState]
    assumptions: list[AssumptionState]
    """Factors without a confirmed source on which the courses rest."""


def rehearsal(opened: Opened, alternative: str = "", event: str = "") -> RehearsalState | None:
    """Return the rehearsal of an event, the largest where none is named; None where none is.

    Where no alternative is named, it is the one that page one recommends: what a plan is rehearsed for. The last one
    stands in where none is recommended. Raises NotFound for an alternative or an event that the run has not.
    """
    view = opened.view
    where = {name: clock for name in view.run.alternatives if (clock := _clock(view, name))}
    if not where:
        return None
    best = recommended(view)
    name = alternative or (best if best in where else list(where)[-1])
    if name not in where:
        raise NotFound("web.rehearsal.no_alternative", known=list(where))
    events = view.events(name, where[name])
    label = event or events[-1]
    if label not in events:
        raise NotFound("web.rehearsal.no_event", known=events)
    hours = [round(each, 4) for each in hours_of(view, name, label, where[name])]
    courses = [*_flooded(view, name, label), *_courses(view, name, label)]
    step = shrink(tuple(view.run.grid.shape))
    return RehearsalState(
        alternative=name, alternatives={each: titled(view.run.title(each)) for each in where},
        existing=view.base if view.base in where else "", recommended=best if best in where else "", event=label,
        events={each: said(view.event_name(name, each)) for each in events},
        events_of={each: list(view.events(each, clock)) for each, clock in where.items()},
        hours=hours, peak=peak(courses, hours),
        width=-(-view.run.grid.shape[1] // step), height=-(-view.run.grid.shape[0] // step),
        pixel=step * abs(view.run.grid.affine.a), pictures=_pictures(view, name, label),
        streets=list(_streets(view, name, label, step)),
        courses=courses, spans=list(_spans(view, name)),
        phases=list(_phases(view)), assumptions=list(assumptions(view, name, _told_of(view, name, label))),
    )  # fmt: skip


def peak(courses: Iterable[CourseState], hours: Sequence[float]) -> PeakState | None:
    """Return the first hour at which the most ground is flooded; without water the most of what comes next in PEAKS."""
    by_name = {each.id: each for each in courses if each.id in PEAKS}
    for name in PEAKS:
        course = by_name.get(name)
        values = [] if course is None else [each or 0.0 for each in course.values]  # noqa: PD011  (a list)
        if course is not None and any(values):
            at = course.hours[values.index(max(values))]
            step = min(range(len(hours)), key=lambda index: abs(hours[index] - at))
            return PeakState(step=step, course=name, last=step == len(hours) - 1)
    return None


def _clock(view: View, alternative: str) -> str:
    return next((name for name in CLOCK if view.layers[alternative].get(name)), "")


def hours_of(view: View, alternative: str, event: str, clock: str) -> list[float]:
    """Return the hours of an event from its start."""
    value = view.run.store.get(view.layers[alternative][clock][event].key)
    times = value["time"].to_numpy() if clock == DEPTH else value.index.to_numpy()
    return [float(each) for each in times]


def _pictures(view: View, alternative: str, event: str) -> dict[str, LegendState]:
    there = {name for name in (DEPTH, RESCUE) if event in view.layers[alternative].get(name, {})}
    return {name: legend for name, legend in legends().items() if name in there}


def _flooded(view: View, alternative: str, event: str) -> Iterator[CourseState]:
    """Yield the ground under water at each hour, as the indicator of flooded ground counts it."""
    layer = view.layers[alternative].get(DEPTH, {}).get(event)
    if layer is None:
        return
    row = indicators()[FLOODED]
    course = view.run.store.get(layer.key)
    land = _land(view, alternative, row.reading)
    limit, cell = float(row.reading.argument) * MM_PER_M, abs(view.run.grid.affine.a * view.run.grid.affine.e)
    values = [float(((plane > limit) & land).sum()) * cell * row.reading.scale for plane in course.to_numpy()]
    yield CourseState(
        id=FLOODED, title=said(words("web.rehearsal.flooded", depth=row.reading.argument)), unit=unit_said(row.unit),
        digits=unit_digits(row.unit),
        hours=[round(float(each), 4) for each in course["time"].to_numpy()],
        values=[known(float(f"{each:.8g}")) for each in values], after=False,
    )  # fmt: skip


def _land(view: View, alternative: str, reading: Reading) -> NDArray[np.bool_]:
    """Return the cells that hold no water by nature."""
    layer = view.layers[alternative].get(reading.second, {}).get("")
    if layer is None:
        return np.ones(view.run.grid.shape, np.bool_)
    return np.asarray(np.nan_to_num(np.asarray(view.run.store.get(layer.key), np.float64)) == 0.0)


def _courses(view: View, alternative: str, event: str) -> Iterator[CourseState]:
    for names, after in ((COURSES, False), (AFTER, True)):
        for name, (unit, factor) in names.items():
            layer = _of_event(view, alternative, name, event)
            if layer is not None:
                yield _course(view, layer, unit, factor, after=after)


def _told_of(view: View, alternative: str, event: str) -> Iterator[Layer]:
    """Yield the layers of a rehearsal: its depths and its courses."""
    for name in (DEPTH, RESCUE, *COURSES, *AFTER):
        layer = _of_event(view, alternative, name, event)
        if layer is not None:
            yield layer


def _of_event(view: View, alternative: str, name: str, event: str) -> Layer | None:
    by_event = view.layers[alternative].get(name, {})
    return by_event.get(event) or by_event.get("")


def _course(view: View, layer: Layer, unit: str, factor: float, *, after: bool) -> CourseState:
    series: pd.Series = view.run.store.get(layer.key)
    return CourseState(
        id=layer.var.name, title=said(named("var", layer.var.name)), unit=unit_said(unit), after=after,
        digits=unit_digits(unit),
        hours=[round(float(each), 4) for each in series.index],
        values=[known(float(f"{factor * float(each):.8g}")) for each in series],
    )  # fmt: skip


def _streets(view: View, alternative: str, event: str, step: int) -> Iterator[StreetState]:
    """Yield the streets on the picture, those that close with their hours."""
    shapes = view.shapes(alternative, "streets")
    if shapes is None:
        return
    first, last, hours = (_column(view, alternative, name, event) for name in ("closed_from", "closed_until",
                                                                               "closed_hours"))  # fmt: skip
    names = view.column(alternative, "street_name")
    pixel = step * abs(view.run.grid.affine.a)
    longest = shapes.length.sort_values(ascending=False, kind="stable").index[:MOST_LINES]
    to_pixel = ~(view.run.grid.affine * view.run.grid.affine.scale(step))
    for row, shape in shapes.loc[longest].simplify(pixel).items():
        shut = hours is not None and bool(hours.get(row, 0.0) > 0.0)
        name = "" if names is None else names.get(row, "")
        for part in getattr(shape, "geoms", [shape]):
            line = [tuple(round(float(each), 1) for each in to_pixel * (x, y)) for x, y, *_ in part.coords]
            yield StreetState(
                name=said(name) if isinstance(name, str) and name else {}, line=[(each[0], each[1]) for each in line],
                closed_from=_hour(first, row) if shut else None, closed_until=_hour(last, row) if shut else None,
            )  # fmt: skip


def _column(view: View, alternative: str, name: str, event: str) -> pd.Series | None:
    layer = view.layers[alternative].get(name, {}).get(event)
    return None if layer is None else view.run.value(layer)


def _hour(values: pd.Series | None, row: Any) -> float | None:
    return None if values is None else known(round(float(values.get(row, np.nan)), 4))


def _spans(view: View, alternative: str) -> Iterator[SpanState]:
    """Yield the bars of the timeline of an alternative, in its largest event."""
    for phase, spans in bars(view, alternative).items():
        for each in spans:
            if np.isfinite(each.start) and np.isfinite(each.end):
                yield SpanState(phase=phase, what=said(each.what), start=each.start, end=each.end, open=each.open)


def _phases(view: View) -> Iterator[PhaseState]:
    by_phase = blocks_by_phase(view)
    for phase in PHASES:
        blocks = [*by_phase[phase], *phase_table(view, phase)]
        if blocks:
            yield PhaseState(id=phase, title=said(words(f"disaster.{phase}")), blocks=block_states(blocks))


def frame(opened: Opened, what: str, hour: int, *, alternative: str, event: str) -> bytes:
    """Return the picture of an hour as a PNG file; raises NotFound where there is none."""
    layer = opened.view.layers.get(alternative, {}).get(what, {}).get(event) if what in legends() else None
    if layer is None:
        raise NotFound("web.rehearsal.no_picture")
    pictures = stages(Path(opened.run.store.folder), layer.key, what)
    if not 0 <= hour < len(pictures):
        raise NotFound("web.rehearsal.no_picture")
    return pictures[hour]
