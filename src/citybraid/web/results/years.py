"""Years of a run side by side: what a pathway says of each year, and what events of each climate's horizon bring."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
from pydantic import BaseModel

from citybraid.core.layer import Layer
from citybraid.report.drawing.units import SYSTEM, convert, shown
from citybraid.report.view import View, named
from citybraid.web.results.opened import Opened
from citybraid.web.wording import Said, amount_said, known, said, titled, told_unit, unit_said

YEARS, ONE = "years", ""
"""What a quantity by year, and a single number, counts on."""
NUMBERS = ("float", "int")
FIRST = ("pathway_emissions", "pathway_reference")
"""What a pathway is about; its parts and levers follow."""
NAMING = ("return_period", "rain_return_period")
"""What names an event, and tells nothing of it."""


class MomentState(BaseModel):
    """A year of a pathway, or an event with the climate that it is of; `horizon` is that climate's year."""

    id: str
    title: Said
    horizon: int | None
    return_period: float | None


class AmountState(BaseModel):
    """A value, and as it is written."""

    value: float | None
    said: Said


class RowState(BaseModel):
    """A quantity of an alternative with its value at every moment that it has one for."""

    quantity: str
    title: Said
    unit: Said
    alternative: str
    values: dict[str, AmountState]


class SideState(BaseModel):
    """Moments that may be put side by side, and the quantities that have values at them."""

    moments: list[MomentState]
    rows: list[RowState]


class YearsState(BaseModel):
    """What a run says by year: of its pathways, and of its events by the horizon of their climate."""

    alternatives: dict[str, Said]
    pathway: SideState
    events: SideState


def years(opened: Opened) -> YearsState:
    """Return what a run says by year; without pathways or events the side has no moments."""
    view = opened.view
    return YearsState(
        alternatives={name: titled(opened.run.title(name)) for name in opened.run.alternatives},
        pathway=_pathway(view), events=_events(view),
    )  # fmt: skip


def _pathway(view: View) -> SideState:
    courses: list[tuple[str, Layer, Mapping[str, float]]] = []
    seen: set[int] = set()
    for alternative, layer in _layers(view, YEARS):
        course = view.run.value(layer[ONE]) if ONE in layer else None
        if isinstance(course, pd.Series) and not course.empty:
            at = [int(year) for year in course.index.to_numpy()]
            courses.append((alternative, layer[ONE], dict(zip(map(str, at), course.to_numpy(), strict=True))))
            seen.update(at)
    rows = _rows(courses)
    rows.sort(key=lambda row: row.quantity not in FIRST)
    moments = [
        MomentState(id=str(year), title=said(str(year)), horizon=year, return_period=None) for year in sorted(seen)
    ]
    return SideState(moments=moments, rows=rows)


def _events(view: View) -> SideState:
    """Return single numbers by event; those of one event alone have nothing beside them."""
    rows = _rows(
        [
            (alternative, next(iter(layer.values())), {each: view.run.value(layer[each]) for each in layer})
            for alternative, layer in _layers(view, ONE)
            if len(layer) > 1 and ONE not in layer
        ]
    )
    seen = {label for row in rows for label in dict(row.values)}
    moments = sorted(
        (_event(view, label) for label in seen), key=lambda each: (each.return_period or 0, each.horizon or 0, each.id)
    )
    return SideState(moments=moments, rows=rows)


def _event(view: View, label: str) -> MomentState:
    period = max((view.return_period(name, label) for name in view.run.alternatives), default=0.0)
    stated = view.stated_events.get(label)
    return MomentState(
        id=label, title=said(view.event_name(view.base, label)), horizon=None if stated is None else stated.horizon,
        return_period=known(period) or (None if stated is None else stated.return_period),
    )  # fmt: skip


def _layers(view: View, on: str) -> Iterator[tuple[str, Mapping[str, Layer]]]:
    """Yield an alternative and the layers by event of each quantity that counts on `on` and is a number."""
    for alternative, quantities in view.layers.items():
        for by_event in quantities.values():
            var = next(iter(by_event.values())).var
            if var.on == on and var.kind in NUMBERS and var.closes is None and var.name not in NAMING:
                yield alternative, by_event


def _rows(courses: Sequence[tuple[str, Layer, Mapping[str, float]]]) -> list[RowState]:
    """Return a row for each course; those of one quantity are told in one unit."""
    values: dict[str, list[float]] = {}
    for _, layer, by_moment in courses:
        values.setdefault(layer.var.name, []).extend(map(float, by_moment.values()))
    return [_row(alternative, layer, by_moment, values[layer.var.name]) for alternative, layer, by_moment in courses]


def _row(alternative: str, layer: Layer, values: Mapping[str, float], beside: Sequence[float]) -> RowState:
    unit = layer.var.unit_with_gas
    display = shown(told_unit(beside, unit), SYSTEM).unit
    return RowState(
        quantity=layer.var.name, title=said(named("var", layer.var.name)), unit=unit_said(display),
        alternative=alternative,
        values={moment: _amount(convert(float(value), unit, SYSTEM), display) for moment, value in values.items()},
    )  # fmt: skip


def _amount(value: float, unit: str) -> AmountState:
    return AmountState(value=known(value), said=amount_said(value, unit))
