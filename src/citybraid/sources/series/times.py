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
from citybraid.sources.text.sheet_rows import WRITTEN, row_numbers
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
HALF_DAY = re.compile(r"(上午|下午)\s*(\d{1,2})(?=\s*[:：时時点點])")
"""An hour of twelve as spreadsheets in Chinese write it: 下午1:00 is 13:00, 上午12:00 midnight."""
ASIDE = re.compile(r"[（(]?\s*(?:(?:星期|周|礼拜)[一二三四五六日天]|北京时间)\s*[)）]?")
"""What a time may say beside itself: the day of the week, that it is the time of Beijing."""
ZONE = "time zone"
"""Key of the attrs of stamps for the time zone that their cells state, such as +08:00."""
COMPACT: Mapping[int, str] = MappingProxyType({8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"})
"""Formats of dates written as digits only, by number of digits."""
MINGUO = 1911
"""Years by which the common era is ahead of the Republic's, in which files of Taiwan count (民國)."""
YEARS = (1600, 2400)
"""Years that digits alone may begin with to be a date."""
CHINESE_DATE = re.compile(
    r"^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?\s*(?:(\d{1,2})[时時点點:](?:(\d{1,2})[分:]?)?(?:(\d{1,2})秒?)?)?$"
)
CHINESE_CLOCK = re.compile(r"^(\d{1,2})[时時点點](?:(\d{1,2})分?)?$")
"""A time of day in words: 8时30分, 9时, 10点05."""
SPAN = re.compile(
    r"^(.*?\d\s*(?:[:：]\s*\d{1,2}|[时時点點]\S*))\s*(?:-{1,2}|~|～|—{1,2}|–|至|到|to)\s*\d{1,2}\s*[:：时時点點]"
)
"""Two times of one row, its beginning and its end: 8:00-9:00. Of 08:00-09:00 a library makes a time zone."""
TIME_OF_DAY = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?$", re.IGNORECASE)
MIDNIGHT = re.compile(r"^(.*\d)[T\s]+24(?::00){0,2}$")
"""The end of a day, written as its 24th hour."""
SLASHED = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})\b")
"""A date whose year comes last: its day or its month may come first."""
MONTHS = 12
SECONDS = 3600.0
DAY = 24.0
HALF_A_DAY = 12.0
"""Longest time between two clock times that pass midnight [h]."""
SERIALS = (25_569.0, 73_050.0)
EPOCH = pd.Timestamp("1899-12-30")
"""Days since the end of 1899 in which spreadsheets count dates, from 1970 to 2099."""


class RowTimes(NamedTuple):
    """Times of rows in hours from the first, the rounding with which they are written [h], and whether as serials.

    Serials are dates as spreadsheets count them, in days: 45480.25 is 2024-07-07 06:00. `cells` are the times as they
    are written, `rows` the numbers of the rows in the file, `start` the first number where times are counted [h],
    `begins` the first time as a date with its year, '' where it states none.
    """

    hours: F64
    rounding: float
    serials: bool = False
    cells: Sequence[str] = ()
    rows: Sequence[int] = ()
    start: float = 0.0
    begins: str = ""

    def told(self, row: int) -> str:
        """Return the time of a row as it is written in the file."""
        return self.cells[row] if row < len(self.cells) else f"{self.hours[row]:g} h"

    def number(self, row: int) -> int:
        """Return the number of a row in its file."""
        return self.rows[row] if row < len(self.rows) else row + 1


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
    written = [str(cell) for cell in normalize_column(table[header])]
    original: Sequence[str] = table.attrs.get(WRITTEN, ())
    told = original if len(original) == len(written) else written
    times = _times([plain_time(cell) for cell in written], header, row_numbers(table), name)
    begins = "" if times.begins and lacks_year(told[0]) else times.begins
    return times._replace(cells=told, rows=row_numbers(table), begins=begins)


def plain_time(cell: str) -> str:
    """Return a time in 24 hours without the day of the week: 2024/7/1 星期一 下午1:00 is 2024/7/1 13:00."""
    return HALF_DAY.sub(_of_day, ASIDE.sub(" ", cell)).strip()


def _of_day(hit: re.Match[str]) -> str:
    hour = int(hit[2])
    if hour > HALF_A_DAY:
        return f" {hour}"
    return f" {hour % 12 + (12 if hit[1] == '下午' else 0)}"


def _times(cells: list[str], header: str, rows: Sequence[int], name: str) -> RowTimes:
    clocks = [CHINESE_CLOCK.sub(_with_colon, cell) for cell in cells]
    if cells and all(CLOCK.match(cell) for cell in clocks):
        return RowTimes(_from_clock(clocks, cells, rows, name), 0.0)
    numbers = np.array([parse_number(cell) for cell in cells], dtype=np.float64)
    if len(numbers) and np.isfinite(numbers).all() and not _is_compact(cells):
        if not _unit_text(header) and _are_serials(numbers):
            rounding = 0.5 * DAY * 10.0 ** -max(map(_decimals, cells))
            first = EPOCH + pd.to_timedelta(round(numbers[0] * DAY * SECONDS), unit="s")
            return RowTimes((numbers - numbers[0]) * DAY, rounding, serials=True, begins=first.isoformat())
        unit = _stated(header, name)
        hours = numbers / round(1.0 / unit) if unit < 1.0 else numbers * unit
        return RowTimes(hours - hours[0], 0.5 * unit * 10.0 ** -max(map(_decimals, cells)), start=float(hours[0]))
    if cells and all(cell and LENGTHS.match(cell) for cell in cells):
        hours = np.array([_length_of(cell) for cell in cells])
        return RowTimes(hours - hours[0], 0.0, start=float(hours[0]))
    stamps = row_stamps(pd.Series(cells, dtype=object), name=name, rows=rows)
    seconds = (stamps - stamps.iloc[0]).dt.total_seconds().to_numpy(np.float64)
    return RowTimes(seconds / SECONDS, 0.0, begins=f"{stamps.iloc[0].isoformat()}{stamps.attrs.get(ZONE, '')}")


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


def row_stamps(
    cells: pd.Series, *, name: str, strict: bool = True, dated: bool = False, rows: Sequence[int] = ()
) -> pd.Series:  # fmt: skip
    """Return dates and times of normalized cells, in the clock that they are written in, and in attrs its time zone.

    Raises InputError where one cannot be read, where the order of day and month is open, or where time zones differ.
    Without `strict` cells that are no time become NaT. With `dated` a time of day alone, of which a library makes one
    of today, is refused. `rows` are the numbers of the rows in the file.
    """
    texts = cells.astype(str).map(plain_time).reset_index(drop=True)
    if (days := _serial_days(texts)) is not None:
        return pd.Series(EPOCH + pd.to_timedelta(days, unit="D"))
    texts = texts.str.replace(CHINESE_DATE, _western, regex=True)
    late = texts.str.match(MIDNIGHT)
    texts = texts.str.replace(MIDNIGHT, lambda hit: f"{hit[1]} 00:00", regex=True)
    _refuse_spans(cells, rows, name)
    if dated and (bare := texts.str.match(TIME_OF_DAY)).any():
        row = int(bare.to_numpy().argmax())
        raise InputError("intake.time_no_date", name=name, row=_number(rows, row), got=str(cells.iloc[row]))
    if (short := texts.map(lacks_year)).any():
        raise InputError(
            "intake.time_no_year", name=name, got=str(cells.iloc[int(short.to_numpy().argmax())]), years="-"
        )
    compact = COMPACT[len(texts.iloc[0])] if _is_compact(list(texts)) else "mixed"
    try:
        stamps = pd.to_datetime(texts, errors="coerce", format=compact, dayfirst=_day_comes_first(texts, name))
        zone = _zone(stamps)
        stamps = stamps.dt.tz_localize(None) + pd.to_timedelta(np.where(late, 24, 0), unit="h")
    except (ValueError, AttributeError) as fault:
        raise InputError("intake.time_zones", name=name) from fault
    if dated and (early := (stamps.dt.year < YEARS[0]).to_numpy()).any():
        row = int(early.argmax())
        told = {"row": _number(rows, row), "got": str(cells.iloc[row]), "year": int(stamps.iloc[row].year) + MINGUO}
        raise InputError("intake.time_year_early", name=name, **told)
    if strict and stamps.isna().any():
        row = int(stamps.isna().to_numpy().argmax())
        raise InputError("intake.time_cell", name=name, row=_number(rows, row), got=str(cells.iloc[row]) or "-")
    stamps.attrs[ZONE] = zone
    return stamps


def _zone(stamps: pd.Series) -> str:
    """Return the time zone of stamps as +08:00, '' where they state none."""
    known = stamps.dropna()
    if stamps.dt.tz is None or known.empty:
        return ""
    written = f"{known.iloc[0]:%z}"
    return f"{written[:3]}:{written[3:]}"


def _refuse_spans(cells: pd.Series, rows: Sequence[int], name: str) -> None:
    spans = cells.astype(str).str.match(SPAN).to_numpy()
    if spans.any():
        row = int(spans.argmax())
        raise InputError("intake.time_cell", name=name, row=_number(rows, row), got=str(cells.iloc[row]))


def _number(rows: Sequence[int], row: int) -> int:
    return rows[row] if row < len(rows) else row + 1


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


def _from_clock(clocks: Sequence[str], cells: Sequence[str], rows: Sequence[int], name: str) -> F64:
    """Return clock times in hours from the first, continued past midnight.

    Raises InputError where a time would be more than half a day after the one before: it rather goes back.
    """
    parts = [CLOCK.match(cell) for cell in clocks]
    hours = np.array([int(p[1]) + int(p[2]) / 60 + int(p[3] or 0) / 3600 for p in parts if p is not None])
    hours = hours + 24.0 * np.concatenate([[0], np.cumsum(np.diff(hours) < 0)])
    back = np.flatnonzero((np.diff(hours) > HALF_A_DAY) & (np.diff(hours % DAY) < 0.0))
    if back.size:
        row = int(back[0]) + 1
        raise InputError("intake.time_order", name=name, row=_number(rows, row), got=cells[row], before=cells[row - 1])
    return np.asarray(hours - hours[0])


def _with_colon(hit: re.Match[str]) -> str:
    return f"{int(hit[1])}:{int(hit[2] or 0):02d}"


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
