"""What drives a study's events: design storms, a changed climate, and parts of events that come together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from citybraid.core.catalogue import event_design
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.var import Var
from citybraid.study.open.schema import Event, Storm, StudyFile

EVENT = "event"
Put = Callable[[Var, float, str], Layer]
"""Keeps a number of an event and returns its layer."""


def problems(asked: StudyFile, book: FactorBook) -> list[PlanError]:
    """Return what is wrong with the climates of storms and events: half said, said twice, or without a row."""
    found: list[PlanError] = []
    change = event_design().change
    every: tuple[Storm | Event, ...] = (*asked.storms, *asked.events)
    for each in every:
        if bool(each.climate) != (each.horizon is not None):
            found.append(InputError("study.climate_half", event=each.label))
        elif each.climate and each.climate_factor is not None:
            found.append(InputError("study.climate_twice", event=each.label))
        elif each.climate and _row(book, change, each, region=asked.study.region) is None:
            known = sorted({row.key for row in book.by_name.get(change, ()) if row.holds(asked.study.region)})
            where = {"climate": each.climate, "horizon": each.horizon, "region": asked.study.region}
            found.append(InputError("study.no_climate", event=each.label, known=known or "-", **where))
    changed = {storm.label for storm in asked.storms if storm.climate or storm.climate_factor is not None}
    found += [
        InputError("study.climate_twice", event=event.label)
        for event in asked.events
        if event.rain in changed and (event.climate or event.climate_factor is not None)
    ]
    return found


def storms(asked: StudyFile, book: FactorBook, put: Put) -> list[Layer]:
    """Return the numbers of design storms: what their words state, and what their climate brings."""
    made: list[Layer] = []
    design = event_design()
    for storm in asked.storms:
        made += [put(var, getattr(storm, word), storm.label) for word, var in design.storm.items()]
        made += _numbers(storm, book, put, region=asked.study.region)
    return made


def composed(layers: Sequence[Layer], asked: StudyFile, book: FactorBook, put: Put) -> list[Layer]:
    """Return layers in which the parts of each event stand together under its label.

    A storm or a series that an event names stands in events only; to run it alone too, an event names it alone.
    Raises InputErrors for parts that no storm and no file brings.
    """
    parts = event_design().parts
    named = {(part, label) for event in asked.events for part, label in _parts(event).items()}
    wrong = [
        InputError(
            "study.event_part", event=event.label, part=part, got=label, known=sorted(_labels(layers, part)) or "-"
        )
        for event in asked.events
        for part, label in _parts(event).items()
        if label not in _labels(layers, part)
    ]
    if wrong:
        raise InputErrors(wrong)
    gone = {(var.name, label) for part, label in named for var in parts[part]}
    kept = [layer for layer in layers if (layer.var.name, dict(layer.at).get(EVENT)) not in gone]
    for event in asked.events:
        own = _own(event)
        for part, label in _parts(event).items():
            kept += [
                replace(layer, at=frozenset({**dict(layer.at), EVENT: event.label}.items()))
                for layer in layers
                if layer.var in parts[part] and layer.var not in own and dict(layer.at).get(EVENT) == label
            ]
        kept += _numbers(event, book, put, region=asked.study.region)
    return kept


def told(layers: Iterable[Layer], asked: StudyFile, book: FactorBook) -> list[Finding]:
    """Return what the reader must know: each climate's factor and whose it is, and formulas without known limits."""
    found: list[Finding] = []
    design = event_design()
    usual = design.falling[0].name
    every: tuple[Storm | Event, ...] = (*asked.storms, *asked.events)
    for each in every:
        if (factor := _factor(each, book, region=asked.study.region)) is not None:
            row = _row(book, design.change, each, region=asked.study.region)
            about = {
                "event": each.label,
                "factor": factor,
                "climate": each.climate or "-",
                "horizon": each.horizon or "-",
            }
            whose = {"status": row.status if row else "user", "source": (row.source if row else "") or "-"}
            found.append(Finding("found", "study.climate_factor", usual, values={**about, **whose}))
    files = {label for layer in layers if layer.var.name == usual and (label := dict(layer.at).get(EVENT))}
    formula = [storm.label for storm in asked.storms if storm.label not in files]
    limits = any(row.holds(asked.study.region) for row in book.by_name.get(design.limits, ()))
    if formula and not limits:
        found.append(Finding("advice", "study.no_storm_range", usual, values={"region": asked.study.region}))
    return found


def _parts(event: Event) -> dict[str, str]:
    return {part: label for part in event_design().parts if (label := getattr(event, part))}


def _labels(layers: Iterable[Layer], part: str) -> set[str]:
    quantities = event_design().parts[part]
    return {label for layer in layers if layer.var in quantities and (label := dict(layer.at).get(EVENT))}


def _own(event: Event) -> list[Var]:
    """Return the quantities that an event states itself."""
    return [told.var for word, told in event_design().stated.items() if getattr(event, word) is not None]


def _numbers(each: Storm | Event, book: FactorBook, put: Put, *, region: str) -> list[Layer]:
    """Return the numbers that a storm or an event states, else those that its climate has a row for."""
    made: list[Layer] = []
    for word, told in event_design().stated.items():
        value: float | None = getattr(each, word, None)
        if value is None and told.factor and (row := _row(book, told.factor, each, region=region)) is not None:
            value = row.value
        if value is not None:
            made.append(put(told.var, value, each.label))
    return made


def _factor(each: Storm | Event, book: FactorBook, *, region: str) -> float | None:
    if each.climate_factor is not None:
        return each.climate_factor
    row = _row(book, event_design().change, each, region=region)
    return None if row is None else row.value


def _row(book: FactorBook, name: str, each: Storm | Event, *, region: str) -> Factor | None:
    """The factor's row of a climate in the very year asked for: no other year stands for it."""
    if not each.climate or each.horizon is None or name not in book.by_name:
        return None
    if not any(row.holds(region) for row in book.by_name[name]):
        return None
    row = book.resolve(name, region=region, year=each.horizon).rows.get(each.climate)
    return row if row is not None and not row.years_off(each.horizon) else None
