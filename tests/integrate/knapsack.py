"""Knapsacks as programmes: one measure, a planning unit for every item."""

from collections.abc import Sequence

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.learn.effects import EffectTable, Single


def knapsack(weights: Sequence[float], profits: Sequence[float]) -> Programme:
    """Return a programme whose whole choices within a budget are those of a knapsack of this capacity."""
    items = [f"item{number:02d}" for number in range(len(weights))]
    installed = pd.Series(weights, index=items, dtype=float)
    change = pd.DataFrame({"profit": [*map(float, profits), float(sum(profits))]}, index=[*items, WHOLE_AREA])
    price = Price(build=1.0, upkeep=0.0, lifetime=1.0, present=1.0, status="user", rows=())
    return Programme.of(EffectTable(change * 0.0, {"measure": Single(installed, change)}, {}), {"measure": price})
