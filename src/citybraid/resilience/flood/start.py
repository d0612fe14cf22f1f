"""Initial water of an event, a depth layer and inundation by the sea outside; and the drains that it leaves."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_propagation

from citybraid.core.errors import InputError
from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.state import F32, Bed, ForcingInterval
from citybraid.resilience.flood.event import DrainsAt, Event
from citybraid.resilience.flood.grid import COLUMN, KIND, ROW, SIDES, bed_levels
from citybraid.resilience.rain.forcing import Forcing

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


def fill_from_sea(bed: Bed, z: F64, forcing: Forcing, depth: F64 | None) -> tuple[F64, Flags]:
    """Return depths [m] with the sea at rest wherever it reaches into the grid, and the cells that it reaches.

    `z` are bed levels [m]. Cells below the level of a sea edge that are connected to it by such cells, not across
    walls or blocked cells, are filled to it. Where two edges reach a cell, the lower level counts; a greater depth
    of the layer is kept. Free edges of `bed` that the sea's highest level reaches become sea edges: the sea
    continues beyond them, and does not drain there.
    """
    first = forcing.stretches[0]
    starts = first.levels - first.rise * first.until
    highest = np.maximum(starts, np.max([each.levels for each in forcing.stretches], axis=0))
    kinds = bed.edges[:, KIND].copy()
    level = np.full(z.shape, np.inf)
    for number, (stage, high) in enumerate(zip(starts, highest, strict=True)):
        faces = bed.edges[kinds == number + 1]
        if not len(faces):
            continue
        inundated = _connected(faces, z, bed, stage=float(stage))
        level[inundated] = np.minimum(level[inundated], stage)
        beyond = _connected(faces, z, bed, stage=float(high))[bed.edges[:, ROW], bed.edges[:, COLUMN]]
        bed.edges[beyond & (kinds == FREE), KIND] = number + 1
    sea = np.isfinite(level)
    sea_depth = np.where(sea, level - z, 0.0)
    return sea_depth if depth is None else np.maximum(sea_depth, depth), sea


def _connected(faces: I32, z: F64, bed: Bed, *, stage: float) -> Flags:
    """Return the cells below a level that are connected to its boundary faces over open faces."""
    low = (z < stage) & (bed.n >= 0.0)
    entry = np.zeros(z.shape, np.bool_)
    entry[faces[:, ROW], faces[:, COLUMN]] = True
    entry &= low
    if not (np.isnan(bed.fall_x).any() or np.isnan(bed.fall_y).any()):
        return np.asarray(binary_propagation(entry, mask=low), dtype=np.bool_)
    east, south = low & ~np.isnan(bed.fall_x), low & ~np.isnan(bed.fall_y)
    wet, front = entry.copy(), entry
    while front.any():
        neighbours = np.zeros_like(low)
        neighbours[:, 1:] |= (front & east)[:, :-1]
        neighbours[:, :-1] |= front[:, 1:] & east[:, :-1]
        neighbours[1:] |= (front & south)[:-1]
        neighbours[:-1] |= front[1:] & south[:-1]
        front = neighbours & low & ~wet
        wet |= front
    return wet


def drained_ground(event: Event, sea: Flags, *, flap_gates: bool) -> Event:
    """Return an event without drains on the cells that the sea covers at the start, and with flap gates where asked.

    Raises InputError where there are gates but no edge with a level.
    """
    if not len(event.soil.capacity):
        return event
    event.soil.capacity[sea] = 0.0
    return event._replace(drains_at=_gated(event)) if flap_gates else event


def _gated(event: Event) -> DrainsAt:
    """Return the capacity of drains that leave by gravity into the water outside, behind gates that shut.

    No head is left between the ground and that water once it stands as high, and flaps keep it from coming up.
    """
    kinds = event.bed.edges[:, KIND]
    sides = np.unique((kinds[kinds > FREE] - 1) % len(SIDES))
    if not len(sides):
        raise InputError("flood.flap_level")
    ground, capacity = bed_levels(event.domain), event.soil.capacity.copy()

    def at(force: ForcingInterval, start: float) -> F32:
        mean = force.levels - 0.5 * force.rise * (force.until - start)
        return np.where(ground > mean[sides].max(), capacity, np.float32(0.0))

    return at
