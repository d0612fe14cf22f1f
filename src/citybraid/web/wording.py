"""Words and numbers of the report's kind as pages take them: by language, in the report's units."""

import math
from collections.abc import Iterable, Mapping

import numpy as np

from citybraid.core.text import LANGUAGES
from citybraid.report.chapter import Column, Text, TranslatedText, in_words
from citybraid.report.drawing.units import COUNTS, SYSTEM, THOUSANDS, System, label, money_unit, shown
from citybraid.report.indicators import as_told
from citybraid.report.page_table import cell

Said = dict[str, str]
"""A text by language."""


def said(text: Text, system: System = SYSTEM) -> Said:
    """Return a text in every language, its areas and money in the report's units."""
    return {language: in_words(text, language, system) for language in LANGUAGES}


def titled(words: Mapping[str, str]) -> Said:
    """Return words of the study file, which may lack a language, in every language."""
    return said(TranslatedText.of(words))


def unit_said(unit: str) -> Said:
    """Return a unit's name in every language; '' for pure numbers."""
    return {language: label(unit, language) for language in LANGUAGES}


def unit_of_change(unit: str) -> str:
    """Return the unit of a difference: shares of a hundred differ by percentage points."""
    return "pp" if shown(unit, SYSTEM).unit == "%" else unit


def amount_said(value: float, unit: str) -> Said:
    """Return a number without its unit as tables of indicators write it: four significant digits at most."""
    if not math.isfinite(value):
        return said("–")
    return said(cell(as_told(value, unit), Column("value", "", told=True), SYSTEM, unit=unit))


def told_unit(values: Iterable[float], unit: str) -> str:
    """Return the unit in which numbers that stand together are told: sums of money keep their digits."""
    display = shown(unit, SYSTEM)
    amounts = np.array([float(each) for each in values], dtype=np.float64) * display.factor + display.offset
    return unit if money_unit(amounts, display.unit) == display.unit else unit + THOUSANDS


def unit_digits(unit: str) -> int | None:
    """Return the decimals of amounts below a thousand in a shown unit; None for four significant digits."""
    return 0 if unit in COUNTS else shown(unit).digits


def known(value: float | None) -> float | None:
    """Return a number, None where there is none: JSON knows no NaN."""
    return value if value is not None and math.isfinite(value) else None
