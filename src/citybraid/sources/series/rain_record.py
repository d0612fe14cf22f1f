"""Years of rain from a table of days or hours: one series with a constant step, unknown steps left open and told."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.series.rain import BRACKET, PARTS, UNITS
from citybraid.sources.text.cell_values import number, texts
from citybraid.sources.text.columns import Matched, matched

ROLE = "daily_rain"
TIME, RAIN = "storm_time", "rain_intensity"
"""Words under which the columns of times and of rain are known."""
TENTHS = frozenset({"0.1mm", "0.1毫米"})
DAY = 24.0
UNEVEN = 1e-6
DAYS_A_YEAR = 365.25
GREATEST = {True: 2000.0, False: 450.0}
"""Above the greatest rain measured anywhere, in a day and in a shorter step: about 1 825 and 401 mm (recalled) [mm]."""
LONG = 30.0
"""Length of record that the sponge guide asks for [year]."""


def record(table: pd.DataFrame, *, columns: Mapping[str, str], unit: str, name: str) -> Reading:
    """Return a record's rain [mm] step by step, in hours from the midnight before its first row.

    Rows may be missing; cells without a number, below 0 or beyond what was ever measured
    count as unknown. Raises InputError where a column or the unit is missing, a
    time cannot be read, or rows do not stand at whole steps of a day.
    """
    match = _matched([str(each) for each in table.columns], columns)
    if RAIN not in match.headers:
        raise InputError("intake.no_rain", name=name, needs=["降雨量(mm)", "rain (mm)"], got=list(table.columns))
    stamps = _stamps(table, match, name=name)
    step = _step(stamps, name=name)
    rain = _rain(table, match.headers[RAIN], unit=unit, step=step, name=name)
    odd = (rain < 0) | (rain > GREATEST[step == DAY])
    found = list(match.findings)
    if odd.any():
        told = {"name": name, "examples": sorted({f"{each:g}" for each in rain[odd]})[:5]}
        found.append(Finding("rejected", "intake.rain_record_odd", ROLE, int(odd.sum()), told))
    series, again = _placed(np.where(odd, np.nan, rain), stamps, step=step)
    if again:
        found.append(Finding("repaired", "intake.rain_record_twice", ROLE, again, {"name": name, "count": again}))
    known = int(series.notna().sum())
    if known == 0:
        raise InputError("intake.rain_record_empty", name=name)
    years = len(series) * step / DAY / DAYS_A_YEAR
    about = {
        "name": name, "first": str(stamps.min().date()), "last": str(stamps.max().date()), "years": years,
        "step": step, "unknown": len(series) - known, "depth": float(series.sum() / (known * step / DAY) * DAYS_A_YEAR),
    }  # fmt: skip
    found.append(Finding("found", "intake.rain_record_read", ROLE, len(series), about))
    if years < LONG:
        found.append(Finding("advice", "intake.rain_record_short", ROLE, values={"years": years, "needs": LONG}))
    layer = Found(vocabulary()[ROLE], series, stated=series.notna())
    return Reading((layer,), tuple(found))


def _matched(headers: list[str], columns: Mapping[str, str]) -> Matched:
    """The columns of rain and of times; times in parts only where year, month and day all stand there."""
    in_parts = matched(headers, [TIME, RAIN, *PARTS], columns, layer=ROLE)
    if TIME not in in_parts.headers and all(part in in_parts.headers for part in PARTS[:3]):
        return in_parts
    return matched(headers, [TIME, RAIN], columns, layer=ROLE)


def _stamps(table: pd.DataFrame, match: Matched, *, name: str) -> pd.Series:
    if TIME in match.headers:
        cells = texts(table[match.headers[TIME]])
    elif all(part in match.headers for part in PARTS[:3]):
        year, month, day = (texts(table[match.headers[part]]).str.zfill(2) for part in PARTS[:3])
        cells = year + "-" + month + "-" + day
        if PARTS[3] in match.headers:
            cells = cells + " " + texts(table[match.headers[PARTS[3]]]).str.zfill(2) + ":00"
    else:
        raise InputError("intake.no_time", name=name, got=list(table.columns))
    stamps = pd.to_datetime(cells, errors="coerce", format="mixed").reset_index(drop=True)
    if stamps.isna().any():
        row = int(stamps.isna().to_numpy().argmax())
        raise InputError("intake.time_cell", name=name, row=row + 1, got=str(cells.iloc[row]))
    return stamps


def _step(stamps: pd.Series, *, name: str) -> float:
    """The usual distance between rows [h]: a whole part of a day, on which all rows stand."""
    apart = stamps.sort_values().diff().dt.total_seconds().to_numpy()[1:] / 3600.0
    apart = np.sort(apart[apart > 0])
    step = float(apart[(apart.size - 1) // 2]) if apart.size else 0.0
    hours = (stamps - stamps.min()).dt.total_seconds().to_numpy() / 3600.0
    whole = step > 0 and abs(round(DAY / step) * step - DAY) < UNEVEN
    if not whole or np.abs(hours / step - np.round(hours / step)).max() > UNEVEN:
        raise InputError("intake.rain_record_step", name=name, step=step)
    return step


def _rain(table: pd.DataFrame, header: str, *, unit: str, step: float, name: str) -> NDArray[np.float64]:
    found = BRACKET.search(header)
    said = (unit or (found[1] if found else "")).replace(" ", "").casefold()
    factors = {"mm": 1.0, "mm/h": step, "mm/min": 60.0 * step}
    factor = 0.1 if said in TENTHS else factors.get(UNITS.get(said, ""))
    if factor is None:
        raise InputError("intake.rain_unit", name=name, column=header, needs=["mm", "0.1mm", "mm/h"])
    return np.array([number(cell) for cell in texts(table[header])], dtype=np.float64) * factor


def _placed(rain: NDArray[np.float64], stamps: pd.Series, *, step: float) -> tuple[pd.Series, int]:
    """Rows at their steps from the first midnight to the end of the last day, and how many rows told a step again.

    Of rows for one step the first counts.
    """
    start = stamps.min().normalize()
    hours = (stamps - start).dt.total_seconds().to_numpy() / 3600.0
    if step == DAY:
        hours = np.floor(hours / DAY) * DAY
    at = np.round(hours / step).astype(np.int64)
    a_day = round(DAY / step)
    values = np.full(-(-(int(at.max()) + 1) // a_day) * a_day, np.nan)
    values[at[::-1]] = rain[::-1]
    series = pd.Series(values, index=pd.Index(np.arange(values.size) * step, name="hours"), name=ROLE)
    return series, at.size - np.unique(at).size
