"""Parsing of table cells: numbers with units, percent signs, full-width digits, decades."""

import re
import unicodedata

import numpy as np
import pandas as pd

from citybraid.core.text import visible

EMPTY = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "未知", "不详", "空", "none", "null", "nan", "n/a", "na", "<na>", "#n/a"}
)
NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")
BOUND = re.compile(r"^[≤≥<>=＜＞≦≧不大小于低高超过至约\s]*")
TAIL = re.compile(
    r"^(?:米|公尺|m|层|f|%|人|年代?|万人|平方米|㎡|m2|m²|株|棵|户|星级?|个?(?:停?车位|泊位)?|辆)?$", re.IGNORECASE
)
DECADE = re.compile(
    r"^(?:(?P<century>1[89]|20)|(?P<last>上世纪|(?:20|二十)世纪)|(?:21|二十一|本)世纪)?(?P<tens>\d)0(?:年代|'?s\b)"
)
YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|2[01][0-9]{2})(?=(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?(?!\d)|\D|$)")
"""A year of its own, or at the head of a month or a day: 1985, 1985年, 198506, 19850601."""
YEARS = re.compile(
    r"^\D{0,4}(?P<low>1[89]\d\d|2[01]\d\d)\s*年?\s*(?:-{1,2}|~|～|—{1,2}|–|至|到|to)\s*(?P<high>(?:1[89]|2[01])?\d\d)\s*年?\D{0,6}$",
    re.IGNORECASE,
)
"""A span of years, the last whole or by its two last digits."""
MONTHS = 12
TENS = re.compile(r"(?P<ten>[一二三四五六七八九])十年代")
TEN_THOUSAND = 1e4
FIRST_DECADE_OF_LAST_CENTURY = 3


def normalize_cell(text: object) -> str:
    """Return a cell as normalized text: NFKC (half-width), stripped, placeholders for no value as ''.

    An infinite number is a text like any other that is no number, so that it is told. Invisible and terminal control
    characters are replaced by their code points.
    """
    if text is None or (isinstance(text, float) and np.isnan(text)) or text is pd.NaT or text is pd.NA:
        return ""
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    normalized = unicodedata.normalize("NFKC", str(text)).strip().strip("\x00").strip()
    return "" if normalized.casefold() in EMPTY else visible(normalized)


def normalize_column(column: pd.Series) -> pd.Series:
    """Return a column as normalized texts, '' where empty; each distinct value is parsed once."""
    if column.dtype == object:
        return pd.Series([normalize_cell(cell) for cell in column], index=column.index, dtype=object)
    codes, distinct = pd.factorize(column)
    values = np.array([*(normalize_cell(cell) for cell in distinct), ""], dtype=object)
    return pd.Series(values[codes], index=column.index, dtype=object)


def parse_number(cell: str) -> float:
    """Return the number in a normalized text, percent unscaled; NaN where there is none.

    Bounds (≤ 60) and units (60米, 18F, 2万人) are parsed; any other text around the number gives NaN.
    """
    bare = BOUND.sub("", cell)
    match = NUMBER.match(bare)
    if match is None or not TAIL.match(bare[match.end() :].strip()):
        return float("nan")
    value = float(match.group().replace(",", ""))
    return value * TEN_THOUSAND if "万" in bare[match.end() :] else value


def _with_tens(cell: str) -> str:
    """Return a text whose decade in Chinese numerals is in digits: 八十年代 as 80年代."""
    return TENS.sub(lambda found: f"{'一二三四五六七八九'.index(found['ten']) + 1}0年代", cell)


def is_decade(cell: str) -> bool:
    """Tell whether a text names a decade, not a year: 1980年代, 90s."""
    return DECADE.match(_with_tens(cell)) is not None


def year_span(cell: str) -> tuple[float, float] | None:
    """Return the ends of a span of years: 1995-2000, 1995至98年; None where a text is none, as a month (1995-08)."""
    match = YEARS.match(cell)
    if match is None:
        return None
    low, last = float(match["low"]), match["high"]
    if len(last) < len(match["low"]) and int(last) <= MONTHS:
        return None
    high = float(f"{match['low'][: -len(last)]}{last}")
    return (low, high) if low < high else None


def several_years(cell: str) -> bool:
    """Tell whether a text names two different years and is no span: 1985（2010改造）."""
    return len(set(YEAR.findall(cell))) > 1 and year_span(cell) is None and not is_decade(cell)


def parse_year(cell: str) -> float:
    """Return the year of completion in a text, the first of several; the middle of a decade or a span; NaN if none."""
    plain = _with_tens(cell)
    if decade := DECADE.match(plain):
        recent = int(decade["tens"]) < FIRST_DECADE_OF_LAST_CENTURY and not decade["last"]
        century = decade["century"] or ("20" if recent or ("世纪" in plain and not decade["last"]) else "19")
        return float(f"{century}{decade['tens']}5")
    if span := year_span(cell):
        return sum(span) / len(span)
    years = YEAR.findall(cell)
    return float(years[0]) if years else float("nan")
