"""Drains of a capacity: none below the sea, and none that flow out while the water outside stands above the ground."""

import numpy as np

from citybraid.core.errors import InputError
from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.state import F32, ForcingInterval
from citybraid.resilience.flood.event import DrainsAt, Event
from citybraid.resilience.flood.grid import KIND, SIDES, Flags, bed_levels


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
