"""A flood's steps on several threads: concurrent bands of rows, with the same bits for any number of threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.flood.bands import (
    end_banded_step,
    start_banded_step,
    start_forcing_bands,
    sweep_band,
    track_band,
)
from citybraid.kernels.flood.state import FASTEST, NOW, TRACKED, Bed, ForcingInterval, Scheme, Seams, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.track import Peaks

F32 = NDArray[np.float32]


class FloodState(NamedTuple):
    """Arrays that a step reads and changes."""

    bed: Bed
    soil: Soil | None
    structures: Structures | None
    water: Water
    peaks: Peaks


class Bands:
    """Steps of one run, each band of rows on its own thread, the first on the caller's."""

    def __init__(self, state: FloodState, scheme: Scheme, works: Sequence[Work], seams: Seams) -> None:
        self._state, self._scheme, self._works, self._seams = state, scheme, works, seams
        self._pool = ThreadPoolExecutor(max(len(works) - 1, 1), "flood")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def advance(self, force: ForcingInterval, field: F32 | None, steps: int) -> bool:
        """Step until the interval of forcing ends or `steps` are done; return whether it ended.

        With `steps` 0 only the peaks are updated.
        """
        if steps == 0:
            self._track()
            return False
        bed, soil, structures, water, _ = self._state
        scheme, work, seams = self._scheme, self._works[0], self._seams
        fill_rate = start_forcing_bands(bed, water, force, field)
        for _ in range(steps):
            dt, now = start_banded_step(bed, structures, water, scheme, force, fill_rate, work, seams)
            deepest = self._max_over_bands(partial(self._sweep, force, field, dt))
            if end_banded_step(bed, soil, structures, water, scheme, force, field, work, seams, dt, now, deepest):
                self._track()
            if now >= force.until:
                return True
        return False

    def _sweep(self, force: ForcingInterval, field: F32 | None, dt: float, band: int) -> float:
        """Sweep a band; return its greatest depth [m]."""
        bed, soil, _, water, _ = self._state
        theta, work = self._scheme.theta, self._works[band]
        return sweep_band(bed, soil, water, theta, dt, force.rain, field, work, self._seams, band)

    def _track(self) -> None:
        """Update the peaks, band by band, including rows that water has reached since the bands were set."""
        bed, _, _, water, peaks = self._state
        bounds, threshold = self._seams.bounds, self._scheme.threshold
        inner = [int(bound) for bound in bounds[1:-1] if bound < bounds[-1]]
        limits = [0, *inner, len(water.h)]
        water.clock[FASTEST] = self._max_over_bands(
            lambda band: track_band(bed, water, peaks, threshold, self._works[band], limits[band], limits[band + 1])
        )
        water.clock[TRACKED] = water.clock[NOW]

    def _max_over_bands(self, of: Callable[[int], float]) -> float:
        """Return the maximum over all bands, which does not depend on their order."""
        bounds = self._seams.bounds
        others = [self._pool.submit(of, band) for band in range(1, len(self._works)) if bounds[band] < bounds[-1]]
        first = of(0)
        return max(first, *(other.result() for other in others)) if others else first
