"""Siting and places for shelters of a made-up town: prints one JSON line each.

Homes and sites stand at random in a square of 10 km. The heuristic is measured beside HiGHS, the peer that proves the
best; allocations are a linear programme of HiGHS. CPU seconds are the median of the runs.

    python benchmarks/shelters.py [--homes 2000] [--sites 150] [--count 20] [--small 300] [--times 3]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from citybraid.kernels.relief.allocation import allocate, capacitated_coverage
from citybraid.kernels.relief.siting import Siting, maximal_coverage, p_centre, p_median

SIDE, RADIUS = 10_000.0, 1000.0
ENDLESS = 10**12


def town(homes: int, sites: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return distances of homes to sites [m], people by home, and places by site."""
    draw = np.random.default_rng(7)
    at, there = draw.uniform(0, SIDE, (homes, 2)), draw.uniform(0, SIDE, (sites, 2))
    away = np.hypot(*(at[:, None] - there[None, :]).transpose(2, 0, 1))
    return away, draw.integers(5, 400, homes).astype(float), draw.integers(100, 8000, sites).astype(float)


def timed(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Return the median CPU seconds of a function, and what it returned."""
    spent, answer = [], None
    for _ in range(times):
        began = time.process_time()
        answer = work()
        spent.append(time.process_time() - began)
    return round(statistics.median(spent), 3), answer


def siting(what: str, how: str, spent: float, found: Siting, **size: int) -> None:
    """Print what siting took, and the gap that it proves."""
    told = {
        "what": what,
        "how": how,
        **size,
        "value": round(found.value, 3),
        "gap": round(found.gap, 6),
        "cpu_s": spent,
    }
    print(json.dumps(told))


def main() -> None:
    """Time all of them and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("homes", 2000), ("sites", 150), ("count", 20), ("small", 300), ("times", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    for homes, peer in ((asked.small, True), (asked.homes, False)):
        away, people, places = town(homes, asked.sites // 5 if peer else asked.sites)
        count, near = min(asked.count, away.shape[1] // 3), away <= RADIUS
        size = {"homes": homes, "sites": away.shape[1], "count": count}
        for how, pairs in (("heuristic", 0), ("highs", ENDLESS))[: 2 if peer else 1]:
            for what, work in (
                ("p_median", partial(p_median, away, people, count, exact_pairs=pairs)),
                ("maximal_coverage", partial(maximal_coverage, near, people, count, exact_pairs=pairs)),
                ("p_centre", partial(p_centre, away, count, exact_pairs=pairs)),
            ):
                spent, found = timed(work, asked.times)
                siting(what, how, spent, found, **size)
        spent, best = timed(partial(capacitated_coverage, people, places, near, count), asked.times)
        told = {"what": "capacitated_coverage", "how": "highs, 200 nodes", **size, "value": round(best.placed, 1)}
        print(json.dumps(told | {"gap": round(best.gap, 6), "cpu_s": spent}))
        spent, given = timed(partial(allocate, people, places, np.where(near, away, np.inf)), asked.times)
        told = {"what": "allocate", "how": "highs", **size, "pairs": int(near.sum())}
        print(json.dumps(told | {"placed": round(float(given.load.sum())), "cpu_s": spent}))


if __name__ == "__main__":
    main()
