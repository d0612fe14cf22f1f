"""Hours of an energy year: rows placed on 8 760 hours by date, gaps interpolated, checked against the sun."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer

HOURS, LEAP_HOURS = 8760, 8784
MONTH_STARTS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
FEBRUARY, LEAP_DAY = 2, 29
LAST_HOUR = 24
MOST_MISSING = 0.05
MOST_RUNS = 6
"""Most runs of hours that a finding names."""
FARTHEST_ZONE = 3.0
"""Largest difference between time zone and solar time without advice [h]."""
SHIFTS = range(-3, 4)
CLEARER = 0.03
"""Gain in correlation between radiation and sun from which shifted hours are reported [-]."""
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


class HourlyRows(NamedTuple):
    """Rows chosen from a file, the hour of the year of each, and findings."""

    rows: I64
    hours: I64
    findings: tuple[Finding, ...]


def hourly_rows(month: I64, day: I64, hour: I64, *, name: str, right: bool) -> HourlyRows:
    """Return the rows of a file and their hours of a year without 29 February.

    `hour` is 1 to 24 where `right` (right-labelled), else 0 to 23. Of several rows for an
    hour the first is used. Raises InputError where a date is invalid.
    """
    invalid = (month < 1) | (month > 12) | (day < 1) | (day > 31) | (hour < 0) | (hour > LAST_HOUR)  # noqa: PLR2004  (a calendar)
    if invalid.any():
        row = int(invalid.argmax())
        raise InputError("intake.weather_date", name=name, row=row + 1, got=f"{month[row]}-{day[row]} {hour[row]}h")
    findings: list[Finding] = []
    leap = (month == FEBRUARY) & (day == LEAP_DAY)
    if leap.any():
        findings.append(Finding("repaired", "intake.leap_day", "weather", int(leap.sum()), {"name": name}))
    rows = np.flatnonzero(~leap)
    hours_of_year = (MONTH_STARTS[month[rows] - 1] + day[rows] - 1) * LAST_HOUR + hour[rows] - int(right)
    hours_of_year = hours_of_year % HOURS
    if (np.diff(hours_of_year) < 0).any():
        findings.append(Finding("found", "intake.weather_sorted", "weather", values={"name": name}))
    _, first = np.unique(hours_of_year, return_index=True)
    if repeats := len(hours_of_year) - len(first):
        again = np.ones(HOURS, dtype=np.int64)
        again[np.unique(hours_of_year)] = np.bincount(hours_of_year)[np.unique(hours_of_year)]
        details: dict[str, object] = {"name": name, "when": runs_told(again > 1)}
        findings.append(Finding("rejected", "intake.weather_twice", "weather", repeats, details))
    return HourlyRows(rows[first], hours_of_year[first], tuple(findings))


def hourly_series(values: F64, hours: I64, var: str, *, name: str, longest: int) -> tuple[SourceLayer, list[Finding]]:
    """Return values as a year of hours; gaps of at most `longest` hours are interpolated and reported.

    Values outside the Var's range count as missing. Raises InputError where more is missing.
    """
    quantity = vocabulary()[var]
    hourly = np.full(HOURS, np.nan)
    outside = (values < quantity.ge) | (values > quantity.le)
    beyond = int(outside.sum())
    hourly[hours] = np.where(outside, np.nan, values)
    year = pd.Series(hourly, index=pd.Index(range(HOURS), name="hour"), name=var)
    gaps = int(year.isna().sum())
    known = year.dropna()
    notes: list[Finding] = []
    if gaps:
        runs = year.isna().groupby(year.notna().cumsum()).sum()
        if gaps > MOST_MISSING * HOURS or int(runs.max()) > longest:
            told = {"beyond": beyond, "low": quantity.ge, "high": quantity.le, "unit": quantity.unit}
            raise InputError(
                "intake.weather_gaps", name=name, var=Phrase(f"var.{var}", {}), got=gaps, limit=longest, **told
            )
        year = year.interpolate(limit_direction="both")
        missing = np.isnan(hourly)
        details: dict[str, object] = {
            "name": name, "var": var, "longest": int(runs.max()), "when": runs_told(missing),
        }  # fmt: skip
        notes.append(Finding("repaired", "intake.weather_filled", "weather", gaps, details))
    if known.min() == known.max():
        details = {"name": name, "var": var, "value": float(known.iloc[0])}
        notes.append(Finding("warning", "intake.weather_constant", "weather", values=details))
    return SourceLayer(quantity, year, stated=1.0 - gaps / HOURS), notes


def runs_told(which: npt.NDArray[np.bool_]) -> list[str]:
    """Return the runs of chosen hours of a year as dates with their lengths, the longest first: 07-01 08:00 (3 h)."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(np.int8)))
    starts, lengths = ends[::2], ends[1::2] - ends[::2]
    order = np.argsort(-lengths, kind="stable")
    shown = [f"{_date_of(int(starts[each]))} ({int(lengths[each])} h)" for each in order[:MOST_RUNS]]
    return [*shown, *(["…"] if len(order) > MOST_RUNS else [])]


def _date_of(hour: int) -> str:
    """Return an hour of a year without 29 February as month, day and clock time."""
    day, clock = divmod(hour, LAST_HOUR)
    month = int(np.searchsorted(MONTH_STARTS, day, side="right"))
    return f"{month:02d}-{day - int(MONTH_STARTS[month - 1]) + 1:02d} {clock:02d}:00"


def sky_series(
    sky: Mapping[str, F64], hours: I64, *, name: str, longest: int
) -> tuple[list[SourceLayer], list[Finding]]:
    """Return the first quantity of the sky of which a file tells a year, and notes; none where it tells none.

    A column that is the same all year is no record of the sky.
    """
    for var, values in sky.items():
        try:
            layer, notes = hourly_series(values, hours, var, name=name, longest=longest)
        except InputError:
            continue
        if layer.value.min() < layer.value.max():
            return [layer], [*notes, Finding("found", f"intake.weather_{var}", "weather", values={"name": name})]
    return [], [Finding("found", "intake.weather_no_sky", "weather", values={"name": name})]


def weather_advice(place: Mapping[str, float], radiation: pd.Series, *, name: str) -> list[Finding]:
    """Return advice where the time zone or the labels of the hours do not fit the sun.

    `place` holds latitude, longitude [degree] and time_zone [h].
    """
    findings: list[Finding] = []
    offset = (place["time_zone"] - place["longitude"] / 15.0 + 12.0) % 24.0 - 12.0
    if abs(offset) > FARTHEST_ZONE:
        details = {"name": name, "zone": place["time_zone"], "longitude": place["longitude"], "off": offset}
        findings.append(Finding("advice", "intake.weather_zone", "weather", values=details))
    fits = {shift: _fit(place, radiation.to_numpy(np.float64), shift) for shift in SHIFTS}
    best = max(fits, key=lambda shift: fits[shift])
    if best and fits[best] > fits[0] + CLEARER:
        details = {"name": name, "hours": best}
        findings.append(Finding("advice", "intake.weather_shifted", "weather", values=details))
    return findings


def solar_elevation_sine(place: Mapping[str, float], shift: float = 0.0) -> F64:
    """Return the sine of the solar elevation at the middle of each hour of the year [-], 0 at night.

    Declination and equation of time after Spencer (1971), as in Duffie & Beckman (2013),
    eqs. 1.6.1b, 1.5.3 and 1.6.5. `shift` shifts the clock [h].
    """
    hour = np.arange(HOURS) + 0.5 + shift
    turn = 2 * np.pi * (hour / LAST_HOUR) / 365.0
    declination = (
        0.006918 - 0.399912 * np.cos(turn) + 0.070257 * np.sin(turn) - 0.006758 * np.cos(2 * turn)
        + 0.000907 * np.sin(2 * turn) - 0.002697 * np.cos(3 * turn) + 0.00148 * np.sin(3 * turn)
    )  # fmt: skip
    minutes = 229.2 * (
        0.000075 + 0.001868 * np.cos(turn) - 0.032077 * np.sin(turn) - 0.014615 * np.cos(2 * turn)
        - 0.04089 * np.sin(2 * turn)
    )  # fmt: skip
    solar = hour - place["time_zone"] + place["longitude"] / 15.0 + minutes / 60.0
    angle = np.radians(15.0 * (solar - 12.0))
    latitude = np.radians(place["latitude"])
    height = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(angle)
    return np.asarray(np.maximum(height, 0.0), dtype=np.float64)


def _fit(place: Mapping[str, float], radiation: F64, shift: int) -> float:
    """Return the correlation of radiation with the time-shifted sine of the solar elevation over the year [-]."""
    if not radiation.std() > 0:
        return 0.0
    return float(np.corrcoef(solar_elevation_sine(place, float(shift)), radiation)[0, 1])


def whole_numbers(cells: Sequence[str]) -> I64:
    """Return texts as whole numbers, -1 for an invalid one."""
    numbers = pd.to_numeric(pd.Series(list(cells), dtype=object), errors="coerce")
    return np.asarray(numbers.where(numbers.between(-1, 10_000), -1).fillna(-1).to_numpy(np.float64), dtype=np.int64)
