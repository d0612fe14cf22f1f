"""Decision flips: the few inputs whose plausible change alters the portfolio, and what knowing them is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citybraid.integrate.choose.portfolio import kept_rows, solve
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.scenarios import Factors, UncertainInput, mean, samples, under

Floats = NDArray[np.float64]
MOVED = 0.05
"""Share of the money that moves from which on a portfolio is another [-]."""
STEPS = 12
"""Halvings of the range in which a decision flips."""
NODES = 7
"""Gauss-Legendre points of a single input's distribution."""


@dataclass(frozen=True)
class Flip:
    """What the range of one input does to the portfolio.

    `moved` is the largest share of the money spent elsewhere at an end of the range, beyond what the price itself
    takes or leaves, `at` that end (a multiple of the input's value), `turn` the multiple nearest to 1 from which on
    more than a twentieth moves, None where nowhere in the range. `information` is what the goal gains on average by
    knowing the input before choosing.
    """

    input: UncertainInput
    moved: float
    at: float
    turn: float | None
    information: float


@dataclass(frozen=True)
class Decision:
    """The flips, the most valuable information first, and what knowing all inputs would gain on average."""

    flips: tuple[Flip, ...]
    perfect_information: float
    gain: float


def decision_flips(
    programme: Programme, goal: Goal, inputs: Sequence[UncertainInput], *, budget: float,
    targets: Sequence[Target] = (), draws: int = 64, seed: int = 1,
) -> Decision:  # fmt: skip
    """Return which inputs turn the decision, and the value of information on each and on all of them.

    The value of knowing one input (expected value of partial perfect information, Raiffa and Schlaifer 1961) is an
    integral over its range with the others at their mean, exact for effects, which gains are linear in. The value of
    knowing all is a mean over `draws`. A portfolio that costs more than thought is built as far as the money lasts.
    """
    solver = _Solver(goal, budget, tuple(targets))
    settled = mean(inputs)
    usual = solver.best(under(programme, settled))
    now = solver.best(programme)
    points, weights = np.polynomial.legendre.leggauss(NODES)
    flips = []
    for each in inputs:
        ends = {end: _moved(solver, programme, now, {each: end}) for end in (each.low, each.high)}
        at = max(ends, key=lambda end: (ends[end], end))
        worth = 0.0
        for point, weight in zip(points, weights / 2.0, strict=True):
            value = 0.5 * (each.low + each.high) + 0.5 * float(point) * (each.high - each.low)
            known = under(programme, {**settled, each: value})
            worth += float(weight) * (solver.gain(known, solver.best(known)) - solver.gain(known, usual))
        flips.append(Flip(each, ends[at], at, _turn(solver, programme, now, each), max(0.0, worth)))
    gains = [
        (solver.gain(one, solver.best(one)), solver.gain(one, usual))
        for one in (under(programme, factors) for factors in samples(inputs, draws, seed=seed))
    ]
    best, usual_gain = (float(each) for each in np.array(gains).mean(axis=0))
    ranked = sorted(flips, key=lambda each: (-each.information, -each.moved, each.input.kind, each.input.measure))
    return Decision(tuple(ranked), max(0.0, best - usual_gain), usual_gain)


def _turn(solver: "_Solver", programme: Programme, now: Floats, each: UncertainInput) -> float | None:
    """Return the multiple nearest to 1 at which the portfolio is another, by halving the range towards each end."""
    turns = []
    for end in (each.low, each.high):
        if _moved(solver, programme, now, {each: end}) <= MOVED:
            continue
        same, other = 1.0, end
        for _ in range(STEPS):
            middle = 0.5 * (same + other)
            if _moved(solver, programme, now, {each: middle}) > MOVED:
                other = middle
            else:
                same = middle
        turns.append(other)
    return min(turns, key=lambda turn: abs(np.log(max(turn, 1e-9))), default=None)


def _moved(solver: "_Solver", programme: Programme, now: Floats, factors: Factors) -> float:
    """Return the share of the money that moves where inputs are other than they are."""
    changed = under(programme, factors)
    return solver.moved(changed, now, solver.best(changed))


@dataclass(frozen=True)
class _Solver:
    goal: Goal
    budget: float
    targets: tuple[Target, ...]

    def best(self, programme: Programme) -> Floats:
        rows = programme.rows().with_row(programme.cost, high=self.budget)
        if self.targets:
            return solve(programme, self.goal, kept_rows(programme, rows, self.targets))
        return solve(programme, self.goal, rows)

    def gain(self, programme: Programme, x: Floats) -> float:
        """Return what a portfolio gains, cut to what the budget pays."""
        cost = float(programme.cost @ x)
        share = min(1.0, self.budget / cost) if cost > 0.0 else 1.0
        return share * self.goal.direction * float(programme.coefficients(self.goal.indicator) @ x)

    def moved(self, programme: Programme, now: Floats, then: Floats) -> float:
        """Return the share of a portfolio's money that another spends elsewhere or not at all, at a programme's prices.

        Money that leaves a use because prices rise and the budget does not is no other decision, the last of the order
        being left unbuilt; nor is more for what lower prices leave.
        """
        count = len(programme.cells)
        spent, other = (programme.cost[:count] * x[:count] for x in (now, then))
        short = max(0.0, float(spent.sum()) - self.budget)
        left = max(0.0, float((spent - other).clip(min=0.0).sum()) - short)
        total = max(float(spent.sum()) - short, float(other.sum()))
        return left / total if total > 0.0 else 0.0
