"""Monthly potential evapotranspiration from temperature."""

from typing import NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.vocabulary.climate import MONTHLY_EVAPOTRANSPIRATION, MONTHLY_TEMPERATURE, RECORD_START
from citybraid.core.vocabulary.weather import LATITUDE
from citybraid.kernels.climate.drought import YEAR, thornthwaite
from citybraid.resilience.drought.months import as_series, record


class MonthlyEvapotranspiration(NamedTuple):
    """Potential evapotranspiration."""

    monthly_evapotranspiration: MONTHLY_EVAPOTRANSPIRATION


@model(
    version=1,
    cite="Thornthwaite (1948), Geogr. Rev. 38: 55-94; Willmott, Rowe and Mintz (1985), J. Climatol. 5: 589-606, eq. 8 "
    "(above 26.5 degC)",
    validity="Humid temperate climates, months and seasons; too low in dry and windy ones, too steep with warming. "
    "Give a series by Penman-Monteith as monthly_evapotranspiration instead where there is one.",
)
def monthly_evapotranspiration(
    *, monthly_temperature: MONTHLY_TEMPERATURE, record_start: RECORD_START, latitude: LATITUDE
) -> MonthlyEvapotranspiration:
    """Return potential evapotranspiration of each month [mm] by Thornthwaite.

    A power law of the month's mean temperature whose coefficients come from the record's own
    climate, times the month's days and daylight. Months at or below 0 °C have none.
    Raises InputError where a calendar month has no value, or the start is not the start of a month.
    """
    calendar = record(record_start, monthly_temperature)
    air = monthly_temperature.to_numpy(np.float64)
    known = np.bincount(calendar.month[np.isfinite(air)], minlength=YEAR)
    if (known == 0).any():
        raise InputError("climate.month_missing", months=[int(each) + 1 for each in np.flatnonzero(known == 0)])
    demand = thornthwaite(air, calendar.month, latitude=latitude)
    return MonthlyEvapotranspiration(as_series(demand, monthly_temperature))
