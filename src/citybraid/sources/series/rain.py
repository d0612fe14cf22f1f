"""A storm from a table of times and rain: a series of intensities with a constant step."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.text.cell_values import normalize_cell, normalize_column, parse_number
from citybraid.sources.text.columns import match_columns

UNITS = {
    "mm/h": "mm/h",
    "mm/hr": "mm/h",
    "mm/hour": "mm/h",
    "mmh-1": "mm/h",
    "mm h-1": "mm/h",
    "mm h^-1": "mm/h",
    "mm h⁻¹": "mm/h",
    "mm/min": "mm/min",
    "mm": "mm",
    "毫米": "mm",
    "毫米/小时": "mm/h",
    "毫米/分钟": "mm/min",
}
BRACKET = re.compile(r"[（(\[]\s*([^)）\]]+?)\s*[)）\]]")
TAIL = re.compile(
    r"^(.+?)[\s_]+(mm[\s_/]*(?:per[\s_]*)?(?:h(?:r|our)?|min)|mmph|mm|min|minutes?|h|hr|hours?|s|sec|seconds?)$",
    re.IGNORECASE,
)
"""A unit at the end of a header without brackets: rain_mm, time_min, intensity mm/h."""
CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
MINUTES = 60.0
HOURS = ("h", "hr", "hour", "hours", "小时", "时")
UNEVEN = 1e-6
LONGEST = 31 * 24.0
"""Longest record that counts as one storm [h]."""
PARTS = ("year", "month", "day", "hour")


def storm_reading(
    table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, event: str, name: str, time: str = ""
) -> Reading:
    """Return a storm's rain intensity [mm h-1], left-labelled in hours from its start.

    Times are minutes, hours (header in 小时 or h), clock times or dates; rain is mm per
    step, mm/min or mm/h as the study or the header states. Raises InputError where the
    unit is not stated, steps are uneven, or rain is missing or negative.
    """
    table = table.rename(columns=with_bracketed_unit)
    table = with_time_column(table)
    match = match_columns(list(table.columns), ["storm_time", "rain_intensity"], columns, layer=name)
    if "rain_intensity" not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["降雨量(mm)", "rain (mm/h)"], got=list(table.columns))
    rain_header = match.headers["rain_intensity"]
    rain_unit = UNITS.get(unit or unit_of(rain_header))
    if rain_unit is None:
        raise InputError("intake.rain_unit", name=name, column=rain_header, needs=sorted(set(UNITS.values())))
    table, notes = _within(table, match.headers.get("storm_time"), time, name=name, event=event)
    hours = hours_of(table, match.headers.get("storm_time"), name)
    if len(hours) > 1 and hours[-1] > LONGEST:
        raise InputError("intake.storm_long", name=name, hours=float(hours[-1]))
    rain = pd.Series([parse_number(cell) for cell in normalize_column(table[rain_header])], dtype=float).to_numpy()
    if np.isnan(rain).any() or (rain < 0).any():
        row = int(np.flatnonzero(np.isnan(rain) | (rain < 0))[0])
        raise InputError(
            "intake.rain_cell", name=name, row=row + 1, got=normalize_cell(table[rain_header].iloc[row]) or "-"
        )
    step = step_of(hours, name)
    factor = {"mm/h": 1.0, "mm/min": MINUTES, "mm": 1.0 / step}[rain_unit]
    series = pd.Series(rain * factor, index=pd.Index(np.arange(len(rain)) * step, name="hour"), name="rain_intensity")
    var = vocabulary()["rain_intensity"]
    if series.max() > var.le:
        raise InputError(
            "intake.rain_cell", name=name, row=int(series.to_numpy().argmax()) + 1, got=f"{series.max():g} mm/h"
        )
    details = {
        "name": name,
        "event": event,
        "depth": float(series.sum() * step),
        "hours": len(series) * step,
        "unit": rain_unit,
        "peak": float(series.max()),
    }
    return Reading(
        (SourceLayer(var, series, at={"event": event}),),
        (
            *match.findings,
            *notes,
            *no_rain(details["depth"], event, name=name),
            Finding("found", "intake.storm_read", event, len(series), details),
        ),
    )


def no_rain(depth: object, layer: str, *, name: str) -> tuple[Finding, ...]:
    """Return the finding that a record holds no rain at all."""
    return (Finding("warning", "intake.rain_none", layer, values={"name": name}),) if depth == 0.0 else ()


def with_time_column(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with one time column where it has columns of year, month, day and hour."""
    match = match_columns(list(table.columns), ["storm_time", *PARTS], {}, layer="")
    if "storm_time" in match.headers or not all(part in match.headers for part in PARTS):
        return table
    year, month, day, hour = (normalize_column(table[match.headers[part]]).str.zfill(2) for part in PARTS)
    return table.assign(storm_time=year + "-" + month + "-" + day + " " + hour + ":00")


def _within(
    table: pd.DataFrame, header: str | None, period: str, *, name: str, event: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of the day or days that the study names."""
    if not period or header is None:
        return table, []
    stamps = pd.to_datetime(normalize_column(table[header]), errors="coerce", format="mixed")
    first, _, last = (part.strip() for part in period.partition("/"))
    ends = pd.to_datetime(pd.Series([first, last or first]), errors="coerce")
    inside = (stamps >= ends.iloc[0]) & (stamps.dt.normalize() <= ends.iloc[1])
    if not inside.any():
        raise InputError("intake.storm_time", name=name, got=period, first=str(stamps.min()), last=str(stamps.max()))
    details = {"name": name, "first": str(stamps[inside].min()), "last": str(stamps[inside].max())}
    return table[inside].reset_index(drop=True), [
        Finding("found", "intake.storm_chosen", event, int(inside.sum()), details)
    ]


def with_bracketed_unit(header: str) -> str:
    """Return a header with a trailing unit put in brackets and normalised."""
    match = TAIL.match(header.strip())
    if match is None or BRACKET.search(header):
        return header
    unit = re.sub(r"[\s_/]|per", "", match[2].casefold())
    for variant, spelling in (
        ("mmph", "mm/h"),
        ("mmhour", "mm/h"),
        ("mmhr", "mm/h"),
        ("mmh", "mm/h"),
        ("mmmin", "mm/min"),
    ):
        unit = spelling if unit == variant else unit
    return f"{match[1]} ({unit})"


def unit_of(header: str) -> str:
    """Return the unit in a header's brackets, '' where there is none."""
    match = BRACKET.search(header)
    return match[1].strip().casefold() if match else ""


def hours_of(table: pd.DataFrame, header: str | None, name: str) -> np.ndarray:
    """Return the times of rows in hours from the first; raises InputError where one cannot be read."""
    if header is None:
        raise InputError("intake.no_time", name=name, got=list(table.columns))
    cells = list(normalize_column(table[header]))
    if all(CLOCK.match(cell) for cell in cells):
        return _from_clock(cells)
    hours = np.array([parse_number(cell) for cell in cells]) / _per_hour(header)
    if not np.isnan(hours).any():
        return np.asarray(hours - hours[0])
    stamps = pd.to_datetime(pd.Series(cells), errors="coerce", format="mixed")
    if stamps.isna().any():
        raise InputError(
            "intake.time_cell",
            name=name,
            row=int(stamps.isna().to_numpy().argmax()) + 1,
            got=cells[int(stamps.isna().to_numpy().argmax())],
        )
    return np.asarray((stamps - stamps.iloc[0]).dt.total_seconds() / 3600.0)


def _per_hour(header: str) -> float:
    """Return the number of the header's time units in an hour; minutes where it states none."""
    unit = unit_of(header)
    if unit in HOURS or "小时" in header or header.strip().casefold() in HOURS:
        return 1.0
    return 3600.0 if unit in ("s", "sec", "second", "seconds", "秒") else MINUTES


def _from_clock(cells: Sequence[str]) -> np.ndarray:
    """Return clock times in hours from the first, continued past midnight."""
    parts = [CLOCK.match(cell) for cell in cells]
    hours = np.array([int(p[1]) + int(p[2]) / 60 + int(p[3] or 0) / 3600 for p in parts if p is not None])
    hours = hours + 24.0 * np.concatenate([[0], np.cumsum(np.diff(hours) < 0)])
    return np.asarray(hours - hours[0])


def step_of(hours: np.ndarray, name: str) -> float:
    """Return the constant step between rows [h]; raises InputError where there is none."""
    steps = np.diff(hours)
    if len(steps) == 0 or steps[0] <= 0:
        raise InputError("intake.time_order", name=name)
    uneven = np.flatnonzero(np.abs(steps - steps[0]) > UNEVEN + 1e-4 * steps[0])
    if len(uneven):
        raise InputError(
            "intake.time_uneven",
            name=name,
            row=int(uneven[0]) + 2,
            step=float(steps[0] * MINUTES),
            got=float(steps[uneven[0]] * MINUTES),
        )
    return float(np.median(steps))
