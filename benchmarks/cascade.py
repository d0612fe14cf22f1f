"""Cascades and repairs of a made-up network of lifelines, on one thread: prints one JSON line.

Nodes stand at random in a square; each needs one or two suppliers of each of up to two systems, with some hours of
reserve, cycles included. A tenth of them is hit in each sample, at random hours, and mended by crews. The first run,
which compiles the kernels, is not counted; CPU seconds are the median of the others.

    python benchmarks/cascade.py [--nodes 1000] [--samples 1000] [--times 3]
"""

import argparse
import json
import statistics
import time

import numpy as np

from citybraid.kernels.lifelines.cascade import courses, needs
from citybraid.kernels.lifelines.repair import listed

SYSTEMS = 6
CREWS = 4
DAYS = 30
SHARE_HIT = 0.1


def main() -> None:
    """Time the kernels and print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    draw = np.random.default_rng(7)
    groups = [
        (node, tuple(draw.choice(given.nodes, draw.integers(1, 3), replace=False)), float(draw.choice([0, 4, 8, 24])))
        for node in range(SYSTEMS, given.nodes)
        for _ in range(draw.integers(1, 3))
    ]
    net = needs(given.nodes, [(node, tuple(each for each in by if each != node) or (0,), h) for node, by, h in groups])
    chosen = draw.random((given.samples, given.nodes)) < SHARE_HIT
    hit = np.where(chosen, draw.uniform(0.0, 6.0, chosen.shape), np.inf)
    duration = draw.uniform(6.0, 72.0, chosen.shape)
    kind, rank = draw.integers(0, SYSTEMS, given.nodes), np.arange(given.nodes)
    weight = np.zeros((given.nodes, SYSTEMS + 1))
    weight[np.arange(given.nodes), kind], weight[:, SYSTEMS] = 1.0, 1.0
    hours, levels = np.arange(0.0, 24.0 * DAYS + 1.0), np.array([0.5, 0.8, 0.95])
    crews = np.full(SYSTEMS, CREWS)
    spent: dict[str, list[float]] = {"repair": [], "cascade": []}
    for _ in range(given.times + 1):
        began = time.process_time()
        mended = listed(hit + 6.0, duration, rank, kind, crews)
        between = time.process_time()
        found = courses(net, hit, mended, weight=weight, hours=hours, levels=levels, horizon=24.0 * DAYS)
        spent["repair"].append(between - began)
        spent["cascade"].append(time.process_time() - between)
    seconds = {name: round(statistics.median(each[1:]), 3) for name, each in spent.items()}
    told = {
        "kernel": "cascade", "nodes": given.nodes, "needs": len(groups), "samples": given.samples,
        "failed_share": round(float(np.isfinite(found.failed).mean()), 3), "cpu_seconds": seconds,
        "cpu_seconds_all": round(sum(seconds.values()), 3),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
