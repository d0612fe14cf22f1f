"""Losses of events averaged over all years, building by building."""

from collections.abc import Collection, Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params
from citybraid.core.var import Column
from citybraid.kernels.risk.exceedance import expected_annual


class AnnualParams(Params):
    """What is taken for granted between and beyond the events given."""

    onset: float = Field(1.0, ge=1.0, le=1000.0)
    """Return period up to which there is no loss [year]; not used where an event is as frequent."""
    tail: bool = True
    """Whether events rarer than the rarest given cost as much as it; if not, they cost nothing."""
    rule: Literal["linear", "logarithmic"] = "linear"
    """Loss between two return periods: linear in annual probability, or in the logarithm of the return period."""


def averaged(losses: Mapping[str, Column], return_periods: Mapping[str, float], p: AnnualParams) -> Column:
    """Return the loss of an average year for each row, from each event's loss and return period [year].

    An event without a return period of its own is in no average. Raises InputError where none has one or two share one.
    """
    events, periods = rising_periods(losses, return_periods)
    index = losses[events[0]].index
    table = np.stack([losses[event].reindex(index).to_numpy(np.float64) for event in events])
    annual = expected_annual(periods, table, onset=p.onset, tail=p.tail, rule=p.rule)
    return pd.Series(annual, index=index)


def rising_periods(
    events: Collection[str], return_periods: Mapping[str, float]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return events from the most frequent to the rarest, and their return periods [year].

    Those without a return period are left out. Raises InputError where none has one or two share one.
    """
    ordered = tuple(sorted(set(events) & set(return_periods), key=lambda event: return_periods[event]))
    if not ordered:
        raise InputError("risk.no_return_period", events=sorted(events))
    periods = np.array([float(return_periods[event]) for event in ordered])
    if (np.diff(periods) <= 0.0).any():
        raise InputError("risk.same_return_period", events=list(ordered), periods=periods.tolist())
    return ordered, periods
