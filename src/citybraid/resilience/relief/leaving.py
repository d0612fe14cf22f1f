"""People leaving an area by one mode: from homes along links over time to the ways out."""

from typing import NamedTuple

import numpy as np

from citybraid.core.streets.street_network import Floats, Ints
from citybraid.kernels.relief.dynamic_flow import TimedFlow, TimedNetwork, earliest_arrival, last_exit
from citybraid.resilience.relief.way_out import MINUTES, PARTS, WayOut, minutes_left, timed

FULL = 0.999
"""Share of its capacity from which on a link counts as full."""
FIRST_HOURS = 1.0
"""Time that is tried first [h]; it is doubled until everyone is out."""


class Traffic(NamedTuple):
    """What a mode needs: minutes by plane of water (the first dry) and stretch, capacity an hour by link."""

    way: WayOut
    minutes: Floats
    capacity: Floats


class Clock(NamedTuple):
    """Step [min], longest time computed [h], and hour of the event at which people set out."""

    step: float
    longest: float
    start: float

    def planes(self, steps: int, hours: Floats | None) -> Ints:
        """Return the plane of water of each step: 0 before the event, the last one after it."""
        if hours is None:
            return np.zeros(steps, np.int64)
        now = self.start + np.arange(steps) * self.step / MINUTES
        return np.clip(np.searchsorted(hours, now, "right"), 0, len(hours))


class Left(NamedTuple):
    """Amounts out by each step; last step and share left by node; amounts and full hours by link; most on the way."""

    out: Floats
    last: Ints
    stayed: Floats
    amount: Floats
    full: Floats
    under_way: float


def leave(traffic: Traffic, amount: Floats, clock: Clock, hours: Floats | None) -> Left:
    """Return how amounts by node leave: the earliest arrival flow, over a time that is doubled until all are out.

    Who has no way out even when dry stays, and is not waited for.
    """
    way = traffic.way
    reach = np.isfinite(minutes_left(way, np.tile(traffic.minutes[0], 2), traffic.capacity))
    sources = np.flatnonzero((amount > 0.0) & reach)
    whole = np.maximum(np.rint(amount[sources] * PARTS), 1.0) / PARTS
    most = max(int(np.ceil(clock.longest * MINUTES / clock.step)), 1) + 1
    steps = min(max(int(np.ceil(FIRST_HOURS * MINUTES / clock.step)), 1) + 1, most)
    while True:
        network = timed(way, traffic.minutes, traffic.capacity, clock.planes(steps, hours), step=clock.step)
        flow = earliest_arrival(network, sources, whole, way.exits)
        if steps == most or not flow.waiting.any():
            return _outcome(way, network, flow, sources, amount, whole, clock.step)
        steps = min(2 * steps, most)


def _outcome(
    way: WayOut, network: TimedNetwork, flow: TimedFlow, sources: Ints, amount: Floats, whole: Floats, step: float
) -> Left:
    nodes = way.net.nodes
    then = last_exit(network, flow.flow, way.exits)
    last = np.full(nodes, -1, np.int64)
    own = then[:, sources]
    last[sources] = np.where(flow.departures > 0.0, own, -1).max(axis=0, initial=-1)
    at_exit = np.isin(sources, way.exits)
    last[sources[at_exit]] = np.maximum(last[sources[at_exit]], 0)
    stayed = np.where(amount > 0.0, 1.0, 0.0)
    stayed[sources] = flow.waiting / whole
    out = np.cumsum(flow.arrivals.sum(axis=1))
    gone = np.cumsum(flow.departures.sum(axis=1))
    full = ((network.capacity > 0.0) & (flow.flow >= FULL * network.capacity)).sum(axis=0) * step / MINUTES
    return Left(out, last, stayed, flow.flow.sum(axis=0), full.astype(np.float64), float((gone - out).max(initial=0.0)))
