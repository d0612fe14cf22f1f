"""What every event of a study has: how often all of it comes, a formula to rain by, and what enters, or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from citybraid.core.catalogue import event_design
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.var import Var
from citybraid.study.open.schema import Event, Storm, StudyFile

EVENT = "event"
MINUTE = 1.0 / 60.0
Put = Callable[[Var, Any, str], Layer]
"""Keeps a value of an event and returns its layer."""


class Claim(NamedTuple):
    """An event, its own return period where it has one [year], and the climate it comes in."""

    label: str
    years: float | None
    climate: tuple[str, int | None, float | None]


TODAY = ("", None, None)
"""No climate but that of the rain's own record."""


def refuse(study_file: StudyFile, layers: Sequence[Layer], book: FactorBook) -> None:
    """Raise InputErrors where rain cannot be made, or two events that would be averaged share a return period."""
    problems: list[PlanError] = [*_formula_problems(study_file, layers, book)]
    if {spec.role or name for name, spec in study_file.files.items()} & set(event_design().averaged):
        by_years = sorted((years, label) for label, years in counted(study_file, layers).items())
        for years, group in groupby(by_years, key=lambda each: each[0]):
            if len(labels := [label for _, label in group]) > 1:
                problems.append(InputError("study.same_period", events=labels, years=years))
    if problems:
        raise InputErrors(problems)


def homes(study_file: StudyFile, layers: Sequence[Layer], put: Put) -> list[Layer]:
    """Return each counted event's own return period, and no inflow for events that have none while others do."""
    design = event_design()
    periods = [put(design.together, years, label) for label, years in counted(study_file, layers).items()]
    no_inflow = pd.Series([0.0, 0.0], index=pd.Index([0.0, MINUTE], name="hour"), name=design.entering.name)
    return periods + [put(design.entering, no_inflow, label) for label in without_inflow(layers)]


def told(study_file: StudyFile, layers: Sequence[Layer]) -> list[Finding]:
    """Return what the reader must know: events that no average year counts, and those without inflow."""
    design = event_design()
    findings = [
        _finding("study.no_inflow", design.entering, without_inflow(layers)),
        _finding("study.tide_at_level", design.standing, design.at_tide(study_file.parameters)),
    ]
    claims, counts = list(_claims(study_file, layers)), counted(study_file, layers)
    other_climate = [claim.label for claim in claims if claim.years is not None and claim.label not in counts]
    rained = {*_labels(layers, design.falling), *(claim.label for claim in claims)} - {
        each.rain for each in study_file.events
    }
    uncounted = sorted(rained - set(counts) - set(other_climate))
    findings += [
        _finding("study.not_counted", design.together, uncounted),
        _finding("study.other_climate", design.together, other_climate),
    ]
    return [each for each in findings if each.count]


def counted(study_file: StudyFile, layers: Sequence[Layer]) -> Mapping[str, float]:
    """Return the return period [year] of events that figures of an average year count.

    A storm counts by its rain where it comes alone, an event of several parts by what the study states for all of
    it. All are of one climate: today's where any is, else the only one; with several others none counts.
    """
    claims = [claim for claim in _claims(study_file, layers) if claim.years is not None]
    climates = {claim.climate for claim in claims}
    one = TODAY if TODAY in climates else next(iter(climates)) if len(climates) == 1 else None
    return {claim.label: claim.years for claim in claims if claim.years is not None and claim.climate == one}


def without_inflow(layers: Sequence[Layer]) -> list[str]:
    """Return events that no inflow is stated for, where others have one; none where one holds in every event."""
    design = event_design()
    flowing = {_label(layer) for layer in layers if layer.var == design.entering}
    if not flowing or "" in flowing:
        return []
    return sorted(_labels(layers, (*design.falling, design.alone)) - flowing)


def _claims(study_file: StudyFile, layers: Sequence[Layer]) -> Iterable[Claim]:
    named, storms = {event.rain for event in study_file.events}, {storm.label: storm for storm in study_file.storms}
    joined = _labels(layers, event_design().beside)
    for storm in study_file.storms:
        if storm.label not in named:
            yield Claim(storm.label, None if storm.label in joined else storm.return_period, _climate(storm))
    for event in study_file.events:
        rain = storms.get(event.rain)
        compound = event.inflow or event.level or event.tide_lag is not None or event.surge_height is not None
        alone = None if compound or event.sea_level_rise is not None or rain is None else rain.return_period
        climate = _climate(event)
        yield Claim(
            event.label,
            alone if event.return_period is None else event.return_period,
            _climate(rain) if climate == TODAY and rain is not None else climate,
        )


def _climate(each: Storm | Event) -> tuple[str, int | None, float | None]:
    return each.climate, each.horizon, each.climate_factor


def _formula_problems(study_file: StudyFile, layers: Sequence[Layer], book: FactorBook) -> Iterable[PlanError]:
    """Yield a storm formula of which a part is missing; where a region has none at all, what needs rain is a gap."""
    design = event_design()
    rained = _labels(layers, design.falling)
    if all(storm.label in rained for storm in study_file.storms):
        return
    needs = list(design.formula_keys(study_file.parameters, study_file.models.skip))
    region = study_file.study.region
    available = {row.key for row in book.by_name.get(design.formula, ()) if row.holds(region)}
    if available and (missing := [key for key in needs if key not in available]):
        yield InputError("study.storm_formula_lacking", region=region, lacking=missing, needs=needs)


def _finding(text: str, about: Var, events: Sequence[str]) -> Finding:
    return Finding("advice", text, about.name, len(events), {"events": list(events)})


def _labels(layers: Iterable[Layer], quantities: Sequence[Var]) -> set[str]:
    return {label for layer in layers if layer.var in quantities and (label := _label(layer))}


def _label(layer: Layer) -> str:
    return dict(layer.at).get(EVENT, "")
