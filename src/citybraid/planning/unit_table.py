"""The table of indicators: a row per zone and one for the whole area."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning import statistics
from citybraid.planning.rows import Indicator, Reading, indicators
from citybraid.planning.zones import Floats, MissingQuantity, Zones

Statistic = Callable[[Zones, Reading], tuple[Floats, float]]


class IndicatorTable(NamedTuple):
    """Values `by_zone` (WHOLE for the whole area) and indicator.

    `lacking` names the quantity that an absent indicator lacks, `partial` the missing
    parts of a combined indicator.
    """

    by_zone: pd.DataFrame
    lacking: Mapping[str, str]
    partial: Mapping[str, tuple[str, ...]]


def unit_table(zones: Zones, selected: Iterable[Indicator]) -> IndicatorTable:
    """Return the indicators that the Place allows, in the rows' units.

    Combined and quotient indicators are made of those before them in the table.
    """
    columns: dict[str, Floats] = {}
    lacking: dict[str, str] = {}
    for indicator in selected:
        try:
            columns[indicator.id] = _values(zones, indicator.reading, columns)
        except MissingQuantity as fault:
            lacking[indicator.id] = str(fault.args[0])
    rows = [*(str(name) for name in zones.shapes.index), WHOLE_AREA]
    partial = {
        name: tuple(part for part in _parts(indicators()[name].reading) if part not in columns)
        for name in columns
        if name in indicators() and indicators()[name].reading.statistic == "combined"
    }
    values = pd.DataFrame(columns, index=pd.Index(rows, name="zone"))
    return IndicatorTable(values, lacking, {name: parts for name, parts in partial.items() if parts})


def read_zones(zones: Zones, reading: Reading) -> Floats:
    """Return a reading's values by zone, the whole area last, scaled to the row's unit."""
    statistic = cast("Statistic", getattr(statistics, reading.statistic))
    by_zone, total = statistic(zones, reading)
    return np.append(by_zone, total) * reading.scale


def _values(zones: Zones, reading: Reading, columns: Mapping[str, Floats]) -> Floats:
    if reading.statistic == "combined":
        return _combined(reading, columns)
    if reading.statistic == "quotient":
        above, below = _known(columns, reading.var), _known(columns, reading.second)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(below != 0, above / below, np.nan) * reading.scale
    return read_zones(zones, reading)


def _combined(reading: Reading, columns: Mapping[str, Floats]) -> Floats:
    """Return the signed sum of indicators; the first is required, a later one that is absent counts as not modelled."""
    first, *others = reading.var.split()
    total = _known(columns, first).copy()
    for name in others:
        sign = -1.0 if name.startswith("-") else 1.0
        if name.lstrip("-") in columns:
            total += sign * columns[name.lstrip("-")]
    return total * reading.scale


def _parts(reading: Reading) -> tuple[str, ...]:
    return tuple(name.lstrip("-") for name in reading.var.split())


def _known(columns: Mapping[str, Floats], name: str) -> Floats:
    if name not in columns:
        raise MissingQuantity(name)
    return columns[name]
