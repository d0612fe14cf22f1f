"""Earliest arrival flow on a lattice of streets: prints one JSON line each.

Homes stand at every junction, ways out along one side; water closes a tenth of the links for a third of the time. The
first run, which compiles the kernel, is not counted; CPU seconds are the median of the others. The peer is one largest
flow of SciPy on the same expanded network, which answers for the last step alone: both bring out as much by then.

    python benchmarks/evacuation.py [--side 15] [--steps 120] [--times 3] [--large 40]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from citybraid.kernels.relief.dynamic_flow import TimedNetwork, earliest_arrival

PLENTY = 10**6
PEOPLE = 20
CLOSED = 0.1
"""Share of the links that water closes."""


def lattice(side: int, steps: int) -> tuple[TimedNetwork, np.ndarray, np.ndarray, np.ndarray]:
    """Return a lattice of streets both ways, its homes and people, and the ways out."""
    draw = np.random.default_rng(7)
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate([
        np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()]), np.stack([number[:-1].ravel(), number[1:].ravel()]),
    ], axis=1)  # fmt: skip
    tail, head = np.concatenate([pairs, pairs[::-1]], axis=1)
    room = np.tile(draw.integers(5, 31, tail.size).astype(float), (steps, 1))
    room[steps // 6 : steps // 2, draw.random(tail.size) < CLOSED] = 0.0
    network = TimedNetwork(tail, head, room, np.tile(draw.integers(0, 3, tail.size), (steps, 1)), side * side)
    homes = number[1:].ravel()
    return network, homes, np.full(homes.size, float(PEOPLE)), number[0]


def by_scipy(network: TimedNetwork, homes: np.ndarray, people: np.ndarray, exits: np.ndarray) -> int:
    """Return how many are out by the last step: a largest flow of SciPy on the expanded network."""
    steps, size = len(network.capacity), network.nodes + homes.size
    now = np.arange(steps)[:, None] * size
    start, end = steps * size, steps * size + 1
    time_of, link = np.nonzero((network.capacity > 0) & (np.arange(steps)[:, None] + network.steps < steps))
    at_home = now + network.nodes + np.arange(homes.size)
    arcs = [
        (time_of * size + network.tail[link], (time_of + network.steps[time_of, link]) * size + network.head[link],
         network.capacity[time_of, link]),
        (at_home, now + homes, np.full(at_home.size, PLENTY)),
        (at_home[:-1], at_home[1:], np.full(at_home[1:].size, PLENTY)),
        (np.full(homes.size, start), at_home[0], people),
        (now + exits, np.full(steps * exits.size, end), np.full(steps * exits.size, PLENTY)),
    ]  # fmt: skip
    tail, head, room = (np.concatenate([np.ravel(arc[which]) for arc in arcs]) for which in range(3))
    graph = coo_array((room.astype(np.int32), (tail, head)), shape=(end + 1, end + 1)).tocsr()
    return int(maximum_flow(graph, start, end).flow_value)


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Return the median CPU seconds of a function after one run that is not counted, and what it returned."""
    answer, spent = work(), []
    for _ in range(times):
        began = time.process_time()
        answer = work()
        spent.append(time.process_time() - began)
    return round(statistics.median(spent), 3), answer


def main() -> None:
    """Time both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("side", 15), ("steps", 120), ("times", 3), ("large", 40)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    for side, steps, peer in ((asked.side, asked.steps, True), (asked.large, asked.steps // 2, False)):
        case = lattice(side, steps)
        size = {"junctions": side * side, "links": int(case[0].tail.size), "steps": steps}
        spent, found = timed(partial(earliest_arrival, *case), asked.times)
        out = np.cumsum(found.arrivals.sum(axis=1))
        when = int(np.searchsorted(out, 0.95 * case[2].sum()))
        told = {"what": "earliest_arrival", **size, "people": int(case[2].sum()), "out": round(float(out[-1]))}
        print(json.dumps(told | {"steps_to_95_percent": when, "cpu_s": spent}))
        if peer:
            spent, value = timed(partial(by_scipy, *case), asked.times)
            print(json.dumps({"what": "largest flow of SciPy, last step alone", **size, "out": value, "cpu_s": spent}))


if __name__ == "__main__":
    main()
