"""Pareto front of three goals, its hypervolume and its knee."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.portfolio import Chosen, chosen, kept_rows, solve
from citybraid.integrate.choose.programme import Goal, Programme, Target
from citybraid.integrate.choose.solver import Rows, maximise

Floats = NDArray[np.float64]
TIE_BREAK = 1e-3
"""Weight of the two other goals, as shares of their ranges, in each run: keeps points off weakly best edges."""


LEVELS = (7, 13, 25)
"""Steps of each of the two other goals, tried in turn until there are points enough."""


@dataclass(frozen=True)
class Front:
    """Portfolios of which none is better in one goal without being worse in another.

    `points` has a row per point and a column per goal: the change of the indicator,
    or the cost. `knee` is the row nearest to the ideal point after each goal is scaled
    to its range on the front (compromise programming with p = 2, Zeleny 1973).
    """

    goals: tuple[Goal, ...]
    points: pd.DataFrame
    portfolios: tuple[Chosen, ...]
    knee: int


def front(
    programme: Programme, goals: Sequence[Goal], *, budget: float, targets: Sequence[Target] = (), least: int = 12
) -> Front:
    """Return the front of three goals by the augmented epsilon-constraint method (Mavrotas 2009, eq. 4).

    The first goal is served while the other two must reach each of 7 by 7 steps
    between the worst and best values of the single-goal optima; 13 and then 25 steps
    where fewer than `least` points come out. Steps that cannot be met are left out,
    equal and dominated points too, so goals that do not clash give fewer points.
    """
    if len(goals) != 3:  # noqa: PLR2004
        raise StudyError("choose.objectives", got=len(goals))
    rows = programme.rows().with_row(programme.cost, high=budget)
    gain = np.array([goal.direction * programme.coefficients(goal.indicator) for goal in goals])
    best = [solve(programme, goal, rows, targets=targets) for goal in goals]
    rows = kept_rows(programme, rows, targets)
    table = gain @ np.array(best).T
    low, high = table.min(axis=1), table.max(axis=1)
    for levels in LEVELS:
        solutions = [*best, *_grid(programme, rows, gain=gain, low=low, high=high, levels=levels)]
        values = np.array([programme.products(x) for x in solutions]) @ gain.T
        selected = _distinct(values)
        if selected.size >= least:
            break
    portfolios = tuple(chosen(programme, solutions[at], targets=targets) for at in selected)
    signs = np.array([goal.direction for goal in goals], dtype=float)
    frame = pd.DataFrame(values[selected] * signs, columns=[goal.indicator for goal in goals])
    return Front(tuple(goals), frame, portfolios, knee(values[selected]))


def _grid(programme: Programme, rows: Rows, *, gain: Floats, low: Floats, high: Floats, levels: int) -> list[Floats]:
    """Return the best for the first goal at every pair of steps of the other two that can be met."""
    weight = TIE_BREAK / np.where(high > low, high - low, np.inf)
    first = gain[0] + (high[0] - low[0] or 1.0) * (weight[1] * gain[1] + weight[2] * gain[2])
    upper, integer = np.ones(programme.size), np.zeros(programme.size, dtype=np.bool_)
    points = []
    for step in product(np.linspace(0.0, 1.0, levels), repeat=2):
        bound = low[1:] + np.array(step) * (high[1:] - low[1:])
        constraints = rows
        for row, least in zip(gain[1:], bound, strict=True):
            constraints = constraints.with_row(row, low=least - 1e-9 * abs(least))
        if (point := maximise(first, constraints, upper=upper, whole=integer)) is not None:
            points.append(point)
    return points


def nondominated(values: Floats) -> NDArray[np.bool_]:
    """Return which rows no other row beats: at least as large in every column and larger in one."""
    at_least = np.all(values[None, :, :] >= values[:, None, :], axis=2)
    larger = np.any(values[None, :, :] > values[:, None, :], axis=2)
    return np.asarray(~np.any(at_least & larger, axis=1), dtype=np.bool_)


def knee(values: Floats) -> int:
    """Return the row nearest to the ideal point, columns scaled to their ranges; the first of equals."""
    low, high = values.min(axis=0), values.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    return int(np.argmin(np.linalg.norm((high - values) / span, axis=1)))


def hypervolume(values: Floats, reference: Floats) -> float:
    """Return the volume that points dominate up to a reference, all columns to be made small (2 or 3 columns).

    Exact, by slices along the last column (Zitzler and Thiele 1998).
    """
    inside = values[(values < reference).all(axis=1)]
    if not inside.size:
        return 0.0
    if values.shape[1] == 2:  # noqa: PLR2004
        ordered = inside[np.lexsort((inside[:, 1], inside[:, 0]))]
        lowest = np.minimum.accumulate(ordered[:, 1])
        ends = np.append(ordered[1:, 0], reference[0])
        return float(((ends - ordered[:, 0]) * (reference[1] - lowest)).sum())
    ordered = inside[np.argsort(inside[:, -1], kind="stable")]
    ends = np.append(ordered[1:, -1], reference[-1])
    slices = [hypervolume(ordered[: at + 1, :-1], reference[:-1]) for at in range(len(ordered))]
    return float(np.dot(slices, ends - ordered[:, -1]))


def _distinct(values: Floats) -> NDArray[np.int64]:
    """Return the rows that are neither dominated nor equal to an earlier one, to 1e-6 of the range.

    A row that leads by rounding alone, as the best of one goal that another row reaches too, does not lead.
    """
    span = np.where(np.ptp(values, axis=0) > 0.0, np.ptp(values, axis=0), 1.0)
    rounded = np.round(values / span, 6)
    _, first = np.unique(rounded, axis=0, return_index=True)
    first = np.sort(first)
    return first[nondominated(rounded[first])]
