"""Choice of measures over the climates that a study states: what the portfolio gains in each, and the robust one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, Portfolio
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.portfolio import Chosen, chosen, uses
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.robust import Robust, Rule, robust_portfolio
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from citybraid.integrate.learn.two_grids import corrected
from citybraid.study.open.budget import Budget
from citybraid.study.open.climate import with_climate
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.scenario import ClimateScenario
from citybraid.study.open.schema import Climate, Event, Storm, StudyFile
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.choosing import Choice, served, targets_to_meet
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import Frames

SCENARIOS = ("scenario", "base", "chosen", "robust", "best", "estimate")
TRIED = ("portfolio", "scenario", "gain", "estimate")
ADOPTION = ("measure", "unit", "chosen", "robust")
AS_STATED = ""
"""Name of the climate of the study itself."""
CHOSEN, ROBUST, BEST = "chosen", "robust", "best:"
"""Portfolios that are run in every climate: the chosen one, and those sought by lone effects for all and for each."""
PARTS = (0.25, 0.5, 0.75)
"""Shares in which the money goes from the best portfolio of one climate to that of another [-]."""
MISLED = 0.05
"""Share of the largest gain by which a run differs from its estimate, above which mixed portfolios are run too [-]."""
ALIKE = 1e-9
"""Share of the largest worst value that is rounding."""


def robust_frames(evaluator: Evaluator, choice: Choice, budget: Budget) -> Frames:
    """Return the tables of the robust choice; nothing where the study states no scenarios.

    Effects of each climate are of runs of every measure alone on the screening grid, corrected as the study's own;
    by them the robust portfolio and the best of each climate are sought. These and the chosen one are then run in every
    climate on the screening grid, since what floods is no sum of what measures do alone; where the runs differ from the
    estimates, portfolios between the best of each two climates are run too. The one whose worst climate is the best by
    these runs is the robust one.

    `robust` has the gain of the goal in each climate, the study's own first: of the `chosen` portfolio, of the robust
    one and of the `best` of those run, `estimate` what lone effects give for the robust one, and in `base` the goal's
    value without measures. `robust_tried` has every portfolio's gain in each climate, by runs and by estimates,
    `robust_adoption` the shares of the chosen and the robust one, `robust_rule` the goal, the rule, its worst value,
    the number of portfolios run and whether all targets are met in all climates by the estimates.
    """
    settings = budget.robust
    if settings is None:
        return {}
    goal, money, kept = served(evaluator.study, choice, budget)
    climates = [_Climate(AS_STATED, evaluator, replace(choice.effects, pair={}))]
    climates += [_climate(evaluator, choice, scenario) for scenario in settings.scenarios]
    programmes = [Programme.of(each.effects, choice.prices.known, choice.settled.programme.floors) for each in climates]
    x = _shares(programmes[0], choice.chosen.adoption)
    # Placed, whole buildings cost other than their shares: where money is short, the robust portfolio may spend
    # no more than the chosen one by the same reckoning.
    if margins(choice.settled.programme, goal, budget=money, targets=kept).per_money > 0.0:
        money = min(money, float(programmes[0].cost @ x))
    outcome, held = _robust(programmes, goal, money, targets_to_meet(evaluator.study, budget), settings.rule)
    tried = {CHOSEN: (choice.chosen, choice.members), ROBUST: _members(programmes[0], choice, outcome)}
    for climate, programme in zip(climates, programmes, strict=True):
        best, _ = _robust([programme], goal, money, targets_to_meet(evaluator.study, budget), settings.rule)
        tried[f"{BEST}{climate.name}"] = _members(programmes[0], choice, best)
    trial = _Tried(climates, programmes, goal, tried, {}).run(choice)
    if trial.misled:
        trial = replace(trial, portfolios={**tried, **_mixed(programmes[0], choice, tried)}).run(choice)
    runs = trial.runs
    pick = most_robust(runs, settings.rule)
    return _frames(trial, pick) | {
        "robust_rule": pd.DataFrame([{
            "indicator": goal.indicator, "rule": settings.rule, "worst": worst_of(runs, settings.rule)[pick],
            "cost": trial.portfolios[pick][0].cost, "targets_held": held,
            "tried": len({tuple(gains) for gains in runs.values()}),
        }]),
    }  # fmt: skip


def worst_of(gains: Mapping[str, Sequence[float]], rule: Rule) -> dict[str, float]:
    """Return each portfolio's least gain over climates, or its largest regret beside the best of them all."""
    table = np.array(list(gains.values()), dtype=np.float64)
    worst = table.min(axis=1) if rule == "max_min" else (table.max(axis=0) - table).max(axis=1)
    return dict(zip(gains, map(float, worst), strict=True))


def most_robust(gains: Mapping[str, Sequence[float]], rule: Rule) -> str:
    """Return the portfolio whose worst climate is the best; of those alike, the one that gains most in all of them."""
    sign = 1.0 if rule == "max_min" else -1.0
    scores = {name: sign * worst for name, worst in worst_of(gains, rule).items()}
    size = max(map(abs, scores.values()), default=0.0)
    alike = [name for name, score in scores.items() if score >= max(scores.values()) - ALIKE * size]
    return max(alike, key=lambda name: sum(gains[name]))


@dataclass(frozen=True)
class _Climate:
    """A climate: its name, the study in it, and the effects of the measures there."""

    name: str
    evaluator: Evaluator
    effects: EffectTable


@dataclass(frozen=True)
class _Tried:
    """Portfolios run in every climate: the climates and their programmes, the goal, the portfolios and their gains."""

    climates: Sequence[_Climate]
    programmes: Sequence[Programme]
    goal: Goal
    portfolios: Mapping[str, tuple[Chosen, Portfolio]]
    runs: Mapping[str, Sequence[float]]

    def run(self, choice: Choice) -> "_Tried":
        """Return it with the gains of the portfolios that were not run yet."""
        gains = {
            name: self.runs.get(name) or [_gain(each, choice, self.goal, members) for each in self.climates]
            for name, (_, members) in self.portfolios.items()
        }
        return replace(self, runs=gains)

    @property
    def shares(self) -> dict[str, NDArray[np.float64]]:
        """Adoption of each cell of the programme, by portfolio."""
        return {name: _shares(self.programmes[0], each.adoption) for name, (each, _) in self.portfolios.items()}

    @property
    def estimates(self) -> dict[str, list[float]]:
        """What lone effects promise of each portfolio in each climate."""
        gains = [self.goal.direction * each.coefficients(self.goal.indicator) for each in self.programmes]
        return {name: [float(gain[: len(x)] @ x) for gain in gains] for name, x in self.shares.items()}

    @property
    def misled(self) -> bool:
        """Whether lone effects promise other gains than the runs give, as where a flood has a threshold."""
        off = [
            abs(a - b) for name, gains in self.runs.items() for a, b in zip(gains, self.estimates[name], strict=True)
        ]
        size = max((abs(gain) for gains in self.runs.values() for gain in gains), default=0.0)
        return max(off, default=0.0) > MISLED * size


def _mixed(
    programme: Programme, choice: Choice, tried: Mapping[str, tuple[Chosen, Portfolio]]
) -> dict[str, tuple[Chosen, Portfolio]]:
    """Return portfolios between the best of each two climates: the same money, shared out between them in parts."""
    best = {name: _shares(programme, each.adoption) for name, (each, _) in tried.items() if name.startswith(BEST)}
    by_name = {use.model.name: use for use in choice.candidates}
    shares_mixed = {}
    for (one, x), (other, y) in combinations(best.items(), 2):
        for part in PARTS:
            mixed = (1.0 - part) * x + part * y
            selection = chosen(programme, mixed)
            shares_mixed[f"{one} {other} {part:g}"] = selection, uses(programme, selection, by_name)
    return shares_mixed


def _frames(outcome: _Tried, pick: str) -> dict[str, pd.DataFrame]:
    climates, runs, goal, estimates, shares = (
        outcome.climates,
        outcome.runs,
        outcome.goal,
        outcome.estimates,
        outcome.shares,
    )
    rows = [
        (climate.name, float(climate.effects.base[goal.indicator].iloc[-1]), runs[CHOSEN][at], runs[pick][at],
         max(each[at] for each in runs.values()), estimates[pick][at])
        for at, climate in enumerate(climates)
    ]  # fmt: skip
    every = [
        (name, climate.name, runs[name][at], estimates[name][at])
        for name in runs
        for at, climate in enumerate(climates)
    ]
    cells = [
        (*cell, float(mine), float(robust))
        for cell, mine, robust in zip(outcome.programmes[0].cells, shares[CHOSEN], shares[pick], strict=True)
    ]
    return {
        "robust": pd.DataFrame(rows, columns=list(SCENARIOS)),
        "robust_tried": pd.DataFrame(every, columns=list(TRIED)),
        "robust_adoption": pd.DataFrame(cells, columns=list(ADOPTION)),
    }


def _gain(climate: _Climate, choice: Choice, goal: Goal, members: Portfolio) -> float:
    """Return what a portfolio gains of the goal in a climate: run on the screening grid, corrected to the full one."""
    before, after = (
        float(climate.evaluator.part(portfolio, [goal.indicator], grid="screening")[goal.indicator][WHOLE_AREA])
        for portfolio in ((), members)
    )
    return goal.direction * (after - before) * float(choice.settled.fit.slope.get(goal.indicator, 1.0)) + 0.0


def _members(programme: Programme, choice: Choice, outcome: Robust) -> tuple[Chosen, Portfolio]:
    """Return a portfolio and the measures that it is made of."""
    return outcome.selection, uses(programme, outcome.selection, {use.model.name: use for use in choice.candidates})


def _robust(
    programmes: Sequence[Programme], goal: Goal, money: float, targets: Sequence[Target], rule: Rule
) -> tuple[Robust, bool]:
    """Return the robust portfolio; without the targets where none meets them in all climates."""
    try:
        return robust_portfolio(programmes, goal, budget=money, rule=rule, targets=targets), True
    except StudyError as fault:
        if fault.text != "choose.targets_conflict":
            raise
    return robust_portfolio(programmes, goal, budget=money, rule=rule), False


def _shares(programme: Programme, adoption: pd.DataFrame) -> NDArray[np.float64]:
    return np.array([float(adoption[name][unit]) for name, unit in programme.cells])


def _climate(evaluator: Evaluator, choice: Choice, scenario: ClimateScenario) -> _Climate:
    """Return another climate, with the effects of the candidates there and what they install in the study's own."""
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
    table = corrected(replace(screened, single=single), full, choice.settled.fit, {})
    return _Climate(scenario.name, there, table)


def in_climate(study: OpenStudy, scenario: ClimateScenario) -> OpenStudy:
    """Return a study in the climate of a scenario: weather and design storms change with it."""
    changed = _without_climate(study.asked)
    if scenario.climate is not None:
        climate = Climate(scenario=scenario.climate.scenario, horizon=scenario.climate.horizon)
        about = changed.study.model_copy(update={"climate": climate})
        changed = with_climate(changed.model_copy(update={"study": about}))
    if scenario.rain_factor is not None:
        changed = changed.model_copy(update=dict(_rained(changed, scenario.rain_factor)))
    return replace(study, asked=changed)


def _without_climate(settings: StudyFile) -> StudyFile:
    """Return a study without the climate that it states once; storms that state their own keep it."""
    climate = settings.study.climate
    if climate is None:
        return settings

    def plain(each: object) -> object:
        same = (getattr(each, "climate", ""), getattr(each, "horizon", None)) == (climate.scenario, climate.horizon)
        return each.model_copy(update={"climate": "", "horizon": None}) if same else each  # type: ignore[attr-defined]

    about = settings.study.model_copy(update={"climate": None})
    return settings.model_copy(update={
        "study": about, "storms": tuple(map(plain, settings.storms)), "events": tuple(map(plain, settings.events)),
    })  # fmt: skip


def _rained(settings: StudyFile, factor: float) -> Iterator[tuple[str, object]]:
    """Yield design storms, and events whose rain is one, with their rain multiplied."""

    def rained(each: Storm | Event) -> Storm | Event:
        return _with(each, climate="", horizon=None, climate_factor=factor)

    events = {event.rain for event in settings.events}
    labels = {storm.label for storm in settings.storms}
    yield "storms", tuple(each if each.label in events else rained(each) for each in settings.storms)
    yield "events", tuple(rained(each) if each.rain in labels else each for each in settings.events)


def _with(each: Storm | Event, **values: object) -> Storm | Event:
    return each.model_copy(update=values)
