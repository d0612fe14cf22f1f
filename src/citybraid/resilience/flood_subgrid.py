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
from citybraid.kernels.flood_state import Force, Scheme, Soil, Water
from citybraid.kernels.flood_subgrid import advance, stand
from citybraid.kernels.flood_subgrid_state import Room, Tables
from citybraid.kernels.flood_subgrid_track import track
from citybraid.kernels.flood_track import Peaks
from citybraid.resilience.flood_event import Event, Meet, Volumes, in_slices
from citybraid.resilience.flood_forcing import Forcing
from citybraid.resilience.flood_grid import Cells, Flags, levels
from citybraid.resilience.flood_rain import Fallen, Falling

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
ROWS, FINE_ROWS = 6, 3
"""Rows of coarse and of fine cells that the kernel works in."""
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
        meet: Meet | None = None,
    ) -> Fallen:  # fmt: skip
        """Step through the forcing in slices, as `Event.run` does."""
        fine, tables, water = self.fine, self.tables, self.water
        room = _room(tables, water, len(forcing.stretches[0].levels))
        scheme = scheme._replace(latest=max(scheme.latest, LATEST))
        soil = fine.soil if any(len(each) for each in fine.soil) else None
        roofs = _under_roofs(fine, self.step, water.h.shape)
        ground = _sums(fine.found.open, self.step)

        def stepping(force: Force) -> Callable[[int], bool]:
            even = force.rain * ground if len(force.field) == 0 else _sums(force.field, self.step)
            supply = (even + force.rain * roofs(fine.bed.roof_share)) / self.step**2
            _reached(water, supply)
            water.clock[2] = max(water.clock[2], stand(tables, water, room))
            return lambda steps: advance(tables, soil, water, room, fine.peaks, scheme, force, supply, steps)

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
    tables = _tables(event, step)
    rows, columns = tables.base.shape
    h = _sums(event.water.h, step) / step**2
    wet = h > 0.0
    first = np.where(wet.any(axis=1), wet.argmax(axis=1), 0).astype(np.int32)
    last = np.where(wet.any(axis=1), columns - wet[:, ::-1].argmax(axis=1), 0).astype(np.int32)
    clock = event.water.clock.copy()
    clock[2] *= step
    qx, qy = np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32)
    water = Water(h, qx, qy, np.zeros(len(tables.edges)), clock, np.zeros(4), np.zeros(2, np.int64), first, last)
    return Subgrid(event._replace(water=water, soil=_soil(event.soil, event.found.open, step)), tables, step)


def _blocks(values: NDArray[np.generic], step: int, beyond: float) -> F64:
    """Return the fine values of each coarse cell: coarse rows, coarse columns, step²."""
    rows, columns = values.shape
    full = np.pad(values.astype(np.float64), ((0, -rows % step), (0, -columns % step)), constant_values=beyond)
    high, wide = full.shape[0] // step, full.shape[1] // step
    return full.reshape(high, step, wide, step).transpose(0, 2, 1, 3).reshape(high, wide, step * step)


def _sums(values: NDArray[np.generic], step: int) -> F64:
    found: F64 = _blocks(values, step, 0.0).sum(axis=2)
    return found


def _means(values: NDArray[np.generic], open_: Flags, step: int) -> F64:
    """Return means over the open fine cells of each coarse cell, 0 where there are none."""
    sums, count = _sums(np.where(open_, values, 0.0), step), _sums(open_, step)
    return np.divide(sums, count, out=np.zeros_like(sums), where=count > 0.0)


def _tables(event: Event, step: int) -> Tables:
    found, bed = event.found, event.bed
    z = np.where(found.open, levels(found), np.inf)
    beds = np.sort(_blocks(z, step, np.inf), axis=2)
    base = np.where(np.isfinite(beds[:, :, 0]), beds[:, :, 0], found.wall)
    sums = np.cumsum(beds - base[:, :, None], axis=2).transpose(0, 2, 1)
    sums[:, 0] = 0.0
    lowest = np.repeat(np.repeat(base, step, axis=0), step, axis=1)[: z.shape[0], : z.shape[1]]
    n = np.asarray(bed.n, dtype=np.float64)
    edges, edge_at = _edges(event, step, _means(np.where(found.open, z, 0.0), found.open, step))
    cell, place = np.unique(bed.inflow_cells // step, axis=0, return_inverse=True)
    share = np.bincount(place.ravel(), bed.inflow_share, minlength=len(cell)).astype(np.float64)
    datum_x, over_x, ease_x = _faces(z, n, step)
    datum_y, over_y, ease_y = _faces(z.T, n.T, step)
    return Tables(
        base, np.ascontiguousarray(sums, dtype=np.float32), (z - lowest).astype(np.float32), datum_x, over_x, ease_x,
        np.ascontiguousarray(datum_y.T), np.ascontiguousarray(over_y.T), np.ascontiguousarray(ease_y.T), edges, edge_at,
        cell.astype(np.int32), share, bed.size * step,
    )  # fmt: skip


def _faces(z: F64, n: F64, step: int) -> tuple[F64, F32, F32]:
    """Return the lowest bed of each face between columns, what its fine faces stand above that, and their 1/n."""
    rows, columns = z.shape
    high, wide = -(-rows // step), -(-columns // step)
    at = np.arange(step - 1, columns - 1, step)
    bed, rough = np.full((high * step, wide), np.inf), np.full((high * step, wide), np.inf)
    bed[:rows, : at.size] = np.maximum(z[:, at], z[:, at + 1])
    rough[:rows, : at.size] = 0.5 * (n[:, at] + n[:, at + 1])
    parts, rough = bed.reshape(high, step, wide), rough.reshape(high, step, wide)
    datum = parts.min(axis=1)
    over = parts - np.where(np.isfinite(datum), datum, 0.0)[:, None]
    ease = np.where(np.isfinite(parts), 1.0 / np.where(np.isfinite(parts), rough, 1.0), 0.0)
    return datum, over.astype(np.float32), ease.astype(np.float32)


def _edges(event: Event, step: int, mean: F64) -> tuple[I32, F64]:
    """Return fine edge faces in coarse cells, as the kernel wants them."""
    bed, found = event.bed, event.found
    cell, axis, sign = bed.edges[:, :2], bed.edges[:, 4], bed.edges[:, 5]
    coarse = cell // step
    along = np.where(axis == 0, cell[:, 1], cell[:, 0])
    beyond = along + sign
    out = np.stack([np.where(axis == 1, sign, 0), np.where(axis == 0, sign, 0)], axis=1)
    count = np.pad(_sums(found.open, step), 1)
    outermost = (beyond // step != along // step) & (count[tuple((coarse + out + 1).T)] == 0.0)
    inner = coarse - out
    within = count[tuple((inner + 1).T)] > 0.0
    inner = np.where(within[:, None], inner, coarse)
    fall = np.where(within, mean[inner[:, 0], inner[:, 1]] - mean[coarse[:, 0], coarse[:, 1]], -np.inf)
    edges = np.column_stack([coarse, inner, axis, sign, bed.edges[:, 6], outermost])
    rough = bed.n[cell[:, 0], cell[:, 1]].astype(np.float64)
    return np.ascontiguousarray(edges, dtype=np.int32), np.column_stack([bed.edge_bed[:, 0], fall, rough])


def _soil(soil: Soil, open_: Flags, step: int) -> Soil:
    """Return sinks of coarse cells, over their whole area."""

    def even(values: F64 | F32) -> F64:
        return _sums(values, step) / step**2 if len(values) else np.zeros((0, 1))

    def typical(values: F32) -> F32:
        return _means(values, open_, step).astype(np.float32) if len(values) else values

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
