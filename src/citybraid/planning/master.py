"""Indicators of the national table of master plans, the capacity of the plan, and what is missing of them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.levels import MasterIndicator
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import Reading
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import Floats, MissingQuantity, Zones


class MasterTable(NamedTuple):
    """Values by zone and indicator, the whole area last, and the quantity that an absent one lacks."""

    by_zone: pd.DataFrame
    lacking: Mapping[str, str]


@cached_with_tables
def master_indicators() -> Mapping[str, MasterIndicator]:
    """Return the rows by id, in the order of the table."""
    return {row.id: row for row in read_table(MasterIndicator)}


def master_values(zones: Zones, *, only: Collection[str] | None = None) -> MasterTable:
    """Return what can be computed of the national table and of the plan's capacity, by zone and for the whole.

    `only` names the indicators that are wanted, and those that they are quotients of; None: all.
    """
    columns: dict[str, Floats] = {}
    lacking: dict[str, str] = {}
    for row in master_indicators().values():
        if not row.statistic or (only is not None and row.id not in only):
            continue
        try:
            columns[row.id] = _read(row, zones, columns)
        except MissingQuantity as fault:
            lacking[row.id] = str(fault.args[0])
    index = pd.Index([*(str(name) for name in zones.shapes.index), WHOLE_AREA], name="zone")
    return MasterTable(pd.DataFrame(columns, index=index), lacking)


def _read(row: MasterIndicator, zones: Zones, columns: Mapping[str, Floats]) -> Floats:
    if row.statistic != "quotient":
        return read_zones(zones, Reading(row.statistic, row.var, row.second, row.argument, "", row.scale))
    for name in (row.var, row.second):
        if name not in columns:
            raise MissingQuantity(name)
    above, below = columns[row.var], columns[row.second]
    out = np.full(len(above), np.nan)
    return np.asarray(np.divide(above * row.scale, below, out=out, where=below != 0.0), np.float64)
