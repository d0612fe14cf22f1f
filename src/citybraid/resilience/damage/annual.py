"""Expected annual losses of each row from the losses of events."""

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
    """Assumptions on losses between and beyond the given events."""

    onset: float = Field(1.0, ge=1.0, le=1000.0)
    """Return period up to which there is no loss [year]; not used where an event is as frequent."""
    tail: bool = True
    """Whether events rarer than the rarest given cost as much as it; if not, they cost nothing."""
    rule: Literal["linear", "logarithmic"] = "linear"
    """Loss between two return periods: linear in annual probability, or in the logarithm of the return period."""


def expected_annual_loss(losses: Mapping[str, Column], return_periods: Mapping[str, float], p: AnnualParams) -> Column:
    """Return the expected annual loss of each row, from the loss and return period [year] of each event.

    Events without a return period are left out. Raises InputError where no event has one or two share one.
    """
    events, periods = sorted_return_periods(losses, return_periods)
    index = losses[events[0]].index
    table = np.stack([losses[event].reindex(index).to_numpy(np.float64) for event in events])
    annual = expected_annual(periods, table, onset=p.onset, tail=p.tail, rule=p.rule)
    return pd.Series(annual, index=index)


def sorted_return_periods(
    events: Collection[str], return_periods: Mapping[str, float]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return events from the most frequent to the rarest, and their return periods [year].

    Events without a return period are left out. Raises InputError where no event has one or two share one.
    """
    ordered = tuple(sorted(set(events) & set(return_periods), key=lambda event: return_periods[event]))
    if not ordered:
        raise InputError("risk.no_return_period", events=sorted(events))
    periods = np.array([float(return_periods[event]) for event in ordered])
    if (np.diff(periods) <= 0.0).any():
        raise InputError("risk.same_return_period", events=list(ordered), periods=periods.tolist())
    return ordered, periods
