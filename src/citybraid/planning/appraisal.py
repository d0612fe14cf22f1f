"""Costs and benefits of alternatives a year: measures against the damage that they avoid."""

from typing import NamedTuple

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators

MONEY_A_YEAR, TEN_THOUSAND = "10^4 {currency} year-1", 1e4
"""Unit of indicators in money a year, and its size [currency of the study per year]."""


class MeasureCost(NamedTuple):
    """What a measure costs: its quantity, building, present value with upkeep, and the same as equal yearly sums.

    `annual` is the cost of building spread over the lifetime at the discount rate, with a year's upkeep. Costs are in
    the currency of the study.
    """

    measure: str
    quantity: float
    build: float
    present: float
    annual: float
    assumed: bool


def equal_yearly(cost: float, *, years: float, rate: float) -> float:
    """Return the equal yearly sums, paid at the end of each year, that are worth a cost today."""
    return cost / years if rate == 0.0 else cost * rate / (1.0 - (1.0 + rate) ** -years)


def money_indicators() -> tuple[str, ...]:
    """Return the indicators that are losses in money a year: damage that a measure can avoid."""
    return tuple(
        row.id
        for row in indicators().values()
        if row.unit == MONEY_A_YEAR and row.direction == "lower" and row.extensive
    )


def avoided_a_year(before: pd.DataFrame, after: pd.DataFrame) -> float | None:
    """Return by how much the yearly losses of the whole area fall from one unit table to another [currency per year].

    A rise is negative. None where neither table has such an indicator.
    """
    names = [name for name in money_indicators() if name in before and name in after]
    if not names:
        return None
    return TEN_THOUSAND * sum(float(before[name][WHOLE_AREA]) - float(after[name][WHOLE_AREA]) for name in names)
