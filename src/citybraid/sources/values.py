"""Cells as planners write them: numbers with units, percent signs, full-width digits, decades."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.var import Var

EMPTY = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "未知", "不详", "空", "none", "null", "nan", "n/a", "na", "<na>", "#n/a"}
)
NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")
BOUND = re.compile(r"^[≤≥<>=＜＞≦≧不大小于低高超过至约\s]*")
TAIL = re.compile(r"^(?:米|公尺|m|层|f|%|人|年代?|万人|平方米|㎡|m2|m²|株|棵|户)?$", re.IGNORECASE)
DECADE = re.compile(r"^(?:(19|20))?(\d)0年代")
YEAR = re.compile(r"(1[0-9]{3}|2[01][0-9]{2})")
PERCENT_TOP = 100.0
TEN_THOUSAND = 1e4
FIRST_DECADE_OF_LAST_CENTURY = 3


def plain(text: object) -> str:
    """Return a cell as text: full-width made half-width, spaces at the ends gone, blanks and dashes empty."""
    if text is None or (isinstance(text, float) and not np.isfinite(text)) or text is pd.NaT or text is pd.NA:
        return ""
    if isinstance(text, float) and text.is_integer():
        return str(int(text))
    said = unicodedata.normalize("NFKC", str(text)).strip().strip("\x00").strip()
    return "" if said.casefold() in EMPTY else said


def texts(column: pd.Series) -> pd.Series:
    """Return a column as plain texts; where there is none, ''."""
    return pd.Series([plain(cell) for cell in column], index=column.index, dtype=object)


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


@dataclass(frozen=True)
class Numbers:
    """A column as numbers in the Var's unit, with what was noticed on the way."""

    column: pd.Series
    findings: tuple[Finding, ...]


def numbers(column: pd.Series, var: Var, *, layer: str, header: str) -> Numbers:
    """Return a column in the Var's unit: percent made a share, what is no number or out of range dropped and told."""
    said = texts(column)
    read = year if var.unit == "year" else number
    values = pd.Series([read(cell) for cell in said], index=column.index, dtype=float)
    found: list[Finding] = []
    unread = [cell for cell, value in zip(said, values, strict=True) if cell and np.isnan(value)]
    if unread:
        found.append(_told("rejected", "intake.cell_no_number", layer, unread, var=var.name, header=header))
    values, note = _as_share(values, said, var, layer=layer, header=header)
    found += note
    if "万" in header and var.unit == "person":
        values = values * TEN_THOUSAND
    outside = values.notna() & ~values.between(var.ge, var.le)
    if outside.any():
        wrong = [f"{value:g}" for value in values[outside]]
        found.append(
            _told(
                "rejected",
                "intake.cell_out_of_range",
                layer,
                wrong,
                var=var.name,
                header=header,
                low=var.ge,
                high=var.le,
            )
        )
        values = values.mask(outside)
    return Numbers(values, tuple(found))


def _as_share(
    values: pd.Series, said: pd.Series, var: Var, *, layer: str, header: str
) -> tuple[pd.Series, list[Finding]]:
    """A share written as 35 or 35%: told apart by the sign, then by the column's largest value."""
    if var.unit != "1" or var.le != 1:
        return values, []
    signed = said.str.contains("%", regex=False)
    if "%" in header or (bool(signed.any()) and bool((signed | values.isna()).all())):
        return values / PERCENT_TOP, [
            Finding("found", "intake.percent_stated", layer, values={"var": var.name, "header": header})
        ]
    values = values.mask(signed, values / PERCENT_TOP)
    top = values.max()
    if top > 1 and top <= PERCENT_TOP:
        note = {"var": var.name, "header": header, "top": float(top)}
        return values.mask(~signed, values / PERCENT_TOP), [
            Finding("guessed", "intake.percent_guessed", layer, int((~signed).sum()), note)
        ]
    return values, []


def _told(kind: str, text: str, layer: str, wrong: Sequence[str], **values: object) -> Finding:
    examples = sorted(set(wrong))[:3]
    return Finding(
        "rejected" if kind == "rejected" else "guessed", text, layer, len(wrong), {**values, "examples": examples}
    )
