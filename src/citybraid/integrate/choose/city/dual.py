"""Prices of shared limits: the Lagrangian dual of a grouped choice by cutting planes."""

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.solver import SilentHighs
from citybraid.kernels.numerics.multiple_choice import best_levels

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
CLOSE = 1e-9
"""Distance of the bound from the cutting planes' lower bound at which prices are final, as a share of the bound [-]."""
FIRST_PRICE, HIGHEST_PRICE = 4.0, 1e9
"""Highest price allowed at first, and at all, in scaled units of value."""
MOST_CUTS, LEAST_WEIGHT = 600, 1e-9
INWARD = 0.5
"""Weight of the best prices so far in the next trial (Ben-Ameur and Neto 2007) [-]."""


@dataclass(frozen=True)
class Prices:
    """Prices of the limits [scaled], and the bound on the value of any choice that they prove [scaled].

    `blend` are choices of one level for every group, a row each, and `weight` their weights: together they keep the
    limits and are worth the bound, as the linear relaxation of the choice.
    """

    price: Floats
    bound: float
    blend: Indices
    weight: Floats


def limit_prices(scaled: GroupedChoice) -> Prices | None:
    """Return the prices that make the bound least; None where the bound proves that no choice keeps the limits.

    The bound L(p) = sum of the groups' best net values + p . limit is convex; each trial gives a plane below it
    (Kelley 1960), and the next trial lies between the planes' lowest point and the best prices so far. A bound below
    the least value that any choice can have proves that there is none.
    """
    count = scaled.limit.size
    here = np.where(scaled.value > -np.inf, scaled.value, np.inf)
    least = float(here.min(axis=1).sum())
    planes = _Planes(count)
    best, bound = np.zeros(count), np.inf
    trial, below = best, -np.inf
    choices: list[Indices] = []
    for _ in range(MOST_CUTS):
        priced = best_levels(scaled.value, scaled.use, trial)
        slope = scaled.limit - priced.used
        height = float(priced.net.sum() + trial @ scaled.limit)
        if height < least - 1e-9 * (1.0 + abs(least)):
            return None
        if height < bound:
            best, bound = trial, height
        planes.add(height, slope, trial)
        choices.append(priced.level)
        lowest, at = planes.lowest()
        if bound - lowest <= CLOSE * (1.0 + abs(bound)):
            if not planes.widen(best):
                break
            lowest, at = planes.lowest()
        inward = INWARD if lowest > below else 0.0
        trial, below = inward * best + (1.0 - inward) * at, lowest
    weight = planes.weights()
    used = weight > LEAST_WEIGHT
    return Prices(best, bound, np.array(choices)[used], weight[used] / weight[used].sum())


@dataclass
class _Planes:
    """Planes below the bound as a linear programme in the prices and the bound, solved again after every plane."""

    count: int
    highest: float = FIRST_PRICE
    solver: Any = field(init=False)

    def __post_init__(self) -> None:
        self.solver = SilentHighs()
        for option, value in (("threads", 1), ("random_seed", 0), ("presolve", "off")):
            self.solver.setOptionValue(option, value)
        for _ in range(self.count):
            self.solver.addVar(0.0, self.highest)
        self.solver.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        self.solver.changeColCost(self.count, 1.0)

    def add(self, height: float, slope: Floats, price: Floats) -> None:
        """Add the plane that touches the bound at these prices."""
        row = np.append(-slope, 1.0)
        columns = np.arange(self.count + 1, dtype=np.int32)
        self.solver.addRow(height - float(slope @ price), highspy.kHighsInf, self.count + 1, columns, row)

    def lowest(self) -> tuple[float, Floats]:
        """Return the planes' lowest height and its prices."""
        self.solver.run()
        x = np.asarray(self.solver.getSolution().col_value, dtype=np.float64)
        return float(x[-1]), np.clip(x[:-1], 0.0, self.highest)

    def weights(self) -> Floats:
        """Return the weight of every plane at the lowest point: they sum to 1, and their slopes to none or upwards."""
        return np.asarray(self.solver.getSolution().row_dual, dtype=np.float64).clip(min=0.0)

    def widen(self, best: Floats) -> bool:
        """Raise the highest price where a best price lies near it; tell whether that was done."""
        if not (best > 0.9 * self.highest).any() or self.highest >= HIGHEST_PRICE:
            return False
        self.highest *= 10.0
        for column in range(self.count):
            self.solver.changeColBounds(column, 0.0, self.highest)
        return True
