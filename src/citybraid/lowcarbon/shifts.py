"""Hours of plants by shift pattern."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.rows.carbon import PlantShift
from citybraid.core.tables import read_table
from citybraid.core.var import Fact, Factors, View
from citybraid.lowcarbon.working_days import clock, rest_hours

Array = NDArray[np.float64]
PATTERNS = ("one", "two", "three", "continuous")
DAY = 24


class ShiftTables(NamedTuple):
    """Factor tables of shifts: when they start, how long they last [h], and the load outside them."""

    plant_shift: Annotated[Factors, Fact("plant_shift")]


def pattern_of(plants: View) -> NDArray[np.int64]:
    """Return the number of each plant's pattern in PATTERNS; raises InputError for one that is empty or not known."""
    known = {row.name.casefold(): row.shift for row in read_table(PlantShift)}
    shifts = []
    for plant, text in plants["plant_shift"].items():
        name = "" if pd.isna(text) else str(text).strip().casefold().removesuffix(".0")
        if name not in known:
            raise InputError("park.shift_unknown", plant=str(plant), got=name, needs=sorted(known))
        shifts.append(PATTERNS.index(known[name]))
    return np.array(shifts, dtype=np.int64)


def shift_profiles(calendar: Factors, shifts: Factors, *, calendar_year: int) -> Array:
    """Return the share of the year's load by hour; (patterns, hours), each row with the sum 1.

    One to three shifts work on working days, at full load; outside them the load is the share `idle` of it. Raises
    InputError for hours that a day lacks and an idle share outside 0 to 1.
    """
    hour = clock(calendar_year).hour.to_numpy()
    working = ~rest_hours(calendar_year, calendar)
    idle = _within(shifts, "idle", 1.0)
    rows = [np.ones(hour.size)]
    for name in PATTERNS[-2::-1]:
        start, lasts = _within(shifts, f"{name}/start", DAY), _within(shifts, f"{name}/hours", DAY)
        at_work = working & ((hour - start) % DAY < lasts)
        if not at_work.any() and idle == 0.0:
            raise InputError("park.shift_range", key=f"{name}/hours", got=lasts, most=DAY)
        rows.insert(0, np.where(at_work, 1.0, idle))
    table = np.array(rows)
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def _within(shifts: Factors, key: str, most: float) -> float:
    if not 0.0 <= shifts[key] <= most:
        raise InputError("park.shift_range", key=key, got=shifts[key], most=most)
    return shifts[key]
