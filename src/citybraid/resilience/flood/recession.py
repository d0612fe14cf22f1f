"""The end of an event: when the water that still stands no longer leaves."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from citybraid.resilience.flood.course import NEAR

F64 = NDArray[np.float64]
STANDING = 0.01
"""Change of the flooded area between two depths of the course below which the rest is standing water [-]."""


class Recession:
    """Tells whether a run is over: no series goes on, and the flooded area is gone or no longer changes.

    `depth` gives the present depth of each cell [m], of which more than `threshold` [m] is flooded; it is asked at
    the times of the course [s] from the end of the series [s] on.
    """

    def __init__(self, depth: Callable[[], F64], times: F64, *, series_end: float, threshold: float) -> None:
        self._depth, self._threshold = depth, threshold
        self._times = times[times >= series_end - NEAR]
        self._before: int | None = None

    def __call__(self, time: float) -> bool:
        """Return whether the run is over at a time [s]."""
        if not self._times.size or np.abs(self._times - time).min() > NEAR:
            return False
        before, flooded = self._before, int((self._depth() > self._threshold).sum())
        self._before = flooded
        return flooded == 0 or (before is not None and abs(flooded - before) <= STANDING * before)
