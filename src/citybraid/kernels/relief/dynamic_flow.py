"""Flow over time: how much leaves a network by when, as one flow that is the largest at every moment.

The network is expanded in time: a copy of each node for each step, links from a step to a later one. A largest flow
to the exits of the first step is enlarged by those of the next, and so on: what has arrived by a step is then as much
as any flow can bring there by it (earliest arrival: Gale 1959; several sources: Baumann and Skutella 2009).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT: frozenset[str] = frozenset()
NOTHING, DEAD = -1, -2
"""Level of nodes that a search did not meet, and of those that no source reaches any more; last step of nothing."""


class TimedNetwork(NamedTuple):
    """Links by tail and head node; capacity and steps to cross (time, link) of what enters at each step.

    Capacities are amounts a step; a link whose crossing ends after the last step, or with no capacity, is closed. Short
    links may take no step.
    """

    tail: Ints
    head: Ints
    capacity: Floats
    steps: Ints
    nodes: int


class TimedFlow(NamedTuple):
    """Amounts that enter links (time, link), arrive at exits (time, exit), and leave sources (time, source).

    `waiting` is what is left at the sources at the end.
    """

    flow: Floats
    arrivals: Floats
    departures: Floats
    waiting: Floats


class Arcs(NamedTuple):
    """Arcs of the expanded network in pairs (2k and its reverse 2k + 1), by tail."""

    first: Ints
    arc: Ints
    head: Ints
    room: Floats


def earliest_arrival(
    network: TimedNetwork, sources: Ints, supply: Floats, exits: Ints, *, exit_capacity: Floats | None = None
) -> TimedFlow:
    """Return the flow from sources to exits that has brought the most out at every step.

    Amounts wait at their sources only, before they set out. `exit_capacity` is what leaves by each exit in a step,
    without limit where None.
    """
    times, links = network.capacity.shape
    homes = times * network.nodes + np.arange(sources.size)
    super_source, super_sink = times * network.nodes + sources.size, times * network.nodes + sources.size + 1
    now = np.arange(times)[:, None] * network.nodes
    time, link = np.nonzero(
        (network.capacity > 0.0) & (np.arange(times)[:, None] + network.steps < times) & (network.steps >= 0)
    )
    endless = float(supply.sum()) + 1.0
    sink_room = np.full(exits.size, endless) if exit_capacity is None else np.asarray(exit_capacity, np.float64)
    leaving = times * sources.size
    parts = [
        (np.tile(homes, times), now + sources[None, :], np.full(leaving, endless)),
        (np.full(sources.size, super_source), homes, supply.astype(np.float64)),
        (time * network.nodes + network.tail[link], (time + network.steps[time, link]) * network.nodes
         + network.head[link], network.capacity[time, link]),
        (now + exits[None, :], np.full(times * exits.size, super_sink), np.tile(sink_room, times)),
    ]  # fmt: skip
    tail, head, room = (np.concatenate([np.ravel(part[which]) for part in parts]) for which in range(3))
    doors = tail.size - times * exits.size
    arcs = paired(tail.astype(np.int64), head.astype(np.int64), room, super_sink + 1, closed_from=doors)
    _fill(arcs.first, arcs.arc, arcs.head, arcs.room, super_source, super_sink, doors, exits.size, sink_room, times)
    used = arcs.room[1::2]
    flow = np.zeros((times, links))
    flow[time, link] = used[leaving + sources.size : doors]
    return TimedFlow(
        flow,
        used[doors:].reshape(times, exits.size),
        used[:leaving].reshape(times, sources.size),
        np.maximum(supply - used[leaving : leaving + sources.size], 0.0),
    )


def last_exit(network: TimedNetwork, flow: Floats, exits: Ints) -> Ints:
    """Return the step at which the last of what passes at each time and node has left; -1 where nothing passes."""
    return _last_exit(network.tail, network.head, network.steps, flow, exits, network.nodes)


def paired(tail: Ints, head: Ints, room: Floats, nodes: int, *, closed_from: int) -> Arcs:
    """Return arcs with their reverses; those from `closed_from` on have no room yet.

    The reverses come first among those of a node: a search from the sink tries real arcs before it takes flow back.
    """
    both_tail = np.stack([tail, head], axis=1).ravel()
    both_head = np.stack([head, tail], axis=1).ravel()
    both_room = np.stack([room, np.zeros(room.size)], axis=1).ravel()
    both_room[2 * closed_from :: 2] = 0.0
    order = np.lexsort((1 - np.arange(both_tail.size) % 2, both_tail))
    first = np.searchsorted(both_tail[order], np.arange(nodes + 1))
    return Arcs(first.astype(np.int64), order.astype(np.int64), both_head, both_room)


@compiled(fast=EXACT)
def levels_to(
    first: Ints, arc: Ints, head: Ints, room: Floats, source: int, sink: int, level: Ints, place: Ints, queue: Ints
) -> int:
    """Fill the number of arcs with room to the sink, from it until the source is met; return how many nodes were met.

    The count is negative where the source has no way. `level` is NOTHING before for all nodes but those that are DEAD.
    """
    level[sink] = 0
    queue[0] = sink
    start, end = 0, 1
    while start < end:
        node = queue[start]
        start += 1
        for at in range(first[node], first[node + 1]):
            back = arc[at]
            before = head[back]
            if level[before] == NOTHING and room[back ^ 1] > 0.0:
                level[before] = level[node] + 1
                place[before] = first[before]
                queue[end] = before
                end += 1
                if before == source:
                    return end
    return -end


@compiled(fast=EXACT)
def blocking_flow(
    first: Ints, arc: Ints, head: Ints, room: Floats, source: int, sink: int, level: Ints, place: Ints, path: Ints
) -> None:
    """Send a blocking flow along arcs that come nearer to the sink: Dinic (1970)."""
    node, length = source, 0
    while True:
        if node == sink:
            amount = np.inf
            for step in range(length):
                amount = min(amount, room[path[step]])
            cut = 0
            for step in range(length - 1, -1, -1):
                room[path[step]] -= amount
                room[path[step] ^ 1] += amount
                if room[path[step]] <= 0.0:
                    cut = step
            length = cut
            node = head[path[cut] ^ 1]
            continue
        while place[node] < first[node + 1]:
            forward = arc[place[node]]
            if room[forward] > 0.0 and level[head[forward]] == level[node] - 1:
                break
            place[node] += 1
        if place[node] < first[node + 1]:
            path[length] = arc[place[node]]
            length += 1
            node = head[path[length - 1]]
            continue
        if node == source:
            return
        length -= 1
        node = head[path[length] ^ 1]
        place[node] += 1


@compiled(fast=EXACT)
def _fill(
    first: Ints, arc: Ints, head: Ints, room: Floats, source: int, sink: int, doors: int, exits: int,
    door_room: Floats, times: int,
) -> None:  # fmt: skip
    """Open the exits of one step after another, and enlarge the flow each time until nothing more gets through.

    Nodes that no source reaches any more are DEAD for good: no arc with room leads to them, and later flows, which
    pass them by, make none.
    """
    nodes = first.size - 1
    level, place = np.full(nodes, NOTHING, np.int64), np.empty(nodes, np.int64)
    path, queue = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    for time in range(times):
        for door in range(exits):
            room[2 * (doors + time * exits + door)] = door_room[door]
        met = 1
        while met > 0:
            met = levels_to(first, arc, head, room, source, sink, level, place, queue)
            if met > 0:
                blocking_flow(first, arc, head, room, source, sink, level, place, path)
            for at in range(abs(met)):
                level[queue[at]] = NOTHING if met > 0 else DEAD
            level[sink] = NOTHING
        left = False
        for at in range(first[source], first[source + 1]):
            left = left or room[arc[at]] > 0.0
        if not left:
            return


@compiled(fast=EXACT)
def _last_exit(tail: Ints, head: Ints, steps: Ints, flow: Floats, exits: Ints, nodes: int) -> Ints:
    times, links = flow.shape
    last = np.full((times, nodes), NOTHING, np.int64)
    for time in range(times):
        for door in range(exits.size):
            last[time, exits[door]] = time
    for time in range(times - 1, -1, -1):
        changed = True
        while changed:  # links of no steps hand on within the step
            changed = False
            for link in range(links):
                if flow[time, link] > 0.0:
                    then = last[time + steps[time, link], head[link]]
                    if then > last[time, tail[link]]:
                        last[time, tail[link]] = then
                        changed = changed or steps[time, link] == 0
    return last
