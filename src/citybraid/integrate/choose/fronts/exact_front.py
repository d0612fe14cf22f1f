"""The exact Pareto front of two goals: every point of whole measures, or every corner of shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.fronts.front import knee
from citybraid.integrate.choose.portfolio import Chosen, chosen, target_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
RESOLUTION, SMALL = 1e-7, 1e-8
"""Values nearer than this, as a share of a goal's range, or of its largest coefficient, are the same [-]."""
MOST = 5000
"""Points at most."""


@dataclass(frozen=True)
class ExactFront:
    """All portfolios of which none is better in one of two goals without being worse in the other.

    `points` has a row per point and a column per goal, from the best of the first goal to the best of the second.
    With shares of measures they are the corners of the front: it runs straight between neighbours.
    """

    goals: tuple[Goal, Goal]
    points: pd.DataFrame
    portfolios: tuple[Chosen, ...]
    knee: int


@dataclass(frozen=True)
class _Task:
    """Gains of both goals, to be made large, under constraints."""

    gain: Floats
    rows: Rows
    upper: Floats
    whole: NDArray[np.bool_]

    def best(
        self, weights: Sequence[float] | Floats, *, least: Sequence[float] | Floats = (-np.inf, -np.inf)
    ) -> Floats | None:
        """Return the best for weighted goals where each reaches a least value; None where that cannot be."""
        rows = self.rows
        for row, low in zip(self.gain, least, strict=True):
            if np.isfinite(low):
                rows = rows.with_row(row, low=low)
        x = maximise(np.asarray(weights) @ self.gain, rows, upper=self.upper, whole=self.whole, exact=True)
        return None if x is None else np.where(self.whole, np.round(x), x)

    def first_then(self, goal: int, *, least: Sequence[float], close: Floats) -> Floats | None:
        """Return the best of one goal and, among these, of the other; None where the least values cannot be reached."""
        weights = np.eye(2)[goal]
        x = self.best(weights, least=least)
        if x is None:
            return None
        bounds = np.array(least, dtype=float)
        bounds[goal] = float(self.gain[goal] @ x) - 0.1 * close[goal]
        again = self.best(1.0 - weights, least=bounds)
        return x if again is None else again


def exact_front(
    programme: Programme, goals: Sequence[Goal], *, budget: float, targets: Sequence[Target] = (), whole: bool = True
) -> ExactFront:
    """Return the exact front of two goals within a budget and with targets met.

    Whole measures: the epsilon-constraint method (Haimes et al. 1971) with both goals served in turn at each step, so
    that no point is missed and none is dominated, to a ten-millionth of the goals' ranges. Shares of measures: the
    corners by dichotomy (Aneja and Nair 1979), of the linearised programme. Raises StudyError for another number of
    goals, where the targets cannot be met, and for more than 5000 points.
    """
    if len(goals) != 2:  # noqa: PLR2004
        raise StudyError("choose.two_objectives", got=len(goals))
    first, second = goals
    gain = np.array([goal.direction * programme.coefficients(goal.indicator) for goal in goals])
    rows = target_rows(programme, programme.rows().with_row(programme.cost, high=budget), targets)
    integer = np.arange(programme.size) < (len(programme.cells) if whole else 0)
    task = _Task(gain, rows, np.ones(programme.size), integer)
    rough = [task.best(weights) for weights in np.eye(2)]
    if rough[0] is None or rough[1] is None:
        raise StudyError("choose.targets_conflict")
    table = np.array([gain @ x for x in rough if x is not None])
    close = np.maximum(RESOLUTION * np.ptp(table, axis=0), SMALL * np.abs(gain).max(axis=1)).clip(min=SMALL)
    front = list(_steps(task, close, most=float(table[1, 1])) if whole else _corners(task, close))
    values = np.array([gain @ programme.products(x) for x in front])
    signs = np.array([goal.direction for goal in goals], dtype=float)
    portfolios = tuple(chosen(programme, x, targets=targets) for x in front)
    points = pd.DataFrame(values * signs, columns=[goal.indicator for goal in goals])
    return ExactFront((first, second), points, portfolios, knee(values))


def _steps(task: _Task, close: Floats, *, most: float) -> Iterator[Floats]:
    """Yield every point, the best of the first goal first, up to the most of the second, which grows."""
    least = -np.inf
    for _ in range(MOST):
        x = task.first_then(0, least=(-np.inf, least), close=close)
        if x is None:
            return
        yield x
        reached = float(task.gain[1] @ x)
        if reached >= most - close[1]:
            return
        least = reached + close[1]
    raise StudyError("choose.front_large", most=MOST)


def _corners(task: _Task, close: Floats) -> Iterator[Floats]:
    """Yield every corner, the best of the first goal first."""
    free = (-np.inf, -np.inf)
    ends = [task.first_then(goal, least=free, close=close) for goal in (0, 1)]
    left, right = ends
    if left is None or right is None:
        raise StudyError("choose.targets_conflict")
    yield left
    pending = [(left, right)]
    count = 1
    while pending:
        one, other = pending.pop()
        a, b = task.gain @ one, task.gain @ other
        if (np.abs(a - b) <= close).any():
            if (np.abs(a - b) > close).any():
                yield other
            continue
        normal = np.array([b[1] - a[1], a[0] - b[0]])
        weights = normal / normal.max()
        x = task.best([*weights])
        if x is None:
            raise StudyError("choose.targets_conflict")
        middle = task.gain @ x
        if weights @ middle <= weights @ a + float(weights @ close):
            yield other
            continue
        count += 1
        if count > MOST:
            raise StudyError("choose.front_large", most=MOST)
        pending += [(x, other), (one, x)]
