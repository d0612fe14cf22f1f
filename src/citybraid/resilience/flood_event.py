"""A flood under way: the arrays of its state, its volumes, and the loop over slices."""

import math
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.kernels.flood import advance, finish
from citybraid.kernels.flood_state import Bed, Scheme, Soil, Water, room
from citybraid.kernels.flood_track import NEVER, Peaks
from citybraid.resilience.flood_forcing import MM_PER_HOUR, Forcing
from citybraid.resilience.flood_grid import MM, Cells, Roofs, filled

F64 = NDArray[np.float64]
SLICE = 0.2
"""Seconds of computing between two looks at the tick."""
MOST_TICKS = 60_000
"""Units of time that an event is counted in at most: seconds up to 16 hours."""
FIRST = 4
"""Steps of the first slice, before the machine's speed is known."""


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

    def run(self, scheme: Scheme, forcing: Forcing, tick: Tick | None) -> None:
        """Step through the forcing in slices; `tick` is told the share done and may stop the run."""
        until = forcing.stretches[-1].until
        work = room(self.water.h.shape, len(forcing.stretches[0].levels))
        todo = FIRST
        fallen = start = 0.0
        for force in forcing.stretches:
            self._shed(fallen, force.rain * (force.until - start))
            fallen, start = fallen + force.rain * (force.until - start), force.until
            ended = self.water.clock[0] >= force.until
            while not ended:
                began = time.perf_counter()
                ended = advance(self.bed, self.soil, self.water, self.peaks, scheme, force, work, todo)
                spent = time.perf_counter() - began
                if not ended:
                    todo = max(1, min(2 * todo, int(todo * SLICE / max(spent, 1e-6))))
                if tick is not None:
                    tick(float(self.water.clock[0]) / until)
        finish(self.bed, self.water, self.peaks, work, scheme.threshold)

    def _shed(self, fallen: float, more: float) -> None:
        """Set each cell's share of a stretch's rain [m]: roofs that still have room hold theirs back."""
        storage = self.roofs.storage
        if more > 0.0 and storage.any():
            kept = np.minimum(storage, fallen + more) - np.minimum(storage, fallen)
            self.bed.roof_share[:] = self.roofs.share(1.0 - kept / more)


def still(bed: Bed, depth: F64 | None) -> Water:
    """Return water at rest."""
    rows, columns = bed.n.shape
    h = np.zeros((rows, columns)) if depth is None else depth.copy()
    wet = h > 0.0
    first = np.where(wet.any(axis=1), wet.argmax(axis=1), 0).astype(np.int32)
    last = np.where(wet.any(axis=1), columns - wet[:, ::-1].argmax(axis=1), 0).astype(np.int32)
    clock = np.array([0.0, 0.0, float(h.max()), 0.0, 0.0])
    qx, qy = np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32)
    return Water(h, qx, qy, np.zeros(len(bed.edges)), clock, np.zeros(4), np.zeros(2, np.int64), first, last)


def untouched(found: Cells, debris: Mapping[str, float], until: float) -> Peaks:
    """Return peaks before the first drop; the debris factor changes at a depth [m], the event ends at `until` [s]."""
    shape = found.open.shape
    speed, hazard, duration = (np.zeros(shape, np.uint16) for _ in range(3))
    factors = np.array([debris["depth"], debris["shallow"], debris["deep"]])
    arrival = np.full(shape, NEVER, np.uint16)
    unit = np.array([max(1.0, math.ceil(until / MOST_TICKS))])
    return Peaks(np.zeros(shape, np.float32), speed, hazard, arrival, duration, factors, unit)


def sinks(
    found: Cells,
    conductivity: xr.DataArray | None,
    suction: xr.DataArray | None,
    deficit: xr.DataArray | None,
    storage: xr.DataArray | None,
    drains: xr.DataArray | None,
) -> Soil:
    """Return what takes water off the surface; raises InputError where a soil is only half described."""
    shape, ground = found.open.shape, found.open
    none, none32 = np.zeros((0, shape[1])), np.zeros((0, shape[1]), np.float32)
    room = none if storage is None else filled(storage, "surface_storage", ground, scale=MM)
    capacity = (
        none32 if drains is None else filled(drains, "drain_capacity", ground, scale=MM_PER_HOUR).astype(np.float32)
    )
    drained = none if drains is None else np.zeros(shape)
    given = (conductivity, suction, deficit)
    if conductivity is None or suction is None or deficit is None:
        if any(one is not None for one in given):
            raise InputError("flood.soil_half")
        return Soil(room, none, none32, none32, none32, drained, capacity)
    return Soil(
        room,
        np.zeros(shape),
        filled(conductivity, "hydraulic_conductivity", ground, scale=MM_PER_HOUR).astype(np.float32),
        filled(suction, "suction_head", ground, scale=MM).astype(np.float32),
        filled(deficit, "moisture_deficit", ground).astype(np.float32),
        drained,
        capacity,
    )
