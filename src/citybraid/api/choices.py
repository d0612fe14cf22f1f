"""Choices within a capacity, and how good a front of goals is: what a plan's portfolios are chosen with, by itself."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citybraid.core.errors import InputError
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import city_portfolio
from citybraid.integrate.choose.fronts import front

LEAST_GOALS, MOST_GOALS = 2, 5
"""Numbers of goals whose volume is computed: the work grows with the power of the points."""


class Knapsack(NamedTuple):
    """A choice: its value and weight, the level chosen in each group, and what no other choice exceeds.

    `chosen` has a number for each item or group: the column of its level, -1 where it is left out.
    """

    value: float
    weight: float
    chosen: tuple[int, ...]
    bound: float


def knapsack(values: ArrayLike, weights: ArrayLike, capacity: float, *, required: bool = False) -> Knapsack:
    """Return the items of the highest value whose weights add up to a capacity at most, proved to be the best.

    One number for each item; or for multiple choice a row for each group and a column for each level, of which one is
    taken at most, with `required` exactly one. It is what a plan's measures are chosen with.

    Raises:
        PlanError: values and weights have no like shape, are no numbers, or no choice keeps the capacity.
    """
    value, weight = finite(values, "values"), finite(weights, "weights")
    limit = float(finite(capacity, "capacity"))
    if value.shape != weight.shape or value.ndim not in (1, 2) or not value.size:
        raise InputError("api.knapsack_shapes", values=value.shape, weights=weight.shape)
    groups = (value[:, None], weight[:, None]) if value.ndim == 1 else (value, weight)
    none = np.zeros((0, *groups[0].shape))
    best = city_portfolio(
        GroupedChoice.of(*groups, limit, gains=none, targets=np.zeros(0), optional=not required), prove=True
    )
    if best is None:
        raise InputError("api.knapsack_none", capacity=limit)
    taken = best.level < groups[0].shape[1]
    rows, level = np.flatnonzero(taken), best.level[taken]
    chosen = np.where(taken, best.level, -1)
    return Knapsack(best.value, float(groups[1][rows, level].sum()), tuple(int(each) for each in chosen), best.bound)


def hypervolume(points: ArrayLike, reference: ArrayLike) -> float:
    """Return the volume that points of a front dominate up to a reference; all goals are to be made small.

    A row for each point, a column for each goal, 2 to 5 of them; points beyond the reference count nothing. Of a goal
    that is to be made large, give the numbers with their sign turned (Zitzler and Thiele 1998).

    Raises:
        PlanError: points and reference have unlike or too many goals, or are no numbers.
    """
    front_points, corner = finite(points, "points"), finite(reference, "reference")
    goals = front_points.shape[1] if front_points.ndim == 2 else 0  # noqa: PLR2004  (a table)
    if corner.shape != (goals,) or not LEAST_GOALS <= goals <= MOST_GOALS:
        raise InputError("api.front_columns", got=goals, reference=corner.size, least=LEAST_GOALS, most=MOST_GOALS)
    return front.hypervolume(front_points, corner)


def finite(given: ArrayLike, where: str) -> NDArray[np.float64]:
    """Return an argument as an array; raises InputError where it is not of finite numbers."""
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise InputError("api.not_numbers", where=where, got=str(given)[:60]) from fault
    if not np.isfinite(array).all():
        raise InputError("api.not_numbers", where=where, got=str(given)[:60])
    return array
