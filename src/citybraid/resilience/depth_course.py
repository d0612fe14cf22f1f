"""Depths kept at even times of an event: when, how a run keeps them, and how models read them."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.kernels.flood_state import Water
from citybraid.resilience.flood_event import Meet
from citybraid.resilience.flood_forcing import HOUR

F64 = NDArray[np.float64]
I16 = NDArray[np.int16]
MM = 1000.0
AXES = ("time", "y", "x")
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
        at = int(np.abs(self.times - time).argmin())
        if abs(self.times[at] - time) <= NEAR:
            whole = np.minimum(np.floor(depth * MM), DEEPEST)
            self.depths[at] = np.where(self._has, whole, NONE).astype(np.int16)

    def meet(self, depth: Callable[[], F64], then: Meet | None = None) -> Meet:
        """Return what keeps a run's depth at the end of each stretch, after what else meets the water."""

        def met(water: Water, time: float) -> None:
            if then is not None:
                then(water, time)
            self.keep(depth(), time)

        return met

    def field(self, grid: GeoBox) -> xr.DataArray:
        """Return the course as values by time [h] and place."""
        return on_axes(self.depths, self.times / HOUR, grid)


def on_axes(values: NDArray[np.integer], hours: NDArray[np.floating], grid: GeoBox) -> xr.DataArray:
    """Return values (time, y, x) with hours from the start and cell centres."""
    rows, columns = grid.shape
    x, _ = grid.affine * (np.arange(columns) + 0.5, np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), np.arange(rows) + 0.5)
    return xr.DataArray(values, dims=AXES, coords={"time": hours, "y": y, "x": x})


def hours_of(course: xr.DataArray, grid: GeoBox) -> F64:
    """Return the times of a course [h]; raises InputError where they are not even or its cells are not the grid's."""
    if course.dims != AXES or course.shape[1:] != tuple(grid.shape):
        raise InputError("course.axes", got=list(course.shape), needs=list(grid.shape))
    hours = course["time"].to_numpy().astype(np.float64)
    gaps = np.diff(hours)
    if not gaps.size or gaps.min() <= 0.0 or not np.allclose(gaps, gaps[0], rtol=1e-3, atol=0.0):
        raise InputError("course.times", count=len(hours))
    return hours


def depths_of(course: xr.DataArray) -> Iterator[F64]:
    """Yield the depth of each time [m], NaN where there is none."""
    for plane in course.to_numpy():
        yield np.where(plane < 0, np.nan, plane / MM)


def held_hours(hours: F64) -> F64:
    """Return how long each time stands for [h]: half of the intervals on both its sides."""
    gaps = np.diff(hours)
    return np.asarray(0.5 * (np.r_[0.0, gaps] + np.r_[gaps, 0.0]), np.float64)
