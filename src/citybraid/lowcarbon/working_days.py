"""Working days, rest days, school holidays and seasons of a year, from the rows of a calendar."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.lowcarbon.rows import rows_with_prefix, zones

Hours = NDArray[np.bool_]

LEAP_DAY = (2, 29)
"""Month and day."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"heating": -50.0, "cooling": 50.0}
"""Set point that no plant ever meets, outside the season [degC]."""


@cache
def clock(year: int) -> pd.DatetimeIndex:
    """Return the 8 760 hours of a year; 29 February is left out."""
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    return hours[(hours.month != LEAP_DAY[0]) | (hours.day != LEAP_DAY[1])]


def rest_hours(year: int, days: Factors) -> Hours:
    """Return whether each hour of a year is of a day of rest.

    Days of rest are the weekdays of rows `weekend/saturday` ... and the days that rows `holiday/2023-01-21` count
    from their date on, less those of rows `workday/...`. Raises InputError where a region has holidays of other
    years only, and for a row that names no date.
    """
    dated = {kind: rows_with_prefix(days, f"{kind}/") for kind in ("holiday", "workday")}
    years = {key[:4] for rows in dated.values() for key in rows}
    if years and str(year) not in years:
        raise InputError("energy.calendar", year=year, known=", ".join(sorted(years)))
    rest = {name for name in rows_with_prefix(days, "weekend/") if days[f"weekend/{name}"] > 0}
    hours = clock(year)
    resting = np.isin(hours.day_of_week.to_numpy(), [WEEKDAYS.index(name) for name in sorted(rest)])
    for kind, off in (("holiday", True), ("workday", False)):
        for first, count in dated[kind].items():
            resting[_days_from(hours, _date(first, key=f"{kind}/{first}"), count)] = off
    return np.asarray(resting, dtype=np.bool_)


def closed_hours(name: str, year: int, days: Factors) -> Hours:
    """Return whether a programme is closed in each hour of a year, by rows `closed/school/07-01`."""
    return _periods(rows_with_prefix(days, f"closed/{name}/"), year, default=False)


def season_hours(name: str, kind: str, *, year: int, zone: str, seasons: Factors) -> Hours:
    """Return whether a programme is heated or cooled in each hour of a year.

    By rows `3/office/heating/12-01` of the climate zone or those it is part of; without one, all year.
    """
    for place in zones(zone):
        if rows := rows_with_prefix(seasons, f"{place}/{name}/{kind}/"):
            return _periods(rows, year, default=False)
    return np.ones(clock(year).size, dtype=np.bool_)


def _periods(rows: Factors, year: int, *, default: bool) -> Hours:
    hours = clock(year)
    periods = np.full(hours.size, default)
    for first, count in rows.items():
        for start in (year - 1, year):
            periods[_days_from(hours, _date(f"{start}-{first}", key=first), count)] = not default
    return periods


def _date(text: str, *, key: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise InputError("energy.date", key=key) from fault


def _days_from(hours: pd.DatetimeIndex, first: date, count: float) -> slice:
    """Return the hours of a number of days from a date on that lie in the year."""
    start, end = pd.Timestamp(first), pd.Timestamp(first + timedelta(days=round(count)))
    return slice(int(hours.searchsorted(start)), int(hours.searchsorted(end)))
