"""A flood on cells 2 to 4 times as wide as the ground's, which keep what the fine ground says of volume and discharge.

Volume is that of a coarse cell; its level follows exactly from the fine beds in it, and the discharge over its faces
from the depths of all fine faces in them. Depth on fine cells is the level less their own bed.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.kernels.flood.state import Force, Scheme, Soil, Water
from citybraid.kernels.flood.subgrid import advance, stand
from citybraid.kernels.flood.subgrid_state import Room, Tables
from citybraid.kernels.flood.subgrid_track import track
from citybraid.kernels.flood.track import Peaks
from citybraid.resilience.flood.event import Event, Meet, Volumes, in_slices
from citybraid.resilience.flood.grid import Cells, Flags
from citybraid.resilience.flood.rain import Fallen, Falling
from citybraid.resilience.flood.subgrid_tables import means, sums, tables
from citybraid.resilience.rain.forcing import Forcing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
ROWS, FINE_ROWS = 6, 3
"""Rows of coarse and of fine cells that the kernel works in."""
DEEPEST = 2
"""Slot of a clock that holds the deepest water [m]."""
LATEST = 60.0
"""Time after which peaks are brought up to date, if not sooner by the count of steps [s]."""


class Subgrid(NamedTuple):
    """A run's whole state: cells, roofs, peaks and the fine ground are `fine`'s, its water and soil are coarse."""

    fine: Event
    tables: Tables
    step: int

    @property
    def found(self) -> Cells:
        """Fine cells."""
        return self.fine.found

    @property
    def water(self) -> Water:
        """Water on coarse cells."""
        return self.fine.water

    @property
    def peaks(self) -> Peaks:
        """Peaks on fine cells."""
        return self.fine.peaks

    def volumes(self) -> Volumes:
        """Return the water balance's terms now."""
        return self.fine._replace(bed=self.fine.bed._replace(size=self.tables.size)).volumes()

    def depth(self) -> F64:
        """Return the depth of each fine cell now [m]."""
        return self.below(_level(self.tables, self.water))

    def below(self, level: F64) -> F64:
        """Return the depth of each fine cell below its coarse cell's level [m]."""
        rows, columns = self.found.open.shape
        lift = np.repeat(np.repeat(level - self.tables.base, self.step, axis=0), self.step, axis=1)
        return np.maximum(lift[:rows, :columns] - self.tables.above, 0.0)

    def run(
        self, scheme: Scheme, forcing: Forcing, tick: Tick | None, *, falling: Falling | None = None,
        meet: Meet | None = None, threads: int = 1,
    ) -> Fallen:  # fmt: skip
        """Step through the forcing in slices, as `Event.run` does, but on one thread: coarse grids are small."""
        del threads
        fine, tables, water = self.fine, self.tables, self.water
        room = _room(tables, water, len(forcing.stretches[0].levels))
        scheme = scheme._replace(latest=max(scheme.latest, LATEST))
        roofs = _under_roofs(fine, self.step, water.h.shape)
        ground = sums(fine.found.open, self.step)

        def stepping(force: Force) -> Callable[[int], bool]:
            even = force.rain * ground if len(force.field) == 0 else sums(force.field, self.step)
            supply = (even + force.rain * roofs(fine.bed.roof_share)) / self.step**2
            _reached(water, supply)
            water.clock[DEEPEST] = max(water.clock[DEEPEST], stand(tables, water, room))
            return lambda steps: advance(tables, fine.soil, water, room, fine.peaks, scheme, force, supply, steps)

        fallen = in_slices(fine, forcing, tick, stepping, falling=falling, meet=meet)
        track(tables, water, room, fine.peaks, scheme.threshold)
        fine.peaks.depth[:] = np.maximum(fine.peaks.depth, self.below(room.highest))
        return fallen


def on_cells(event: Event, step: int, *, coupled: bool) -> Event | Subgrid:
    """Return a run on the ground's own cells where `step` is 1, else on cells that many times as wide.

    Raises InputError where what is built or coupled needs the ground's own cells.
    """
    if step == 1:
        return event
    if coupled or event.structures is not None:
        raise InputError("flood.subgrid_drains" if coupled else "flood.subgrid_structures", step=step)
    return coarsened(event, step)


def coarsened(event: Event, step: int) -> Subgrid:
    """Return a run on cells `step` times as wide.

    What the grid lacks to a multiple of `step` counts as outside. Surface storage, infiltration and drains are the
    fine cells' mean over the coarse cell, suction and decay that over its open ground.
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
    return Subgrid(event._replace(water=water, soil=_soil(event.soil, event.found.open, step)), ground, step)


def _soil(soil: Soil, open_: Flags, step: int) -> Soil:
    """Return sinks of coarse cells, over their whole area."""

    def even(values: F64 | F32) -> F64:
        return sums(values, step) / step**2 if len(values) else np.zeros((0, 1))

    def typical(values: F32) -> F32:
        return means(values, open_, step).astype(np.float32) if len(values) else values

    def rate(values: F32) -> F32:
        return even(values).astype(np.float32)

    return Soil(
        room=even(soil.room), taken=even(soil.taken), conductivity=rate(soil.conductivity),
        suction=typical(soil.suction), deficit=rate(soil.deficit), drained=even(soil.drained),
        capacity=rate(soil.capacity), first=rate(soil.first), last=rate(soil.last), decay=typical(soil.decay),
        worn=even(soil.worn),
    )  # fmt: skip


def _under_roofs(event: Event, step: int, shape: tuple[int, ...]) -> Callable[[F64], F64]:
    """Return what brings fine cells' shares of roofs to coarse cells."""
    row = np.repeat(np.arange(event.found.open.shape[0]), np.diff(event.bed.roof_start))
    place = (row // step) * shape[1] + event.bed.roof_column // step
    return lambda share: np.bincount(place, share, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _reached(water: Water, supply: F64) -> None:
    """Take the cells that water comes down on into their rows' spans."""
    wet = supply > 0.0
    some, width = wet.any(axis=1), wet.shape[1]
    low, high = wet.argmax(axis=1), width - wet[:, ::-1].argmax(axis=1)
    dry = water.first >= water.last
    water.first[some] = np.where(dry, low, np.minimum(water.first, low))[some]
    water.last[some] = np.where(dry, high, np.maximum(water.last, high))[some]


def _level(tables: Tables, water: Water) -> F64:
    """Return the level of all cells: the lowest of the lines that volume and level lie on."""
    count = tables.sums.shape[1]
    lines = [(water.h * count + tables.sums[:, k]) / (k + 1) for k in range(count)]
    level: F64 = tables.base + np.min(lines, axis=0)
    return level


def _room(tables: Tables, water: Water, sides: int) -> Room:
    """Return room to work in, with the levels of all cells."""
    rows, columns = water.h.shape

    level = _level(tables, water)

    def zeros(*shape: int) -> F32:
        return np.zeros(shape, np.float32)

    return Room(
        level=level, highest=level.copy(), section_x=zeros(rows, columns + 1), section_y=zeros(rows + 1, columns),
        carried_x=zeros(rows, columns + 1), carried_y=zeros(rows + 1, columns), wet=zeros(2, columns),
        deep=zeros(2, columns), raw_x=zeros(columns + 1), raw_y=zeros(2, columns), paid=zeros(2, columns),
        rows=zeros(ROWS, columns + 1), fine=zeros(FINE_ROWS, tables.above.shape[1]),
        spans=np.zeros((2, rows), np.int32), levels=np.zeros(sides),
    )  # fmt: skip
