"""Plausibility: indicators and ratios of a plan compared with published ranges, which are factor rows."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.currency import PLACEHOLDER, in_currency
from citybraid.core.errors import InputError, PlanError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor, FactorBook
from citybraid.planning.rows import Reading, indicators, plausible_quantities
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import MissingQuantity, Zones

FACTOR = "plausible_range"
DIGITS = 0.005
"""How far beyond an end of a range a value is still at it [-]: ends are published with two or three digits."""
COLUMNS = tuple("quantity use value unit low high outside region status source".split())  # noqa: SIM905


class Compared(NamedTuple):
    """A value and the published range that it is compared with; a range may be open at one end."""

    quantity: str
    use: str
    value: float
    unit: str
    low: float
    high: float
    outside: bool
    region: str
    status: str
    source: str


def compare(zones: Zones, table: pd.DataFrame, book: FactorBook, *, region: str, year: int) -> pd.DataFrame:
    """Return a row for each published range of the region whose value a plan has.

    The key of a row of factor `plausible_range` is an indicator or one of `plausible_quantities`, after a
    word (a building use) and a slash where the quantity is read by word. Indicators are taken from `table`.
    """
    try:
        rows = book.resolve(FACTOR, region=region, year=year).rows
    except InputError:
        return pd.DataFrame(columns=list(COLUMNS))
    compared = [each for row in rows.values() if (each := _compared(row, zones, table)) is not None]
    return pd.DataFrame(compared, columns=list(COLUMNS))


def range_problems(book: FactorBook, currency: str) -> list[PlanError]:
    """Return the faults of all rows of ranges: an unknown quantity, or another unit than the quantity's."""
    problems: list[PlanError] = []
    for row in book.by_name.get(FACTOR, ()):
        name = row.key.rpartition("/")[2]
        unit = _unit(name)
        if unit is None or bool(row.key.rpartition("/")[0]) != _by_word(name):
            problems.append(InputError("plausible.unknown", factor=FACTOR, key=row.key))
        elif row.unit != (needed := in_currency(unit, currency)) and PLACEHOLDER not in unit:
            problems.append(InputError("plausible.unit", factor=FACTOR, key=row.key, got=row.unit, needs=needed))
    return problems


def _compared(row: Factor, zones: Zones, table: pd.DataFrame) -> Compared | None:
    use, _, name = row.key.rpartition("/")
    value = _value(name, use, zones, table)
    if not np.isfinite(value) or (value == 0.0 and _none_of_it(name)):
        return None
    low, high = (np.nan if end is None else end for end in (row.low, row.high))
    outside = bool(value < low - DIGITS * abs(low) or value > high + DIGITS * abs(high))
    return Compared(name, use, value, row.unit, low, high, outside, row.region, row.status, row.source)


def _unit(name: str) -> str | None:
    """Return the unit of a quantity that ranges may hold for, None where there is none of this name."""
    if name in plausible_quantities():
        return plausible_quantities()[name].unit
    return indicators()[name].unit if name in indicators() else None


def _none_of_it(name: str) -> bool:
    """Tell whether 0 of a quantity says that there is none of it, which no range holds for."""
    return name in plausible_quantities() and plausible_quantities()[name].nothing == "left_out"


def _by_word(name: str) -> bool:
    """Tell whether the ranges of a quantity hold for rows with a word each."""
    return name in plausible_quantities() and bool(plausible_quantities()[name].by)


def _value(name: str, use: str, zones: Zones, table: pd.DataFrame) -> float:
    """Return a quantity of the whole area in its row's unit, NaN where the plan lacks it."""
    if name not in plausible_quantities():
        return float(table[name][WHOLE_AREA]) if name in table and not use else np.nan
    row = plausible_quantities()[name]
    argument = f"{row.by} {use}" if row.by else ""
    try:
        return float(read_zones(zones, Reading(row.statistic, row.var, row.second, argument, row.event, row.scale))[-1])
    except MissingQuantity:
        return np.nan
