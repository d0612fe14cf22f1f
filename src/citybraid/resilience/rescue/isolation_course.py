"""Number of people isolated from emergency services at each time of an event, and for how long."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Floats
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.access_course import (
    ISOLATED_AT_ONCE,
    ISOLATED_COURSE,
    ISOLATED_HOURS,
    ISOLATED_PERSON_HOURS,
    LATE_COURSE,
    RESCUE_STATE,
)
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.flood.depth_course import hours_of, represented_hours
from citybraid.resilience.rescue.isolated_people import inner_cells
from citybraid.resilience.rescue.rescue_course import CUT_OFF, LATE, NO_WAY


class IsolationCourse(NamedTuple):
    """Isolated people over the time of an event."""

    isolated_course: ISOLATED_COURSE
    late_course: LATE_COURSE
    isolated_at_once: ISOLATED_AT_ONCE
    isolated_hours: ISOLATED_HOURS
    isolated_person_hours: ISOLATED_PERSON_HOURS


@model(
    version=1,
    cite="Green, Yu, Pattison et al. (2017), Nat. Hazards Earth Syst. Sci. 17: 1-16 (emergency responders in floods)",
    validity="Night-time residents at home; what the course of rescue behind it holds for.",
)
def isolation_course(
    *, buildings: Annotated[View, Table("buildings", (RESIDENTS,))], rescue_state: RESCUE_STATE, grid: GeoBox
) -> IsolationCourse:
    """Return the residents whom rescue does not reach, or not in time, at each time, and the duration of isolation.

    A building takes the state of the cell of its representative point. `isolated_at_once` is taken at the time when
    most residents are isolated; ties go to the time with most late residents, then the earliest. Each time represents
    half of the adjacent intervals. A building unreachable when dry, or off the grid, has no value. Raises
    InputError where the time steps are uneven or the grid differs.
    """
    hours = hours_of(rescue_state, grid)
    cell = inner_cells(buildings, grid)
    states = rescue_state.to_numpy().reshape(len(hours), -1)[:, np.maximum(cell, 0)]
    known = (cell >= 0) & (states[0] != NO_WAY)
    residents = buildings["residents"].to_numpy(np.float64)
    cut_off = (states == CUT_OFF) & known
    isolated, late = (_people(state & known, residents) for state in (states == CUT_OFF, states == LATE))
    worst = np.lexsort((-np.nan_to_num(late), -np.nan_to_num(isolated)))[0]
    durations = represented_hours(hours)
    index = pd.Index(hours, name="hours")

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(known, values, np.nan), index=buildings.index)

    return IsolationCourse(
        isolated_course=pd.Series(isolated, index=index),
        late_course=pd.Series(late, index=index),
        isolated_at_once=column(residents * cut_off[worst]),
        isolated_hours=column(longest(cut_off, durations)),
        isolated_person_hours=column(residents * (durations @ cut_off)),
    )


def _people(selected: Flags, residents: Floats) -> Floats:
    """Return the residents of the selected buildings at each time; NaN where no building has residents data."""
    if not np.isfinite(residents).any():
        return np.full(len(selected), np.nan)
    return np.asarray(selected @ np.nan_to_num(residents), np.float64)


def longest(flags: Flags, durations: Floats) -> Floats:
    """Return the longest continuous duration [h] of each column; each row lasts one of the durations [h]."""
    top, run = np.zeros(flags.shape[1]), np.zeros(flags.shape[1])
    for row, hours in zip(flags, durations, strict=True):
        run = np.where(row, run + hours, 0.0)
        top = np.maximum(top, run)
    return top
