"""Depths of a flood at regular times of an event, and its end: when the water that still stands no longer leaves."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.state import Water
from citybraid.resilience.flood.depth_course import MM_PER_M, on_axes
from citybraid.resilience.flood.event import IntervalEnd
from citybraid.resilience.rain.forcing import HOUR

F64 = NDArray[np.float64]
I16 = NDArray[np.int16]
INTERVAL = 600.0
"""Default interval between depths [s], in events of up to MOST intervals."""
MOST = 24
"""Most intervals by default: longer events have longer intervals."""
MAX_DEPTH = 30_000
"""Greatest depth stored [mm], within 16 bits; greater ones are clipped."""
NONE = -1
"""Value of cells without depth."""
NEAR = 1e-3
"""Tolerance between the end of an interval and the time of a depth [s]."""
STANDING = 0.01
"""Change of the flooded area between two depths of the course below which the rest is standing water [-]."""


def course_times(until: float, interval: float | None) -> F64:
    """Return regular times from the start to the end of an event [s], at most an interval apart [s]."""
    most = max(INTERVAL, until / MOST) if interval is None else interval
    return np.linspace(0.0, until, max(1, math.ceil(until / most - NEAR)) + 1)


class Course:
    """Depths of a run at given times, in integer mm: rounded down, so that none exceeds the peak depth."""

    def __init__(self, times: F64, open_cells: NDArray[np.bool_]) -> None:
        self.times, self._open = times, open_cells
        self._recorded = 0
        self.depths: I16 = np.full((len(times), *open_cells.shape), NONE, np.int16)

    def record(self, depth: F64, time: float) -> None:
        """Store a depth [m] if the time [s] is one of the course's."""
        for at in np.flatnonzero(np.abs(self.times - time) <= NEAR):
            millimetres = np.minimum(np.floor(depth * MM_PER_M), MAX_DEPTH)
            self.depths[at] = np.where(self._open, millimetres, NONE).astype(np.int16)
            self._recorded = int(at) + 1

    def recorder(self, depth: Callable[[], F64], before: IntervalEnd | None = None) -> IntervalEnd:
        """Return a callback that stores a run's depth at the end of each interval, after `before` has run."""

        def record_depth(water: Water, time: float) -> None:
            if before is not None:
                before(water, time)
            if np.abs(self.times - time).min() <= NEAR:
                self.record(depth(), time)

        return record_depth

    def field(self, grid: GeoBox) -> xr.DataArray:
        """Return the depths by time [h], y and x, up to the last that was stored."""
        return on_axes(self.depths[: self._recorded], self.times[: self._recorded] / HOUR, grid)


class VelocityCourse:
    """Velocities of a run to the east and north at given times [m s⁻¹], none on closed cells."""

    def __init__(self, times: F64, open_cells: NDArray[np.bool_], velocity: Callable[[], tuple[F64, F64]]) -> None:
        self._times, self._open, self._velocity = times, open_cells, velocity
        self._recorded = 0
        self._values: NDArray[np.float32] | None = None

    def record(self, time: float) -> None:
        """Store the present velocities if the time [s] is one of the course's."""
        for at in np.flatnonzero(np.abs(self._times - time) <= NEAR):
            if self._values is None:
                self._values = np.full((2, len(self._times), *self._open.shape), np.nan, np.float32)
            for values, velocity in zip(self._values, self._velocity(), strict=True):
                values[at] = np.where(self._open, velocity, np.nan)
            self._recorded = int(at) + 1

    def recorder(self, before: IntervalEnd) -> IntervalEnd:
        """Return a callback that stores a run's velocities at the end of each interval, after `before` has run."""

        def record_velocity(water: Water, time: float) -> None:
            before(water, time)
            self.record(time)

        return record_velocity

    def fields(self, grid: GeoBox) -> Iterator[xr.DataArray]:
        """Yield the velocities to the east and to the north by time [h], y and x, up to the last that was stored."""
        for values in () if self._values is None else self._values:
            yield on_axes(values[: self._recorded], self._times[: self._recorded] / HOUR, grid)


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
