"""Marginal values of a portfolio: what money is worth, what targets cost, and why a measure is built here, not there.

They are dual values of the linear programme that the portfolio solves: from the city's target down to the planning
unit and to each measure in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.portfolio import kept_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, Shadow, maximise, shadow

Floats = NDArray[np.float64]
Reason = Literal["full", "part", "target", "floor", "dear", "room", "none"]
"""Built to the full; in part, where the budget or the room ends; built for a target, be its price in the goal nothing;
built for an equity floor, or kept back by one; too dear; its room better used; without effect."""
ALL, NOTHING = 0.995, 0.005
"""Shares from which on a measure is built to the full, and up to which it is not built [-]."""
STEP = 0.01
"""The next step of a unit, as a share of what it could still give [-]."""
SMALL = 1e-9


@dataclass(frozen=True)
class CellMargin:
    """A measure in a planning unit: adoption, what full adoption would add to the goal, its cost, and the reason.

    `gain` counts the goal in its good direction, without other measures; `kept` what full adoption does for targets
    that bind, at their price in the goal; `worth` is both less what the cost would gain elsewhere, equity floors at
    their price: above 0 it is worth its money.
    """

    measure: str
    unit: str
    adoption: float
    gain: float
    kept: float
    cost: float
    worth: float
    reason: Reason

    @property
    def per_money(self) -> float:
        """Gain of the goal, targets counted at their price, for one unit of money; infinite where it costs nothing."""
        served = self.gain + self.kept
        return served / self.cost if self.cost > 0.0 else float(np.inf * np.sign(served))


@dataclass(frozen=True)
class UnitMargin:
    """A planning unit: what it could still give to the goal on top of the portfolio, and what its next step costs.

    `cost` is money for one more of the goal; None where nothing more can be had there.
    """

    unit: str
    left: float
    cost: float | None


@dataclass(frozen=True)
class Margins:
    """What the limits of a portfolio are worth.

    `per_money` is how much more of the goal one more unit of money gives, 0 where money is left; `per_target` how much
    of the goal one more unit of each target costs. Their ratio is a target's price in money.
    """

    goal: Goal
    per_money: float
    per_target: Mapping[Target, float]
    cells: tuple[CellMargin, ...]
    units: tuple[UnitMargin, ...]

    @property
    def goal_price(self) -> float | None:
        """Money that one more of the goal costs at the edge of the budget; None where money is left."""
        return 1.0 / self.per_money if self.per_money > 0.0 else None

    def target_price(self, target: Target) -> float | None:
        """Money that makes up for one more unit of a target; None where money is left."""
        return self.per_target[target] / self.per_money if self.per_money > 0.0 else None


def margins(programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target] = ()) -> Margins:
    """Return the marginal values of the best portfolio for a goal within a budget and with targets.

    Targets that cannot be met count as far as they can be. Interactions are those of the linearised programme.
    """
    upper = np.ones(programme.size)
    gain = goal.direction * programme.coefficients(goal.indicator)
    rows = kept_rows(programme, programme.rows().with_row(programme.cost, high=budget), targets)
    prices = shadow(gain, rows, upper=upper)
    if prices is None:
        raise StudyError("choose.solver", status="infeasible")
    first = programme.rows().low.size
    needs = [programme.need(target)[0] for target in targets]
    sizes = np.array([float(np.abs(row).max(initial=0.0)) or 1.0 for row in (programme.cost, *needs)])
    duals = prices.row[first:] / sizes
    per_money = float(max(duals[0], 0.0))
    per_target = {target: 0.0 + float(max(-dual, 0.0)) for target, dual in zip(targets, duals[1:], strict=True)}
    kept = sum((per_target[t] * row for t, row in zip(targets, needs, strict=True)), np.zeros(gain.size))
    floored = _floored(programme, prices)
    worth = gain + kept - per_money * programme.cost + floored
    size = float(np.abs(gain + kept).max())
    cells = []
    for at, (measure, unit) in enumerate(programme.cells):
        share, served, held, net, fair = (float(values[at]) for values in (prices.x, gain, kept, worth, floored))
        reason = _reason(share, gain=served, kept=held, worth=net - fair, size=size)
        if fair and _turned(share, alone=net - fair, worth=net, size=size, spent=per_money > 0.0):
            reason = "floor"
        cells.append(CellMargin(measure, unit, share, 0.0 + served, 0.0 + held, float(programme.cost[at]), net, reason))
    return Margins(goal, per_money, per_target, tuple(cells), _units(programme, gain, prices))


def _reason(share: float, *, gain: float, kept: float, worth: float, size: float) -> Reason:
    if share > NOTHING and (worth - kept < -SMALL * size or gain <= SMALL * size):
        return "target"
    if share >= ALL:
        return "full"
    if share > NOTHING:
        return "part"
    if gain + kept <= SMALL * size:
        return "none"
    return "dear" if worth <= SMALL * size else "room"


def _floored(programme: Programme, found: Shadow) -> Floats:
    """Return what equity floors add to the worth of each variable, or take from it, at their price in the goal."""
    first = programme.rows().low.size - len(programme.floors)
    added = np.zeros(programme.size)
    for number, floor in enumerate(programme.floors):
        part, whole = programme.served(floor)
        row = part - floor.share * whole
        added += max(float(found.row[first + number]), 0.0) / (float(np.abs(row).max(initial=0.0)) or 1.0) * row
    return added


def _turned(share: float, *, alone: float, worth: float, size: float, spent: bool) -> bool:
    """Return whether a measure is built for a floor alone, or kept back by one: in part, where money is left."""
    if share > NOTHING and alone < -SMALL * size:
        return True
    kept_back = share < ALL and (share <= NOTHING or not spent)
    return kept_back and worth <= SMALL * size < alone


def _units(programme: Programme, gain: Floats, prices: Shadow) -> tuple[UnitMargin, ...]:
    """Return what the next step of each planning unit costs on top of the portfolio, all others as they are."""
    structure = programme.rows()
    units = []
    for number, unit in enumerate(programme.effects.units):
        columns = np.flatnonzero(programme.place == number)
        units.append(_unit(unit, programme, gain, prices.x, structure, columns))
    return tuple(units)


def _unit(
    unit: str, programme: Programme, gain: Floats, x: Floats, structure: Rows, columns: NDArray[np.intp]
) -> UnitMargin:
    """Return the unit's next step: only its own measures grow, none is taken back."""
    own = structure.matrix[:, columns]
    touched = np.flatnonzero(np.diff(own.indptr))
    used = structure.matrix[touched] @ x
    rows = Rows(own[touched], np.full(touched.size, -np.inf), np.maximum(structure.high[touched] - used, 0.0))
    upper, whole = np.maximum(1.0 - x[columns], 0.0), np.zeros(columns.size, dtype=np.bool_)
    most = maximise(gain[columns], rows, upper=upper, whole=whole) if columns.size else None
    left = 0.0 if most is None else float(gain[columns] @ most)
    if left <= SMALL * float(np.abs(gain).sum()):
        return UnitMargin(unit, 0.0, None)
    step = STEP * left
    cheapest = maximise(-programme.cost[columns], rows.with_row(gain[columns], low=step), upper=upper, whole=whole)
    if cheapest is None:
        raise StudyError("choose.solver", status="infeasible")
    return UnitMargin(unit, left, float(programme.cost[columns] @ cheapest) / step)
