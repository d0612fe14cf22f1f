"""Depths that a flood keeps at even times of an event."""

import math
from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.state import Water
from citybraid.resilience.flood.depth_course import MM, on_axes
from citybraid.resilience.flood.event import Meet
from citybraid.resilience.rain.forcing import HOUR

F64 = NDArray[np.float64]
I16 = NDArray[np.int16]
INTERVAL = 600.0
"""Longest time between two depths where none is asked for [s], in events short enough."""
MOST = 24
"""Intervals at most where none is asked for: depths of longer events lie farther apart."""
DEEPEST = 30_000
"""Depth that anything deeper counts as [mm]: 16 bits hold it."""
NONE = -1
"""Depth of cells that have none."""
NEAR = 1e-3
"""How far the end of a stretch may lie from the time of a depth [s]."""


def course_times(until: float, interval: float | None) -> F64:
    """Return even times from the start to the end of an event [s], no farther apart than an interval [s]."""
    most = max(INTERVAL, until / MOST) if interval is None else interval
    return np.linspace(0.0, until, max(1, math.ceil(until / most - NEAR)) + 1)


class Course:
    """Depths of a run at some of its times, in whole mm: rounded down, so that none exceeds the deepest."""

    def __init__(self, times: F64, has: NDArray[np.bool_]) -> None:
        self.times, self._has = times, has
        self.depths: I16 = np.full((len(times), *has.shape), NONE, np.int16)

    def keep(self, depth: F64, time: float) -> None:
        """Keep a depth [m] where the time [s] is one of the course's."""
        for at in np.flatnonzero(np.abs(self.times - time) <= NEAR):
            whole = np.minimum(np.floor(depth * MM), DEEPEST)
            self.depths[at] = np.where(self._has, whole, NONE).astype(np.int16)

    def meet(self, depth: Callable[[], F64], then: Meet | None = None) -> Meet:
        """Return what keeps a run's depth at the end of each stretch, after what else meets the water."""

        def met(water: Water, time: float) -> None:
            if then is not None:
                then(water, time)
            if np.abs(self.times - time).min() <= NEAR:
                self.keep(depth(), time)

        return met

    def field(self, grid: GeoBox) -> xr.DataArray:
        """Return the course as values by time [h] and place."""
        return on_axes(self.depths, self.times / HOUR, grid)
