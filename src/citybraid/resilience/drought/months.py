"""Monthly records: calendar, calibration period, drought indices and droughts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params
from citybraid.core.var import Series
from citybraid.kernels.climate.drought import YEAR, in_drought, longest_run, moving_sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTH = 730.5
"""Time step of a monthly record: a twelfth of a year of 365.25 days [h]."""
MONTH_TOLERANCE = 0.05
"""Tolerance of a start on a whole month [month]."""
STEP_TOLERANCE = 0.1
"""Relative tolerance of a monthly step [-]: February is 8 % shorter."""


class IndexParams(Params):
    """Time scale of the index and calibration period."""

    months: int = Field(3, ge=1, le=24)
    """Months whose sum is judged: 1 to 3 for soils and gardens, 12 to 24 for rivers and reservoirs [month]."""
    calibration_first: int | None = Field(None, ge=1700, le=2300)
    """First year that the distribution is fitted to; the record's first where not given [year]."""
    calibration_last: int | None = Field(None, ge=1700, le=2300)
    """Last year that the distribution is fitted to; the record's last where not given [year]."""
    least_years: int = Field(30, ge=10, le=200)
    """Years of calibration below which no index is given [year]."""
    onset: float = Field(-1.0, ge=-3.0, lt=0.0)
    """Index that a run of negative months must reach to count as a drought [-]."""
    rain_factor: float = Field(1.0, ge=0.1, le=5.0)
    """Factor on every month's rain for a changed climate, judged against the unchanged years [-]."""


class Record(NamedTuple):
    """The calendar of a record: `month` 0 to 11 and `year` of each value."""

    month: Ints
    year: Ints


def record(start: float, *series: Series) -> Record:
    """Return the calendar of monthly series with a common start.

    Raises InputError where the start is not a whole month, a series is not monthly,
    or two series differ in length.
    """
    first = start * YEAR
    if abs(first - round(first)) > MONTH_TOLERANCE:
        raise InputError("climate.start", got=start)
    for each in series:
        hours = each.index.to_numpy(np.float64)
        if hours.size > 1 and np.abs(np.diff(hours) / MONTH - 1.0).max() > STEP_TOLERANCE:
            raise InputError("climate.step", name=str(each.name), step=float(np.diff(hours).mean()), needs=MONTH)
        if len(each) != len(series[0]):
            names, counts = [str(item.name) for item in series], [len(item) for item in series]
            raise InputError("climate.lengths", names=names, counts=counts)
    months = round(first) + np.arange(len(series[0]), dtype=np.int64)
    return Record(months % YEAR, months // YEAR)


def by_month(values: Floats, changed: Floats, calendar: Record, p: IndexParams, fit: Callable[..., Floats]) -> Floats:
    """Return a drought index of the moving sums of `changed`, fitted per calendar month to those of `values`.

    Raises InputError where the record has too few years of the calibration period.
    """
    first = calendar.year.min() if p.calibration_first is None else p.calibration_first
    last = calendar.year.max() if p.calibration_last is None else p.calibration_last
    fitted, judged = moving_sums(values, p.months), moving_sums(changed, p.months)
    used = (calendar.year >= first) & (calendar.year <= last) & np.isfinite(fitted)
    counts = np.bincount(calendar.month[used], minlength=YEAR)
    if counts.max(initial=0) < p.least_years:
        raise InputError(
            "climate.short", years=int(counts.max(initial=0)), needs=p.least_years, first=int(first), last=int(last)
        )
    index = np.full(values.size, np.nan)
    for month in range(YEAR):
        selected = calendar.month == month
        index[selected] = fit(judged[selected], fitted[selected & used])
    return index


def droughts(index: Floats, *, onset: float) -> tuple[float, float]:
    """Return the share of known months in drought, and the length of the longest drought [month]."""
    dry = in_drought(index, onset=onset)
    known = int(np.isfinite(index).sum())
    return (float(dry.sum()) / known if known else 0.0), float(longest_run(dry))


def as_series(values: Floats, like: Series) -> Series:
    """Return values as a series with the index of another."""
    return pd.Series(values, index=like.index)
