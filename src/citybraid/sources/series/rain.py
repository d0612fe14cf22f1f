"""A storm from a table of times and rain: a series of intensities with a constant step."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.text.cell_values import number, plain, texts
from citybraid.sources.text.columns import matched

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
"""Longest record that is read as one storm [h]."""
PARTS = ("year", "month", "day", "hour")


def storm(
    table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, event: str, name: str, time: str = ""
) -> Reading:
    """Return a storm's rain intensity [mm h-1], left-labelled in hours from its start.

    Times are minutes, hours (header in 小时 or h), clock times or dates; rain is mm per
    step, mm/min or mm/h as the header or the study says. Raises InputError where the
    unit is not said, steps are uneven, or rain is missing or negative.
    """
    table = table.rename(columns=bracketed)
    table = with_times(table)
    match = matched(list(table.columns), ["storm_time", "rain_intensity"], columns, layer=name)
    if "rain_intensity" not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["降雨量(mm)", "rain (mm/h)"], got=list(table.columns))
    rain_header = match.headers["rain_intensity"]
    said = UNITS.get(unit or unit_of(rain_header))
    if said is None:
        raise InputError("intake.rain_unit", name=name, column=rain_header, needs=sorted(set(UNITS.values())))
    table, notes = _within(table, match.headers.get("storm_time"), time, name=name, event=event)
    hours = hours_of(table, match.headers.get("storm_time"), name)
    if len(hours) > 1 and hours[-1] > LONGEST:
        raise InputError("intake.storm_long", name=name, hours=float(hours[-1]))
    rain = pd.Series([number(cell) for cell in texts(table[rain_header])], dtype=float).to_numpy()
    if np.isnan(rain).any() or (rain < 0).any():
        row = int(np.flatnonzero(np.isnan(rain) | (rain < 0))[0])
        raise InputError("intake.rain_cell", name=name, row=row + 1, got=plain(table[rain_header].iloc[row]) or "-")
    step = step_of(hours, name)
    factor = {"mm/h": 1.0, "mm/min": MINUTES, "mm": 1.0 / step}[said]
    series = pd.Series(rain * factor, index=pd.Index(np.arange(len(rain)) * step, name="hour"), name="rain_intensity")
    var = vocabulary()["rain_intensity"]
    if series.max() > var.le:
        raise InputError(
            "intake.rain_cell", name=name, row=int(series.to_numpy().argmax()) + 1, got=f"{series.max():g} mm/h"
        )
    told = {
        "name": name,
        "event": event,
        "depth": float(series.sum() * step),
        "hours": len(series) * step,
        "unit": said,
        "peak": float(series.max()),
    }
    return Reading(
        (Found(var, series, at={"event": event}),),
        (*match.findings, *notes, Finding("found", "intake.storm_read", event, len(series), told)),
    )


def with_times(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with one column of times where its times stand in columns of year, month, day and hour."""
    match = matched(list(table.columns), ["storm_time", *PARTS], {}, layer="")
    if "storm_time" in match.headers or not all(part in match.headers for part in PARTS):
        return table
    year, month, day, hour = (texts(table[match.headers[part]]).str.zfill(2) for part in PARTS)
    return table.assign(storm_time=year + "-" + month + "-" + day + " " + hour + ":00")


def _within(
    table: pd.DataFrame, header: str | None, said: str, *, name: str, event: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows of the day or days that the study names."""
    if not said or header is None:
        return table, []
    stamps = pd.to_datetime(texts(table[header]), errors="coerce", format="mixed")
    first, _, last = (part.strip() for part in said.partition("/"))
    ends = pd.to_datetime(pd.Series([first, last or first]), errors="coerce")
    inside = (stamps >= ends.iloc[0]) & (stamps.dt.normalize() <= ends.iloc[1])
    if not inside.any():
        raise InputError("intake.storm_time", name=name, got=said, first=str(stamps.min()), last=str(stamps.max()))
    told = {"name": name, "first": str(stamps[inside].min()), "last": str(stamps[inside].max())}
    return table[inside].reset_index(drop=True), [
        Finding("found", "intake.storm_chosen", event, int(inside.sum()), told)
    ]


def bracketed(header: str) -> str:
    """Return a header with the unit at its end in brackets, as one spelling."""
    found = TAIL.match(header.strip())
    if found is None or BRACKET.search(header):
        return header
    unit = re.sub(r"[\s_/]|per", "", found[2].casefold())
    for end, spelling in (("mmph", "mm/h"), ("mmhour", "mm/h"), ("mmhr", "mm/h"), ("mmh", "mm/h"), ("mmmin", "mm/min")):
        unit = spelling if unit == end else unit
    return f"{found[1]} ({unit})"


def unit_of(header: str) -> str:
    """Return the unit in a header's brackets, '' where there is none."""
    found = BRACKET.search(header)
    return found[1].strip().casefold() if found else ""


def hours_of(table: pd.DataFrame, header: str | None, name: str) -> np.ndarray:
    """Return the times of rows in hours from the first; raises InputError where one cannot be read."""
    if header is None:
        raise InputError("intake.no_time", name=name, got=list(table.columns))
    cells = list(texts(table[header]))
    if all(CLOCK.match(cell) for cell in cells):
        return _from_clock(cells)
    hours = np.array([number(cell) for cell in cells]) / _per_hour(header)
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
    """How many of the header's unit make an hour; minutes where it names none."""
    unit = unit_of(header)
    if unit in HOURS or "小时" in header or header.strip().casefold() in HOURS:
        return 1.0
    return 3600.0 if unit in ("s", "sec", "second", "seconds", "秒") else MINUTES


def _from_clock(cells: Sequence[str]) -> np.ndarray:
    """Clock times; past midnight they go on."""
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
