"""Parsing of a cell as a number in a Var's unit: own unit, range, 'about', a year that Excel turned into a date."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from citybraid.core.var import Var
from citybraid.sources.text.cell_values import (
    BOUND,
    NUMBER,
    is_decade,
    parse_number,
    parse_year,
    several_years,
    year_span,
)
from citybraid.sources.text.limits import limit_end, limit_ends, opposite_of
from citybraid.sources.text.numerals import above_ground, in_digits, storeys_and_metres, year_in_digits
from citybraid.sources.text.separators import in_plain_separators
from citybraid.sources.text.units import conversion_factor, is_known_unit, measure, seems_unit

Manner = Literal[
    "", "own unit", "span", "limit span", "other limit", "about", "serial", "date serial", "above ground", "separators",
    "decade", "years", "first year",
]  # fmt: skip
ABOUT = re.compile(r"^(?:约为?|大约|大概|近|~|≈|ca\.?|about)\s*|\s*(?:左右|上下|余|多)$", re.IGNORECASE)
SPAN = re.compile(
    r"^(?P<low>\d[\d,]*(?:\.\d+)?)\s*(?P<first>[^\d\s.,~～—–至到-]*)\s*(?:-{1,2}|~|～|—{1,2}|–|至|到)\s*"
    r"(?P<high>\d[\d,]*(?:\.\d+)?)\s*(?P<tail>\D*)$"
)
SERIAL = re.compile(r"^(19\d\d)-(\d\d)-(\d\d)(?: 00:00:00)?$")
EPOCH = dt.date(1899, 12, 30)
"""Day 0 of Excel's serial dates."""
SERIAL_YEARS = (1700, 2200)
DAY = re.compile(r"^\d{5}(?:\.\d+)?$")
DAYS = (7_306.0, 55_153.0)
"""Serial dates of 1920 to 2050: a number of five digits under a header of years can be nothing else."""
UNTIL = re.compile(r"(?:以|之)?[前后]$|^(?:before|after|prior to|pre-?|post-?)\s*", re.IGNORECASE)
OWN_FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType({"floors": above_ground})
"""Quantities that are written in a form of their own, and what reads it."""
STATED_TOGETHER: Mapping[str, int] = MappingProxyType({"floors": 0, "height": 1, "height_limit": 1})
"""Quantities that one cell may state together, with their place in it: 6F/18m."""
TEN_THOUSAND = 1e4
MOST_RATIO = 30.0
"""Largest ratio of areas: what has no dimension and may be larger counts things [-]."""
COUNTED = frozenset({("household", 1), ("building", 1), ("count", 1)})
"""Units of things that are counted, with their power."""
PLAIN = {"1": 1.0}
"""Units whose own sign in a cell leaves the column's multiple as it is: 18层."""
APOSTROPHES = "'’‘`"


class ParsedNumber(NamedTuple):
    """A number and the notation it was written in; NaN where there is none. `other` is the other end of a limit."""

    value: float
    manner: Manner = ""
    other: float = math.nan


def parse_quantity(cell: str, var: Var) -> ParsedNumber:
    """Return the number in a normalized text in the Var's unit, before the column's unit is applied.

    With the manner 'own unit' the cell has its own unit and the column's does not apply.
    """
    text = cell.strip(APOSTROPHES).strip()
    if var.unit == "year":
        return _year(year_in_digits(text))
    text = in_digits(text)
    if var.name in STATED_TOGETHER and (both := storeys_and_metres(text)):
        return ParsedNumber(float(both[STATED_TOGETHER[var.name]]), "own unit")
    if (own := OWN_FORMS.get(var.name)) is not None and (above := own(text)):
        return ParsedNumber(float(above), "above ground")
    exact = ABOUT.sub("", ABOUT.sub("", text))
    if exact != text:
        return _with_manner(parse_quantity(exact, var), "about")
    if own is None and (plain := in_plain_separators(text)) != text:
        return _with_manner(parse_quantity(plain, var), "separators")
    if (limit := limit_end(var.name)) and (stated := _limit(text, var, limit)) is not None:
        return stated
    if not math.isnan(value := parse_number(text)):
        return _bare(text, value, var)
    if span := SPAN.match(text):
        return _span(span, var)
    return _with_unit(text, var)


def _with_manner(parsed: ParsedNumber, manner: Manner) -> ParsedNumber:
    """Return a number with the manner it was read in; one with a unit of its own keeps that manner."""
    return parsed if parsed.manner == "own unit" else parsed._replace(manner=manner)


def _year(text: str) -> ParsedNumber:
    match = SERIAL.match(text)
    if match is not None:
        try:
            days = (dt.date(int(match[1]), int(match[2]), int(match[3])) - EPOCH).days
        except ValueError:
            return ParsedNumber(parse_year(text))
        if SERIAL_YEARS[0] <= days <= SERIAL_YEARS[1]:
            return ParsedNumber(float(days), "serial")
    if DAY.match(text) and DAYS[0] <= float(text) <= DAYS[1]:
        return ParsedNumber(float((EPOCH + dt.timedelta(days=float(text))).year), "date serial")
    exact = ABOUT.sub("", ABOUT.sub("", UNTIL.sub("", text)))
    if is_decade(exact):
        return ParsedNumber(parse_year(exact), "decade")
    if year_span(exact) is not None:
        return ParsedNumber(parse_year(exact), "years")
    if several_years(exact):
        return ParsedNumber(parse_year(exact), "first year")
    return ParsedNumber(parse_year(exact), "about" if exact != text else "")


def _limit(text: str, var: Var, limit: str) -> ParsedNumber | None:
    """Return the end of a text that limits a quantity, and the other one; None where it states no other end."""
    ends = limit_ends(text)
    if ends is None:
        return None
    if not (other := ends.low if limit == "high" else ends.high):
        own = ends.high if limit == "high" else ends.low
        return None if own == text else parse_quantity(own, var)
    far = parse_quantity(other, var).value
    if not ends.both:
        return None if math.isnan(far) or not opposite_of(var.name) else ParsedNumber(math.nan, "other limit", far)
    near = parse_quantity(ends.high if limit == "high" else ends.low, var).value
    low, high = (far, near) if limit == "high" else (near, far)
    return ParsedNumber(near, "limit span", far) if low < high else ParsedNumber(math.nan)


def _span(match: re.Match[str], var: Var) -> ParsedNumber:
    """Return the middle of an increasing range with its unit at the end."""
    low, high = (float(match[end].replace(",", "")) for end in ("low", "high"))
    if not low < high:
        return ParsedNumber(math.nan)
    end = parse_quantity(f"{high:g}{match['tail'].strip()}", var)
    if math.isnan(end.value):
        return ParsedNumber(math.nan)
    return ParsedNumber((low + high) / 2 * (end.value / high), "span")


def _bare(text: str, value: float, var: Var) -> ParsedNumber:
    """Return a number whose tail, if any, is a sign of a quantity (18层, 60m, 35%): of this one, else none."""
    tail = _tail(text)
    if not is_known_unit(tail) or not var.unit:
        return ParsedNumber(value, "own unit" if "万" in text else "")
    times = unit_factor(tail, var)
    if times is None:
        return ParsedNumber(math.nan)
    if is_share(var) or times == 1.0 == PLAIN.get(var.unit, 0.0):
        return ParsedNumber(value)
    number = value / (TEN_THOUSAND if "万" in text else 1.0)
    return ParsedNumber(number * times, "own unit")


def _tail(text: str) -> str:
    bare = BOUND.sub("", text)
    match = NUMBER.match(bare)
    return "" if match is None else bare[match.end() :].strip()


def _with_unit(text: str, var: Var) -> ParsedNumber:
    """Return a number followed by a unit of the Var's dimension: 2.5公顷, 0.3 km², 1.2万平方米, 30 mph."""
    bare = BOUND.sub("", text)
    match = NUMBER.match(bare)
    if match is None:
        return ParsedNumber(math.nan)
    value, tail = float(match.group().replace(",", "")), bare[match.end() :].strip()
    if tail == "万":
        return ParsedNumber(value * TEN_THOUSAND, "own unit")
    if not var.unit or not seems_unit(tail):
        return ParsedNumber(math.nan)
    times = unit_factor(tail, var)
    return ParsedNumber(math.nan) if times is None else ParsedNumber(value * times, "own unit")


def is_share(var: Var) -> bool:
    """Tell whether a quantity is a share of a whole."""
    return var.unit == "1" and 0 < var.le <= 1


def unit_factor(text: str, var: Var) -> float | None:
    """Return the conversion factor of a unit to a quantity's; None where it is a unit of another, or not understood.

    A quantity without dimension that may be above 30 counts things: it takes what is counted (3户, 2万辆), no percent.
    """
    if var.unit != "1" or var.le <= MOST_RATIO:
        return conversion_factor(text, var.unit)
    unit = measure(text)
    if unit is None or unit.factor < 1.0 or set(unit.powers.items()) - COUNTED:
        return None
    return unit.factor
