"""The portfolio: adoption of each measure by unit, under a budget, with targets."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, Portfolio, Use
from citybraid.integrate.choose.conflict import Conflict, conflict
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
LEAST = 0.005
"""Adoption below this share is not carried out [-]."""
SHARE_STEP, TINY_STEP = 0.001, 1e-6
"""Shares of a measure are whole multiples of the step; less than a tiny part of a step short of one is rounding."""


@dataclass(frozen=True)
class Chosen:
    """A portfolio and its effects predicted from the screening runs.

    `adoption` has a row per unit and a column per measure (0 to 1); `installed` the
    quantities at full resolution, once `placed` those of the measures themselves;
    `predicted` the change of every indicator per unit and for the whole area, with
    interactions as true products; `shortfall` what each unmet target lacks.
    `conflict` is the smallest set of budget and targets that cannot be kept together, where there is one.
    `carbon` is embodied carbon [kg], None where a measure in use has no such row.
    """

    adoption: pd.DataFrame
    installed: pd.DataFrame
    cost: float
    build_cost: float
    upkeep: float
    carbon: float | None
    price_status: Mapping[str, str]
    predicted: pd.DataFrame
    shortfall: Mapping[Target, float]
    conflict: Conflict | None = None


def portfolio(
    programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target] = (), whole: bool = False
) -> Chosen:
    """Return the portfolio that serves a goal best within a budget (present cost) and meets the targets.

    Where targets cannot all be met within the budget, the sum of their relative
    shortfalls is made least first, then the goal is served. `whole` allows only full
    adoption or none in each unit; the interactions are then exact.
    """
    if not (math.isfinite(budget) and budget >= 0.0):
        raise StudyError("choose.budget", got=budget)
    rows = programme.rows().with_row(programme.cost, high=budget)
    selection = chosen(programme, solve(programme, goal, rows, targets=targets, whole=whole), targets=targets)
    if not selection.shortfall:
        return selection
    return replace(selection, conflict=conflict(programme, budget=budget, targets=targets, whole=whole))


def solve(
    programme: Programme, goal: Goal, rows: Rows, *, targets: Sequence[Target] = (), whole: bool = False,
    upper: Floats | None = None,
) -> Floats:  # fmt: skip
    """Return the variables, at most `upper` (default 1), that serve a goal best under constraints and targets."""
    integer = np.arange(programme.size) < (len(programme.cells) if whole else 0)
    gain = goal.direction * programme.coefficients(goal.indicator)
    if upper is None:
        upper = np.ones(programme.size)
    solution = maximise(gain, target_rows(programme, rows, targets), upper=upper, whole=integer)
    if solution is None:
        met = reached_rows(programme, rows, targets, upper=upper, integer=integer)
        solution = maximise(gain, met, upper=upper, whole=integer)
    if solution is None:
        raise StudyError("choose.solver", status="infeasible")
    return solution


def target_rows(programme: Programme, rows: Rows, targets: Sequence[Target]) -> Rows:
    """Return the constraints with the targets added."""
    for target in targets:
        row, low = programme.need(target)
        rows = rows.with_row(row, low=low)
    return rows


def kept_rows(programme: Programme, rows: Rows, targets: Sequence[Target]) -> Rows:
    """Return the constraints with the targets as far as shares of measures can meet them."""
    hard, upper, integer = (
        target_rows(programme, rows, targets),
        np.ones(programme.size),
        np.zeros(programme.size, bool),
    )
    if not targets or maximise(np.zeros(programme.size), hard, upper=upper, whole=integer) is not None:
        return hard
    return reached_rows(programme, rows, targets, upper=upper, integer=integer)


def chosen(programme: Programme, x: Floats, *, targets: Sequence[Target] = ()) -> Chosen:
    """Return a solution as a portfolio: adoption, quantities, costs, predicted effects and unmet targets."""
    x = programme.products(x)
    lone = x[: len(programme.cells)]
    names = list(programme.used)
    units = list(programme.effects.units)
    row = {unit: at for at, unit in enumerate(units)}
    column = {name: at for at, name in enumerate(names)}
    shares, amounts = np.zeros((len(units), len(names))), np.zeros((len(units), len(names)))
    for (name, unit), share, quantity in zip(programme.cells, lone, programme.installed, strict=True):
        shares[row[unit], column[name]], amounts[row[unit], column[name]] = share, share * quantity
    adoption, installed = (pd.DataFrame(values, index=units, columns=names) for values in (shares, amounts))
    return Chosen(
        adoption=adoption,
        **_totals(installed, programme.prices),
        predicted=predicted(programme, x),
        shortfall={
            target: lack for target in targets if (lack := _lack(programme, target, x)) > 1e-6 * abs(target.value)
        },
    )


def placed(programme: Programme, selection: Chosen, installed: pd.DataFrame) -> Chosen:
    """Return a portfolio with the quantities that its measures install when they are placed, and what these cost.

    `installed` has a row per unit and a column per measure. Shares of a prediction are not always those of a plan:
    measures are made of whole buildings and cells, and shares have three digits.
    """
    exact = installed.reindex(index=selection.installed.index, columns=selection.installed.columns).fillna(0.0)
    return replace(selection, **_totals(exact, programme.prices))


def replaced(
    programme: Programme, selection: Chosen, installed: pd.DataFrame, cells: Collection[tuple[str, str]],
    *, targets: Sequence[Target] = (),
) -> Chosen:  # fmt: skip
    """Return a portfolio with other quantities placed; adoption of `cells` is what is placed of them, of others as was.

    Its effects are predicted anew. What conflicts is what conflicted.
    """
    lone = np.array([
        min(float(installed[name].get(unit, 0.0)) / full, 1.0)
        if (name, unit) in cells
        else float(selection.adoption[name][unit])
        for (name, unit), full in zip(programme.cells, programme.installed, strict=True)
    ])  # fmt: skip
    anew = chosen(programme, np.append(lone, np.zeros(len(programme.couples))), targets=targets)
    return placed(programme, replace(anew, conflict=selection.conflict), installed)


def _totals(installed: pd.DataFrame, price: Mapping[str, Price]) -> dict[str, Any]:
    """Return quantities with their cost, upkeep, embodied carbon and the status of the prices."""
    amount = {str(name): float(installed[name].sum()) for name in installed}
    used = [name for name in amount if amount[name] > 0.0]
    carbons = [price[name].carbon for name in used]
    known = [carbon for carbon in carbons if carbon is not None]
    return {
        "installed": installed,
        "cost": sum(price[name].present * amount[name] for name in used),
        "build_cost": sum(price[name].build * amount[name] for name in used),
        "upkeep": sum(price[name].upkeep * amount[name] for name in used),
        "carbon": sum(c * amount[n] for c, n in zip(known, used, strict=True)) if len(known) == len(used) else None,
        "price_status": {name: price[name].status for name in used},
    }


def predicted(programme: Programme, x: Floats) -> pd.DataFrame:
    """Return the predicted change of every indicator, a row per unit and one for the whole area."""
    units = np.zeros((len(programme.effects.units), len(programme.effects.indicators)))
    np.add.at(units, programme.place, programme.own * x[:, None])
    rows = [*programme.effects.units, WHOLE_AREA]
    return pd.DataFrame(np.vstack([units, x @ programme.overall]), index=rows, columns=programme.effects.indicators)


def uses(programme: Programme, selection: Chosen, measures: Mapping[str, Use]) -> Portfolio:
    """Return the portfolio as measures with parameters: units of equal share (three digits, cut) in one Use."""
    return grouped(own_shares(programme, selection), measures)


def own_shares(programme: Programme, selection: Chosen) -> dict[tuple[str, str], float]:
    """Return the share of each measure in each unit where it is carried out, three digits, cut.

    A measure's own share is of what is feasible beside the measures before it, so
    adoption is taken over the room that the others leave.
    """
    lone = np.array([float(selection.adoption[name][unit]) for name, unit in programme.cells])
    full = np.minimum(lone / programme.room_left(lone).clip(min=1e-9), 1.0)
    # Cut, not rounded: rounded up, shares would cost more than the budget.
    shares = np.floor(full / SHARE_STEP + TINY_STEP) * SHARE_STEP
    return {
        cell: round(float(share), 3)
        for cell, adopted, share in zip(programme.cells, lone, shares, strict=True)
        if adopted >= LEAST
    }


def grouped(shares: Mapping[tuple[str, str], float], measures: Mapping[str, Use]) -> Portfolio:
    """Return shares by measure and unit as measures with parameters: units of equal share in one Use."""
    where: dict[tuple[str, float], list[str]] = {}
    for (name, unit), share in shares.items():
        where.setdefault((name, share), []).append(unit)
    return tuple(
        Use(
            measures[name].model,
            measures[name].params.model_copy(update={"where": tuple(sorted(units)), "share": share}),
        )
        for (name, share), units in sorted(where.items())
    )


def _lack(programme: Programme, target: Target, x: Floats) -> float:
    row, low = programme.need(target)
    return max(0.0, low - float(row @ x))


def reached_rows(
    programme: Programme, rows: Rows, targets: Sequence[Target], *, upper: Floats, integer: NDArray[np.bool_]
) -> Rows:
    """Return the constraints with each target lowered by the least shortfalls, relative to the required change."""
    needs = [programme.need(target) for target in targets]
    count = len(needs)
    wide = Rows(_widened(rows, count), rows.low, rows.high)
    for number, (row, low) in enumerate(needs):
        slack = np.zeros(count)
        slack[number] = max(abs(low), 1e-12)
        wide = wide.with_row(np.append(row, slack), low=low)
    solution = maximise(
        np.append(np.zeros(programme.size), -np.ones(count)), wide,
        upper=np.append(upper, np.full(count, np.inf)), whole=np.append(integer, np.zeros(count, dtype=np.bool_)),
    )  # fmt: skip
    if solution is None:
        raise StudyError("choose.solver", status="infeasible")
    for (row, low), slack_used in zip(needs, solution[programme.size :], strict=True):
        rows = rows.with_row(row, low=low - (slack_used * (1.0 + 1e-6) + 1e-9) * max(abs(low), 1e-12))
    return rows


def _widened(rows: Rows, count: int) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack([rows.matrix, sparse.csr_array((rows.low.size, count))]))
