"""Display units and digits: the only place where a number leaves its canonical unit.

Inside citybraid every quantity has one unit. A planning bureau reads areas in 亩 or 公顷
and money in ten thousands: those conversions are rows of codes/display_units.csv and are applied only in this module.
So is the rule of digits (decision 0028): whole units from a thousand on, below it the decimals of the unit, and four
significant digits where a unit has no decimals of its own. No whole unit is rounded away.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.account import GAS_IN_UNIT, without_gas
from citybraid.core.currency import PLACEHOLDER, without_currency
from citybraid.core.rows.report import DisplayUnit
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import known, say

System = Literal["si", "hectare", "planning"]
"""si keeps canonical units where they read well; hectare uses 公顷, planning 亩, both ten thousands of money."""
SYSTEM: System = "hectare"
"""Default unit system of a report."""
PLAIN_DIGITS = 4
"""Significant digits of a number whose unit has no row."""
WHOLE_FROM = 1000.0
"""Amounts from here on are told in whole units, never in tens or hundreds of them."""
SUMMED_BELOW = 1e9
"""Amounts below which a sum's last digits are noise and not the amount's."""
MINUS = "−"
"""Sign of a number below zero in texts that people read (U+2212), never broken from it."""
BEFORE_NUMBER = re.compile(r"(?<![^\s(\[{<>=≤≥±~/:,;（，：；、。“])-(?=\.?\d)")
"""A hyphen as the sign of a number: not that of a span, a date, a name or a number of a parcel."""
LEAST_DIGITS = 2
"""Significant digits that the smallest of a column keeps where all of it has the same decimals."""
COUNTS = frozenset({"person", "count"})
"""Units of what exists only whole: a share of it is no amount to show."""
SUBSCRIPTS = str.maketrans("24", "₂₄")
"""Digits of gases as they are written."""
YEARLY_COUNTS, MANY = frozenset({"person year-1"}), 10.0
"""Units of expected counts in a year, whole from MANY on: below, a share tells how rare they are."""
MONEY_DIGITS, SMALL_DIGITS, SMALL, LARGE, MYRIAD = 2, 4, 0.1, 100.0, 10_000.0
"""Decimals of an amount of money in large units; a small one has more of them, down to single units. From LARGE ten
thousands on it is told in whole ones (532, which are 5.32 millions), from MYRIAD millions on in whole millions."""
THOUSANDS = " in thousands"
"""End of the shown unit of a column of money that English counts in thousands, since millions would blur its sums."""


class Shown(NamedTuple):
    """How a canonical unit is shown: shown = canonical x factor + offset, in `unit`, with `digits` decimals."""

    unit: str
    factor: float = 1.0
    offset: float = 0.0
    digits: int | None = None


@cached_with_tables
def _rows() -> Mapping[tuple[str, str], Shown]:
    return {
        (row.unit, row.system): Shown(row.shown, row.factor, row.offset, row.digits) for row in read_table(DisplayUnit)
    }


@cached_with_tables
def shown(unit: str, system: System = "si") -> Shown:
    """Return how a canonical unit is shown in a unit system; a unit without a row is shown as it is."""
    if unit.endswith(THOUSANDS):
        whole = shown(unit.removesuffix(THOUSANDS), system)
        return whole._replace(unit=whole.unit + THOUSANDS)
    for placed, values in _rows_of(unit):
        display = _rows().get((placed, system))
        if display is not None:
            filled = display.unit.replace(GAS_IN_UNIT, values["gas"])
            return display._replace(unit=filled.replace(PLACEHOLDER, values["currency"] or PLACEHOLDER))
    return Shown(unit)


def _rows_of(unit: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the rows that may describe a unit, its own currency's first, and what fills their placeholders."""
    placed, gas = without_gas(unit)
    general, currency = without_currency(placed)
    for row in dict.fromkeys((placed, general)):
        yield row, {"gas": gas, "currency": currency}


def label(unit: str, language: str) -> str:
    """Return a shown unit's name: 亩 or mu, 公顷 or ha, ten thousands of a currency; '' for pure numbers."""
    if unit in ("", "1"):
        return ""
    for placed, values in _rows_of(unit):
        if known(f"unit.{placed}"):
            currency = values["currency"] or say("unit.currency", language)
            return say(f"unit.{placed}", language, currency=currency, gas=values["gas"].translate(SUBSCRIPTS))
    return unit


def label_as_is(unit: str, language: str) -> str:
    """Return a unit's name for numbers that are the same in every language: CNY 10,000 where `label` has millions."""
    for placed, values in _rows_of(unit):
        if known(f"unit_as_is.{placed}"):
            return say(f"unit_as_is.{placed}", language, currency=values["currency"] or say("unit.currency", language))
    return label(unit, language)


def convert(value: float, unit: str, system: System = "si") -> float:
    """Return a value in the unit that it is shown in."""
    display = shown(unit, system)
    return value * display.factor + display.offset


def counted(amount: float, unit: str, language: str) -> float:
    """Return an amount in a shown unit as a language counts it: ten thousands of money are millions in English."""
    return amount / _ten_thousands(unit, language) if _money_row(unit) else amount


def money_unit(amounts: NDArray[np.float64], unit: str) -> str:
    """Return the shown unit in which all sums of a column keep three digits in either language, given it and them.

    Millions of two decimals do from a million on; a column with a smaller sum is in thousands, which then have as
    many digits as ten thousands have in Chinese: 7.1 and 0.71. Sums that are too small for decimals of their own
    beside larger ones do not count.
    """
    if not is_money(unit) or unit.endswith(THOUSANDS):
        return unit
    sizes = np.abs(amounts[np.isfinite(amounts) & (amounts != 0.0)])
    told = sizes[sizes >= SMALL] if (sizes >= SMALL).any() else sizes
    return unit + THOUSANDS if (np.round(told, MONEY_DIGITS) < LARGE).any() else unit


def is_small(amount: float, unit: str, language: str) -> bool:
    """Tell whether a sum as a language counts it is too small for the decimals of its unit."""
    return abs(amount) * min(1.0, _ten_thousands(unit, language)) < SMALL


def _ten_thousands(unit: str, language: str) -> float:
    """Return how many ten thousands of money make one of a shown unit as a language counts it."""
    return float(say("money.ten_thousands_small" if unit.endswith(THOUSANDS) else "money.ten_thousands", language))


def is_money(unit: str) -> bool:
    """Tell whether a shown unit counts ten thousands of money, which languages say in numbers of their own."""
    return bool(_money_row(unit))


def signed(text: str) -> str:
    """Return a text with the signs of its negative numbers as they are printed: -0.5 becomes −0.5, 2020-2030 stays."""
    return BEFORE_NUMBER.sub(MINUS, text) if "-" in text else text


def number(value: object, *, digits: int | None = None) -> str:
    """Return a formatted number: thousands separators, fixed decimals, a true minus; '–' where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool | str):
        return str(value)
    amount = float(value) if isinstance(value, int | float) else float(str(value))
    if digits is not None:
        text = f"{half_up(amount, digits):,.{digits}f}"
        return text.removeprefix("-") if float(text.replace(",", "")) == 0 else signed(text)
    if amount == int(amount) and abs(amount) < 10**15:
        return signed(f"{int(amount):,}")
    decimals = max(0, PLAIN_DIGITS - 1 - math.floor(math.log10(abs(amount))))
    text = f"{half_up(amount, decimals):,.{decimals}f}"
    return signed(text.rstrip("0").rstrip(".") if decimals else text)


def half_up(amount: float, digits: int) -> float:
    """Return an amount with so many decimals, halves away from zero as a workbook shows them: the only rule.

    What a sum left behind the 13th digit does not count: 10,102 cells of 25 m2 are 25.255 ha, or 25.255000000000003
    where they were added up in other units, and told as 25.26 by every route. Neither is the nearest binary number
    asked, by which 25.255 would be 25.25 beside 25.26 in the cell of a workbook.
    """
    if not math.isfinite(amount) or abs(amount) >= SUMMED_BELOW:
        return round(amount, digits) if math.isfinite(amount) else amount
    return float(Decimal(f"{amount:.13g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _few(value: float, digits: int) -> float:
    """Return a value with so many significant digits, halves away from zero."""
    return half_up(value, digits - 1 - math.floor(math.log10(abs(value)))) if value else value


def brief(value: float, digits: int = 3) -> str:
    """Return a number with few significant digits, whole from WHOLE_FROM on: 0.000002, 12.3, 1,234."""
    return number(few_digits(value, digits)) if math.isfinite(value) else number(None)


def few_digits(value: float, digits: int = 3) -> float:
    """Return a value rounded to some significant digits, to whole units from WHOLE_FROM on."""
    if not math.isfinite(value):
        return value
    return half_up(value, 0) if abs(value) >= WHOLE_FROM else _few(value, digits)


def significant(value: float, unit: str, digits: int = PLAIN_DIGITS) -> float:
    """Return a value with so many significant digits, in whole units from WHOLE_FROM on; counts are whole.

    Sums of money and what is shown in another unit are not rounded here but once, where they are said: twice rounded,
    5.3646 million would be 5.37.
    """
    if not math.isfinite(value) or is_money(shown(unit, SYSTEM).unit):
        return value
    if unit in COUNTS or (unit in YEARLY_COUNTS and abs(value) >= MANY):
        return half_up(value, 0) + 0.0
    if abs(convert(value, unit)) < WHOLE_FROM:
        return _few(value, digits)
    factor = shown(unit).factor
    return half_up(value * factor, 0) / factor if factor == shown(unit, SYSTEM).factor else value


def significant_together(values: Iterable[float], unit: str) -> list[float]:
    """Return the values of a column with four significant digits, none finer than a hundredth of the largest's last.

    So a gain of 0.00000002 beside one of 0.03 is told as 0 and not with eleven decimals.
    """
    amounts = np.array([significant(float(value), unit) for value in values], dtype=np.float64)
    sizes = np.abs(amounts[np.isfinite(amounts) & (amounts != 0.0)])
    if not sizes.size:
        return [float(each) for each in amounts]
    places = PLAIN_DIGITS - 1 - math.floor(math.log10(sizes.max())) + 2
    return [half_up(float(each), places) + 0.0 if math.isfinite(each) else float(each) for each in amounts]


def needed(values: Iterable[float], most: int = 2) -> int:
    """Return the decimals that sizes stated by people need: 2.5 m is no cell of 2 m, nor 10 m one of 10.00 m."""
    return max((len(f"{value:.{most}f}".rstrip("0").partition(".")[2]) for value in values), default=0)


def plain_places(amounts: NDArray[np.float64]) -> int | None:
    """Return the decimals with which all amounts of a column are told: four significant digits of the largest.

    None where a smaller one would keep less than two digits; no more decimals than any of them needs.
    """
    sizes = np.abs(amounts[amounts != 0.0])
    if not sizes.size:
        return None
    most = max(0, PLAIN_DIGITS - 1 - math.floor(math.log10(sizes.max())))
    if sizes.min() < 10.0 ** (LEAST_DIGITS - 1 - most):
        return None
    return max(len(f"{size:.{most}f}".partition(".")[2].rstrip("0")) for size in sizes)


def places(value: float, unit: str) -> int | None:
    """Return the decimals that an amount is told with: its unit's, none from WHOLE_FROM on; None without a row.

    Sums of money keep their own, which languages count in units of their own.
    """
    if unit in COUNTS or (unit in YEARLY_COUNTS and abs(value) >= MANY) or value == 0.0:
        return 0
    display = shown(unit)
    return display.digits if _money_row(display.unit) else whole_from_thousand(convert(value, unit), display.digits)


def quantity(value: object, unit: str, *, language: str, system: System = "si", digits: int | None = None) -> str:
    """Return a formatted value with its unit, converted to the display unit."""
    display = shown(unit, system)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = convert(float(value), unit, system)
    decimals_shown = 0 if value == 0 else _decimals(value, unit, display) if digits is None else digits
    text = number(value, digits=whole_from_thousand(value, decimals_shown))
    if text == "–":
        return text
    money = _money(value, display.unit, language)
    if money:
        return money
    if known(f"beside.{display.unit}"):
        return say(f"beside.{display.unit}", language, amount=text)
    name = _counted(text, display.unit, language)
    return f"{text}{'' if name == '%' else ' '}{name}" if name else text


def _decimals(value: object, unit: str, display: Shown) -> int | None:
    """Return the decimals of a shown unit; expected counts in a year are whole from MANY on."""
    many = unit in YEARLY_COUNTS and isinstance(value, int | float) and abs(value) >= MANY
    return 0 if many else display.digits


def _counted(text: str, unit: str, language: str) -> str:
    """Return a unit's name beside a number: 1 person, 2 people."""
    single = f"unit.{unit}.one"
    return say(single, language) if text == "1" and known(single) else label(unit, language)


def decimals(value: object, unit: str, digits: int | None, language: str) -> int | None:
    """Return the decimals of a value in a shown unit: those asked for, fewer for a large sum of money or amount."""
    large = isinstance(value, int | float) and not isinstance(value, bool) and _money_row(unit)
    if large and digits == MONEY_DIGITS:
        return _money_digits(float(str(value)), unit, language)
    return whole_from_thousand(value, digits)


def between(unit: str, digits: int | None, language: str) -> int | None:
    """Return the decimals of sums of money that are neither small nor told in whole units; others keep theirs."""
    return decimals(WHOLE_FROM / LARGE, unit, digits, language) if _money_row(unit) else digits


def whole_from_thousand(value: object, digits: int | None) -> int | None:
    """Return the decimals of a number: none where it is a thousand or more, as it is told."""
    if not isinstance(value, int | float) or isinstance(value, bool) or digits is None or not math.isfinite(value):
        return digits
    return min(digits, 0) if half_up(abs(value), max(digits, 0)) >= WHOLE_FROM else digits


def whole_from(unit: str, language: str) -> float:
    """Return the amount in a shown unit from which on it is told in whole ones."""
    if not _money_row(unit):
        return WHOLE_FROM
    counted_as = _ten_thousands(unit, language)
    return MYRIAD if counted_as > 1.0 else LARGE / counted_as


def _money_digits(amount: float, unit: str, language: str) -> int:
    """Return the decimals of a sum in large units; thousands have one less than ten thousands."""
    smaller = min(1.0, _ten_thousands(unit, language))
    size, fewer = abs(amount) * smaller, round(math.log10(smaller))
    if 0 < size < SMALL:
        return fewer + (SMALL_DIGITS if round(size, SMALL_DIGITS) else MONEY_DIGITS)
    return 0 if round(size, MONEY_DIGITS) >= whole_from(unit, language) * smaller else MONEY_DIGITS + fewer


@cached_with_tables
def _money_row(unit: str) -> str:
    """Return the row of a unit of ten thousands of money, '' for other units."""
    large = unit.removesuffix(THOUSANDS)
    return next((each for each in (large, without_currency(large)[0]) if known(f"money.{each}")), "")


def _money(value: object, unit: str, language: str) -> str:
    """Return an amount in ten thousands as each language says it, '' for other units.

    80.39 万元 and CNY 0.80 million; a small one in single units of money, as CNY 4,217.
    """
    row, currency = _money_row(unit), without_currency(unit)[1]
    if not row or not isinstance(value, int | float):
        return ""
    amount = counted(value, unit, language)
    if abs(amount) < SMALL:
        single = brief(value * MYRIAD, PLAIN_DIGITS)
        return say(f"money.single.{row}", language, amount=single, currency=currency)
    digits = _money_digits(amount, unit, language)
    return say(f"money.{row}", language, amount=number(amount, digits=digits), currency=currency)
