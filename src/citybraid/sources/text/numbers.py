"""One cell as a number in a Var's unit: its own unit, a span, 'about', a serial day that Excel made of a year."""

import datetime as dt
import math
import re
from typing import Literal, NamedTuple

from citybraid.core.var import Var
from citybraid.sources.text.cell_values import BOUND, NUMBER, number, year
from citybraid.sources.text.units import dimension, factor

Manner = Literal["", "own unit", "span", "about", "serial"]
ABOUT = re.compile(r"^(?:约为?|大约|大概|近|~|≈|ca\.?|about)\s*|\s*(?:左右|上下|余|多)$", re.IGNORECASE)
SPAN = re.compile(
    r"^(?P<low>\d[\d,]*(?:\.\d+)?)\s*(?P<first>[^\d\s.,~～—–至到-]*)\s*(?:-{1,2}|~|～|—{1,2}|–|至|到)\s*"
    r"(?P<high>\d[\d,]*(?:\.\d+)?)\s*(?P<tail>\D*)$"
)
SERIAL = re.compile(r"^(19\d\d)-(\d\d)-(\d\d)(?: 00:00:00)?$")
EPOCH = dt.date(1899, 12, 30)
"""Day 0 of Excel's serial days."""
SERIAL_YEARS = (1700, 2200)
TEN_THOUSAND = 1e4
APOSTROPHES = "'’‘`"


class Figure(NamedTuple):
    """A number, and how the cell wrote it; NaN where it wrote none."""

    value: float
    manner: Manner = ""


def figure(cell: str, var: Var) -> Figure:
    """Return the number of a plain text in the Var's unit, except for the column's own unit.

    With the manner 'own unit' the cell named its unit and the column's no longer counts.
    """
    said = cell.strip(APOSTROPHES).strip()
    if var.unit == "year":
        return _year(said)
    about = ABOUT.sub("", ABOUT.sub("", said))
    if about != said:
        return Figure(figure(about, var).value, "about")
    if not math.isnan(value := number(said)):
        return Figure(value, "own unit" if "万" in said else "")
    if span := SPAN.match(said):
        return _span(span, var)
    return _with_unit(said, var)


def _year(said: str) -> Figure:
    found = SERIAL.match(said)
    if found is not None:
        try:
            days = (dt.date(int(found[1]), int(found[2]), int(found[3])) - EPOCH).days
        except ValueError:
            return Figure(year(said))
        if SERIAL_YEARS[0] <= days <= SERIAL_YEARS[1]:
            return Figure(float(days), "serial")
    return Figure(year(said))


def _span(found: re.Match[str], var: Var) -> Figure:
    """The middle of a span whose ends rise; its unit stands at its end."""
    low, high = (float(found[end].replace(",", "")) for end in ("low", "high"))
    if not low < high:
        return Figure(math.nan)
    end = figure(f"{high:g}{found['tail'].strip()}", var)
    return Figure(math.nan) if math.isnan(end.value) else Figure((low + high) / 2 * (end.value / high), "span")


def _with_unit(said: str, var: Var) -> Figure:
    """A number with a unit of the Var's kind behind it: 2.5公顷, 0.3 km², 1.2万平方米."""
    bare = BOUND.sub("", said)
    found = NUMBER.match(bare)
    if found is None:
        return Figure(math.nan)
    value, tail = float(found.group().replace(",", "")), bare[found.end() :].strip()
    if tail == "万":
        return Figure(value * TEN_THOUSAND, "own unit")
    if not var.unit or dimension(tail) != var.unit:
        return Figure(math.nan)
    times = factor(tail, var.unit)
    return Figure(math.nan) if times is None else Figure(value * times, "own unit")
