"""A flood's steps on several threads: concurrent bands of rows, with the same bits for any number of threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.flood.bands import (
    end_banded_pass,
    start_banded_pass,
    start_forcing_bands,
    sweep_part,
    track_band,
)
from citybraid.kernels.flood.state import (
    FASTEST,
    HELD,
    NOW,
    STEPS,
    TRACKED,
    Bed,
    ForcingInterval,
    Pass,
    Scheme,
    Seams,
    Soil,
    Water,
    Work,
)
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

    def __init__(self, state: FloodState, scheme: Scheme, works: Sequence[Work], seams: Seams, steps: Pass) -> None:
        self._state, self._scheme, self._works, self._seams, self._steps = state, scheme, works, seams, steps
        self._pool = ThreadPoolExecutor(max(len(works) - 1, 1), "flood")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def advance(self, force: ForcingInterval, field: F32 | None, count: int) -> bool:
        """Step until the interval of forcing ends or `count` steps are done; return whether it ended.

        Steps of one length are never parted, so that a few more may be done. With `count` 0 only the peaks are updated.
        """
        if count == 0:
            self._track()
            return False
        bed, _, structures, water, _ = self._state
        scheme, work, seams, steps = self._scheme, self._works[0], self._seams, self._steps
        fill_rate = start_forcing_bands(bed, water, force, field)
        until = water.tally[STEPS] + count
        while water.tally[STEPS] < until or steps.steps[HELD] > 0:
            dt, now = start_banded_pass(bed, structures, water, scheme, force, fill_rate, seams, steps)
            sweep, count = partial(self._sweep, force, field, dt), self._count()
            deepest = self._max_over(sweep, range(count))
            deepest = max(deepest, self._max_over(sweep, range(-1, -count, -1)))
            if end_banded_pass(bed, structures, water, scheme, force, field, work, seams, steps, dt, now, deepest):
                self._track()
            if now >= force.until:
                return True
        return False

    def _count(self) -> int:
        """Return the count of bands that are not empty, at least 1."""
        bounds = self._seams.bounds
        return max(int((bounds[:-1] < bounds[-1]).sum()), 1)

    def _sweep(self, force: ForcingInterval, field: F32 | None, dt: float, place: int) -> float:
        """Sweep a band, numbered from 0 on, or a gap, from -1 down; return its greatest depth [m]."""
        bed, soil, _, water, _ = self._state
        theta, work = self._scheme.theta, self._works[max(place, -1 - place)]
        return sweep_part(bed, soil, water, theta, dt, force.rain, field, work, self._seams, self._steps, place)

    def _track(self) -> None:
        """Update the peaks, band by band, including rows that water has reached since the bands were set."""
        bed, _, _, water, peaks = self._state
        bounds, threshold = self._seams.bounds, self._scheme.threshold
        inner = [int(bound) for bound in bounds[1:-1] if bound < bounds[-1]]
        limits = [0, *inner, len(water.h)]
        water.clock[FASTEST] = self._max_over(
            lambda band: track_band(bed, water, peaks, threshold, self._works[band], limits[band], limits[band + 1]),
            range(len(limits) - 1),
        )
        water.clock[TRACKED] = water.clock[NOW]

    def _max_over(self, of: Callable[[int], float], places: range) -> float:
        """Return the maximum over places, the first on the caller's thread; 0 where there are none."""
        others = [self._pool.submit(of, place) for place in places[1:]]
        first = of(places[0]) if places else 0.0
        return max(first, *(other.result() for other in others)) if others else first
