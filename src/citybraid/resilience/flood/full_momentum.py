"""A flood by the full shallow water equations, with advection: for dam breaks, jets, hydraulic jumps, steep streets."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.kernels.flood.state import F64, SCRATCH, Bed, ForcingInterval, Scheme, Water
from citybraid.kernels.flood.track import Peaks
from citybraid.kernels.shallow_water.solver import begin, end, stage, track
from citybraid.kernels.shallow_water.tile import Flow, Ground, Work, new_flow, work_of
from citybraid.resilience.flood.event import Event, IntervalEnd, IsOver, Volumes, in_slices
from citybraid.resilience.flood.grid import Domain, Inflows, RiverMouths, bed_levels, river_mouths
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.rain import RainSource, RainTotals
from citybraid.resilience.flood.surface import Surface, cell_velocities, velocities
from citybraid.resilience.rain.forcing import Forcing

CELLS_PER_THREAD = 40_000
"""Fewest cells that justify a thread."""


class FullMomentum(NamedTuple):
    """Complete state of a run: `event` has the depths, the ground and all but momentum."""

    event: Event
    ground: Ground
    flow: Flow

    @property
    def domain(self) -> Domain:
        """Cells of the model area."""
        return self.event.domain

    @property
    def water(self) -> Water:
        """Water on the cells."""
        return self.event.water

    @property
    def peaks(self) -> Peaks:
        """Peaks on the cells."""
        return self.event.peaks

    def volumes(self) -> Volumes:
        """Return the present volumes of the water balance."""
        return self.event.volumes()

    def depth(self) -> F64:
        """Return the present depth of each cell [m]."""
        return self.event.depth()

    def velocity(self) -> tuple[F64, F64]:
        """Return the present velocity to the east and north on each cell [m s⁻¹]."""
        return cell_velocities(self.water, self.flow.qx, self.flow.qy)

    def run(
        self, scheme: Scheme, forcing: Forcing, tick: Tick | None, *, rain_source: RainSource | None = None,
        at_interval_end: IntervalEnd | None = None, is_over: IsOver | None = None, threads: int = 1,
    ) -> RainTotals:  # fmt: skip
        """Step through the forcing in slices, as `Event.run` does; any number of `threads` gives the same bits."""
        event, levels = self.event, len(forcing.stretches[0].levels)
        count = max(min(threads, event.water.h.size // CELLS_PER_THREAD), 1)
        works = [work_of(event.bed, event.water, levels, SCRATCH) for _ in range(count)]
        with Tiles(self, scheme, works) as tiles:

            def stepping(force: ForcingInterval) -> Callable[[int], bool]:
                return partial(tiles.advance, force, force.field if len(force.field) else None)

            totals = in_slices(
                event, forcing, tick, stepping, rain_source=rain_source, at_interval_end=at_interval_end,
                is_over=is_over,
            )  # fmt: skip
        track(event.water, self.flow, event.peaks, scheme.threshold, works[0])
        return totals


class Tiles:
    """Steps of one run, the tiles of each stage divided among threads, the first part on the caller's."""

    def __init__(self, run: FullMomentum, scheme: Scheme, works: Sequence[Work]) -> None:
        first = works[0]
        self._run, self._scheme = run, scheme
        self._works = [first, *(first._replace(scratch=each.scratch) for each in works[1:])]
        self._pool = ThreadPoolExecutor(max(len(works) - 1, 1), "flood")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def advance(self, force: ForcingInterval, field: NDArray[np.float32] | None, count: int) -> bool:
        """Step until the interval of forcing ends or `count` steps are done; return whether it ended."""
        event, ground, flow = self._run
        work, scheme, soil = self._works[0], self._scheme, event.active_sinks()
        for _ in range(count):
            dt = begin(event.bed, ground, event.structures, event.water, flow, work, scheme, force)
            self._stage(0, dt)
            self._stage(1, dt)
            if end(event.bed, soil, event.structures, event.water, flow, event.peaks, work, scheme, force, field, dt):
                return True
        return False

    def _stage(self, number: int, dt: float) -> None:
        """Take stage 0 or 1 of a step, each thread in its part of the tiles."""
        event, ground, flow = self._run
        bounds = self._bounds()
        parts = [
            partial(stage, event.bed, ground, event.water, flow, work, number, dt, start, stop)
            for work, start, stop in zip(self._works, bounds[:-1], bounds[1:], strict=True)
        ]
        others = [self._pool.submit(part) for part in parts[1:]]
        parts[0]()
        for other in others:
            other.result()

    def _bounds(self) -> list[int]:
        """Return the first tile of each thread's part, of about equal numbers of tiles to compute, and the end."""
        if len(self._works) == 1:
            return [0, self._works[0].busy.size]
        done = np.cumsum(self._works[0].busy.ravel())
        shares = np.arange(1, len(self._works)) * done[-1] / len(self._works)
        return [0, *(int(place) for place in np.searchsorted(done, shares)), len(done)]


def with_full_momentum(
    event: Event, surface: Surface, p: FloodParams, inflows: Inflows | None, grid: GeoBox
) -> FullMomentum:
    """Return a run by the full equations of an event on the terrain's cells.

    Raises InputError where parameters are given that only the local inertial equations have.
    """
    if p.subgrid > 1:
        raise InputError("flood.full_subgrid", step=p.subgrid)
    if "theta" in p.model_fields_set and p.theta != FloodParams.model_fields["theta"].default:
        raise InputError("flood.full_theta", theta=p.theta)
    flow = new_flow(event.water.h.shape)
    east, north = velocities(surface, event.domain, event.water.h.shape)
    flow.qx[:], flow.qy[:] = event.water.h * east, -event.water.h * north
    flow.mid_h[:] = event.water.h
    mouths = river_mouths(inflows, event.bed, event.domain, grid)
    bed = event.bed._replace(inflow_share=mouths.share)
    return FullMomentum(event._replace(bed=bed), ground_of(bed, event.domain, mouths), flow)


def ground_of(bed: Bed, domain: Domain, mouths: RiverMouths) -> Ground:
    """Return bed levels of open cells, which faces are open: those between two open cells, but under walls; mouths."""
    rows, columns = domain.open.shape
    open_x, open_y = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    is_open = bed.n >= 0.0
    open_x[:, 1:-1] = is_open[:, :-1] & is_open[:, 1:] & ~np.isnan(bed.fall_x[:, :-1])
    open_y[1:-1] = is_open[:-1] & is_open[1:] & ~np.isnan(bed.fall_y[:-1])
    rough = np.where(is_open, np.square(bed.n, dtype=np.float64), -1.0)
    return Ground(np.where(is_open, bed_levels(domain), 0.0), open_x, open_y, rough, mouths.faces, mouths.unit)
