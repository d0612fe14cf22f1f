"""Directed links of a network: order by tail for searches, and travel times that grow with the flow."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Links(NamedTuple):
    """Directed links; nodes count from 0.

    `passable` is the first node that paths may run through: those before it are only ends of trips.
    """

    tail: Ints
    head: Ints
    nodes: int
    passable: int = 0


class Star(NamedTuple):
    """Links sorted by tail: those of node n are `link[first[n]:first[n + 1]]`, with their `head`."""

    first: Ints
    link: Ints
    head: Ints


class Volume(NamedTuple):
    """Volume-delay function of each link (BPR 1964): t = free (1 + b (v / capacity)^power)."""

    free: Floats
    capacity: Floats
    b: Floats
    power: Floats


def forward_star(links: Links) -> Star:
    """Return the links sorted by their tail, in their own order among equals."""
    order = np.argsort(links.tail, kind="stable").astype(np.int64)
    first = np.searchsorted(links.tail[order], np.arange(links.nodes + 1)).astype(np.int64)
    return Star(first, order, links.head[order])


def link_time(law: Volume, flow: Floats) -> Floats:
    """Return the travel time of each link at its flow, in the unit of the free-flow time."""
    time: Floats = law.free * (1.0 + law.b * (flow / law.capacity) ** law.power)
    return time


def time_slope(law: Volume, flow: Floats) -> Floats:
    """Return the derivative of each link's travel time by its flow: the diagonal of the objective's Hessian."""
    rate = np.where(law.power > 0.0, (flow / law.capacity) ** np.maximum(law.power - 1.0, 0.0), 0.0)
    slope: Floats = law.free * law.b * law.power / law.capacity * rate
    return slope


def beckmann_objective(law: Volume, flow: Floats) -> float:
    """Return the sum over links of the integral of travel time over flow (Beckmann et al. 1956)."""
    ratio = flow / law.capacity
    return float(np.sum(law.free * flow * (1.0 + law.b / (law.power + 1.0) * ratio**law.power)))
