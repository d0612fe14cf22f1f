"""Forcing of a study's events: design storms, climate change factors, and compound events."""

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
PutNumber = Callable[[Var, float, str], Layer]
"""Stores a number of an event and returns its layer."""


def climate_errors(study_file: StudyFile, book: FactorBook) -> list[PlanError]:
    """Return errors in the climates of storms and events: incomplete, stated twice, or without a factor row."""
    errors: list[PlanError] = []
    change = event_design().change
    drivers: tuple[Storm | Event, ...] = (*study_file.storms, *study_file.events)
    for each in drivers:
        if bool(each.climate) != (each.horizon is not None):
            errors.append(InputError("study.climate_half", event=each.label))
        elif each.climate and each.climate_factor is not None:
            errors.append(InputError("study.climate_twice", event=each.label))
        elif each.climate and _row(book, change, each, region=study_file.study.region) is None:
            known = sorted({row.key for row in book.by_name.get(change, ()) if row.holds(study_file.study.region)})
            where = {"climate": each.climate, "horizon": each.horizon, "region": study_file.study.region}
            errors.append(InputError("study.no_climate", event=each.label, known=known or "-", **where))
    changed = {storm.label for storm in study_file.storms if storm.climate or storm.climate_factor is not None}
    errors += [
        InputError("study.climate_twice", event=event.label)
        for event in study_file.events
        if event.rain in changed and (event.climate or event.climate_factor is not None)
    ]
    return errors


def storm_layers(study_file: StudyFile, book: FactorBook, put: PutNumber) -> list[Layer]:
    """Return the number layers of design storms: those that the study states, and those of their climate."""
    layers: list[Layer] = []
    design = event_design()
    for storm in study_file.storms:
        layers += [put(var, getattr(storm, word), storm.label) for word, var in design.storm.items()]
        layers += _numbers(storm, book, put, region=study_file.study.region)
    return layers


def compound_events(layers: Sequence[Layer], study_file: StudyFile, book: FactorBook, put: PutNumber) -> list[Layer]:
    """Return the layers with the parts of each compound event relabelled to the event.

    A storm or series that an event names is used in events only; to run it alone too, define an event that names
    it alone. Raises InputErrors for parts that no storm and no file provides.
    """
    parts = event_design().parts
    joined = {(part, label) for event in study_file.events for part, label in _parts(event).items()}
    errors = [
        InputError(
            "study.event_part", event=event.label, part=part, got=label, known=sorted(_labels(layers, part)) or "-"
        )
        for event in study_file.events
        for part, label in _parts(event).items()
        if label not in _labels(layers, part)
    ]
    if errors:
        raise InputErrors(errors)
    replaced = {(var.name, label) for part, label in joined for var in parts[part]}
    combined = [layer for layer in layers if (layer.var.name, dict(layer.at).get(EVENT)) not in replaced]
    for event in study_file.events:
        stated_vars = _own(event)
        for part, label in _parts(event).items():
            combined += [
                replace(layer, at=frozenset({**dict(layer.at), EVENT: event.label}.items()))
                for layer in layers
                if layer.var in parts[part] and layer.var not in stated_vars and dict(layer.at).get(EVENT) == label
            ]
        combined += _numbers(event, book, put, region=study_file.study.region)
    return combined


def forcing_findings(layers: Iterable[Layer], study_file: StudyFile, book: FactorBook) -> list[Finding]:
    """Return findings on each climate's factor with its source, and on storm formulas without a stated valid range."""
    findings: list[Finding] = []
    design = event_design()
    rain = design.falling[0].name
    drivers: tuple[Storm | Event, ...] = (*study_file.storms, *study_file.events)
    for each in drivers:
        if (factor := _factor(each, book, region=study_file.study.region)) is not None:
            row = _row(book, design.change, each, region=study_file.study.region)
            about = {
                "event": each.label,
                "factor": factor,
                "climate": each.climate or "-",
                "horizon": each.horizon or "-",
            }
            provenance = {"status": row.status if row else "user", "source": (row.source if row else "") or "-"}
            findings.append(Finding("found", "study.climate_factor", rain, values={**about, **provenance}))
    files = {label for layer in layers if layer.var.name == rain and (label := dict(layer.at).get(EVENT))}
    formula = [storm.label for storm in study_file.storms if storm.label not in files]
    limits = any(row.holds(study_file.study.region) for row in book.by_name.get(design.limits, ()))
    if formula and not limits:
        findings.append(Finding("advice", "study.no_storm_range", rain, values={"region": study_file.study.region}))
    return findings


def _parts(event: Event) -> dict[str, str]:
    return {part: label for part in event_design().parts if (label := getattr(event, part))}


def _labels(layers: Iterable[Layer], part: str) -> set[str]:
    quantities = event_design().parts[part]
    return {label for layer in layers if layer.var in quantities and (label := dict(layer.at).get(EVENT))}


def _own(event: Event) -> list[Var]:
    """Return the quantities that an event states itself."""
    return [entry.var for word, entry in event_design().stated.items() if getattr(event, word) is not None]


def _numbers(each: Storm | Event, book: FactorBook, put: PutNumber, *, region: str) -> list[Layer]:
    """Return the numbers that a storm or an event states, else those of its climate's factor rows."""
    layers: list[Layer] = []
    for word, entry in event_design().stated.items():
        value: float | None = getattr(each, word, None)
        if value is None and entry.factor and (row := _row(book, entry.factor, each, region=region)) is not None:
            value = row.value
        if value is not None:
            layers.append(put(entry.var, value, each.label))
    return layers


def _factor(each: Storm | Event, book: FactorBook, *, region: str) -> float | None:
    if each.climate_factor is not None:
        return each.climate_factor
    row = _row(book, event_design().change, each, region=region)
    return None if row is None else row.value


def _row(book: FactorBook, name: str, each: Storm | Event, *, region: str) -> Factor | None:
    """Return the factor row of a climate for exactly the requested horizon; no other year is substituted."""
    if not each.climate or each.horizon is None or name not in book.by_name:
        return None
    if not any(row.holds(region) for row in book.by_name[name]):
        return None
    row = book.resolve(name, region=region, year=each.horizon).rows.get(each.climate)
    return row if row is not None and not row.years_off(each.horizon) else None
