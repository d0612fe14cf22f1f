"""Times of data sets: counted in any of the calendars that climate models use, chosen by what the study writes."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding

SINCE = re.compile(
    r"^(seconds?|minutes?|hours?|days?|s|min|h|d) since (\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2})(?::(\d{1,2}))?)?"
)
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EVEN = (30,) * 12
DAY = 86400.0
HOUR = 3600.0
UNITS = frozenset({"second", "minute", "hour", "day", "s", "min", "h", "d", "sec", "hr"})
FEWEST_YEAR = 1


def labels(values: np.ndarray, units: str, calendar: str) -> list[str]:
    """Return times as '2020-07-01T12:00'; the numbers as they stand where their unit is not understood."""
    found = SINCE.match(units.strip())
    if found is None:
        return [str(value) for value in np.asarray(values).tolist()]
    seconds = np.asarray(values, dtype=np.float64) * SECONDS[found[1][0]]
    year, month, day, hour, minute = (int(each or 0) for each in found.groups()[1:])
    if calendar in ("360_day", "noleap", "365_day"):
        months = EVEN if calendar == "360_day" else MONTHS
        start = _day(months, year, month, day) * DAY + hour * 3600 + minute * 60
        return [_label(months, start + float(each)) for each in seconds]
    start_at = datetime(max(year, FEWEST_YEAR), month, day, hour, minute)  # noqa: DTZ001  (files state no zone)
    return [(start_at + timedelta(seconds=float(each))).isoformat(timespec="minutes") for each in seconds]


def hours_of(values: np.ndarray, units: str, *, name: str) -> list[float]:
    """Return times in hours from the first; numbers without a unit are hours.

    Raises InputError where the unit of the times is not understood.
    """
    counted = np.asarray(values, dtype=np.float64)
    said = units.strip().split(" since ")[0].casefold()
    seconds = SECONDS.get(said[:1]) if said.rstrip("s") in UNITS or said in UNITS else None
    if said and seconds is None:
        raise InputError("intake.field_clock", name=name, got=units[:60])
    return [float(each) for each in (counted - counted[0]) * (seconds or HOUR) / HOUR]


def _day(months: tuple[int, ...], year: int, month: int, day: int) -> int:
    return year * sum(months) + sum(months[: month - 1]) + day - 1


def _label(months: tuple[int, ...], seconds: float) -> str:
    days, rest = divmod(round(seconds), int(DAY))
    year, left = divmod(days, sum(months))
    month = 0
    while left >= months[month]:
        left -= months[month]
        month += 1
    return f"{year:04d}-{month + 1:02d}-{left + 1:02d}T{rest // 3600:02d}:{rest % 3600 // 60:02d}"


def select(
    axis: tuple[np.ndarray, Mapping[str, object]], said: str, *, name: str, variable: str, layer: str
) -> tuple[int, list[Finding]]:
    """Return the place of the time that the study names, of the only one where it names none.

    Raises InputError where there are several and none is named, or what is named fits none or several.
    """
    values, attrs = axis
    every = labels(np.asarray(values), str(attrs.get("units", "")), str(attrs.get("calendar", "standard")))
    told = {"name": name, "variable": variable, "count": len(every), "first": every[0], "last": every[-1]}
    if said:
        fitting = [place for place, label in enumerate(every) if label.startswith(said.strip().replace(" ", "T"))]
        if len(fitting) != 1:
            raise InputError("intake.grid_time", got=said, **told)
    elif len(every) > 1:
        raise InputError("intake.grid_times", **told)
    else:
        fitting = [0]
    found = Finding("found", "intake.grid_time_chosen", layer, values={"name": name, "chosen": every[fitting[0]]})
    return fitting[0], [found]
