"""Choice of measures over the climates that a study states: what the portfolio gains in each, and the robust one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.robust import Robust, robust_portfolio
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from citybraid.integrate.learn.two_grids import corrected
from citybraid.study.open.budget import Budget, Robustness
from citybraid.study.open.climate import with_climate
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.scenario import ClimateScenario
from citybraid.study.open.schema import Climate, Event, Storm, StudyFile
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.choosing import Choice, served, targets_to_meet
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import Frames

SCENARIOS = ("scenario", "base", "chosen", "robust", "best")
ADOPTION = ("measure", "unit", "chosen", "robust")
AS_STATED = ""
"""Name of the climate of the study itself."""


def robust_frames(evaluator: Evaluator, choice: Choice, budget: Budget) -> Frames:
    """Return the tables of the robust choice; nothing where the study states no scenarios.

    `robust` has the gain of the goal in each climate, the study's own first: of the chosen portfolio, of the robust
    one, and of the best for that climate alone, and in `base` the goal's value without measures. `robust_adoption` has
    the shares of both, `robust_rule` the goal, the rule, its worst value and whether all targets are met in all
    climates. Effects of each climate are of runs of every measure alone on the screening grid, corrected as the
    study's own.
    """
    asked = budget.robust
    if asked is None:
        return {}
    goal, money, kept = served(evaluator.study, choice, budget)
    own = choice.effects
    tables = {AS_STATED: replace(own, pair={})}
    for scenario in asked.scenarios:
        tables[scenario.name] = _effects(evaluator, choice, scenario)
    programmes = [
        Programme.of(table, choice.prices.known, choice.settled.programme.floors) for table in tables.values()
    ]
    x = _shares(programmes[0], choice.chosen.adoption)
    # Placed, whole buildings cost other than their shares: where money is short, the robust portfolio may spend
    # no more than the chosen one by the same reckoning.
    if margins(choice.settled.programme, goal, budget=money, targets=kept).per_money > 0.0:
        money = min(money, float(programmes[0].cost @ x))
    found, held = _robust(programmes, goal, money, targets_to_meet(evaluator.study, budget), asked)
    gains = [float(goal.direction * each.coefficients(goal.indicator) @ x) for each in programmes]
    rows = [
        (name, float(table.base[goal.indicator].iloc[-1]), mine, robust, best)
        for (name, table), mine, robust, best in zip(tables.items(), gains, found.gains, found.best, strict=True)
    ]
    head = {"indicator": goal.indicator, "rule": found.rule, "worst": found.worst, "cost": found.selection.cost,
            "targets_held": held}  # fmt: skip
    shares = [
        (name, unit, float(choice.chosen.adoption[name][unit]), float(found.selection.adoption[name][unit]))
        for name, unit in programmes[0].cells
    ]
    return {
        "robust": pd.DataFrame(rows, columns=list(SCENARIOS)), "robust_rule": pd.DataFrame([head]),
        "robust_adoption": pd.DataFrame(shares, columns=list(ADOPTION)),
    }  # fmt: skip


def _robust(
    programmes: Sequence[Programme], goal: Goal, money: float, targets: Sequence[Target], asked: Robustness
) -> tuple[Robust, bool]:
    """Return the robust portfolio; without the targets where none meets them in all climates."""
    try:
        return robust_portfolio(programmes, goal, budget=money, rule=asked.rule, targets=targets), True
    except StudyError as fault:
        if fault.text != "choose.targets_conflict":
            raise
    return robust_portfolio(programmes, goal, budget=money, rule=asked.rule), False


def _shares(programme: Programme, adoption: pd.DataFrame) -> NDArray[np.float64]:
    return np.array([float(adoption[name][unit]) for name, unit in programme.cells])


def _effects(evaluator: Evaluator, choice: Choice, scenario: ClimateScenario) -> EffectTable:
    """Return the effects of the candidates in another climate, with what they install in the study's own."""
    study = in_climate(evaluator.study, scenario)
    taken = take_in_study(study, evaluator.engine.store)
    there = Evaluator(study, taken.place, evaluator.base, evaluator.engine, taken.grid)
    own = choice.effects
    candidates = [use for use in choice.candidates if use.model.name in own.single]
    screened = effects(there, candidates, own.units, pairs=(), area=own.area)
    evaluator.ran += there.ran
    bases = choice.settled.bases
    full = screened.base[own.base.columns] + (bases.full - bases.screening)
    single = {name: Single(own.single[name].installed, each.change) for name, each in screened.single.items()}
    return corrected(replace(screened, single=single), full, choice.settled.fit, {})


def in_climate(study: OpenStudy, scenario: ClimateScenario) -> OpenStudy:
    """Return a study in the climate of a scenario: weather and design storms change with it."""
    asked = _without_climate(study.asked)
    if scenario.climate is not None:
        climate = Climate(scenario=scenario.climate.scenario, horizon=scenario.climate.horizon)
        about = asked.study.model_copy(update={"climate": climate})
        asked = with_climate(asked.model_copy(update={"study": about}))
    if scenario.rain_factor is not None:
        asked = asked.model_copy(update=dict(_rained(asked, scenario.rain_factor)))
    return replace(study, asked=asked)


def _without_climate(asked: StudyFile) -> StudyFile:
    """Return a study without the climate that it states once; storms that state their own keep it."""
    climate = asked.study.climate
    if climate is None:
        return asked

    def plain(each: object) -> object:
        same = (getattr(each, "climate", ""), getattr(each, "horizon", None)) == (climate.scenario, climate.horizon)
        return each.model_copy(update={"climate": "", "horizon": None}) if same else each  # type: ignore[attr-defined]

    about = asked.study.model_copy(update={"climate": None})
    return asked.model_copy(update={
        "study": about, "storms": tuple(map(plain, asked.storms)), "events": tuple(map(plain, asked.events)),
    })  # fmt: skip


def _rained(asked: StudyFile, factor: float) -> Iterator[tuple[str, object]]:
    """Yield design storms, and events whose rain is one, with their rain multiplied."""

    def rained(each: Storm | Event) -> Storm | Event:
        return _with(each, climate="", horizon=None, climate_factor=factor)

    events = {event.rain for event in asked.events}
    labels = {storm.label for storm in asked.storms}
    yield "storms", tuple(each if each.label in events else rained(each) for each in asked.storms)
    yield "events", tuple(rained(each) if each.rain in labels else each for each in asked.events)


def _with(each: Storm | Event, **values: object) -> Storm | Event:
    return each.model_copy(update=values)
