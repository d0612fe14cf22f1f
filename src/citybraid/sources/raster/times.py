"""Times of data sets: decoded in the calendars that climate models use, and selected by the study's label."""

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
    """Return times as '2020-07-01T12:00'; the numbers as text where their unit is not recognised."""
    match = SINCE.match(units.strip())
    if match is None:
        return [str(value) for value in np.asarray(values).tolist()]
    seconds = np.asarray(values, dtype=np.float64) * SECONDS[match[1][0]]
    year, month, day, hour, minute = (int(each or 0) for each in match.groups()[1:])
    if calendar in ("360_day", "noleap", "365_day"):
        months = EVEN if calendar == "360_day" else MONTHS
        start = _day(months, year, month, day) * DAY + hour * 3600 + minute * 60
        return [_label(months, start + float(each)) for each in seconds]
    start_at = datetime(max(year, FEWEST_YEAR), month, day, hour, minute)  # noqa: DTZ001  (files state no zone)
    return [(start_at + timedelta(seconds=float(each))).isoformat(timespec="minutes") for each in seconds]


def hours_of(values: np.ndarray, units: str, *, name: str) -> list[float]:
    """Return times in hours from the first; numbers without a unit are hours.

    Raises InputError where the unit of the times is not recognised.
    """
    times = np.asarray(values, dtype=np.float64)
    unit = units.strip().split(" since ")[0].casefold()
    seconds = SECONDS.get(unit[:1]) if unit.rstrip("s") in UNITS or unit in UNITS else None
    if unit and seconds is None:
        raise InputError("intake.field_clock", name=name, got=units[:60])
    return [float(each) for each in (times - times[0]) * (seconds or HOUR) / HOUR]


def _day(months: tuple[int, ...], year: int, month: int, day: int) -> int:
    return year * sum(months) + sum(months[: month - 1]) + day - 1


def _label(months: tuple[int, ...], seconds: float) -> str:
    days, rest = divmod(round(seconds), int(DAY))
    year, day_of_year = divmod(days, sum(months))
    month = 0
    while day_of_year >= months[month]:
        day_of_year -= months[month]
        month += 1
    return f"{year:04d}-{month + 1:02d}-{day_of_year + 1:02d}T{rest // 3600:02d}:{rest % 3600 // 60:02d}"


def select_time(
    axis: tuple[np.ndarray, Mapping[str, object]], requested: str, *, name: str, variable: str, layer: str
) -> tuple[int, list[Finding]]:
    """Return the index of the time that the study names, else of the only one.

    Raises InputError where several times exist and none is named, or the name fits none or several.
    """
    values, attrs = axis
    time_labels = labels(np.asarray(values), str(attrs.get("units", "")), str(attrs.get("calendar", "standard")))
    details = {
        "name": name,
        "variable": variable,
        "count": len(time_labels),
        "first": time_labels[0],
        "last": time_labels[-1],
    }
    if requested:
        matches = [
            index for index, label in enumerate(time_labels) if label.startswith(requested.strip().replace(" ", "T"))
        ]
        if len(matches) != 1:
            raise InputError("intake.grid_time", got=requested, **details)
    elif len(time_labels) > 1:
        raise InputError("intake.grid_times", **details)
    else:
        matches = [0]
    finding = Finding(
        "found", "intake.grid_time_chosen", layer, values={"name": name, "chosen": time_labels[matches[0]]}
    )
    return matches[0], [finding]
