"""Values that every event needs: joint return period, storm formula, and inflow (zero where none is stated)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from citybraid.core.catalogue import event_design
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.text import Phrase, known
from citybraid.core.var import Var
from citybraid.study.open.schema import Event, Storm, StudyFile

EVENT = "event"
MINUTE = 1.0 / 60.0
Put = Callable[[Var, Any, str], Layer]
"""Stores a value of an event and returns its layer."""


class EventPeriod(NamedTuple):
    """An event, its return period where it has one [year], and its climate."""

    label: str
    years: float | None
    climate: tuple[str, int | None, float | None]


PRESENT_CLIMATE = ("", None, None)
"""The present climate: that of the rain's own record."""


def check_events(study_file: StudyFile, layers: Sequence[Layer], book: FactorBook) -> None:
    """Raise InputErrors where rain cannot be computed, a title names no event, or two of the average share a period."""
    problems: list[PlanError] = [*_formula_problems(study_file, layers, book), *_title_problems(study_file, layers)]
    if {spec.role or name for name, spec in study_file.files.items()} & set(event_design().averaged):
        by_years = sorted((years, label) for label, years in averaged_periods(study_file, layers).items())
        for years, group in groupby(by_years, key=lambda each: each[0]):
            if len(labels := [label for _, label in group]) > 1:
                problems.append(InputError("study.same_period", events=labels, years=years))
    if problems:
        raise InputErrors(problems)


def event_layers(study_file: StudyFile, layers: Sequence[Layer], put: Put) -> list[Layer]:
    """Return each counted event's return period, and zero inflow for events without one where others have inflow."""
    design = event_design()
    periods = [put(design.together, years, label) for label, years in averaged_periods(study_file, layers).items()]
    no_inflow = pd.Series([0.0, 0.0], index=pd.Index([0.0, MINUTE], name="hour"), name=design.entering.name)
    return periods + [put(design.entering, no_inflow, label) for label in without_inflow(layers)]


def event_findings(study_file: StudyFile, layers: Sequence[Layer]) -> list[Finding]:
    """Return findings on events that are not in the annual average and on events without inflow."""
    design = event_design()
    findings = [
        _finding("study.no_inflow", design.entering, [*map(_named, without_inflow(layers))]),
        _finding("study.tide_at_level", design.standing, design.at_tide(study_file.parameters)),
    ]
    claims, counts = list(_claims(study_file, layers)), averaged_periods(study_file, layers)
    other_climate = [claim.label for claim in claims if claim.years is not None and claim.label not in counts]
    rained = {*_labels(layers, design.falling), *(claim.label for claim in claims)} - {
        each.rain for each in study_file.events
    }
    uncounted = sorted(rained - set(counts) - set(other_climate))
    findings += [
        _finding("study.not_counted", design.together, [*map(_named, uncounted)]),
        _finding("study.other_climate", design.together, [*map(_named, other_climate)]),
    ]
    return [each for each in findings if each.count]


def averaged_periods(study_file: StudyFile, layers: Sequence[Layer]) -> Mapping[str, float]:
    """Return the return period [year] of the events that annual averages are integrated over.

    A storm that occurs alone counts with the return period of its rain, a compound event with the joint return period
    that the study states. All are of one climate: the present one if any, else the only other one; with several, none.
    """
    claims = [claim for claim in _claims(study_file, layers) if claim.years is not None]
    climates = {claim.climate for claim in claims}
    one = PRESENT_CLIMATE if PRESENT_CLIMATE in climates else next(iter(climates)) if len(climates) == 1 else None
    return {claim.label: claim.years for claim in claims if claim.years is not None and claim.climate == one}


def without_inflow(layers: Sequence[Layer]) -> list[str]:
    """Return events without a stated inflow where others have one; none where an inflow applies to every event."""
    design = event_design()
    flowing = {_label(layer) for layer in layers if layer.var == design.entering}
    if not flowing or "" in flowing:
        return []
    return sorted(_labels(layers, (*design.falling, design.alone)) - flowing)


def _claims(study_file: StudyFile, layers: Sequence[Layer]) -> Iterable[EventPeriod]:
    combined, storms = {event.rain for event in study_file.events}, {storm.label: storm for storm in study_file.storms}
    joined = _labels(layers, event_design().beside)
    for storm in study_file.storms:
        if storm.label not in combined:
            yield EventPeriod(storm.label, None if storm.label in joined else storm.return_period, _climate(storm))
    for event in study_file.events:
        rain = storms.get(event.rain)
        compound = event.inflow or event.level or event.tide_lag is not None or event.surge_height is not None
        alone = None if compound or event.sea_level_rise is not None or rain is None else rain.return_period
        climate = _climate(event)
        yield EventPeriod(
            event.label,
            alone if event.return_period is None else event.return_period,
            _climate(rain) if climate == PRESENT_CLIMATE and rain is not None else climate,
        )


def _climate(each: Storm | Event) -> tuple[str, int | None, float | None]:
    return each.climate, each.horizon, each.climate_factor


def _formula_problems(study_file: StudyFile, layers: Sequence[Layer], book: FactorBook) -> Iterable[PlanError]:
    """Yield an error for an incomplete storm formula; where a region has none, models that need rain become gaps."""
    design = event_design()
    rained = _labels(layers, design.falling)
    if all(storm.label in rained for storm in study_file.storms):
        return
    needs = list(design.formula_keys(study_file.parameters, study_file.models.skip))
    region = study_file.study.region
    available = {row.key for row in book.by_name.get(design.formula, ()) if row.holds(region)}
    if available and (missing := [key for key in needs if key not in available]):
        yield InputError("study.storm_formula_lacking", region=region, lacking=missing, needs=needs)


def _title_problems(study_file: StudyFile, layers: Sequence[Layer]) -> Iterable[PlanError]:
    """Yield an error for each title of an event that neither the study nor a file has."""
    stated = {storm.label for storm in study_file.storms} | {event.label for event in study_file.events}
    known_labels = sorted(stated | {label for layer in layers if (label := _label(layer))})
    for label in study_file.event_titles:
        if label not in known_labels:
            yield InputError("study.no_such_event", event=label, known=known_labels)


def _finding(text: str, about: Var, events: Sequence[str | Phrase]) -> Finding:
    return Finding("advice", text, about.name, len(events), {"events": list(events)})


def _named(label: str) -> Phrase:
    """Return an event as people call it: its kind's name, else its label in quotes."""
    return Phrase(text, {}) if known(text := f"event.{label}") else Phrase("event.other", {"label": label})


def _labels(layers: Iterable[Layer], quantities: Sequence[Var]) -> set[str]:
    return {label for layer in layers if layer.var in quantities and (label := _label(layer))}


def _label(layer: Layer) -> str:
    return dict(layer.at).get(EVENT, "")
