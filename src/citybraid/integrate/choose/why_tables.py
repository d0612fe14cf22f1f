"""Why a portfolio is what it is, as tables of a run."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.conflict import Conflict, conflict
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.flips import Decision
from citybraid.integrate.choose.floor_margins import floor_margins
from citybraid.integrate.choose.fronts.front import Front
from citybraid.integrate.choose.margins import Margins, margins
from citybraid.integrate.choose.next_money import Displaced, NextMoney, displaced, next_amount, next_money
from citybraid.integrate.choose.phasing import Phased, Years
from citybraid.integrate.choose.portfolio import Chosen
from citybraid.integrate.choose.programme import COST, Goal, Programme, Target
from citybraid.integrate.choose.scenarios import PRICE, UncertainInput

CELLS = ("measure", "unit", "adoption", "placed", "gain", "kept", "cost", "per_money", "worth", "reason")
UNITS = ("unit", "left", "cost")
MEASURES = ("measure", "cost", "lost", "per_money", "instead", "whole", "unspent")
MISSED = ("measure", "indicator", "unit", "missed")
PHASES = ("measure", "unit", "start", "cost", "gain", "later")
FLIPS = ("kind", "measure", "low", "high", "moved", "at", "turn", "information")
NEXT = ("measure", "unit", "quantity", "cost", "gain")
LIMITS = (
    "indicator", "unit", "value", "goal_cost", "price", "shortfall", "conflict", "alone", "together", "size", "kept",
)  # fmt: skip
FLOORS = (
    "indicator", "share", "units", "served", "free", "placed", "money", "missing", "lost", "per_share", "barred",
    "possible", "conflict", "alone", "together",
)  # fmt: skip


def knee_limits(programme: Programme, front: Front, *, budget: float) -> tuple[Goal, float, tuple[Target, ...]]:
    """Return the goal, money and targets of which the knee of a front is the best portfolio.

    The first goal that is not cost is the one to serve; the others are to stay as good as they are at the knee.
    """
    knee = front.portfolios[front.knee]
    goal = next(each for each in front.goals if each.indicator != COST)
    kept = [each for each in front.goals if each != goal and each.indicator != COST]
    targets = tuple(
        Target(
            each.indicator, each.direction,
            float(programme.effects.base[each.indicator][WHOLE_AREA] + knee.predicted[each.indicator][WHOLE_AREA]),
        )
        for each in kept
    )  # fmt: skip
    costs = any(each.indicator == COST for each in front.goals)
    return goal, min(budget, knee.cost) if costs else budget, targets


def why_tables(
    programme: Programme, selection: Chosen, goal: Goal, *, budget: float, targets: Sequence[Target] = (),
    amount: float | None = None,
) -> Mapping[str, pd.DataFrame]:  # fmt: skip
    """Return the tables of why a portfolio was chosen for a goal within a budget and with targets.

    why: the goal, the amount of the next money (a round tenth of the budget where none is given), what the goal gains
    for it by solving again, and for one unit of money at the edge. why_cells: each measure in each unit. why_units:
    what one more of the goal costs in each. why_measures, why_missed: what each measure displaced, and targets missed
    without it. why_next: what the next money buys. why_limits: budget (indicator '') and targets: prices, shortfalls,
    whether they are in conflict, and whether they are kept while those in conflict give. why_floors, where there are
    any: each equity floor in the order of the budget, with `floor_margins` and what it must give in a conflict. Gains
    count in the goal's good direction.
    """
    more = next_amount(budget) if amount is None else amount
    edge = margins(programme, goal, budget=budget, targets=targets)
    bought = next_money(programme, goal, budget=budget, amount=more, targets=targets)
    without = displaced(programme, goal, budget=budget, targets=targets)
    clash = conflict(programme, budget=budget, targets=targets) if targets else None
    head = {
        "indicator": goal.indicator, "direction": goal.direction, "budget": budget, "amount": more,
        "spent": bought.spent, "gain": bought.gain, "per_money": edge.per_money,
    }  # fmt: skip
    floors: dict[str, pd.DataFrame] = {}
    if programme.floors:
        floors["why_floors"] = _floors(programme, selection, goal, clash, budget=budget, targets=targets)
    return {
        **floors, "why": pd.DataFrame([head]), "why_cells": _cells(programme, edge, selection),
        "why_units": _units(edge),
        "why_measures": _measures(without), "why_missed": _missed(without), "why_next": _next(bought),
        "why_limits": _limits(edge, selection, clash, budget),
    }  # fmt: skip


def phase_tables(phased: Phased, years: Years) -> Mapping[str, pd.DataFrame]:
    """Return the start of each work, NaN where it does not start (`later`: set into money left), and money by year.

    The head of `phases` is its order: by start, those that gain most for their money first.
    """
    works = pd.DataFrame(
        [
            (work.measure, work.unit, np.nan if start is None else start, work.cost, work.gain, later)
            for work, start, later in zip(phased.works, phased.start, phased.later, strict=True)
        ],
        columns=list(PHASES),
    )
    rate = (works["gain"] / works["cost"].where(works["cost"] > 0.0)).fillna(np.inf)
    works = works.assign(rate=rate).sort_values(["start", "rate"], ascending=[True, False], kind="stable")
    by_year = pd.DataFrame(
        {
            "year": list(years.all), "budget": years.budgets, "spent": phased.spent, "gained": phased.gained,
            "gap": phased.gap,
        }
    )  # fmt: skip
    return {"phases": works.drop(columns="rate").reset_index(drop=True), "phase_years": by_year}


def flip_table(decision: Decision) -> pd.DataFrame:
    """Return a row per uncertain input, and a last one without a measure for knowing all of them."""
    rows: list[tuple[object, ...]] = [
        (
            each.input.kind, each.input.measure, each.input.low, each.input.high, each.moved, each.at,
            np.nan if each.turn is None else each.turn, each.information,
        )
        for each in decision.flips
    ]  # fmt: skip
    rows.append(("", "", np.nan, np.nan, np.nan, np.nan, np.nan, decision.perfect_information))
    return pd.DataFrame(rows, columns=list(FLIPS))


def price_ranges(programme: Programme) -> tuple[UncertainInput, ...]:
    """Return the prices whose construction rows state a range, as inputs; ranges that do not hold the price are cut."""
    rows = []
    for name in programme.used:
        cost = programme.prices[name].rows[0] if programme.prices[name].rows else None
        if cost is None or cost.low is None or cost.high is None or cost.value <= 0.0:
            continue
        low, high = min(1.0, cost.low / cost.value), max(1.0, cost.high / cost.value)
        if low < high:
            rows.append(UncertainInput(PRICE, name, low, high))
    return tuple(rows)


def _cells(programme: Programme, edge: Margins, selection: Chosen) -> pd.DataFrame:
    """Return each measure in each unit; `placed` is its quantity as placed, over that of full adoption."""
    full = {name: single.installed for name, single in programme.effects.single.items()}
    rows = [
        (
            each.measure, each.unit, float(selection.adoption[each.measure][each.unit]),
            float(selection.installed[each.measure][each.unit]) / float(full[each.measure][each.unit]), each.gain,
            each.kept,
            each.cost, each.per_money, each.worth, each.reason,
        )
        for each in edge.cells
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(CELLS))


def _units(edge: Margins) -> pd.DataFrame:
    rows = [(each.unit, each.left, np.nan if each.cost is None else each.cost) for each in edge.units]
    return pd.DataFrame(rows, columns=list(UNITS))


def _measures(displaced_works: Sequence[Displaced]) -> pd.DataFrame:
    rows = [
        (
            each.measure,
            each.cost,
            each.lost,
            each.per_money,
            " ".join(dict.fromkeys(one.measure for one in each.instead)),
            each.whole,
            each.unspent,
        )
        for each in displaced_works
    ]
    return pd.DataFrame(rows, columns=list(MEASURES))


def _missed(displaced_works: Sequence[Displaced]) -> pd.DataFrame:
    rows = [
        (each.measure, target.indicator, target.unit, lack)
        for each in displaced_works
        for target, lack in each.missed.items()
    ]
    return pd.DataFrame(rows, columns=list(MISSED))


def _next(bought: NextMoney) -> pd.DataFrame:
    rows = [(each.measure, each.unit, each.quantity, each.cost, each.gain) for each in bought.purchases]
    return pd.DataFrame(rows, columns=list(NEXT))


def _limits(edge: Margins, selection: Chosen, clash: Conflict | None, budget: float) -> pd.DataFrame:
    gives = {} if clash is None else {each.target: each for each in clash.gives if each.floor is None}
    rows = []
    for target in (None, *edge.per_target):
        give = gives.get(target)
        price = None if target is None else edge.target_price(target)
        rows.append(
            (
                "" if target is None else target.indicator, "" if target is None else target.unit,
                budget if target is None else target.value,
                np.nan if target is None else edge.per_target[target], np.nan if price is None else price,
                0.0 if target is None else selection.shortfall.get(target, 0.0), give is not None,
                np.nan if give is None or give.alone is None else give.alone,
                np.nan if give is None else give.together, np.nan if give is None else give.size,
                clash is not None and clash.kept and give is None,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(LIMITS))


def _floors(
    programme: Programme, selection: Chosen, goal: Goal, clash: Conflict | None, *, budget: float,
    targets: Sequence[Target],
) -> pd.DataFrame:  # fmt: skip
    gives = [] if clash is None else [each for each in clash.gives if each.floor is not None]
    rows = []
    for each in floor_margins(programme, goal, budget=budget, targets=targets):
        floor = each.floor
        give = next((one for one in gives if one.floor is floor), None)
        money, spent = _spent_there(programme, selection, floor)
        rows.append(
            (
                floor.indicator, floor.share, " ".join(floor.weight), each.served, each.free,
                money / spent if spent > 0.0 else np.nan, money, max(floor.share * spent - money, 0.0), each.lost,
                each.per_share, each.barred,
                np.nan if each.possible is None else each.possible, give is not None,
                np.nan if give is None or give.alone is None else give.alone,
                np.nan if give is None else give.together,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(FLOORS))


def _spent_there(programme: Programme, selection: Chosen, floor: EquityFloor) -> tuple[float, float]:
    """Return the money that goes to a floor's people as measures are placed, and all of it; NaN for one of gains."""
    if floor.indicator:
        return np.nan, np.nan
    price = pd.Series({name: programme.prices[name].present for name in map(str, selection.installed)})
    spent = (selection.installed * price).sum(axis=1)
    return sum(weight * float(spent[unit]) for unit, weight in floor.weight.items()), float(spent.sum())
