"""Drought by rain alone: the standardized precipitation index (SPI)."""

from typing import NamedTuple

import numpy as np

from citybraid.core.model import model
from citybraid.core.vocabulary.climate import (
    MONTHLY_RAIN,
    RAIN_DROUGHT_LONGEST,
    RAIN_DROUGHT_SHARE,
    RECORD_START,
    STANDARDIZED_PRECIPITATION,
)
from citybraid.kernels.climate.drought import gamma_index
from citybraid.resilience.drought.months import IndexParams, as_series, by_month, droughts, record


class StandardizedPrecipitation(NamedTuple):
    """SPI and the droughts in it."""

    standardized_precipitation: STANDARDIZED_PRECIPITATION
    rain_drought_share: RAIN_DROUGHT_SHARE
    rain_drought_longest: RAIN_DROUGHT_LONGEST


@model(
    version=1,
    cite="McKee, Doesken and Kleist (1993), 8th Conf. Applied Climatology: 179-184; Thom (1958), Mon. Weather Rev. 86: "
    "117-122 (gamma fit)",
    validity="Thirty years of months or more from one station; where most sums of a calendar month are 0 the index "
    "says little.",
)
def standardized_precipitation(
    *, monthly_rain: MONTHLY_RAIN, record_start: RECORD_START, p: IndexParams
) -> StandardizedPrecipitation:
    """Return the SPI: rain of the last `months` as a standard normal deviate.

    Each calendar month has its own gamma distribution with a separate probability of zero rain,
    fitted to the calibration period; a changed climate (`rain_factor`) is evaluated against the
    same fit. A drought is a run of negative months that reaches `onset`; results are the share of months
    in drought and the longest drought. No value where a month of the sum is missing.
    Raises InputError where the record is too short or its start is not a month.
    """
    calendar = record(record_start, monthly_rain)
    rain = monthly_rain.to_numpy(np.float64)
    index = by_month(rain, rain * p.rain_factor, calendar, p, gamma_index)
    return StandardizedPrecipitation(as_series(index, monthly_rain), *droughts(index, onset=p.onset))
