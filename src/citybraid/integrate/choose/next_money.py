"""What the next money would buy, and what each measure of a portfolio displaced: by solving again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.portfolio import Chosen, chosen, solve
from citybraid.integrate.choose.programme import COST, Goal, Programme, Target

Floats = NDArray[np.float64]
LEAST = 1e-4
"""Changes of cost below this share of the amount are not told [-]."""
NICE = (1.0, 2.0, 5.0)
TENTH = 0.1


@dataclass(frozen=True)
class Purchase:
    """More of a measure in a planning unit, or less where the quantity is below 0, and its part of the goal.

    `gain` counts the measure's lone effect, in the goal's good direction.
    """

    measure: str
    unit: str
    quantity: float
    cost: float
    gain: float


@dataclass(frozen=True)
class NextMoney:
    """What an amount beyond the budget would buy: purchases by their size, the goal's gain, all indicators' changes."""

    amount: float
    spent: float
    gain: float
    purchases: tuple[Purchase, ...]
    changes: pd.Series


@dataclass(frozen=True)
class Displaced:
    """A measure of the portfolio against the best portfolio without it.

    `lost` is what the goal loses without the measure, for the same budget, `missed` by how much each target is further
    away than with it; `instead` what its money would buy, `unspent` what of it would buy nothing.
    """

    measure: str
    cost: float
    lost: float
    missed: Mapping[Target, float]
    instead: tuple[Purchase, ...]
    whole: float
    """What the best portfolio with it improves of the goal."""
    unspent: float = 0.0

    @property
    def per_money(self) -> float:
        """What the goal loses for each unit of money that the measure costs."""
        return self.lost / self.cost


def next_amount(budget: float) -> float:
    """Return a round amount of money, a tenth of a budget at most: 1, 2 or 5 and zeros; 1 for no budget."""
    tenth = TENTH * budget
    if tenth <= 0.0:
        return 1.0
    ten = 10.0 ** np.floor(np.log10(tenth) + 1e-12)
    return float(max(nice for nice in NICE if nice * ten <= tenth * (1.0 + 1e-12)) * ten)


def next_money(
    programme: Programme, goal: Goal, *, budget: float, amount: float, targets: Sequence[Target] = (),
    whole: bool = False,
) -> NextMoney:  # fmt: skip
    """Return what an amount on top of a budget would buy: the best portfolio with it, less that without it."""
    now, then = (
        _best(programme, goal, budget=money, targets=targets, whole=whole) for money in (budget, budget + amount)
    )
    changes: pd.Series = (then.predicted - now.predicted).T[WHOLE_AREA]
    gain = then.cost - now.cost if goal.indicator == COST else float(changes[goal.indicator])
    bought = purchases(programme, goal, now, then, least=LEAST * amount)
    return NextMoney(amount, then.cost - now.cost, goal.direction * gain, bought, changes)


def displaced(
    programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target] = (), whole: bool = False
) -> tuple[Displaced, ...]:
    """Return every measure of the best portfolio with what the goal would lose without it, the largest loss first."""
    now = _best(programme, goal, budget=budget, targets=targets, whole=whole)
    used = [name for name in programme.used if _spent(programme, now, name) > LEAST * now.cost]
    rows = []
    for name in used:
        upper = np.ones(programme.size)
        upper[[at for at, (measure, _) in enumerate(programme.cells) if measure == name]] = 0.0
        other = _best(programme, goal, budget=budget, targets=targets, whole=whole, upper=upper)
        lost = goal.direction * (_value(now, goal) - _value(other, goal))
        spent = _spent(programme, now, name)
        instead = purchases(programme, goal, now, other, least=LEAST * spent)
        further = {target: lack - now.shortfall.get(target, 0.0) for target, lack in other.shortfall.items()}
        missed = {target: more for target, more in further.items() if more > LEAST * other.shortfall[target]}
        taking = tuple(each for each in instead if each.quantity > 0.0)
        rows.append(Displaced(name, spent, lost, missed, taking, goal.direction * _value(now, goal),
                              max(0.0, now.cost - other.cost)))  # fmt: skip
    return tuple(sorted(rows, key=lambda each: (-each.lost, each.measure)))


def purchases(programme: Programme, goal: Goal, now: Chosen, then: Chosen, *, least: float) -> tuple[Purchase, ...]:
    """Return what one portfolio has more and less than another, by the size of the cost."""
    gain = goal.direction * programme.coefficients(goal.indicator)
    rows = []
    for at, (measure, unit) in enumerate(programme.cells):
        share = float(then.adoption[measure][unit]) - float(now.adoption[measure][unit])
        cost = share * float(programme.cost[at])
        if abs(cost) > least:
            rows.append(Purchase(measure, unit, share * float(programme.installed[at]), cost, share * float(gain[at])))
    return tuple(sorted(rows, key=lambda each: (-abs(each.cost), each.measure, each.unit)))


def _best(
    programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target], whole: bool,
    upper: Floats | None = None,
) -> Chosen:  # fmt: skip
    rows = programme.rows().with_row(programme.cost, high=budget)
    return chosen(programme, solve(programme, goal, rows, targets=targets, whole=whole, upper=upper), targets=targets)


def _value(selection: Chosen, goal: Goal) -> float:
    return selection.cost if goal.indicator == COST else float(selection.predicted[goal.indicator][WHOLE_AREA])


def _spent(programme: Programme, selection: Chosen, measure: str) -> float:
    return float(selection.installed[measure].sum()) * programme.prices[measure].present
