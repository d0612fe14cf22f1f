"""Summer of a place: June to August, south of the equator December to February."""

import numpy as np
from numpy.typing import NDArray

DAYS, DAY = 365, 24
JUNE_TO_AUGUST = (151, 243)
"""Days of the year, counted from 0: 1 June to 31 August."""
DECEMBER_TO_FEBRUARY = (334, 424)
"""1 December to 28 February, counted on past the end of the year."""


def summer_span(latitude: float) -> tuple[int, int]:
    """Return the first day of summer and the one after its last, 0 being 1 January; beyond 365 in the next year."""
    return JUNE_TO_AUGUST if latitude >= 0.0 else DECEMBER_TO_FEBRUARY


def summer_days(latitude: float) -> NDArray[np.int64]:
    """Return the days of summer, 0 being 1 January: June to August north of the equator, else December to February."""
    return np.arange(*summer_span(latitude)) % DAYS


def summer_hours(latitude: float) -> tuple[int, int]:
    """Return the first hour of summer and the one after its last; beyond 8 760 in the next year."""
    first, last = summer_span(latitude)
    return first * DAY, last * DAY
