"""What equity floors do to a portfolio: whom it serves with and without them, their price, and money that they bar."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.conflict import served_most
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.portfolio import kept_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, Shadow, shadow

Floats = NDArray[np.float64]
BARRED = 0.005
"""Share of the money spent without a floor from which on the floor bars it [-]."""
SMALL = 1e-9


@dataclass(frozen=True)
class FloorMargin:
    """An equity floor at the best portfolio, and at the best one without it.

    `served` and `free` are the shares that go to vulnerable people with and without the floor, NaN where nothing is
    spent or gained; `lost` what the goal gains without the floor, `per_share` what a further unit of share takes from
    it (the dual value times all that is shared). `barred` is the money that the floor leaves unspent, and `possible`
    the largest share at which it could be spent; None where it bars none.
    """

    floor: EquityFloor
    served: float
    free: float
    lost: float
    per_share: float
    barred: float
    possible: float | None


def floor_margins(
    programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target] = ()
) -> tuple[FloorMargin, ...]:
    """Return what each equity floor of a programme does to the best portfolio within a budget and with targets.

    Targets that cannot be met count as far as they can be. Interactions are those of the linearised programme.
    """
    now = _best(programme, goal, budget=budget, targets=targets)
    gain = goal.direction * programme.coefficients(goal.indicator)
    first = programme.rows().low.size - len(programme.floors)
    found = []
    for number, floor in enumerate(programme.floors):
        others = tuple(each for at, each in enumerate(programme.floors) if at != number)
        without = replace(programme, floors=others)
        then = _best(without, goal, budget=budget, targets=targets)
        part, whole = programme.served(floor)
        row = floor.share * whole - part
        dual = float(max(now.row[first + number], 0.0)) / (float(np.abs(row).max(initial=0.0)) or 1.0)
        spent, more = (float(programme.cost @ each.x) for each in (now, then))
        barred = more - spent if more - spent > BARRED * more else 0.0
        found.append(
            FloorMargin(
                floor, _share(part, whole, now.x), _share(part, whole, then.x),
                max(0.0, float(gain @ (then.x - now.x))), 0.0 + dual * float(whole @ now.x), barred,
                _possible(without, floor, _limits(without, budget, targets), more) if barred else None,
            )
        )  # fmt: skip
    return tuple(found)


def _best(programme: Programme, goal: Goal, *, budget: float, targets: Sequence[Target]) -> Shadow:
    gain = goal.direction * programme.coefficients(goal.indicator)
    found = shadow(gain, _limits(programme, budget, targets), upper=np.ones(programme.size))
    if found is None:
        raise StudyError("choose.solver", status="infeasible")
    return found


def _limits(programme: Programme, budget: float, targets: Sequence[Target]) -> Rows:
    return kept_rows(programme, programme.rows().with_row(programme.cost, high=budget), targets)


def _share(part: Floats, whole: Floats, x: Floats) -> float:
    every = float(whole @ x)
    return float(part @ x) / every if every > SMALL * float(np.abs(whole).sum()) else float("nan")


def _possible(programme: Programme, floor: EquityFloor, rows: Rows, money: float) -> float:
    """Return the largest share that can be served while as much money is spent, on what gains where gains count."""
    _, whole = programme.served(floor)
    upper = np.where((whole > 0.0) | (programme.cost <= 0.0), 1.0, 0.0)
    spent = rows.with_row(programme.cost, low=money * (1.0 - SMALL))
    found = served_most(programme, floor, spent, upper=upper, whole=np.zeros(programme.size, dtype=np.bool_))
    return 0.0 if found is None else found
