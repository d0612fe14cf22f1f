"""Monthly climate records from a table of months or days: rain, temperature, evapotranspiration, first month."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.kernels.climate.drought import aggregate_by_month
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.rain import BRACKET, UNITS
from citybraid.sources.series.rain_record import TENTHS
from citybraid.sources.series.times import row_stamps
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.columns import ColumnMatches, match_columns, unused_columns
from citybraid.sources.text.sheet_rows import row_numbers

ROLE = "monthly_climate"
TIME, RAIN, AIR, DEMAND, START = (
    "storm_time", "monthly_rain", "monthly_temperature", "monthly_evapotranspiration", "record_start",
)  # fmt: skip
PARTS = ("year", "month", "day")
WANTED = (TIME, RAIN, AIR, DEMAND, *PARTS)
STEP = 730.5
"""One twelfth of a year of 365.25 days [h]."""
YEAR = 12
MOST_ROWS = 2
"""Median rows per month up to which the table counts as monthly [-]."""
KNOWN = 0.75
"""Least share of a month's days with a value for the month to count [-]."""
MONTH_ONLY = r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?$"
"""A month without a day: 1981-01, 1981/1, 198101, 1981年1月."""


QUANTITIES = (RAIN, AIR, DEMAND)
"""Quantities of a month, each of which may have a file of its own."""


class Months(NamedTuple):
    """The months of a table's rows, counted from January of year 0, and the columns that tell them."""

    month: NDArray[np.int64]
    headers: tuple[str, ...]

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last month: 1981-01."""
        first, last = ((int(each) // YEAR, int(each) % YEAR + 1) for each in (self.month.min(), self.month.max()))
        return f"{first[0]:04d}-{first[1]:02d}", f"{last[0]:04d}-{last[1]:02d}"


def months_of(table: pd.DataFrame, columns: Mapping[str, str], *, name: str) -> Months | None:
    """Return the months of rows that are calendar months, each once; None for hours, days and other times."""
    match = matched(table, columns)
    if TIME in match.headers:
        cells = normalize_column(table[match.headers[TIME]]).str.strip()
        numbers = np.array([parse_number(cell) for cell in cells], dtype=np.float64)
        if not cells.str.match(MONTH_ONLY).all() and np.isfinite(numbers).any():
            return None
    elif not all(part in match.headers for part in PARTS[:2]) or PARTS[2] in match.headers:
        return None
    try:
        month = month_numbers(_stamps(table, match, name=name))
    except InputError:
        return None
    headers = tuple(match.headers[part] for part in (TIME, *PARTS) if part in match.headers)
    return Months(month, headers) if np.unique(month).size == month.size > 1 else None


def month_record(table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, name: str) -> Reading:
    """Return monthly rain [mm], temperature [degC] and evapotranspiration [mm] where present, and the start.

    Daily rows are aggregated by calendar month, scaled up from the days with a value; a month
    with too few days or without a row has no value. Raises InputError where rain, its unit or
    a time is missing, or rows are closer than one day.
    """
    match = matched(table.set_axis([str(each) for each in table.columns], axis=1), columns)
    if RAIN not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["月降水量(mm)", "rain (mm)"], got=list(table.columns))
    stamps = _stamps(table, match, name=name)
    month = month_numbers(stamps)
    daily = bool(np.median(np.unique(month, return_counts=True)[1]) > MOST_ROWS)
    if daily and stamps.dt.normalize().duplicated().any():
        raise InputError("climate.closer_than_days", name=name)
    if not daily and pd.Series(month).duplicated().any():
        repeated = pd.Series(month)[pd.Series(month).duplicated()].iloc[0]
        raise InputError("climate.month_twice", name=name, year=int(repeated // YEAR), month=int(repeated % YEAR) + 1)
    layers = [SourceLayer(vocabulary()[START], float(month.min()) / YEAR)]
    findings = list(match.findings)
    for var in [each for each in QUANTITIES if each in match.headers]:
        values = _cells(table, match.headers[var], var, unit=unit, name=name)
        low, high = vocabulary()[var].ge, vocabulary()[var].le
        invalid = (values < low) | (values > high)
        if invalid.any():
            details = {"name": name, "examples": sorted({f"{each:g}" for each in values[invalid]})[:5]}
            findings.append(Finding("rejected", "climate.odd", ROLE, int(invalid.sum()), details))
        series = by_month(np.where(invalid, np.nan, values), month, daily=daily, total=var != AIR)
        layers.append(SourceLayer(vocabulary()[var], series, stated=series.notna()))
    known = int(layers[1].value.notna().sum())
    if known == 0:
        raise InputError("climate.empty", name=name)
    summary = {
        "name": name, "first": f"{stamps.min():%Y-%m}", "last": f"{stamps.max():%Y-%m}",
        "months": len(layers[1].value), "unknown": len(layers[1].value) - known,
    }  # fmt: skip
    findings += unused_columns(match.unused, layer=ROLE, name=name)
    findings.append(Finding("found", "climate.read_days" if daily else "climate.read_months", ROLE, known, summary))
    return Reading(tuple(layers), tuple(findings))


def month_numbers(stamps: pd.Series) -> NDArray[np.int64]:
    """Return months counted from January of year 0."""
    return np.asarray(stamps.dt.year * YEAR + stamps.dt.month - 1, np.int64)


def matched(table: pd.DataFrame, columns: Mapping[str, str]) -> ColumnMatches:
    """Match the columns of values and times; separate time parts only where year and month are both present.

    A column of months that tell their year (月份: 1981-01) is one of times.
    """
    headers = list(table.columns)
    in_parts = match_columns(headers, WANTED, columns, layer=ROLE)
    if TIME not in in_parts.headers and all(part in in_parts.headers for part in PARTS[:2]):
        return in_parts
    month = in_parts.headers.get(PARTS[1])
    if TIME not in in_parts.headers and month and normalize_column(table[month]).str.match(MONTH_ONLY).all():
        return match_columns(headers, [TIME, RAIN, AIR, DEMAND], {**columns, TIME: month}, layer=ROLE)
    return match_columns(headers, [TIME, RAIN, AIR, DEMAND], columns, layer=ROLE)


def _stamps(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> pd.Series:
    if TIME in match.headers:
        cells = normalize_column(table[match.headers[TIME]]).str.strip()
        cells = cells.str.replace(MONTH_ONLY, lambda hit: f"{hit[1]}-{int(hit[2]):02d}-01", regex=True)
    elif all(part in match.headers for part in PARTS[:2]):
        parts = [normalize_column(table[match.headers[part]]).str.zfill(2) for part in PARTS if part in match.headers]
        cells = parts[0] + "-" + parts[1] + "-" + (parts[2] if len(parts) == len(PARTS) else "01")
    else:
        raise InputError("intake.no_time", name=name, got=list(table.columns))
    return row_stamps(cells, name=name, dated=True, rows=row_numbers(table))


def _cells(table: pd.DataFrame, header: str, var: str, *, unit: str, name: str) -> np.ndarray:
    """Return a column's numbers in the quantity's unit; rain and evapotranspiration must be in mm or tenths of mm."""
    values = np.array([parse_number(cell) for cell in normalize_column(table[header])], dtype=np.float64)
    if var == AIR:
        return values
    bracket = BRACKET.search(header)
    unit_text = (unit or (bracket[1] if bracket else "")).replace(" ", "").casefold()
    factor = 0.1 if unit_text in TENTHS else 1.0 if UNITS.get(unit_text) == "mm" else None
    if factor is None:
        raise InputError("intake.rain_unit", name=name, column=header, needs=["mm", "0.1mm"])
    return values * factor


def by_month(values: np.ndarray, month: np.ndarray, *, daily: bool, total: bool) -> pd.Series:
    """Return values by month from the first to the last, NaN for months without a row."""
    first, count = int(month.min()), int(month.max() - month.min()) + 1
    monthly = np.full(count, np.nan)
    monthly[month - first] = values
    if daily:
        monthly = aggregate_by_month(values, month, first, least=KNOWN, total=total)
    return pd.Series(monthly, index=pd.Index(np.arange(count) * STEP, name="hours"))
