"""Times of rows, for every series: numbers in a stated unit, clock times or dates, in Chinese or English."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.sources.series.yearless import lacks_year
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.units import compatible_unit_names, conversion_factor, is_known_unit, normalize_unit

F64 = NDArray[np.float64]
BRACKET = re.compile(r"[（(\[【]\s*([^)）\]】]+?)\s*[)）\]】]")
LAST_WORD = re.compile(r"^(.*[\s_\-/])?([^\s_\-/]+)$")
AFTER_CHINESE = re.compile(r"^(.*[\u4e00-\u9fff])([a-z]+|分钟|小时|秒钟?|天)$")
"""A unit right after Chinese words: 历时分钟, 时间min."""
ALONE: Mapping[str, float] = MappingProxyType({"时": 1.0, "分": 1.0 / 60.0, "日": 24.0})
"""Units of one character, which end many other words [h]."""
CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
LENGTHS = re.compile(
    r"^(?:(\d+(?:\.\d+)?)\s*(?:小时|hours?|hrs?|h))?\s*(?:(\d+(?:\.\d+)?)\s*(?:分钟?|minutes?|mins?))?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|seconds?|secs?|s))?$",
    re.IGNORECASE,
)
"""A length of time with its units in the cell: 10分钟, 1小时30分, 90 s."""
COMPACT: Mapping[int, str] = MappingProxyType({8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"})
"""Formats of dates written as digits only, by number of digits."""
YEARS = (1600, 2400)
"""Years that digits alone may begin with to be a date."""
CHINESE_DATE = re.compile(
    r"^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?\s*(?:(\d{1,2})[时点:](?:(\d{1,2})[分:]?)?(?:(\d{1,2})秒?)?)?$"
)
MIDNIGHT = re.compile(r"^(.*\d)[T\s]+24(?::00){0,2}$")
"""The end of a day, written as its 24th hour."""
SLASHED = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})\b")
"""A date whose year comes last: its day or its month may come first."""
MONTHS = 12
SECONDS = 3600.0
DAY = 24.0
SERIALS = (25_569.0, 73_050.0)
EPOCH = pd.Timestamp("1899-12-30")
"""Days since the end of 1899 in which spreadsheets count dates, from 1970 to 2099."""


class RowTimes(NamedTuple):
    """Times of rows in hours from the first, the rounding with which they are written [h], and whether as serials.

    Serials are dates as spreadsheets count them, in days: 45480.25 is 2024-07-07 06:00.
    """

    hours: F64
    rounding: float
    serials: bool = False


def time_unit(header: str) -> float | None:
    """Return the length of the time unit that a header states [h]; None where it states none that is known."""
    return _length(_unit_text(header))


def is_time_unit(header: str) -> bool:
    """Tell whether a header is a time unit and nothing else: hour (h), minutes, 秒."""
    bare = _plain(BRACKET.sub("", unicodedata.normalize("NFKC", header)))
    return bool(bare) and _length(bare) is not None


def states_times(headers: Sequence[str]) -> bool:
    """Tell whether a header is a time unit and nothing else: hour, 小时, h.

    A single letter or character, which may stand for a height or a distance as well, does so only as the first header.
    """
    return any(is_time_unit(header) and (place == 0 or len(header.strip()) > 1) for place, header in enumerate(headers))


def row_times(table: pd.DataFrame, header: str | None, name: str) -> RowTimes:
    """Return the times of a table's rows: clock times, dates, or numbers in the unit of the column's header.

    Raises InputError where there is no such column, numbers have no unit or one that is not known, or a row has no
    time.
    """
    if header is None:
        raise InputError("intake.no_time", name=name, got=[str(each) for each in table.columns])
    cells = [str(cell) for cell in normalize_column(table[header])]
    if cells and all(CLOCK.match(cell) for cell in cells):
        return RowTimes(_from_clock(cells), 0.0)
    numbers = np.array([parse_number(cell) for cell in cells], dtype=np.float64)
    if len(numbers) and not np.isnan(numbers).any() and not _is_compact(cells):
        if not _unit_text(header) and _are_serials(numbers):
            return RowTimes((numbers - numbers[0]) * DAY, 0.5 * DAY * 10.0 ** -max(map(_decimals, cells)), serials=True)
        unit = _stated(header, name)
        hours = numbers / round(1.0 / unit) if unit < 1.0 else numbers * unit
        return RowTimes(hours - hours[0], 0.5 * unit * 10.0 ** -max(map(_decimals, cells)))
    if cells and all(cell and LENGTHS.match(cell) for cell in cells):
        hours = np.array([_length_of(cell) for cell in cells])
        return RowTimes(hours - hours[0], 0.0)
    stamps = row_stamps(pd.Series(cells, dtype=object), name=name)
    seconds = (stamps - stamps.iloc[0]).dt.total_seconds().to_numpy(np.float64)
    return RowTimes(seconds / SECONDS, 0.0)


def _are_serials(numbers: F64) -> bool:
    """Tell whether numbers are dates of a spreadsheet: days that go forward by parts of a day."""
    low, high = SERIALS
    forward = bool((np.diff(numbers) > 0.0).all())
    return forward and low <= numbers[0] and numbers[-1] <= high and bool((numbers % 1.0 != 0.0).any())


def _serial_days(texts: pd.Series) -> F64 | None:
    """Return rows that are all days as a spreadsheet counts them, later ones below earlier ones; None where not."""
    low, high = SERIALS
    days = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64)
    if not len(days) or not ((days >= low) & (days <= high)).all() or (np.diff(days) <= 0.0).any():
        return None
    return days


def row_stamps(cells: pd.Series, *, name: str, strict: bool = True) -> pd.Series:
    """Return dates and times of normalized cells, in the clock that they are written in.

    Raises InputError where one cannot be read, where the order of day and month is open, or where time zones differ.
    Without `strict` cells that are no time become NaT.
    """
    texts = cells.astype(str).str.strip().reset_index(drop=True)
    if (days := _serial_days(texts)) is not None:
        return pd.Series(EPOCH + pd.to_timedelta(days, unit="D"))
    late = texts.str.match(MIDNIGHT)
    texts = texts.str.replace(MIDNIGHT, lambda hit: f"{hit[1]} 00:00", regex=True)
    texts = texts.str.replace(CHINESE_DATE, _western, regex=True)
    if (short := texts.map(lacks_year)).any():
        raise InputError(
            "intake.time_no_year", name=name, got=str(cells.iloc[int(short.to_numpy().argmax())]), years="-"
        )
    compact = COMPACT[len(texts.iloc[0])] if _is_compact(list(texts)) else "mixed"
    try:
        stamps = pd.to_datetime(texts, errors="coerce", format=compact, dayfirst=_day_comes_first(texts, name))
        stamps = stamps.dt.tz_localize(None) + pd.to_timedelta(np.where(late, 24, 0), unit="h")
    except (ValueError, AttributeError) as fault:
        raise InputError("intake.time_zones", name=name) from fault
    if strict and stamps.isna().any():
        row = int(stamps.isna().to_numpy().argmax())
        raise InputError("intake.time_cell", name=name, row=row + 1, got=str(cells.iloc[row]))
    return stamps


def with_bracketed_time_unit(header: str) -> str:
    """Return a header with a time unit at its end put in brackets: time_min, elapsed seconds, 历时分钟; not Q L/s."""
    if BRACKET.search(header):
        return header
    for form in (AFTER_CHINESE, LAST_WORD):
        match = form.match(header.strip().casefold())
        if match is not None and match[1] and _length(match[2]) is not None:
            words = header.strip()[: match.start(2)].rstrip(" _-/")
            if header.strip()[: match.start(2)].endswith("/") and is_known_unit(re.split(r"[\s_]", words)[-1]):
                return header
            return f"{words} ({match[2]})"
    return header


def _unit_text(header: str) -> str:
    """Return the time unit in a header's brackets, else the one that it ends in or consists of; '' where none."""
    bracket = BRACKET.search(unicodedata.normalize("NFKC", header))
    if bracket is not None:
        return _plain(bracket[1])
    bare = _plain(header)
    if _length(bare) is not None:
        return bare
    bracketed = BRACKET.search(with_bracketed_time_unit(bare))
    return bracketed[1] if bracketed is not None else ""


def _plain(text: str) -> str:
    return normalize_unit(text).strip(" .:")


def _length(unit: str) -> float | None:
    """Return the length of a time unit [h], None where the text is none."""
    return ALONE.get(unit, conversion_factor(unit, "h"))


def _stated(header: str, name: str) -> float:
    text = _unit_text(header)
    unit = _length(text) if text else None
    if unit is None:
        needs = compatible_unit_names("h")
        raise InputError("intake.time_unit", name=name, column=header, got=text or "-", needs=needs)
    return unit


def _decimals(cell: str) -> int:
    mantissa, _, exponent = cell.casefold().partition("e")
    return len(mantissa.partition(".")[2]) - (int(exponent) if exponent.lstrip("+-").isdigit() else 0)


def _is_compact(cells: Sequence[str]) -> bool:
    """Tell whether cells are dates of digits only, such as 2026070108."""
    lengths = {len(cell) if cell.isdigit() else 0 for cell in cells}
    if len(lengths) != 1 or not lengths <= set(COMPACT):
        return False
    return all(YEARS[0] <= int(cell[:4]) <= YEARS[1] for cell in cells)


def _from_clock(cells: Sequence[str]) -> F64:
    """Return clock times in hours from the first, continued past midnight."""
    parts = [CLOCK.match(cell) for cell in cells]
    hours = np.array([int(p[1]) + int(p[2]) / 60 + int(p[3] or 0) / 3600 for p in parts if p is not None])
    hours = hours + 24.0 * np.concatenate([[0], np.cumsum(np.diff(hours) < 0)])
    return np.asarray(hours - hours[0])


def _length_of(cell: str) -> float:
    """Return a length of time with its units [h]."""
    hit = LENGTHS.match(cell)
    parts = [float(part or 0.0) for part in (hit.groups() if hit is not None else ())]
    return sum(part / times for part, times in zip(parts, (1.0, 60.0, SECONDS), strict=True))


def _western(hit: re.Match[str]) -> str:
    year, month, day, hour, minute, second = (int(part or 0) for part in hit.groups())
    return f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"


def _day_comes_first(texts: pd.Series, name: str) -> bool:
    """Tell whether dates that end in their year begin with the day; InputError where both orders are possible."""
    matches = [hit for hit in (SLASHED.match(text) for text in texts) if hit is not None]
    firsts, seconds = {int(hit[1]) for hit in matches}, {int(hit[3]) for hit in matches}
    if not matches or len(firsts) == len(seconds) == 1 or max(firsts) <= MONTHS < max(seconds):
        return bool(matches) and max(firsts) > MONTHS
    if max(seconds) <= MONTHS < max(firsts):
        return True
    raise InputError("intake.time_day_or_month", name=name, got=matches[0][0])
