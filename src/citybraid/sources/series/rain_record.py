"""Multi-year rain records from a table of days or hours: one series with a constant step, gaps as NaN."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.rain import BRACKET, PARTS, no_rain, rain_unit_of
from citybraid.sources.series.times import row_stamps
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.columns import ColumnMatches, match_columns, unused_columns
from citybraid.sources.text.number_columns import places_of
from citybraid.sources.text.sheet_rows import row_numbers

ROLE = "daily_rain"
TIME, RAIN = "storm_time", "rain_intensity"
"""Keys of the synonym table for the time and rain columns."""
TENTHS = frozenset({"0.1mm", "0.1毫米"})
DAY = 24.0
UNEVEN = 1e-6
DAYS_A_YEAR = 365.25
GREATEST = {True: 2000.0, False: 450.0}
"""Limits above the world records of rain in a day and in a shorter step: about 1 825 and 401 mm (recalled) [mm]."""
LONG = 30.0
"""Record length that the sponge city guide requires [year]."""


def rain_record_reading(table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, name: str) -> Reading:
    """Return a record's rain [mm] step by step, in hours from the midnight before its first row.

    Rows may be missing; cells without a number, below 0 or above the world records
    count as unknown. Raises InputError where a column or the unit is missing, a
    time cannot be parsed, or rows do not lie at whole steps of a day.
    """
    match = _matched([str(each) for each in table.columns], columns)
    if RAIN not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["降雨量(mm)", "rain (mm)"], got=list(table.columns))
    stamps = _stamps(table, match, name=name)
    step = _step(stamps, name=name)
    header = match.headers[RAIN]
    rain = _rain(table, header, unit=unit, step=step, name=name)
    cells, rows = normalize_column(table[header]), row_numbers(table)
    invalid = (rain < 0) | (rain > GREATEST[step == DAY])
    findings = list(match.findings)
    unread = (cells != "").to_numpy() & np.isnan(rain)
    if unread.any():
        details: dict[str, object] = {"var": ROLE, "header": header, "examples": sorted(set(cells[unread]))[:5]}
        details |= places_of(unread, rows, cells.index)
        findings.append(Finding("rejected", "intake.cell_no_number", ROLE, int(unread.sum()), details))
    if invalid.any():
        details = {"name": name, "examples": sorted({f"{each:g}" for each in rain[invalid]})[:5]}
        details |= places_of(invalid, rows, cells.index)
        findings.append(Finding("rejected", "intake.rain_record_odd", ROLE, int(invalid.sum()), details))
    series, repeats = _regular_series(np.where(invalid, np.nan, rain), stamps, step=step)
    if repeats:
        twice = (stamps.dt.floor("D") if step == DAY else stamps).duplicated().to_numpy()
        details = {"name": name, **places_of(twice, rows, cells.index)}
        findings.append(Finding("repaired", "intake.rain_record_twice", ROLE, repeats, details))
    known = int(series.notna().sum())
    if known == 0:
        raise InputError("intake.rain_record_empty", name=name)
    years = len(series) * step / DAY / DAYS_A_YEAR
    summary = {
        "name": name, "first": str(stamps.min().date()), "last": str(stamps.max().date()), "years": years,
        "step": step, "unknown": len(series) - known, "depth": float(series.sum() / (known * step / DAY) * DAYS_A_YEAR),
    }  # fmt: skip
    if known < len(series):
        findings.append(_unknown(series, stamps.min().normalize(), step=step, name=name))
    findings += unused_columns(match.unused, layer=ROLE, name=name)
    findings += no_rain(summary["depth"], ROLE, name=name)
    findings.append(Finding("found", "intake.rain_record_read", ROLE, len(series), summary))
    if years < LONG:
        findings.append(Finding("advice", "intake.rain_record_short", ROLE, values={"years": years, "needs": LONG}))
    layer = SourceLayer(vocabulary()[ROLE], series, stated=series.notna())
    return Reading((layer,), tuple(findings))


def _unknown(series: pd.Series, start: pd.Timestamp, *, step: float, name: str) -> Finding:
    """Return the finding on steps without a value, with the longest run of them."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], series.isna().to_numpy(), [False]]).astype(np.int8)))
    lengths = ends[1::2] - ends[::2]
    at = int(lengths.argmax())
    first, last = (start + pd.Timedelta(hours=float(each) * step) for each in ends[2 * at : 2 * at + 2])
    form = "%Y-%m-%d" if step == DAY else "%Y-%m-%d %H:%M"
    details = {
        "name": name, "step": step, "longest": int(lengths[at]), "first": first.strftime(form),
        "last": (last - pd.Timedelta(hours=step)).strftime(form),
    }  # fmt: skip
    return Finding("found", "intake.rain_record_unknown", ROLE, int(lengths.sum()), details)


def _matched(headers: list[str], columns: Mapping[str, str]) -> ColumnMatches:
    """Match the columns of rain and times; separate time parts only where year, month and day are all present."""
    in_parts = match_columns(headers, [TIME, RAIN, *PARTS], columns, layer=ROLE)
    if TIME not in in_parts.headers and all(part in in_parts.headers for part in PARTS[:3]):
        return in_parts
    return match_columns(headers, [TIME, RAIN], columns, layer=ROLE)


def _stamps(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> pd.Series:
    if TIME in match.headers:
        cells = normalize_column(table[match.headers[TIME]])
    elif all(part in match.headers for part in PARTS[:3]):
        year, month, day = (normalize_column(table[match.headers[part]]).str.zfill(2) for part in PARTS[:3])
        cells = year + "-" + month + "-" + day
        if PARTS[3] in match.headers:
            cells = cells + " " + normalize_column(table[match.headers[PARTS[3]]]).str.zfill(2) + ":00"
    else:
        raise InputError("intake.no_time", name=name, got=list(table.columns))
    return row_stamps(cells, name=name, dated=True, rows=row_numbers(table))


def _step(stamps: pd.Series, *, name: str) -> float:
    """Return the median step between rows [h]: it must divide a day, and all rows must lie on its multiples."""
    intervals = stamps.sort_values().diff().dt.total_seconds().to_numpy()[1:] / 3600.0
    intervals = np.sort(intervals[intervals > 0])
    step = float(intervals[(intervals.size - 1) // 2]) if intervals.size else 0.0
    hours = (stamps - stamps.min()).dt.total_seconds().to_numpy() / 3600.0
    divides_day = step > 0 and abs(round(DAY / step) * step - DAY) < UNEVEN
    if not divides_day or np.abs(hours / step - np.round(hours / step)).max() > UNEVEN:
        raise InputError("intake.rain_record_step", name=name, step=step)
    return step


def _rain(table: pd.DataFrame, header: str, *, unit: str, step: float, name: str) -> NDArray[np.float64]:
    bracket = BRACKET.search(header)
    unit_text = (unit or (bracket[1] if bracket else "")).replace(" ", "").casefold()
    rain_unit, multiple = ("mm", 0.1) if unit_text in TENTHS else rain_unit_of(unit_text)
    if not rain_unit:
        raise InputError("intake.rain_unit", name=name, column=header, needs=["mm", "0.1mm", "mm/h"])
    factor = multiple * {"mm": 1.0, "mm/h": step, "mm/min": 60.0 * step}[rain_unit]
    return np.array([parse_number(cell) for cell in normalize_column(table[header])], dtype=np.float64) * factor


def _regular_series(rain: NDArray[np.float64], stamps: pd.Series, *, step: float) -> tuple[pd.Series, int]:
    """Return the series from the first midnight to the end of the last day, and the number of repeated rows.

    Of several rows for one step the first counts.
    """
    start = stamps.min().normalize()
    hours = (stamps - start).dt.total_seconds().to_numpy() / 3600.0
    if step == DAY:
        hours = np.floor(hours / DAY) * DAY
    index = np.round(hours / step).astype(np.int64)
    steps_per_day = round(DAY / step)
    values = np.full(-(-(int(index.max()) + 1) // steps_per_day) * steps_per_day, np.nan)
    values[index[::-1]] = rain[::-1]
    series = pd.Series(values, index=pd.Index(np.arange(values.size) * step, name="hours"), name=ROLE)
    return series, index.size - np.unique(index).size
