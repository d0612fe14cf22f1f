"""The Pareto front over shares of measures: its corners, and how far a portfolio may lie beyond their mixes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.fronts.exact_front import SMALL, exact_front
from citybraid.integrate.choose.fronts.front import Front, distinct, knee
from citybraid.integrate.choose.portfolio import chosen, portfolio, target_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
TIE_BREAK, ZERO = 1e-5, 1e-9
"""Weight of every goal beside a facet's own, so that no corner is beaten; weights and gaps that count as none [-]."""
DEEP = 2.0
"""How far points are lowered to close the front downwards, in ranges of the goals [-]."""


def shares_front(
    programme: Programme, goals: Sequence[Goal], *, budget: float, targets: Sequence[Target] = (),
    tolerance: float = 0.01, most: int = 150,
) -> Front:  # fmt: skip
    """Return corners of the front of two or more goals over shares of measures within a budget, with their certificate.

    Mixes of portfolios are portfolios too, so that the linearised front is a convex surface through its corners. Of
    two goals all corners are found. Of more, the facets of the corners' hull are looked at, the one first beyond which
    most may lie (Solanki, Appino and Cohon 1993, approximate noninferior sets of linear programmes so). The best
    portfolio is found for the weights of each facet between corners: it is a new corner, or it proves that no
    portfolio lies beyond the facet. Facets are looked at until no portfolio lies beyond the mixes of corners by more
    than the `tolerance` [shares of the goals' ranges], or until `most` portfolios were solved; what is proved then is
    the front's `gap`. Targets that cannot be met are kept as far as they can be. Raises StudyError for fewer than two
    goals.
    """
    try:
        return _front(programme, goals, budget, targets, (tolerance, most))
    except StudyError as fault:
        if fault.text != "choose.targets_conflict":
            raise
    eased = [_eased(programme, target, budget, targets) for target in targets]
    return _front(programme, goals, budget, eased, (tolerance, most))


def _front(
    programme: Programme, goals: Sequence[Goal], budget: float, targets: Sequence[Target], ends: tuple[float, int]
) -> Front:
    if len(goals) <= 2:  # noqa: PLR2004  (two goals, of which every corner is found)
        exact = exact_front(programme, goals, budget=budget, targets=targets, whole=False)
        return Front(exact.goals, exact.points, exact.portfolios, exact.knee, 0.0)
    task = _task(programme, goals, budget, targets)
    gap = task.refine(*ends)
    values = np.array(task.values)
    corners = distinct(values)
    signs = np.array([goal.direction for goal in goals], dtype=float)
    points = pd.DataFrame((task.low + values[corners] * task.span) * signs, columns=[goal.indicator for goal in goals])
    portfolios = tuple(chosen(programme, task.solutions[at], targets=targets) for at in corners)
    return Front(tuple(goals), points, portfolios, knee(values[corners]), gap)


def _eased(programme: Programme, target: Target, budget: float, targets: Sequence[Target]) -> Target:
    """Return a target lowered by what the least sum of shortfalls leaves of it."""
    best = portfolio(programme, Goal(target.indicator, target.direction), budget=budget, targets=targets)
    lack = best.shortfall.get(target, 0.0) * (1.0 + SMALL) + SMALL * abs(target.value)
    return replace(target, value=target.value - target.direction * lack)


@dataclass
class _Task:
    """The corners that are known, as shares of the goals' ranges above the worst, and bounds by weights of goals."""

    programme: Programme
    gain: Floats
    rows: Rows
    low: Floats
    span: Floats
    values: list[Floats] = field(default_factory=list)
    solutions: list[Floats] = field(default_factory=list)
    bounds: dict[tuple[float, ...], float] = field(default_factory=dict)
    """Most of the weighted goals that any portfolio has which is no worse than the worst in any goal."""

    def solve(self, weights: Floats) -> None:
        """Keep the best portfolio by weights of the goals, and its bound; raises StudyError where there is none."""
        scaled = self.gain / self.span[:, None]
        objective = (weights + TIE_BREAK) @ scaled
        x = maximise(objective, self.rows, upper=np.ones(self.programme.size), whole=self._none(), exact=True)
        if x is None:
            raise StudyError("choose.targets_conflict")
        value = (self.gain @ self.programme.products(x) - self.low) / self.span
        offset = float((weights + TIE_BREAK) @ (self.low / self.span))
        most = max(float(objective @ x) - offset, float(weights @ value))
        self.bounds[_key(weights)] = most
        if not any(np.abs(value - known).max() <= ZERO for known in self.values):
            self.values.append(value)
            self.solutions.append(x)

    def refine(self, tolerance: float, most: int) -> float:
        """Look at facets until none is passed by more than the tolerance; return by how much one still may be."""
        for goal in range(len(self.gain)):
            self.solve(np.eye(len(self.gain))[goal])
        while True:
            facets = self.facets()
            open_facets = [facet for facet in facets if _key(facet.weights) not in self.bounds]
            if not open_facets or len(self.bounds) >= most:
                return max((self.beyond(facet) for facet in facets), default=0.0)
            worst = max(open_facets, key=self.beyond)
            if self.beyond(worst) <= tolerance:
                return max(self.beyond(facet) for facet in facets)
            self.solve(worst.weights)

    def beyond(self, facet: "_Facet") -> float:
        """Return by how much a portfolio may lie beyond a facet, by all bounds that are known."""
        if (known := self.bounds.get(_key(facet.weights))) is not None:
            return max(known - facet.level, 0.0)
        bounds = np.array(list(self.bounds.values()))
        rows = Rows(sparse.csr_array(np.array(list(self.bounds))), np.full(bounds.size, -np.inf), bounds)
        none, size = np.zeros(facet.weights.size, dtype=np.bool_), facet.weights.size
        most = maximise(facet.weights, rows, upper=np.full(size, float(bounds.max()) * size), whole=none, exact=True)
        return 0.0 if most is None else max(float(facet.weights @ most) - facet.level, 0.0)

    def facets(self) -> list["_Facet"]:
        """Return the facets of the corners' hull, closed downwards, that face the best of every goal."""
        from scipy.spatial import ConvexHull, QhullError

        corners = np.array(self.values)
        size = corners.shape[1]
        lowered = [corners - DEEP * np.eye(size)[goal] for goal in range(size)]
        try:
            planes = ConvexHull(np.concatenate([corners, *lowered])).equations
        except QhullError:
            return []
        upper = planes[(planes[:, :-1] >= -ZERO).all(axis=1)]
        total = upper[:, :-1].sum(axis=1)
        weights = np.clip(upper[:, :-1] / total[:, None], 0.0, None)
        unique = {_key(each): each for each in weights}
        return [_Facet(each, float((corners @ each).max())) for each in unique.values()]

    def _none(self) -> NDArray[np.bool_]:
        return np.zeros(self.programme.size, dtype=np.bool_)


@dataclass(frozen=True)
class _Facet:
    """Weights of the goals, 1 together, and the most of the weighted goals that a corner has."""

    weights: Floats
    level: float


def _key(weights: Floats) -> tuple[float, ...]:
    return tuple(np.round(weights, 9).tolist())


def _task(programme: Programme, goals: Sequence[Goal], budget: float, targets: Sequence[Target]) -> _Task:
    """Return the task with the goals' ranges, by the best of each alone; raises StudyError where targets conflict."""
    gain = np.array([goal.direction * programme.coefficients(goal.indicator) for goal in goals])
    rows = target_rows(programme, programme.rows().with_row(programme.cost, high=budget), targets)
    none = np.zeros(programme.size, dtype=np.bool_)
    best = [maximise(row, rows, upper=np.ones(programme.size), whole=none, exact=True) for row in gain]
    ends = [x for x in best if x is not None]
    if len(ends) < len(gain):
        raise StudyError("choose.targets_conflict")
    table = np.array([gain @ programme.products(x) for x in ends])
    low, high = table.min(axis=0), table.max(axis=0)
    return _Task(programme, gain, rows, low, np.where(high > low, high - low, 1.0))
