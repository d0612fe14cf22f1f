"""A Pareto front of two or more goals with a certificate: how much better any portfolio left out could be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.fronts.front import SAME, distinct, hypervolume, knee
from citybraid.integrate.choose.portfolio import Chosen, chosen, target_rows
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
TIE_BREAK, SLACK = 1e-4, 1e-9
"""Weight of the other goals, as shares of their ranges, in each run; rounding of a value that must be reached [-]."""


@dataclass(frozen=True)
class CertifiedFront:
    """Portfolios of which none beats another, with what is proved of those left out.

    Every portfolio within the budget that is at least as good as the `reference` in each goal is at most `gap` of the
    goals' ranges better, in any goal, than one of the points; `point_gap` is this certificate for each point's own
    part of the front. The hypervolume above the reference, with goals scaled to their ranges, is at least `volume`
    and at most `volume_bound`.
    """

    goals: tuple[Goal, ...]
    points: pd.DataFrame
    portfolios: tuple[Chosen, ...]
    knee: int
    reference: Floats
    point_gap: Floats
    gap: float
    volume: float
    volume_bound: float


@dataclass(frozen=True)
class _Cell:
    """A box of the goals but the first: no portfolio in it has more of the first goal than the bound; see `x`."""

    low: Floats
    high: Floats
    x: Floats
    value: Floats
    bound: float

    def lack(self) -> Floats:
        """How much better than the solution a portfolio of the box could be, in each goal [shares of ranges]."""
        return np.append(self.bound, self.high) - self.value


@dataclass(frozen=True)
class _Task:
    programme: Programme
    gain: Floats
    rows: Rows
    low: Floats
    span: Floats
    whole: NDArray[np.bool_]

    def best(self, goal: int, rows: Rows) -> Floats | None:
        """Return the best portfolio of a goal, ties decided by the others; None where none meets the constraints."""
        scaled = self.gain / self.span[:, None]
        objective = scaled[goal] + self.tie * (scaled.sum(axis=0) - scaled[goal])
        upper = np.ones(self.programme.size)
        x = maximise(objective, rows, upper=upper, whole=self.whole, exact=True)
        return None if x is None else np.where(self.whole, np.round(x), x)

    @property
    def tie(self) -> float:
        """Weight of each other goal."""
        return TIE_BREAK / max(1, len(self.gain) - 1)

    def value(self, x: Floats) -> Floats:
        """Return the goals of a portfolio, as shares of their ranges above the worst."""
        scaled: Floats = (self.gain @ self.programme.products(x) - self.low) / self.span
        return scaled

    def cell(self, low: Floats, high: Floats) -> _Cell | None:
        """Return a box with its solution; None where no portfolio reaches its lowest corner."""
        rows = self.rows
        for row, base, span, least in zip(self.gain[1:], self.low[1:], self.span[1:], low, strict=True):
            rows = rows.with_row(row, low=base + span * (least - SLACK))
        x = self.best(0, rows)
        if x is None:
            return None
        value = self.value(x)
        most = (self.gain @ x - self.low) / self.span
        # No portfolio of the box gains more by the other goals' tie-break than their whole ranges.
        bound = most[0] + self.tie * float(np.maximum(most[1:], 0.0).sum() - low.sum())
        return _Cell(low, high, x, value, max(bound, value[0]))


def certified_front(
    programme: Programme, goals: Sequence[Goal], *, budget: float, targets: Sequence[Target] = (),
    whole: bool = False, tolerance: float = 0.05, most: int = 150,
) -> CertifiedFront:  # fmt: skip
    """Return points of the front and their certificate, from a box split until it is within a tolerance.

    In a box between values of the other goals, the best of the first goal at the box's lowest corner bounds every
    portfolio in the box (epsilon-constraint; Laumanns et al. 2006 split boxes likewise). The box whose bound lies
    furthest from its point is split, until none is further than the `tolerance` [shares of ranges] or after the
    `most` runs. Ranges and reference come from the best of each single goal. Raises StudyError for fewer than two
    goals, and where the targets cannot be met.
    """
    if len(goals) < 2:  # noqa: PLR2004
        raise StudyError("choose.two_objectives", got=len(goals))
    gain = np.array([goal.direction * programme.coefficients(goal.indicator) for goal in goals])
    rows = target_rows(programme, programme.rows().with_row(programme.cost, high=budget), targets)
    integer = np.arange(programme.size) < (len(programme.cells) if whole else 0)
    best = [maximise(row, rows, upper=np.ones(programme.size), whole=integer) for row in gain]
    ends = np.array([x for x in best if x is not None])
    if len(ends) < len(gain):
        raise StudyError("choose.targets_conflict")
    table = np.array([gain @ programme.products(x) for x in ends])
    low, high = table.min(axis=0), np.maximum((gain * ends).sum(axis=1), table.max(axis=0))
    span = np.where(high > low, high - low, 1.0)
    task = _Task(programme, gain, rows, low, span, integer)
    cells = _split(task, tolerance=tolerance, most=most, high=((high - low) / span)[1:])
    single = [x for goal in range(len(goals)) if (x := task.best(goal, rows)) is not None]
    return _front(task, goals, cells, single, targets)


def _split(task: _Task, *, tolerance: float, most: int, high: Floats) -> list[_Cell]:
    first = task.cell(np.zeros(high.size), high)
    if first is None:
        raise StudyError("choose.targets_conflict")
    cells = [first]
    for _ in range(most):
        lacks = np.array([cell.lack()[1:].max() for cell in cells])
        worst = int(lacks.argmax())
        if lacks[worst] <= tolerance:
            break
        cell = cells.pop(worst)
        along = int(cell.lack()[1:].argmax())
        middle = 0.5 * (np.clip(cell.value[1:], cell.low, cell.high)[along] + cell.high[along])
        upper, lower = cell.high.copy(), cell.low.copy()
        upper[along] = lower[along] = middle
        cells.append(replace(cell, high=upper))
        if (other := task.cell(lower, cell.high)) is not None:
            cells.append(other)
    return cells


def _front(
    task: _Task, goals: Sequence[Goal], cells: Sequence[_Cell], single: Sequence[Floats], targets: Sequence[Target]
) -> CertifiedFront:
    """Return the front of the boxes' points and the best of each single goal, which are its ends."""
    solutions = [*(cell.x for cell in cells), *single]
    values = np.array([*(cell.value for cell in cells), *(task.value(x) for x in single)])
    lacks = np.array([*(cell.lack().max() for cell in cells), *(0.0 for _ in single)]).clip(min=0.0)
    kept = distinct(values)
    shown = values[kept]
    # A box whose own point is beaten is answered for by the point that beats it.
    owner = np.array([int(np.all(shown >= value - 2.0 * SAME, axis=1).argmax()) for value in values])
    point_gap = np.array([lacks[owner == place].max(initial=0.0) for place in range(len(kept))])
    corners = np.array([np.append(cell.bound, cell.high) for cell in cells])
    edge = np.full(values.shape[1], SLACK)
    signs = np.array([goal.direction for goal in goals], dtype=float)
    names = [goal.indicator for goal in goals]
    return CertifiedFront(
        goals=tuple(goals),
        points=pd.DataFrame((task.low + shown * task.span) * signs, columns=names),
        portfolios=tuple(chosen(task.programme, solutions[at], targets=targets) for at in kept),
        knee=knee(shown),
        reference=task.low * signs,
        point_gap=point_gap,
        gap=float(lacks.max()),
        volume=hypervolume(-shown, edge),
        volume_bound=hypervolume(-corners, edge),
    )
