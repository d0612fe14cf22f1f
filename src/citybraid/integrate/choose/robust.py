"""Robust portfolios: good in the worst of several scenarios, by what they give or by what they miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.portfolio import Chosen, chosen, target_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
Rule = Literal["max_min", "min_max_regret"]


@dataclass(frozen=True)
class Robust:
    """A portfolio with its gain in each scenario, the best gain there, and the worst of what the rule asks about.

    `worst` is the least gain (max_min), or the largest regret (min_max_regret): what the best portfolio of a scenario
    gains more there. `selection` is told by the first scenario.
    """

    rule: Rule
    selection: Chosen
    gains: tuple[float, ...]
    best: tuple[float, ...]
    worst: float

    @property
    def regrets(self) -> tuple[float, ...]:
        """What the best portfolio of each scenario gains more there."""
        return tuple(most - gain for most, gain in zip(self.best, self.gains, strict=True))


def robust_portfolio(
    scenarios: Sequence[Programme], goal: Goal, *, budget: float, rule: Rule = "min_max_regret",
    targets: Sequence[Target] = (), whole: bool = False,
) -> Robust:  # fmt: skip
    """Return the portfolio whose worst scenario is the best: within the budget and with targets met in all of them.

    max_min makes the least gain large (Wald 1950), min_max_regret the largest regret small (Savage 1951). Scenarios
    are programmes of the same measures and units. Interactions are those of the linearised programmes. Raises
    StudyError where scenarios differ in their measures, and where no portfolio meets the targets in all.
    """
    first = scenarios[0]
    if any(each.cells != first.cells or each.couples != first.couples for each in scenarios):
        raise StudyError("choose.scenarios_differ")
    integer = np.arange(first.size) < (len(first.cells) if whole else 0)
    gains = np.array([goal.direction * each.coefficients(goal.indicator) for each in scenarios])
    upper = np.ones(first.size)
    best = np.array([_best(each, gain, budget, targets, integer) for each, gain in zip(scenarios, gains, strict=True)])
    rows = _all_rows(scenarios, budget, targets)
    floor = float(np.minimum(gains, 0.0).sum(axis=1).min())
    # The last variable is the least gain above the floor, or the largest regret.
    wide = Rows(
        sparse.csr_array(sparse.hstack([rows.matrix, sparse.csr_array((rows.low.size, 1))])), rows.low, rows.high
    )
    sign = -1.0 if rule == "max_min" else 1.0
    for gain, most in zip(gains, best, strict=True):
        wide = wide.with_row(np.append(gain, sign), low=floor if rule == "max_min" else float(most))
    x = maximise(
        np.append(np.zeros(first.size), -sign), wide, upper=np.append(upper, np.inf),
        whole=np.append(integer, [False]), exact=True,
    )  # fmt: skip
    if x is None:
        raise StudyError("choose.targets_conflict")
    x = x[:-1]
    reached = gains @ x
    worst = float(reached.min()) if rule == "max_min" else float((best - reached).max())
    selection = chosen(first, x, targets=targets)
    return Robust(rule, selection, tuple(map(float, reached)), tuple(map(float, best)), worst)


def _best(
    programme: Programme, gain: Floats, budget: float, targets: Sequence[Target], integer: NDArray[np.bool_]
) -> float:
    rows = _all_rows([programme], budget, targets)
    x = maximise(gain, rows, upper=np.ones(programme.size), whole=integer, exact=True)
    if x is None:
        raise StudyError("choose.targets_conflict")
    return float(gain @ x)


def _all_rows(scenarios: Sequence[Programme], budget: float, targets: Sequence[Target]) -> Rows:
    """Return the constraints of all scenarios."""
    parts = [target_rows(each, each.rows().with_row(each.cost, high=budget), targets) for each in scenarios]
    matrix = sparse.csr_array(sparse.vstack([part.matrix for part in parts]))
    return Rows(matrix, np.concatenate([part.low for part in parts]), np.concatenate([part.high for part in parts]))
