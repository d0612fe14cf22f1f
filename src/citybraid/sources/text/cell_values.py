"""Cells as planners write them: numbers with units, percent signs, full-width digits, decades."""

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
TAIL = re.compile(r"^(?:米|公尺|m|层|f|%|人|年代?|万人|平方米|㎡|m2|m²|株|棵|户)?$", re.IGNORECASE)
DECADE = re.compile(r"^(?:(19|20))?(\d)0年代")
YEAR = re.compile(r"(1[0-9]{3}|2[01][0-9]{2})")
TEN_THOUSAND = 1e4
FIRST_DECADE_OF_LAST_CENTURY = 3


def plain(text: object) -> str:
    """Return a cell as text: full-width made half-width, spaces at the ends gone, blanks and dashes empty.

    Signs that cannot be seen or that drive a terminal stand by number.
    """
    if text is None or (isinstance(text, float) and not np.isfinite(text)) or text is pd.NaT or text is pd.NA:
        return ""
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    said = unicodedata.normalize("NFKC", str(text)).strip().strip("\x00").strip()
    return "" if said.casefold() in EMPTY else visible(said)


def texts(column: pd.Series) -> pd.Series:
    """Return a column as plain texts; where there is none, ''. A cell that repeats is read once."""
    if column.dtype == object:
        return pd.Series([plain(cell) for cell in column], index=column.index, dtype=object)
    at, distinct = pd.factorize(column)
    said = np.array([*(plain(cell) for cell in distinct), ""], dtype=object)
    return pd.Series(said[at], index=column.index, dtype=object)


def number(cell: str) -> float:
    """Return the number that a plain text states, percent as it stands; NaN where it states none.

    Bounds (≤ 60) and units (60米, 18F, 2万人) are understood; anything else around the number is refused.
    """
    said = BOUND.sub("", cell)
    found = NUMBER.match(said)
    if found is None or not TAIL.match(said[found.end() :].strip()):
        return float("nan")
    value = float(found.group().replace(",", ""))
    return value * TEN_THOUSAND if "万" in said[found.end() :] else value


def year(cell: str) -> float:
    """Return the year of completion that a text states; the middle of a decade or of a span; NaN where none."""
    if decade := DECADE.match(cell):
        century = decade[1] or ("20" if int(decade[2]) < FIRST_DECADE_OF_LAST_CENTURY else "19")
        return float(f"{century}{decade[2]}5")
    found = [float(each) for each in YEAR.findall(cell)]
    return sum(found[:2]) / len(found[:2]) if found else float("nan")
