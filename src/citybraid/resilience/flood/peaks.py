"""Peak depth, speed and hazard of a flood, its arrival and duration, and the final depth."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.vocabulary.water import (
    ARRIVAL_TIME,
    FINAL_DEPTH,
    FLOOD_DURATION,
    HAZARD_RATING,
    MAX_DEPTH,
    MAX_SPEED,
)
from citybraid.kernels.flood.track import NEVER
from citybraid.resilience.flood.depth_course import MM_PER_M
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.full_momentum import FullMomentum
from citybraid.resilience.flood.subgrid import Subgrid
from citybraid.resilience.rain.forcing import HOUR

PER_UNIT = 1000.0
"""Speeds and hazards are tracked in thousandths."""


class FloodPeaks(NamedTuple):
    """Peaks and final depth of an event on each open cell."""

    max_depth: MAX_DEPTH
    final_depth: FINAL_DEPTH
    max_speed: MAX_SPEED
    hazard_rating: HAZARD_RATING
    arrival_time: ARRIVAL_TIME
    flood_duration: FLOOD_DURATION


def peaks_of(event: Event | FullMomentum | Subgrid, course: xr.DataArray) -> FloodPeaks:
    """Return the peaks of a finished run; no depth of its course exceeds the maximum."""
    peaks, domain, depth = event.peaks, event.domain, event.depth()
    (unit,) = peaks.unit

    def raster(values: NDArray[np.floating]) -> xr.DataArray:
        return xr.DataArray(np.where(domain.open, values, np.nan), dims=("y", "x"))

    return FloodPeaks(
        max_depth=raster(np.maximum(np.maximum(peaks.depth, depth), course.to_numpy().max(axis=0) / MM_PER_M)),
        final_depth=raster(depth),
        max_speed=raster(peaks.speed / PER_UNIT),
        hazard_rating=raster(peaks.hazard / PER_UNIT),
        arrival_time=raster(np.where(peaks.arrival == NEVER, np.nan, peaks.arrival * (unit / HOUR))),
        flood_duration=raster(peaks.duration * (unit / HOUR)),
    )
