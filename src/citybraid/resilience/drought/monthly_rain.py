"""Monthly rain from a daily or hourly record."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.vocabulary.climate import MONTHLY_RAIN, RECORD_START
from citybraid.core.vocabulary.water import DAILY_RAIN
from citybraid.kernels.climate.drought import YEAR, aggregate_by_month, first_days
from citybraid.resilience.drought.months import MONTH, MONTH_TOLERANCE
from citybraid.resilience.sponge.control_curve import daily_rain_depths

KNOWN = 0.75
"""Least share of a month's days that must be known for it to count [-]."""


class MonthlyRain(NamedTuple):
    """Rain of each month."""

    monthly_rain: MONTHLY_RAIN


@model(
    version=1,
    cite="Sum of days; a month with gaps is scaled by the days that are known",
    validity="A record that begins on the first day of a month; months with fewer than three quarters of their "
    "days have no value.",
)
def monthly_rain(*, daily_rain: DAILY_RAIN, record_start: RECORD_START) -> MonthlyRain:
    """Return the rain of each calendar month of a record of days or hours [mm].

    `record_start` is the month whose first day begins the record. A month's rain is the mean of its known
    days times its number of days; the last month counts only if enough of its days are known. Raises
    InputError where the start is not a whole month or the record's step does not divide a day.
    """
    first = record_start * YEAR
    if abs(first - round(first)) > MONTH_TOLERANCE:
        raise InputError("climate.start", got=record_start)
    rain = daily_rain_depths(daily_rain)
    start_date = first_days(np.array([round(first)]))[0]
    dates = start_date + np.arange(rain.size).astype("timedelta64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) - start_date.astype("datetime64[M]").astype(np.int64)
    values = aggregate_by_month(rain, month + round(first), round(first), least=KNOWN, total=True)
    return MonthlyRain(pd.Series(values, index=pd.Index(np.arange(values.size) * MONTH, name="hours")))
