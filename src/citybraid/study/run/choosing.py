"""Choice of measures: their simulated effects, a portfolio within the budget, and fixes of failing parcels."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from citybraid.core.errors import PlanError, StudyError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio, Use
from citybraid.core.model import Model
from citybraid.core.step import Step
from citybraid.core.text import LANGUAGES
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.fix import Fix, best_step, cheapest_fix
from citybraid.integrate.choose.floor_repair import Cell, repaired
from citybraid.integrate.choose.fronts.front import Front
from citybraid.integrate.choose.fronts.shares_front import shares_front
from citybraid.integrate.choose.loop import SCREENED, Ground, Proposal, Settled, settle
from citybraid.integrate.choose.portfolio import Chosen, grouped, own_shares, placed, portfolio, replaced, uses
from citybraid.integrate.choose.prediction import Bases
from citybraid.integrate.choose.prices import PriceList, prices_by_name, refuse_assumed
from citybraid.integrate.choose.programme import COST, Goal, Programme, Target
from citybraid.integrate.choose.why_tables import knee_limits
from citybraid.integrate.learn.effects import EffectTable, effects, read_rows
from citybraid.planning.control_table import standards
from citybraid.planning.rows import controls, indicators, required_quantities
from citybraid.study.open.budget import Budget
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.schema import Objective
from citybraid.study.plan.required import required_steps
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.interplay.sampling import Computed, known_on_both
from citybraid.study.run.parcel_effects import fix_steps, parcel_effects, plan_by_parcel
from citybraid.study.run.preflight import ChoiceSize, FixSize

Reason = Mapping[str, str]
"""A reason in each language."""
TRIES, ROUNDING = 5, 1e-6
"""Choices that are made at most until the portfolio is within the budget, and the share by which it may exceed it."""
LITTLE, MOST_RAISED = 0.02, 2.0
"""Share of the budget that may stay unspent without another choice, and by how much a choice is raised at once [-]."""


@dataclass(frozen=True)
class Choice:
    """Effects of the measures and the chosen portfolio; `left_out` gives the reason for each excluded measure."""

    candidates: tuple[Use, ...]
    left_out: Mapping[str, Reason]
    effects: EffectTable
    prices: PriceList
    settled: Settled

    @property
    def chosen(self) -> Chosen:
        """The portfolio."""
        return self.settled.proposal.selection

    @property
    def members(self) -> Portfolio:
        """The measures that the portfolio is made of."""
        return self.settled.proposal.members

    @property
    def front(self) -> Front | None:
        """The front that the portfolio lies on, None where no trade-off is asked for."""
        return self.settled.proposal.front


def choose(
    evaluator: Evaluator, budget: Budget, note: Callable[[str], None], computed: Iterable[Computed] = ()
) -> Choice:
    """Simulate the effects of every candidate, then choose a portfolio within the budget, run it and choose again.

    Where the study names no candidates, they are all measures that have a price and can be built here. Portfolios that
    were `computed` on the full grid already tell how the screening grid follows it.

    Raises:
        StudyError: the objective cannot be computed, named candidates have prices that rest on assumptions
            outside a synthetic study, or there is nothing to choose from.
    """
    study = evaluator.study
    goals = {objective.id: _goal(objective) for objective in study.asked.objectives}
    shared = [floor.objective for floor in budget.floors if floor.objective]
    for name in (budget.maximise, *budget.meet, *shared):
        _refuse_unreached(evaluator, name, goals[name])
    candidates, left_out, price_list = _candidates(evaluator, budget)
    names = [use.model.name for use in candidates]
    note(" ".join(names))
    shapes = evaluator.engine.memory.get(evaluator.place.one("units").key)
    together = combinations(sorted(candidates, key=lambda use: use.model.id), 2) if budget.pairs else ()
    evaluator.ahead(((), *((use,) for use in candidates), *together), grid="screening")
    effect_table = effects(
        evaluator, candidates, tuple(shapes.index), pairs=None if budget.pairs else (), area=shapes.area
    )
    left_out |= _without_effect(effect_table)
    bases = Bases(
        evaluator((), grid="full").reindex(columns=effect_table.base.columns).astype(float), effect_table.base
    )
    samples = tuple(known_on_both(evaluator, computed, price_list.known, bases))
    alone = {
        use.model.name: read_rows(evaluator((use,), grid="full"), list(bases.full.index)).reindex(
            columns=bases.full.columns
        )
        - bases.full
        for use in candidates
        if use.model.name in budget.full
    }
    ground = Ground(bases, effect_table, samples, price_list.known, shapes.area, alone, equity_floors(study, budget))

    def propose(programme: Programme) -> Proposal:
        return _within(evaluator, programme, candidates, budget)

    served = [goals[name] if name != COST else Goal(COST, -1) for name in budget.trade_off or ()]
    if not served or any(goal.indicator not in {COST, *bases.full} for goal in served):
        served = [goals[budget.maximise]]
    settled = settle(evaluator, ground, propose, served, rounds=budget.rounds)
    return Choice(candidates, left_out, settled.effects, price_list, settled)


def _within(evaluator: Evaluator, programme: Programme, candidates: Iterable[Use], budget: Budget) -> Proposal:
    """Return the portfolio, placed at full resolution, the measures that it is made of, and the front.

    Measures that are made of whole cells or buildings may cost more or less, placed, than their shares say. Where they
    go beyond the budget, or leave more than a little of it though the shares spend all, the choice is made again with
    so much less or more to spend, then between what was too much and what was not: a few times at most.
    """
    by_name, before = {use.model.name: use for use in candidates}, evaluator.installed(())
    allowed, enough, too_much = budget.total, 0.0, math.inf
    best: tuple[Chosen, Portfolio, Front | None] | None = None
    for _ in range(TRIES):
        selection, pareto = _selected(evaluator, programme, budget, allowed)
        ends = pareto is not None or selection.shortfall or selection.cost < (1.0 - LITTLE) * allowed
        members = uses(programme, selection, by_name)
        selection = placed(programme, selection, _by_measure(evaluator.installed(members) - before, by_name))
        if selection.cost > budget.total * (1.0 + ROUNDING):
            too_much = allowed
        else:
            best, enough = (selection, members, pareto), allowed
            if selection.cost >= (1.0 - LITTLE) * budget.total or (ends and too_much == math.inf):
                break
        if enough > 0.0 and too_much < math.inf:
            allowed = 0.5 * (enough + too_much)
        else:
            allowed *= min(budget.total / selection.cost if selection.cost > 0.0 else math.inf, MOST_RAISED)
    selection, members, pareto = best or (selection, members, pareto)
    selection, members = _floors_kept(evaluator, programme, (selection, members), budget=budget, by_name=by_name)
    if pareto is not None:
        portfolios = tuple(selection if at == pareto.knee else each for at, each in enumerate(pareto.portfolios))
        pareto = replace(pareto, portfolios=portfolios)
    return Proposal(selection, members, pareto)


def _floors_kept(
    evaluator: Evaluator, programme: Programme, best: tuple[Chosen, Portfolio], *, budget: Budget,
    by_name: Mapping[str, Use],
) -> tuple[Chosen, Portfolio]:  # fmt: skip
    """Return a portfolio, and its measures, that keeps the equity floors as it is placed, where a placement can."""
    selection, _ = best
    if not programme.floors:
        return best
    before = evaluator.installed(())
    goal, targets = goal_served(evaluator.study, budget), targets_to_meet(evaluator.study, budget)

    def place(shares: Mapping[Cell, float]) -> pd.DataFrame:
        return _by_measure(evaluator.installed(grouped(shares, by_name)) - before, by_name)

    shares = own_shares(programme, selection)
    found = repaired(programme, goal, shares, place, budget=budget.total, targets=targets)
    if found is None:
        return best
    cells = {cell for cell in {*shares, *found.shares} if shares.get(cell) != found.shares.get(cell)}
    return (
        replaced(programme, selection, found.installed, cells, targets=targets), grouped(found.shares, by_name),
    )  # fmt: skip


def _selected(
    evaluator: Evaluator, programme: Programme, budget: Budget, allowed: float
) -> tuple[Chosen, Front | None]:
    """Return the best portfolio for the objective within what may be spent, or the knee of the front asked for."""
    goals = {objective.id: _goal(objective) for objective in evaluator.study.asked.objectives}
    goal_names = [name for name in budget.trade_off or () if name != COST]
    if budget.trade_off is None or any(goals[name].indicator not in programme.effects.base for name in goal_names):
        targets = targets_to_meet(evaluator.study, budget)
        return portfolio(programme, goals[budget.maximise], budget=allowed, targets=targets), None
    axis_goals = [Goal(COST, -1) if name == COST else goals[name] for name in budget.trade_off]
    targets = targets_to_meet(evaluator.study, budget)
    pareto = shares_front(programme, axis_goals, budget=allowed, targets=targets)
    return pareto.portfolios[pareto.knee], pareto


def _by_measure(installed: pd.DataFrame, uses_by_name: Mapping[str, Use]) -> pd.DataFrame:
    """Return quantities by planning unit with a column per measure instead of per quantity."""
    columns = {name: use.model.quantity.name for name, use in uses_by_name.items() if use.model.quantity is not None}
    return pd.DataFrame({name: installed[column] for name, column in columns.items()}).drop(WHOLE_AREA)


def _refuse_unreached(evaluator: Evaluator, objective: str, goal: Goal) -> None:
    """Raise StudyError where the portfolio's objective cannot be computed, before any measure is run."""
    planned = evaluator.planned((), grid="screening")
    table = evaluator.indicators(planned, grid="screening")
    if goal.indicator in table.by_zone:
        return
    var = table.lacking.get(goal.indicator, goal.indicator)
    needs = [need for gap in planned.gaps if var in gap.makes for need in gap.needs] or [var]
    raise StudyError("choose.goal_missing", objective=objective, indicator=goal.indicator, needs=needs)


def refusals(evaluator: Evaluator, budget: Budget) -> tuple[PlanError, ...]:
    """Return what would stop the choice of measures, from plans alone: nothing is run."""
    study = evaluator.study
    goal = next(_goal(each) for each in study.asked.objectives if each.id == budget.maximise)
    planned = evaluator.plan((), grid="screening")
    problems: list[PlanError] = []
    if missing := sorted(required_quantities(goal.indicator) - set(planned.place.layers)):
        needs = [need for gap in planned.gaps if set(gap.makes) & set(missing) for need in gap.needs]
        about = {"objective": budget.maximise, "indicator": goal.indicator}
        problems.append(StudyError("choose.goal_missing", **about, needs=list(dict.fromkeys(needs)) or missing))
    if evaluator.zones not in planned.place.layers:
        problems.append(StudyError("study.no_zones", table=evaluator.zones))
    try:
        _candidates(evaluator, budget)
    except PlanError as fault:
        problems.append(fault)
    return tuple(problems)


def trial(evaluator: Evaluator, budget: Budget) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Yield the Steps of the base, of each candidate and of each pair on the screening grid, to be rehearsed.

    Those by which a measure's quantity is read per parcel are among them.
    """
    yield "", evaluator.plan((), grid="screening").steps
    candidates, _, _ = _candidates(evaluator, budget)
    members = [(use,) for use in candidates]
    pairs = list(combinations(candidates, 2)) if budget.pairs else []
    for portfolio_uses in (*members, *pairs):
        names = " + ".join(use.model.name for use in portfolio_uses)
        yield names, evaluator.plan(portfolio_uses, grid="screening").steps
    if "parcels" in evaluator.place.layers:
        for use in candidates:
            if (planned := plan_by_parcel(evaluator, use)) is not None and use.model.quantity is not None:
                yield use.model.name, required_steps(planned.steps, planned.homes.one(use.model.quantity.name).key)


def choice_size(evaluator: Evaluator, budget: Budget) -> ChoiceSize:
    """Return what a choice of measures runs, from plans alone: nothing is run.

    Pairs are not planned: a pair runs again what both of its measures change. Where the budget leaves them out there
    are none. The portfolio counts once, as all candidates together, and later rounds apart.
    """
    candidates, _, _ = _candidates(evaluator, budget)
    base = {step.key: step for step in evaluator.read_steps(evaluator.plan((), grid="screening"))}
    alone = [
        {
            step.name: step
            for step in evaluator.read_steps(evaluator.plan((use,), grid="screening"))
            if step.key not in base
        }
        for use in candidates
    ]
    pairs = combinations(alone, 2) if budget.pairs else ()
    together = [step for one, other in pairs for name, step in one.items() if name in other]
    single = {**base, **{step.key: step for each in alone for step in each.values()}}
    chosen = evaluator.plan(candidates, grid="full")
    known = {step.key for step in evaluator.plan((), grid="full").steps}
    grid = evaluator.on("screening")
    return ChoiceSize(
        tuple(single.values()), tuple(together), tuple(step for step in chosen.steps if step.key not in known),
        int(grid.shape[0] * grid.shape[1]), rounds=budget.rounds, tried=SCREENED,
        fixes=_fix_size(evaluator, candidates, frozenset(base) | known),
    )  # fmt: skip


def _fix_size(evaluator: Evaluator, candidates: Iterable[Use], known: Collection[str]) -> FixSize:
    """Return what the search for fixes runs: each priced measure as a candidate of the mean, for all stated limits.

    `known` are the Steps of the base; those of candidates on the screening grid are run by the choice.
    """
    study, about = evaluator.study, evaluator.study.asked.study
    if "parcels" not in evaluator.place.layers:
        return FixSize((), (), 0.0, 0.0)
    stated = evaluator.plan((), grid="full").place.layers
    limited = {*study.control_targets, *standards(study.book, region=about.region, year=about.year)}
    wanted = [
        row.id for row in controls().values()
        if row.rule and row.reading is not None and ({row.stated, row.opposite} & {*stated} or row.id in limited)
    ]  # fmt: skip
    steps: dict[GridRole, list[Step]] = {"full": [], "screening": []}
    members = list(candidates)
    for use in members:
        for grid, steps_of in fix_steps(evaluator, use, wanted).items():
            steps[grid] += [step for step in steps_of if step.key not in known]
    names = [name for name, measure in study.measures.items() if is_purchasable(measure)]
    listed = prices_by_name(study.price_keys(names), study.book, region=about.region, year=about.year)
    repeats = len(listed.known) / len(members)
    return FixSize(tuple(steps["full"]), tuple(steps["screening"]), repeats, max(repeats - 1.0, 0.0))


def _goal(objective: Objective) -> Goal:
    return Goal(objective.indicator, -1 if indicators()[objective.indicator].direction == "lower" else 1)


def goal_served(study: OpenStudy, budget: Budget) -> Goal:
    """Return the goal that the budget serves."""
    return next(_goal(objective) for objective in study.asked.objectives if objective.id == budget.maximise)


def served(study: OpenStudy, choice: Choice, budget: Budget) -> tuple[Goal, float, tuple[Target, ...]]:
    """Return the goal, money and targets of which the portfolio is the best: of a front, those of its knee."""
    targets = targets_to_meet(study, budget)
    if choice.front is None or all(goal.indicator == COST for goal in choice.front.goals):
        return goal_served(study, budget), budget.total, targets
    goal, money, kept = knee_limits(choice.settled.programme, choice.front, budget=budget.total)
    return goal, money, (*targets, *kept)


def equity_floors(study: OpenStudy, budget: Budget) -> tuple[EquityFloor, ...]:
    """Return the equity floors that the budget asks for."""
    goals = {objective.id: _goal(objective) for objective in study.asked.objectives} | {"": Goal("", 1)}
    return tuple(
        EquityFloor(floor.share, floor.units, goals[floor.objective].indicator, goals[floor.objective].direction)
        for floor in budget.floors
    )


def targets_to_meet(study: OpenStudy, budget: Budget) -> tuple[Target, ...]:
    """Return the targets that the portfolio must meet: those of the objectives that the budget names."""
    objectives = {objective.id: objective for objective in study.asked.objectives}
    goals = {name: _goal(objectives[name]) for name in budget.meet}
    return tuple(Target(goal.indicator, goal.direction, objectives[name].target) for name, goal in goals.items())


def _candidates(evaluator: Evaluator, budget: Budget) -> tuple[tuple[Use, ...], dict[str, Reason], PriceList]:
    """Return the measures that can be applied to the base Place, why others cannot, and what they cost.

    Measures that the study names must not have assumed prices; others with assumed prices are left out.
    """
    study, about = evaluator.study, evaluator.study.asked.study
    names = [name for name in budget.candidates or sorted(study.measures) if is_purchasable(study.measures[name])]
    listed = prices_by_name(study.price_keys(names), study.book, region=about.region, year=about.year)
    left_out = dict[str, Reason]()
    if budget.candidates:
        refuse_assumed(listed.known, assumed_prices_allowed=about.synthetic)
    else:
        assumed = [name for name, price in listed.known.items() if price.assumed and not about.synthetic]
        left_out |= {name: _why(StudyError("choose.left_assumed")) for name in assumed}
        names = [name for name in names if name in listed.known and name not in assumed]
    usable = list[Use]()
    for name in names:
        use = study.use(name, {})
        try:
            evaluator.plan((use,), grid="screening")
        except PlanError as fault:
            left_out[name] = _why(fault)
        else:
            usable.append(use)
    if not usable:
        raise StudyError("choose.nothing")
    known = {use.model.name: listed.known[use.model.name] for use in usable if use.model.name in listed.known}
    return tuple(usable), left_out, PriceList(known, listed.missing)


def is_purchasable(measure: Model[Any, Any]) -> bool:
    """Tell whether a budget can buy a measure: it installs a quantity, and is not the built form of a plan."""
    return measure.quantity is not None and measure.stage != "build"


def _why(fault: PlanError) -> Reason:
    return {language: fault.say(language) for language in LANGUAGES}


def _without_effect(effect_table: EffectTable) -> dict[str, Reason]:
    """Return the reason for leaving out every measure that installs nothing in any unit."""
    reason = _why(StudyError("choose.nowhere"))
    return {name: reason for name, single in effect_table.single.items() if not (single.installed > 0.0).any()}


@dataclass(frozen=True)
class Fixes:
    """Fixes of failed controls by parcel and control, each with whether it reaches the limit, and what they came from.

    `left_out` gives the reason for each measure that cannot be built or priced here.
    """

    by_control: Mapping[tuple[str, str], tuple[Fix | None, bool]]
    prices: PriceList
    left_out: Mapping[str, Reason]


def fixes(evaluator: Evaluator, budget: Budget, table: pd.DataFrame, parcels: Iterable[str]) -> Fixes:
    """Return the cheapest fix of every control that these parcels fail, among all measures with a price.

    Where none reaches the limit, the measure that comes closest; None where no measure has an effect. The candidates
    of the budget do not limit the search. The base is the control table at full resolution; changes and quantities
    are those of `parcel_effects`, of the failed controls alone.
    """
    uses, left_out, price_list = _candidates(evaluator, budget.model_copy(update={"candidates": ()}))
    failed = table[(table["state"] == "failed") & table["parcel"].isin(list(parcels))]
    effect_table, undivided = parcel_effects(evaluator, uses, table, frozenset(failed["control"]))
    by_control: dict[tuple[str, str], tuple[Fix | None, bool]] = {}
    for row in failed.itertuples():
        control = controls()[str(row.control)]
        limit = float(row.limit)  # type: ignore[arg-type]  # a float column
        target = Target(control.id, -1 if float(row.computed) > limit else 1, limit, str(row.parcel))  # type: ignore[arg-type]  # a float column
        whole = undivided if control.reading is not None and control.reading.statistic.startswith("column_max") else ()
        fix = cheapest_fix(effect_table, price_list.known, target, undivided=whole)
        nearest = fix or best_step(effect_table, price_list.known, target)
        by_control[str(row.parcel), control.id] = (nearest, fix is not None)
    return Fixes(by_control, price_list, left_out)
