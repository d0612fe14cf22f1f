"""A flood run: the arrays of its state, its volumes, and the loop over slices of computing."""

import math
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.kernels.compiled import collection_paused
from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.solver import advance
from citybraid.kernels.flood.state import (
    CLOCK,
    DEEPEST,
    Bed,
    ForcingInterval,
    Scheme,
    Soil,
    Water,
    pass_arrays,
    seams,
    work_arrays,
)
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.track import NEVER, Peaks
from citybraid.resilience.flood.grid import KIND, M_PER_MM, Domain, Roofs, filled
from citybraid.resilience.flood.rain import RainSource, RainTotals
from citybraid.resilience.flood.threads import Bands, FloodState
from citybraid.resilience.rain.forcing import HOUR, MM_PER_HOUR, Forcing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
SLICE = 0.2
"""Computing time between two calls of the tick [s]."""
MOST_TICKS = 60_000
"""Most time units of an event in 16 bits: seconds up to 16 hours."""
CELLS_PER_THREAD = 40_000
"""Fewest cells that justify a thread: sweeping fewer takes no longer than waking one."""
FIRST = 4
"""Steps of the first slice, before the machine's speed is known."""
IntervalEnd = Callable[[Water, float], None]
"""Callback on the water at the end of an interval of forcing, at a time [s]."""
IsOver = Callable[[float], bool]
"""Tells at the end of an interval, at a time [s], whether the run is over."""
DrainsAt = Callable[[ForcingInterval, float], F32]
"""Capacity of drains in each cell over an interval of forcing that begins at a time [s], where it changes [m s-1]."""
Stepping = Callable[[ForcingInterval], Callable[[int], bool]]
"""Makes, for an interval of forcing, a function that takes up to a count of steps and returns whether it ended."""


class Volumes(NamedTuple):
    """Volumes of water by place [m³]."""

    stored: float
    retained: float
    """Infiltrated water less free surface storage: its change over a run is infiltration and storage together."""
    drained: float
    outflow: float
    edge_inflow: float
    """Inflow over level edges."""


class Event(NamedTuple):
    """Complete state of a run: stopped between slices, it resumes with the same bits."""

    domain: Domain
    roofs: Roofs
    bed: Bed
    soil: Soil
    water: Water
    peaks: Peaks
    structures: Structures | None = None
    drains_at: DrainsAt | None = None

    @property
    def area(self) -> float:
        """Cell area [m²]."""
        return float(self.bed.size[0] * self.bed.size[1])

    def volumes(self) -> Volumes:
        """Return the present volumes of the water balance."""
        soil, sums = self.soil, self.water.sums
        retained = float(soil.infiltrated.sum()) - float(soil.storage_left.sum())
        return Volumes(
            stored=float(self.water.h.sum()) * self.area,
            retained=retained * self.area,
            drained=float(soil.drained.sum()) * self.area,
            outflow=float(sums[0] + sums[1]),
            edge_inflow=float(sums[2] + sums[3]),
        )

    def depth(self) -> F64:
        """Return the present depth of each cell [m]."""
        return self.water.h

    def run(
        self, scheme: Scheme, forcing: Forcing, tick: Tick | None, *, rain_source: RainSource | None = None,
        at_interval_end: IntervalEnd | None = None, is_over: IsOver | None = None, threads: int = 1,
    ) -> RainTotals:  # fmt: skip
        """Step through the forcing in slices; `tick` gets the completed share and may stop the run.

        `rain_source` gives the rain of each interval where it is not uniform; `at_interval_end` is called at the end
        of each interval and may move water; then `is_over` may end the run. Any number of `threads` gives the same
        bits. Returns the rain volumes.
        """
        levels = len(forcing.stretches[0].levels)
        threads = max(min(threads, self.water.h.size // CELLS_PER_THREAD), 1)  # bands are compiled apart: not for one
        works = [work_arrays(self.water.h.shape) for _ in range(threads)]
        steps = pass_arrays(levels, len(self.bed.edges))
        band_seams = seams(self.water.h.shape[1], threads, min_cells=CELLS_PER_THREAD)
        state = FloodState(self.bed, self.active_sinks(), self.structures, self.water, self.peaks)
        with Bands(state, scheme, works, band_seams, steps) as bands:
            latest: Callable[[int], bool]

            def stepping(force: ForcingInterval) -> Callable[[int], bool]:
                nonlocal latest
                field = force.field if len(force.field) else None
                if threads > 1:
                    latest = partial(bands.advance, force, field)
                else:
                    latest = partial(advance, *state, scheme, force, field, works[0], band_seams, steps)
                return latest

            totals = in_slices(
                self, forcing, tick, stepping, rain_source=rain_source, at_interval_end=at_interval_end, is_over=is_over
            )
            latest(0)
        return totals

    def active_sinks(self) -> Soil | None:
        """Return the sinks of surface water, None where there are none."""
        return self.soil if any(len(each) for each in self.soil) else None


def in_slices(
    event: Event,
    forcing: Forcing,
    tick: Tick | None,
    stepping: Stepping,
    *,
    rain_source: RainSource | None,
    at_interval_end: IntervalEnd | None,
    is_over: IsOver | None,
) -> RainTotals:
    """Step through the forcing in slices of computing time until it ends or is over; return the rain volumes."""
    until = forcing.stretches[-1].until
    count = FIRST
    start = 0.0
    rain = _Rain(event, rain_source)
    for stretch in forcing.stretches:
        force = rain.on(stretch, start)
        if event.drains_at is not None:
            event.soil.capacity[:] = event.drains_at(force, start)
        start = force.until
        step = stepping(force)
        finished = event.water.clock[0] >= force.until
        while not finished:
            started = time.perf_counter()
            with collection_paused():
                finished = step(count)
            elapsed = time.perf_counter() - started
            if not finished:
                count = max(1, min(2 * count, int(count * SLICE / max(elapsed, 1e-6))))
            if tick is not None:
                tick(float(event.water.clock[0]) / until)
        if at_interval_end is not None:
            at_interval_end(event.water, force.until)
        if is_over is not None and is_over(force.until):
            break
    return rain.totals()


class _Rain:
    """Rain of a run over successive intervals: gross volume, storage on roofs, abstraction [m³]."""

    def __init__(self, event: Event, rain_source: RainSource | None) -> None:
        self._event, self._source = event, rain_source
        self._blocked = event.domain.inside & ~event.domain.open
        self._on_roofs: F64 | float = 0.0
        self._even = self._rain = self._abstracted = 0.0

    def on(self, force: ForcingInterval, start: float) -> ForcingInterval:
        """Return an interval's forcing with its rain; set each cell's share of roof runoff."""
        length = force.until - start
        if self._source is None:
            self._even += force.rain * length
            self._set_roof_shares(force.rain * length, force.rain * length)
            return force
        gross, net = self._source(start, force.until)
        area = self._event.area
        self._rain += float(gross.sum(dtype=np.float64)) * length * area
        self._abstracted += (float(gross.sum(dtype=np.float64)) - float(net.sum(dtype=np.float64))) * length * area
        most = float(net.max())
        self._set_roof_shares(net[self._blocked].astype(np.float64) * length, most * length, always=True)
        field = np.where(self._event.domain.open, net, np.float32(0.0))
        return force._replace(rain=most, field=field if most > 0.0 else force.field)

    def totals(self) -> RainTotals:
        """Return the rain volumes so far."""
        domain, roofs, area = self._event.domain, self._event.roofs, self._event.area
        even = self._even * float(domain.inside.sum()) * area
        stored = float(np.minimum(roofs.storage, self._on_roofs).sum()) * area
        return RainTotals(self._rain + even, stored, self._abstracted)

    def _set_roof_shares(self, more: F64 | float, most: float, *, always: bool = False) -> None:
        """Set each cell's share of the roof runoff from `more` rain [m], in units of `most`, less roof storage."""
        storage, before = self._event.roofs.storage, self._on_roofs
        self._on_roofs = before + more
        if most > 0.0 and (always or storage.any()):
            stored = np.minimum(storage, self._on_roofs) - np.minimum(storage, before)
            released = more / most - stored / most if always else 1.0 - stored / most
            self._event.bed.roof_share[:] = self._event.roofs.share(released)


def initial_state(bed: Bed, depth: F64 | None, *, edge_depth: float = 0.0) -> Water:
    """Return water at rest; the first step follows from the greatest of its depths and `edge_depth` [m]."""
    rows, columns = bed.n.shape
    h = np.zeros((rows, columns)) if depth is None else depth.copy()
    wet = h > 0.0
    first = np.where(wet.any(axis=1), wet.argmax(axis=1), 0).astype(np.int32)
    last = np.where(wet.any(axis=1), columns - wet[:, ::-1].argmax(axis=1), 0).astype(np.int32)
    clock = np.zeros(CLOCK)
    clock[DEEPEST] = max(float(h.max()), edge_depth)
    qx, qy = np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32)
    return Water(h, qx, qy, np.zeros(len(bed.edges)), clock, np.zeros(4), np.zeros(2, np.int64), first, last)


def max_edge_depth(bed: Bed, first: ForcingInterval) -> float:
    """Return the greatest depth at level edges at the start of the first interval [m]."""
    at_level = bed.edges[:, KIND] > FREE
    if not at_level.any():
        return 0.0
    levels = first.levels - first.rise * first.until
    place = (bed.edges[at_level, KIND] - 1) % len(levels)
    return max(0.0, float((levels[place] - bed.edge_bed[at_level, 0]).max()))


def initial_peaks(domain: Domain, debris: Mapping[str, float], until: float) -> Peaks:
    """Return the peaks before a run; the debris factor changes at a depth [m], the event ends at `until` [s]."""
    shape = domain.open.shape
    speed, hazard, duration = (np.zeros(shape, np.uint16) for _ in range(3))
    factors = np.array([debris["depth"], debris["shallow"], debris["deep"]])
    arrival = np.full(shape, NEVER, np.uint16)
    unit = np.array([max(1.0, math.ceil(until / MOST_TICKS))])
    return Peaks(np.zeros(shape, np.float32), speed, hazard, arrival, duration, factors, unit)


def sinks(domain: Domain, layers: Mapping[str, xr.DataArray | None]) -> Soil:
    """Return the sinks of surface water; a layer that is None or missing has no effect.

    Surface storage and initial abstraction are not added: storage is reduced by the
    abstraction. Raises InputError where a value is missing or a Horton rate increases.
    """
    shape = domain.open.shape

    def values(name: str, scale: float) -> F64:
        layer = layers.get(name)
        return np.zeros((0, shape[1])) if layer is None else filled(layer, name, domain.open, scale=scale)

    def rates(name: str, scale: float) -> F32:
        return values(name, scale).astype(np.float32)

    def zeros(*beside: NDArray[np.floating]) -> F64:
        return np.zeros(shape if any(len(each) for each in beside) else (0, shape[1]))

    storage, abstraction = values("surface_storage", M_PER_MM), values("initial_abstraction", M_PER_MM)
    conductivity = rates("hydraulic_conductivity", MM_PER_HOUR)
    initial, final = rates("horton_first_rate", MM_PER_HOUR), rates("horton_last_rate", MM_PER_HOUR)
    if rising := int((initial < final).sum()):
        raise InputError("flood.horton_rising", cells=rising)
    capacity = rates("drain_capacity", MM_PER_HOUR)
    return Soil(
        storage_left=np.clip(storage - abstraction, 0.0, None) if len(storage) and len(abstraction) else storage,
        storing=np.ones(len(storage), np.int32),
        infiltrated=zeros(conductivity, initial),
        conductivity=conductivity,
        suction=rates("suction_head", M_PER_MM),
        deficit=rates("moisture_deficit", 1.0),
        drained=zeros(capacity),
        capacity=capacity,
        initial_rate=initial,
        final_rate=final,
        decay=rates("horton_decay", 1.0 / HOUR),
        horton_time=zeros(initial),
    )
