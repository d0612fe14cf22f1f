"""Costs and benefits of alternatives a year: measures against the damage that they avoid."""

from typing import NamedTuple

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.kernels.risk.cost_benefit import present_value
from citybraid.planning.rows import yearly_losses

ROUNDING = 1e-9
"""Share of a loss by which it may differ and still count as unchanged [-]."""


class MeasureCost(NamedTuple):
    """What a measure costs: its quantity, building, present value with upkeep, and the same as equal yearly sums.

    `annual` is the cost of building spread over the lifetime at the discount rate, with a year's `upkeep`. Costs are in
    the currency of the study.
    """

    measure: str
    quantity: float
    build: float
    present: float
    annual: float
    upkeep: float
    lifetime: float
    assumed: bool


def equal_yearly(cost: float, *, years: float, rate: float) -> float:
    """Return the equal yearly sums, paid at the end of each year, that are worth a cost today."""
    return cost / present_value(1.0, years=years, rate=rate)


def avoided_a_year(before: pd.DataFrame, after: pd.DataFrame) -> float | None:
    """Return by how much the yearly losses of the whole area fall from one unit table to another [currency per year].

    A rise is negative. None where neither table has such an indicator, and where none of them changes: then nothing
    that the measures do is valued, which is not the same as a benefit of 0.
    """
    losses = {name: unit for name, unit in yearly_losses().items() if name in before and name in after}
    ends = {name: (float(before[name][WHOLE_AREA]), float(after[name][WHOLE_AREA])) for name in losses}
    if all(abs(was - now) <= ROUNDING * abs(was) for was, now in ends.values()):
        return None
    return sum(losses[name] * (was - now) for name, (was, now) in ends.items())
