"""Ways out that share no link: how many single closures must coincide to cut a place off (Menger 1927)."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.relief.dynamic_flow import NOTHING, blocking_flow, levels_to, paired

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def disjoint_routes(tail: Ints, head: Ints, nodes: int, sources: Ints, exits: Ints, *, most: int) -> Ints:
    """Return for each source the number of ways to an exit that share no link, at most `most`; all of them at an exit.

    A largest flow of unit capacities, from each source anew.
    """
    source, sink = nodes, nodes + 1
    room = np.concatenate([np.ones(tail.size), np.full(exits.size, float(most)), np.zeros(nodes)])
    arcs = paired(
        np.concatenate([tail, exits, np.full(nodes, source)]),
        np.concatenate([head, np.full(exits.size, sink), np.arange(nodes)]),
        room, nodes + 2, closed_from=tail.size + exits.size,
    )  # fmt: skip
    return _routes(arcs.first, arcs.arc, arcs.head, arcs.room, sources, tail.size + exits.size, source, sink, most)


@compiled(fast=frozenset())
def _routes(
    first: Ints, arc: Ints, head: Ints, room: Floats, sources: Ints, starts: int, source: int, sink: int, most: int
) -> Ints:
    count = np.zeros(sources.size, np.int64)
    fresh = room.copy()
    nodes = first.size - 1
    level, place = np.full(nodes, NOTHING, np.int64), np.empty(nodes, np.int64)
    path, queue = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    for at in range(sources.size):
        for each in range(room.size):  # an assignment to the whole array takes two seconds to compile
            room[each] = fresh[each]
        start = 2 * (starts + sources[at])
        room[start] = most
        met = 1
        while met > 0:
            met = levels_to(first, arc, head, room, source, sink, level, place, queue)
            if met > 0:
                blocking_flow(first, arc, head, room, source, sink, level, place, path)
            for node in range(nodes):
                level[node] = NOTHING
        count[at] = int(room[start + 1])
    return count
