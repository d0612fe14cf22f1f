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


def refuse(asked: StudyFile, layers: Sequence[Layer], book: FactorBook) -> None:
    """Raise InputErrors where rain cannot be made, or two events that would be averaged share a return period."""
    wrong: list[PlanError] = [*_formula_problems(asked, layers, book)]
    if {spec.role or name for name, spec in asked.files.items()} & set(event_design().averaged):
        by_years = sorted((years, label) for label, years in counted(asked, layers).items())
        for years, same in groupby(by_years, key=lambda each: each[0]):
            if len(labels := [label for _, label in same]) > 1:
                wrong.append(InputError("study.same_period", events=labels, years=years))
    if wrong:
        raise InputErrors(wrong)


def homes(asked: StudyFile, layers: Sequence[Layer], put: Put) -> list[Layer]:
    """Return each counted event's own return period, and no inflow for events that have none while others do."""
    design = event_design()
    made = [put(design.together, years, label) for label, years in counted(asked, layers).items()]
    nothing = pd.Series([0.0, 0.0], index=pd.Index([0.0, MINUTE], name="hour"), name=design.entering.name)
    return made + [put(design.entering, nothing, label) for label in without_inflow(layers)]


def told(asked: StudyFile, layers: Sequence[Layer]) -> list[Finding]:
    """Return what the reader must know: events that no average year counts, and those without inflow."""
    design = event_design()
    found = [
        _found("study.no_inflow", design.entering, without_inflow(layers)),
        _found("study.tide_at_level", design.standing, design.at_tide(asked.parameters)),
    ]
    claims, counts = list(_claims(asked, layers)), counted(asked, layers)
    elsewhere = [claim.label for claim in claims if claim.years is not None and claim.label not in counts]
    rained = {*_labels(layers, design.falling), *(claim.label for claim in claims)} - {
        each.rain for each in asked.events
    }
    own = sorted(rained - set(counts) - set(elsewhere))
    found += [
        _found("study.not_counted", design.together, own),
        _found("study.other_climate", design.together, elsewhere),
    ]
    return [each for each in found if each.count]


def counted(asked: StudyFile, layers: Sequence[Layer]) -> Mapping[str, float]:
    """Return the return period [year] of events that figures of an average year count.

    A storm counts by its rain where it comes alone, an event of several parts by what the study states for all of
    it. All are of one climate: today's where any is, else the only one; with several others none counts.
    """
    claims = [claim for claim in _claims(asked, layers) if claim.years is not None]
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


def _claims(asked: StudyFile, layers: Sequence[Layer]) -> Iterable[Claim]:
    named, storms = {event.rain for event in asked.events}, {storm.label: storm for storm in asked.storms}
    joined = _labels(layers, event_design().beside)
    for storm in asked.storms:
        if storm.label not in named:
            yield Claim(storm.label, None if storm.label in joined else storm.return_period, _climate(storm))
    for event in asked.events:
        rain = storms.get(event.rain)
        more = event.inflow or event.level or event.tide_lag is not None or event.surge_height is not None
        alone = None if more or event.sea_level_rise is not None or rain is None else rain.return_period
        climate = _climate(event)
        yield Claim(
            event.label,
            alone if event.return_period is None else event.return_period,
            _climate(rain) if climate == TODAY and rain is not None else climate,
        )


def _climate(each: Storm | Event) -> tuple[str, int | None, float | None]:
    return each.climate, each.horizon, each.climate_factor


def _formula_problems(asked: StudyFile, layers: Sequence[Layer], book: FactorBook) -> Iterable[PlanError]:
    """Yield a storm formula of which a part is missing; where a region has none at all, what needs rain is a gap."""
    design = event_design()
    rained = _labels(layers, design.falling)
    if all(storm.label in rained for storm in asked.storms):
        return
    needs = list(design.formula_keys(asked.parameters, asked.models.skip))
    region = asked.study.region
    there = {row.key for row in book.by_name.get(design.formula, ()) if row.holds(region)}
    if there and (lacking := [key for key in needs if key not in there]):
        yield InputError("study.storm_formula_lacking", region=region, lacking=lacking, needs=needs)


def _found(text: str, about: Var, events: Sequence[str]) -> Finding:
    return Finding("advice", text, about.name, len(events), {"events": list(events)})


def _labels(layers: Iterable[Layer], quantities: Sequence[Var]) -> set[str]:
    return {label for layer in layers if layer.var in quantities and (label := _label(layer))}


def _label(layer: Layer) -> str:
    return dict(layer.at).get(EVENT, "")
