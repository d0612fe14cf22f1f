"""A flood's steps on several threads: bands of rows at the same time, with the same bits for any count of threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.flood.bands import closed, entered, opened, swept, tracked
from citybraid.kernels.flood.state import FASTEST, NOW, TRACKED, Bed, Force, Scheme, Seams, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.track import Peaks

F32 = NDArray[np.float32]


class Flooded(NamedTuple):
    """What a step reads and changes."""

    bed: Bed
    soil: Soil | None
    structures: Structures | None
    water: Water
    peaks: Peaks


class Bands:
    """Steps of one run, each band of rows on a thread of its own; the first on the caller's."""

    def __init__(self, flooded: Flooded, scheme: Scheme, works: Sequence[Work], seams: Seams) -> None:
        self._flooded, self._scheme, self._works, self._seams = flooded, scheme, works, seams
        self._pool = ThreadPoolExecutor(max(len(works) - 1, 1), "flood")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def advance(self, force: Force, field: F32 | None, steps: int) -> bool:
        """Step until the stretch of forcing ends or `steps` are done; tell whether it ended.

        Where none are to be done, the peaks are brought up to now.
        """
        if steps == 0:
            self._track()
            return False
        bed, soil, structures, water, _ = self._flooded
        scheme, work, seams = self._scheme, self._works[0], self._seams
        filling = entered(bed, water, force, field)
        for _ in range(steps):
            dt, now = opened(bed, structures, water, scheme, force, filling, work, seams)
            deepest = self._most(partial(self._sweep, force, field, dt))
            if closed(bed, soil, structures, water, scheme, force, field, work, seams, dt, now, deepest):
                self._track()
            if now >= force.until:
                return True
        return False

    def _sweep(self, force: Force, field: F32 | None, dt: float, band: int) -> float:
        """Sweep a band; returns its deepest water."""
        bed, soil, _, water, _ = self._flooded
        theta, work = self._scheme.theta, self._works[band]
        return swept(bed, soil, water, theta, dt, force.rain, field, work, self._seams, band)

    def _track(self) -> None:
        """Bring the peaks up to now, band by band, and on rows that water has reached since bands were made."""
        bed, _, _, water, peaks = self._flooded
        bounds, least = self._seams.bounds, self._scheme.threshold
        inner = [int(bound) for bound in bounds[1:-1] if bound < bounds[-1]]
        limits = [0, *inner, len(water.h)]
        water.clock[FASTEST] = self._most(
            lambda band: tracked(bed, water, peaks, least, self._works[band], limits[band], limits[band + 1])
        )
        water.clock[TRACKED] = water.clock[NOW]

    def _most(self, of: Callable[[int], float]) -> float:
        """Return the largest of what all bands give: it does not depend on their order."""
        bounds = self._seams.bounds
        others = [self._pool.submit(of, band) for band in range(1, len(self._works)) if bounds[band] < bounds[-1]]
        first = of(0)
        return max(first, *(other.result() for other in others)) if others else first
