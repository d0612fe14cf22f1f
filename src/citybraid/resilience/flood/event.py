"""A flood under way: the arrays of its state, its volumes, and the loop over slices."""

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
from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.solver import advance
from citybraid.kernels.flood.state import Bed, Force, Scheme, Soil, Water, room, seams
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.track import NEVER, Peaks
from citybraid.resilience.flood.grid import MM, Cells, Roofs, filled
from citybraid.resilience.flood.rain import Fallen, Falling
from citybraid.resilience.flood.threads import Bands, Flooded
from citybraid.resilience.rain.forcing import HOUR, MM_PER_HOUR, Forcing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
SLICE = 0.2
"""Seconds of computing between two looks at the tick."""
MOST_TICKS = 60_000
"""Units of time that an event is counted in at most: seconds up to 16 hours."""
KIND = 6
"""Column of an edge face that says its kind."""
WORTH = 40_000
"""Cells to sweep that are worth a thread of their own: a step of fewer takes no longer than waking one."""
FIRST = 4
"""Steps of the first slice, before the machine's speed is known."""
Meet = Callable[[Water, float], None]
"""What meets the water at a time [s]."""
Stepping = Callable[[Force], Callable[[int], bool]]
"""What takes up to a count of steps in a stretch of forcing, and tells whether the stretch has ended."""


class Volumes(NamedTuple):
    """Where the water is [m³]."""

    stored: float
    held: float
    """Infiltrated, or in surface storage; before the run what storage cannot hold any more."""
    drained: float
    left: float
    entered: float
    """Over level edges."""


class Event(NamedTuple):
    """A run's whole state: stopped between slices, it goes on with the same bits."""

    found: Cells
    roofs: Roofs
    bed: Bed
    soil: Soil
    water: Water
    peaks: Peaks
    structures: Structures | None = None

    @property
    def area(self) -> float:
        """Cell area [m²]."""
        return float(self.bed.size[0] * self.bed.size[1])

    def volumes(self) -> Volumes:
        """Return the water balance's terms now."""
        soil, sums = self.soil, self.water.sums
        held = float(soil.taken.sum()) - float(soil.room.sum())
        return Volumes(
            stored=float(self.water.h.sum()) * self.area,
            held=held * self.area,
            drained=float(soil.drained.sum()) * self.area,
            left=float(sums[0] + sums[1]),
            entered=float(sums[2] + sums[3]),
        )

    def depth(self) -> F64:
        """Return the depth of each cell now [m]."""
        return self.water.h

    def run(
        self, scheme: Scheme, forcing: Forcing, tick: Tick | None, *, falling: Falling | None = None,
        meet: Meet | None = None, threads: int = 1,
    ) -> Fallen:  # fmt: skip
        """Step through the forcing in slices; `tick` is told the share done and may stop the run.

        `falling` gives the rain of each stretch where it is not the same on all cells; `meet` is called at the end of
        each stretch and may move water. Any count of `threads` gives the same bits. Returns what rain came to.
        """
        levels = len(forcing.stretches[0].levels)
        works = [room(self.water.h.shape, levels) for _ in range(threads)]
        between = seams(self.water.h.shape[1], threads, least=WORTH)
        flooded = Flooded(self.bed, self.soiled(), self.structures, self.water, self.peaks)
        with Bands(flooded, scheme, works, between) as bands:
            latest: Callable[[int], bool]

            def stepping(force: Force) -> Callable[[int], bool]:
                nonlocal latest
                field = force.field if len(force.field) else None
                if threads > 1:
                    latest = partial(bands.advance, force, field)
                else:
                    latest = partial(advance, *flooded, scheme, force, field, works[0], between)
                return latest

            fallen = in_slices(self, forcing, tick, stepping, falling=falling, meet=meet)
            latest(0)
        return fallen

    def soiled(self) -> Soil | None:
        """Return what takes water off the surface, None where nothing does."""
        return self.soil if any(len(each) for each in self.soil) else None


def in_slices(
    event: Event, forcing: Forcing, tick: Tick | None, stepping: Stepping, *, falling: Falling | None, meet: Meet | None
) -> Fallen:
    """Step through the forcing in slices of computing; returns what rain came to."""
    until = forcing.stretches[-1].until
    todo = FIRST
    start = 0.0
    rain = _Rain(event, falling)
    for stretch in forcing.stretches:
        force = rain.on(stretch, start)
        start = force.until
        step = stepping(force)
        ended = event.water.clock[0] >= force.until
        while not ended:
            began = time.perf_counter()
            ended = step(todo)
            spent = time.perf_counter() - began
            if not ended:
                todo = max(1, min(2 * todo, int(todo * SLICE / max(spent, 1e-6))))
            if tick is not None:
                tick(float(event.water.clock[0]) / until)
        if meet is not None:
            meet(event.water, force.until)
    return rain.fallen()


class _Rain:
    """Rain on a run's cells, stretch after stretch: what falls, what roofs hold back, what never runs [m³]."""

    def __init__(self, event: Event, falling: Falling | None) -> None:
        self._event, self._falling = event, falling
        self._blocked = event.found.inside & ~event.found.open
        self._on_roofs: F64 | float = 0.0
        self._even = self._rain = self._taken = 0.0

    def on(self, force: Force, start: float) -> Force:
        """Return a stretch with its rain; sets each cell's share of what roofs shed."""
        length = force.until - start
        if self._falling is None:
            self._even += force.rain * length
            self._shed(force.rain * length, force.rain * length)
            return force
        gross, net = self._falling(start, force.until)
        area = self._event.area
        self._rain += float(gross.sum(dtype=np.float64)) * length * area
        self._taken += (float(gross.sum(dtype=np.float64)) - float(net.sum(dtype=np.float64))) * length * area
        most = float(net.max())
        self._shed(net[self._blocked].astype(np.float64) * length, most * length, always=True)
        field = np.where(self._event.found.open, net, np.float32(0.0))
        return force._replace(rain=most, field=field if most > 0.0 else force.field)

    def fallen(self) -> Fallen:
        """Return what rain came to so far."""
        found, roofs, area = self._event.found, self._event.roofs, self._event.area
        even = self._even * float(found.inside.sum()) * area
        kept = float(np.minimum(roofs.storage, self._on_roofs).sum()) * area
        return Fallen(self._rain + even, kept, self._taken)

    def _shed(self, more: F64 | float, most: float, *, always: bool = False) -> None:
        """Set each cell's share of what `more` rain on roofs [m] sheds, counted in `most`, less what storage holds."""
        storage, before = self._event.roofs.storage, self._on_roofs
        self._on_roofs = before + more
        if most > 0.0 and (always or storage.any()):
            kept = np.minimum(storage, self._on_roofs) - np.minimum(storage, before)
            released = more / most - kept / most if always else 1.0 - kept / most
            self._event.bed.roof_share[:] = self._event.roofs.share(released)


def still(bed: Bed, depth: F64 | None, *, outside: float = 0.0) -> Water:
    """Return water at rest; the first step is as short as what is deepest needs, there or `outside` an edge [m]."""
    rows, columns = bed.n.shape
    h = np.zeros((rows, columns)) if depth is None else depth.copy()
    wet = h > 0.0
    first = np.where(wet.any(axis=1), wet.argmax(axis=1), 0).astype(np.int32)
    last = np.where(wet.any(axis=1), columns - wet[:, ::-1].argmax(axis=1), 0).astype(np.int32)
    clock = np.array([0.0, 0.0, max(float(h.max()), outside), 0.0, 0.0])
    qx, qy = np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32)
    return Water(h, qx, qy, np.zeros(len(bed.edges)), clock, np.zeros(4), np.zeros(2, np.int64), first, last)


def outside(bed: Bed, first: Force) -> float:
    """Return the deepest water that stands at a level edge as the first stretch starts [m]."""
    held = bed.edges[:, KIND] > FREE
    if not held.any():
        return 0.0
    levels = first.levels - first.rise * first.until
    place = (bed.edges[held, KIND] - 1) % len(levels)
    return max(0.0, float((levels[place] - bed.edge_bed[held, 0]).max()))


def untouched(found: Cells, debris: Mapping[str, float], until: float) -> Peaks:
    """Return peaks before the first drop; the debris factor changes at a depth [m], the event ends at `until` [s]."""
    shape = found.open.shape
    speed, hazard, duration = (np.zeros(shape, np.uint16) for _ in range(3))
    factors = np.array([debris["depth"], debris["shallow"], debris["deep"]])
    arrival = np.full(shape, NEVER, np.uint16)
    unit = np.array([max(1.0, math.ceil(until / MOST_TICKS))])
    return Peaks(np.zeros(shape, np.float32), speed, hazard, arrival, duration, factors, unit)


def sinks(found: Cells, layers: Mapping[str, xr.DataArray | None]) -> Soil:
    """Return what takes water off the surface: a layer that is None or lacking does nothing.

    What surface storage and initial abstraction both hold counts once: the surface keeps only what it
    holds beyond the abstraction. Raises InputError where a value is missing or a rate of Horton's rises.
    """
    shape = found.open.shape

    def held(name: str, scale: float) -> F64:
        layer = layers.get(name)
        return np.zeros((0, shape[1])) if layer is None else filled(layer, name, found.open, scale=scale)

    def rates(name: str, scale: float) -> F32:
        return held(name, scale).astype(np.float32)

    def counted(*beside: NDArray[np.floating]) -> F64:
        return np.zeros(shape if any(len(each) for each in beside) else (0, shape[1]))

    storage, abstraction = held("surface_storage", MM), held("initial_abstraction", MM)
    conductivity = rates("hydraulic_conductivity", MM_PER_HOUR)
    first, last = rates("horton_first_rate", MM_PER_HOUR), rates("horton_last_rate", MM_PER_HOUR)
    if rising := int((first < last).sum()):
        raise InputError("flood.horton_rising", cells=rising)
    capacity = rates("drain_capacity", MM_PER_HOUR)
    return Soil(
        room=np.clip(storage - abstraction, 0.0, None) if len(storage) and len(abstraction) else storage,
        taken=counted(conductivity, first),
        conductivity=conductivity,
        suction=rates("suction_head", MM),
        deficit=rates("moisture_deficit", 1.0),
        drained=counted(capacity),
        capacity=capacity,
        first=first,
        last=last,
        decay=rates("horton_decay", 1.0 / HOUR),
        worn=counted(first),
    )
