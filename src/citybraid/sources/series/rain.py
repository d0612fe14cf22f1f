"""A storm from a table of times and rain: a series of intensities with a constant step."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.even_steps import EvenSteps, even_steps
from citybraid.sources.series.times import is_time_unit, row_stamps, row_times, time_unit, with_bracketed_time_unit
from citybraid.sources.text.cell_values import normalize_cell, normalize_column, parse_number
from citybraid.sources.text.columns import match_columns, unused_columns
from citybraid.sources.text.sheet_rows import keep_rows, row_numbers
from citybraid.sources.text.units import conversion_factor, dimension, is_known_unit

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
    r"^(.+?)[\s_]+(mm[\s_/]*(?:per[\s_]*)?(?:h(?:r|our)?|min)|mmph|mm)$",
    re.IGNORECASE,
)
"""A unit of rain at the end of a header without brackets: rain_mm, intensity mm/h."""
ELAPSED = re.compile(r"^(?:日|天|days?|小时|时|hours?|分钟?|minutes?|mins?|秒钟?|seconds?|secs?)$", re.IGNORECASE)
"""A header that is a unit of time and nothing else, of which several make up one time."""
MINUTES = 60.0
MILLIMETRES = 1000.0
TIME, RAIN = "storm_time", "rain_intensity"
"""Keys of the synonym table for the time and rain columns."""
HOUR = "h"
LONGEST = 31 * 24.0
"""Longest record that counts as one storm [h]."""
FAINT = 3.0
"""Rain of an event that is no storm anywhere, while sixty times as much, as of mm/min read as mm/h, is one [mm]."""
GREATEST, GREATEST_POWER = 422.0, 0.475
"""Greatest rain of the world in an hour [mm], and the power of its growth with hours."""
MARKS = frozenset(
    "999 999.0 999.9 999.99 9999 9999.0 9999.9 99999 99999.9 999990 999999 32700 32744 32766 32767".split()  # noqa: SIM905
)
"""What weather services write where nothing was measured."""
PARTS = ("year", "month", "day", "hour")
BOUNDED = re.compile(r"[<>≤≥＜＞≦≧%％]")
"""Signs that make a cell a bound or a share, not an amount of rain."""


def storm_reading(
    table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, event: str, name: str, time: str = ""
) -> Reading:
    """Return a storm's rain intensity [mm h-1], left-labelled in hours from its start.

    Times are as `times.row_times` reads them; rain is mm per step, mm/min or mm/h as the study or the header states.
    Raises InputError where a unit is not stated, times do not go forward, or rain is missing or negative.
    """
    table = with_time_column(table.rename(columns=lambda header: with_bracketed_unit(str(header))))
    match = match_columns(list(table.columns), [TIME, RAIN], time_columns(table, columns), layer=name)
    if RAIN not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["降雨量(mm)", "rain (mm/h)"], got=list(table.columns))
    rain_header = match.headers[RAIN]
    stated = unit or unit_of(rain_header)
    rain_unit, times_unit = rain_unit_of(stated)
    if not rain_unit:
        text = "intake.rain_unit_unknown" if stated else "intake.rain_unit"
        raise InputError(text, name=name, column=rain_header, got=stated, needs=sorted(set(UNITS.values())))
    table, notes = _within(table, match.headers.get(TIME), time, name=name, event=event)
    times = row_times(table, match.headers.get(TIME), name)
    if len(times.hours) > 1 and times.hours[-1] > LONGEST:
        raise InputError("intake.storm_long", name=name, hours=float(times.hours[-1]))
    rain = _rain(table, rain_header, name=name) * times_unit
    steps = even_steps(times, RAIN, name=name)
    rates = steps.spread(rain * per_hour(rain_unit, steps), quantity=RAIN)
    series = pd.Series(rates, index=pd.Index(np.arange(len(rates)) * steps.step, name="hour"), name=RAIN)
    var = vocabulary()[RAIN]
    if series.max() > var.le:
        row = times.number(int((rain * per_hour(rain_unit, steps)).argmax()))
        raise InputError("intake.rain_cell", name=name, row=row, got=f"{series.max():g} mm/h")
    details = {
        "name": name, "event": event, "depth": float(series.sum() * steps.step), "hours": len(series) * steps.step,
        "unit": rain_unit, "peak": float(series.max()), "start": times.told(0), "begins": times.begins,
    }  # fmt: skip
    beyond = rain_beyond(table[rain_header], rain * per_hour(rain_unit, steps), steps, layer=event, name=name)
    findings = (*no_rain(details["depth"], event, name=name), *_faint(details, event), *beyond)
    read = Finding("found", "intake.storm_read", event, len(series), details)
    return Reading(
        (SourceLayer(var, series, at={"event": event}),),
        (
            *match.findings,
            *notes,
            *steps.findings(event, name=name),
            *findings,
            *unused_columns(_idle(match.unused), layer=event, name=name),
            read,
        ),
    )


def rain_unit_of(text: str) -> tuple[str, float]:
    """Return the unit of rain that a text is a multiple of, and the multiple; '' where it is a unit of neither.

    Depths of a step count in mm (cm, inch, L/m2), intensities in mm/h (mm/d, L/(s·hm2)).
    """
    if text in UNITS:
        return UNITS[text], 1.0
    if (depth := conversion_factor(text, "m")) is not None:
        return "mm", depth * MILLIMETRES
    rate = conversion_factor(text, "mm h-1")
    return ("", 1.0) if rate is None else ("mm/h", rate)


def _idle(headers: Iterable[str]) -> list[str]:
    """Return the columns that no quantity was read from, without those that only make up the time."""
    return [each for each in headers if not match_columns([each], [TIME, *PARTS], {}, layer="").headers]


def per_hour(unit: str, steps: EvenSteps) -> float | np.ndarray:
    """Return the factors from the rain of rows to mm h-1: one for all rows where their steps are even."""
    if unit != "mm":
        return {"mm/h": 1.0, "mm/min": MINUTES}[unit]
    return 1.0 / steps.step if steps.is_even else 1.0 / steps.widths


def time_columns(table: pd.DataFrame, columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the study's columns, with that of the times where its header is known by its unit alone: hour (h).

    A header in another unit, as T (℃), does not stand for times, whatever its name.
    """
    headers = [str(header) for header in table.columns]
    likely = [each for each in headers if not is_known_unit(unit_of(each)) or dimension(unit_of(each)) == HOUR]
    named = match_columns(headers, [TIME], {}, layer="").headers.get(TIME)
    if TIME in columns or named in likely:
        return columns
    others = match_columns(likely, [TIME], {}, layer="").headers.get(TIME)
    by_unit = [each for each in likely if is_time_unit(each)] or [each for each in likely if time_unit(each)]
    if others is None and len(by_unit) != 1:
        return columns
    return {**columns, TIME: others or by_unit[0]}


def _rain(table: pd.DataFrame, header: str, *, name: str) -> np.ndarray:
    cells = normalize_column(table[header])
    rain = np.array([np.nan if BOUNDED.search(cell) else parse_number(cell) for cell in cells], dtype=np.float64)
    if np.isnan(rain).any() or (rain < 0).any():
        row = int(np.flatnonzero(np.isnan(rain) | (rain < 0))[0])
        raise InputError("intake.rain_cell", name=name, row=row_numbers(table)[row], got=cells.iloc[row] or "-")
    return rain


def no_rain(depth: object, layer: str, *, name: str) -> tuple[Finding, ...]:
    """Return the finding that a record holds no rain at all."""
    return (Finding("warning", "intake.rain_none", layer, values={"name": name}),) if depth == 0.0 else ()


def _faint(details: Mapping[str, object], layer: str) -> tuple[Finding, ...]:
    """Return the finding that an event read in mm/h brings so little rain that mm/min are meant more likely."""
    depth = float(str(details["depth"]))
    if details["unit"] != "mm/h" or not 0.0 < depth < FAINT:
        return ()
    return (Finding("warning", "intake.rain_faint", layer, values={**details, "minutes": depth * MINUTES}),)


def rain_beyond(cells: pd.Series, rates: np.ndarray, steps: EvenSteps, *, layer: str, name: str) -> tuple[Finding, ...]:
    """Tell rain of a step above the greatest ever measured; raises InputError where the cell is a mark for no value.

    The greatest rain of the world in T hours is about 422 T^0.475 mm (WMO-No. 168, from records of minutes to years;
    recalled): 422 mm in an hour. Marks are those of weather services: 999.9, 9999, 32766.
    """
    hours = np.full(len(rates), steps.step) if steps.is_even else np.asarray(steps.widths)
    beyond = np.flatnonzero(rates * hours > GREATEST * hours**GREATEST_POWER)
    for row in beyond:
        if (cell := normalize_cell(cells.iloc[row])) in MARKS:
            raise InputError("intake.rain_mark", name=name, row=steps.times.number(int(row)), got=cell)
    if not beyond.size:
        return ()
    top = beyond[int((rates * hours)[beyond].argmax())]
    details = {
        "name": name, "row": steps.times.number(int(top)), "depth": float((rates * hours)[top]),
        "hours": float(hours[top]), "greatest": float(GREATEST * hours[top] ** GREATEST_POWER),
    }  # fmt: skip
    return (Finding("warning", "intake.rain_greatest", layer, len(beyond), details),)


def _with_elapsed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with one column of hours where it counts them in several: 小时 and 分钟 beside each other."""
    parts = {str(each): time_unit(str(each)) for each in table.columns if ELAPSED.match(str(each).strip())}
    units = [unit for unit in parts.values() if unit is not None]
    if len(units) < 2 or len(set(units)) < len(parts):  # noqa: PLR2004  (several columns of one time)
        return table
    numbers = [[parse_number(cell) for cell in normalize_column(table[each])] for each in parts]
    hours = np.array(numbers, dtype=np.float64).T @ np.array(units)
    return table.drop(columns=list(parts)).assign(**{f"{TIME} ({HOUR})": [f"{each:.9g}" for each in hours]})


def with_time_column(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with one time column for columns of year, month, day and hour, or of hours and minutes."""
    match = match_columns(list(table.columns), [TIME, *PARTS], {}, layer="")
    if TIME in match.headers or not all(part in match.headers for part in PARTS):
        return _with_elapsed(table)
    year, month, day, hour = (normalize_column(table[match.headers[part]]).str.zfill(2) for part in PARTS)
    return table.assign(storm_time=year + "-" + month + "-" + day + " " + hour + ":00")


def _within(
    table: pd.DataFrame, header: str | None, period: str, *, name: str, event: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of the day or days that the study names."""
    if not period or header is None:
        return table, []
    stamps = row_stamps(normalize_column(table[header]), name=name, strict=False)
    first, _, last = (part.strip() for part in period.partition("/"))
    ends = pd.to_datetime(pd.Series([first, last or first]), errors="coerce")
    inside = (stamps >= ends.iloc[0]) & (stamps.dt.normalize() <= ends.iloc[1])
    if not inside.any():
        raise InputError("intake.storm_time", name=name, got=period, first=str(stamps.min()), last=str(stamps.max()))
    details = {"name": name, "first": str(stamps[inside].min()), "last": str(stamps[inside].max())}
    numbers = [number for number, chosen in zip(row_numbers(table), inside, strict=True) if chosen]
    return keep_rows(table[inside].reset_index(drop=True), numbers), [
        Finding("found", "intake.storm_chosen", event, int(inside.sum()), details)
    ]


def with_bracketed_unit(header: str) -> str:
    """Return a header with a trailing unit put in brackets and normalised."""
    match = TAIL.match(header.strip())
    if match is None or BRACKET.search(header):
        return with_bracketed_time_unit(header)
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
