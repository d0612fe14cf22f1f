"""A Pareto front as a study keeps it; which points no other beats, the knee of a front, and its hypervolume."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.integrate.choose.portfolio import Chosen
from citybraid.integrate.choose.programme import Goal

Floats = NDArray[np.float64]
SAME = 1e-6
"""Share of a goal's range by which points must differ."""


@dataclass(frozen=True)
class Front:
    """Portfolios of which none is better in one goal without being worse in another.

    `points` has a row per point and a column per goal: the change of the indicator,
    or the cost. `knee` is the row nearest to the ideal point after each goal is scaled
    to its range on the front (compromise programming with p = 2, Zeleny 1973). `gap`: each portfolio that is
    no worse in any goal than the worst end has a mix of these that is worse by no more in any goal [shares of the
    goals' ranges]; 0 where the front is exact.
    """

    goals: tuple[Goal, ...]
    points: pd.DataFrame
    portfolios: tuple[Chosen, ...]
    knee: int
    gap: float


def nondominated(values: Floats) -> NDArray[np.bool_]:
    """Return which rows no other row beats: at least as large in every column and larger in one."""
    at_least = np.all(values[None, :, :] >= values[:, None, :], axis=2)
    larger = np.any(values[None, :, :] > values[:, None, :], axis=2)
    return np.asarray(~np.any(at_least & larger, axis=1), dtype=np.bool_)


def distinct(values: Floats) -> NDArray[np.int64]:
    """Return the rows that are neither dominated nor equal to an earlier one, to a millionth of the range.

    A row that leads by rounding alone, as the best of one goal that another row reaches too, does not lead.
    """
    span = np.where(np.ptp(values, axis=0) > 0.0, np.ptp(values, axis=0), 1.0)
    rounded = np.round(values / span / SAME)
    _, first = np.unique(rounded, axis=0, return_index=True)
    first = np.sort(first)
    return first[nondominated(rounded[first])]


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
