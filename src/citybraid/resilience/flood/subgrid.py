"""A flood on cells 2 to 4 times as wide as the terrain's, with subgrid tables of volume and conveyance.

The level of a coarse cell follows exactly from its volume and its fine beds, the discharge over a coarse face from the
depths of its fine faces. Depth on fine cells is the level less their bed.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.kernels.flood.state import DEEPEST, ForcingInterval, Scheme, Soil, Water
from citybraid.kernels.flood.subgrid import advance, update_levels
from citybraid.kernels.flood.subgrid_state import SubgridWork, Tables
from citybraid.kernels.flood.subgrid_track import track
from citybraid.kernels.flood.track import Peaks
from citybraid.resilience.flood.event import DrainsAt, Event, IntervalEnd, IsOver, Volumes, in_slices
from citybraid.resilience.flood.grid import Domain, Flags
from citybraid.resilience.flood.rain import RainSource, RainTotals
from citybraid.resilience.flood.subgrid_tables import means, sums, tables
from citybraid.resilience.rain.forcing import Forcing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
ROWS, FINE_ROWS = 6, 3
"""Row buffers of the kernel, of coarse and of fine cells."""
LATEST = 60.0
"""Time after which peaks are updated, if not sooner by the count of steps [s]."""


class Subgrid(NamedTuple):
    """Complete state of a run: `fine` has the fine cells, roofs, peaks and bed, but coarse water and soil."""

    fine: Event
    tables: Tables
    step: int

    @property
    def domain(self) -> Domain:
        """Fine cells."""
        return self.fine.domain

    @property
    def water(self) -> Water:
        """Water on coarse cells."""
        return self.fine.water

    @property
    def peaks(self) -> Peaks:
        """Peaks on fine cells."""
        return self.fine.peaks

    def volumes(self) -> Volumes:
        """Return the present volumes of the water balance."""
        return self.fine._replace(bed=self.fine.bed._replace(size=self.tables.size)).volumes()

    def depth(self) -> F64:
        """Return the present depth of each fine cell [m]."""
        return self.below(_level(self.tables, self.water))

    def below(self, level: F64) -> F64:
        """Return the depth of each fine cell below its coarse cell's level [m]."""
        rows, columns = self.domain.open.shape
        height = np.repeat(np.repeat(level - self.tables.base, self.step, axis=0), self.step, axis=1)
        return np.maximum(height[:rows, :columns] - self.tables.above, 0.0)

    def run(
        self, scheme: Scheme, forcing: Forcing, tick: Tick | None, *, rain_source: RainSource | None = None,
        at_interval_end: IntervalEnd | None = None, is_over: IsOver | None = None, threads: int = 1,
    ) -> RainTotals:  # fmt: skip
        """Step through the forcing in slices, as `Event.run` does, but on one thread: coarse grids are small."""
        del threads
        fine, tables, water = self.fine, self.tables, self.water
        work = _work_arrays(tables, water, len(forcing.stretches[0].levels))
        scheme = scheme._replace(latest=max(scheme.latest, LATEST))
        roofs = _roof_shares(fine, self.step, water.h.shape)
        ground = sums(fine.domain.open, self.step)

        def stepping(force: ForcingInterval) -> Callable[[int], bool]:
            even = force.rain * ground if len(force.field) == 0 else sums(force.field, self.step)
            supply = (even + force.rain * roofs(fine.bed.roof_share)) / self.step**2
            _mark_wet(water, supply)
            water.clock[DEEPEST] = max(water.clock[DEEPEST], update_levels(tables, water, work))
            return lambda steps: advance(tables, fine.soil, water, work, fine.peaks, scheme, force, supply, steps)

        totals = in_slices(
            fine, forcing, tick, stepping, rain_source=rain_source, at_interval_end=at_interval_end, is_over=is_over
        )
        track(tables, water, work, fine.peaks, scheme.threshold)
        fine.peaks.depth[:] = np.maximum(fine.peaks.depth, self.below(work.highest))
        return totals


def with_subgrid(event: Event, step: int, *, coupled: bool) -> Event | Subgrid:
    """Return a run on the terrain's cells where `step` is 1, else on cells that many times as wide.

    Raises InputError where structures or coupled drains need the terrain's cells.
    """
    if step == 1:
        return event
    if coupled or event.structures is not None:
        raise InputError("flood.subgrid_drains" if coupled else "flood.subgrid_structures", step=step)
    return coarsen(event, step)


def coarsen(event: Event, step: int) -> Subgrid:
    """Return a run on cells `step` times as wide.

    The grid is padded to a multiple of `step` with outside cells. Surface storage, infiltration and drains are
    means over the coarse cell, suction and decay over its open fine cells.
    """
    ground = tables(event, step)
    rows, columns = ground.base.shape
    h = sums(event.water.h, step) / step**2
    wet = h > 0.0
    first = np.where(wet.any(axis=1), wet.argmax(axis=1), 0).astype(np.int32)
    last = np.where(wet.any(axis=1), columns - wet[:, ::-1].argmax(axis=1), 0).astype(np.int32)
    clock = event.water.clock.copy()
    clock[DEEPEST] *= step
    qx, qy = np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32)
    water = Water(h, qx, qy, np.zeros(len(ground.edges)), clock, np.zeros(4), np.zeros(2, np.int64), first, last)
    fine = event._replace(
        water=water, soil=_soil(event.soil, event.domain.open, step), drains_at=_coarse(event.drains_at, step)
    )
    return Subgrid(fine, ground, step)


def _coarse(drains_at: DrainsAt | None, step: int) -> DrainsAt | None:
    """Return the capacity of drains on coarse cells, where that of fine ones changes."""
    if drains_at is None:
        return None
    return lambda force, start: (sums(drains_at(force, start), step) / step**2).astype(np.float32)


def _soil(soil: Soil, open_: Flags, step: int) -> Soil:
    """Return the sinks of coarse cells, over their total area."""

    def even(values: F64 | F32) -> F64:
        return sums(values, step) / step**2 if len(values) else np.zeros((0, 1))

    def typical(values: F32) -> F32:
        return means(values, open_, step).astype(np.float32) if len(values) else values

    def rate(values: F32) -> F32:
        return even(values).astype(np.float32)

    storage = even(soil.storage_left)
    return Soil(
        storage_left=storage, storing=np.ones(len(storage), np.int32), infiltrated=even(soil.infiltrated),
        conductivity=rate(soil.conductivity), suction=typical(soil.suction), deficit=rate(soil.deficit),
        drained=even(soil.drained), capacity=rate(soil.capacity), initial_rate=rate(soil.initial_rate),
        final_rate=rate(soil.final_rate), decay=typical(soil.decay), horton_time=even(soil.horton_time),
    )  # fmt: skip


def _roof_shares(event: Event, step: int, shape: tuple[int, ...]) -> Callable[[F64], F64]:
    """Return a function that sums fine cells' roof shares over coarse cells."""
    row = np.repeat(np.arange(event.domain.open.shape[0]), np.diff(event.bed.roof_start))
    place = (row // step) * shape[1] + event.bed.roof_column // step
    return lambda share: np.bincount(place, share, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _mark_wet(water: Water, supply: F64) -> None:
    """Include the cells that receive supply in their rows' spans."""
    wet = supply > 0.0
    some, width = wet.any(axis=1), wet.shape[1]
    low, high = wet.argmax(axis=1), width - wet[:, ::-1].argmax(axis=1)
    dry = water.first >= water.last
    water.first[some] = np.where(dry, low, np.minimum(water.first, low))[some]
    water.last[some] = np.where(dry, high, np.maximum(water.last, high))[some]


def _level(tables: Tables, water: Water) -> F64:
    """Return the level of all cells: the minimum of the piecewise linear inverse's lines."""
    count = tables.sums.shape[1]
    lines = [(water.h * count + tables.sums[:, k]) / (k + 1) for k in range(count)]
    level: F64 = tables.base + np.min(lines, axis=0)
    return level


def _work_arrays(tables: Tables, water: Water, sides: int) -> SubgridWork:
    """Allocate the work arrays, with the levels of all cells."""
    rows, columns = water.h.shape

    level = _level(tables, water)

    def zeros(*shape: int) -> F32:
        return np.zeros(shape, np.float32)

    return SubgridWork(
        level=level, highest=level.copy(), section_x=zeros(rows, columns + 1), section_y=zeros(rows + 1, columns),
        conveyance_x=zeros(rows, columns + 1), conveyance_y=zeros(rows + 1, columns), wet=zeros(2, columns),
        deep=zeros(2, columns), raw_x=zeros(columns + 1), raw_y=zeros(2, columns), limiter=zeros(2, columns),
        rows=zeros(ROWS, columns + 1), fine=zeros(FINE_ROWS, tables.above.shape[1]),
        spans=np.zeros((2, rows), np.int32), levels=np.zeros(sides),
    )  # fmt: skip
