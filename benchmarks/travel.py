"""Speed of traffic assignment on one thread: a made city of 400 zones and 2 000 links; prints one JSON line."""

import json
import os
import time

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from citybraid.kernels.transport.equilibrium import user_equilibrium
from citybraid.kernels.transport.links import Links, Volume
from citybraid.kernels.transport.paths import path_costs
from citybraid.kernels.transport.trip_table import deterrence, furness

SIDE = 23
ZONES = 400
BLOCK = 0.5
PEAK_TRIPS = 150_000.0


def city() -> tuple[Links, Volume]:
    """Return a grid of streets 500 m apart, every fifth an arterial."""
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    pairs = [(node[:, :-1], node[:, 1:], 0), (node[:-1], node[1:], 1)]
    tail, head, arterial = [], [], []
    for one, other, axis in pairs:
        row = np.broadcast_to(np.arange(SIDE)[:, None] if axis == 0 else np.arange(SIDE), one.shape)
        for start, end in ((one, other), (other, one)):
            tail.append(start.ravel())
            head.append(end.ravel())
            arterial.append((row % 5 == 0).ravel())
    main = np.concatenate(arterial)
    law = Volume(
        free=BLOCK / np.where(main, 50.0, 30.0) * 60.0, capacity=np.where(main, 3000.0, 900.0),
        b=np.full(main.size, 0.15), power=np.full(main.size, 4.0),
    )  # fmt: skip
    return Links(np.concatenate(tail), np.concatenate(head), SIDE * SIDE), law


def main() -> None:
    """Warm the kernels, balance and assign, and print the line."""
    links, law = city()
    ends = np.sort(np.random.default_rng(0).choice(links.nodes, ZONES, replace=False))
    path_costs(links, law.free, origins=ends[:1], ends=ends)
    user_equilibrium(links, law, ends=ends[:2], demand=np.ones((2, 2)), gap=0.5, most=1)
    started = time.process_time()
    cost = path_costs(links, law.free, origins=ends, ends=ends)
    skimmed = time.process_time()
    total = np.full(ZONES, PEAK_TRIPS / ZONES)
    trips = furness(deterrence(cost, decay=0.1), origins=total, destinations=total)
    balanced = time.process_time()
    line = {"zones": ZONES, "links": int(links.tail.size), "skim_s": round(skimmed - started, 3),
            "gravity_s": round(balanced - skimmed, 3)}  # fmt: skip
    for gap in (1e-3, 1e-4, 1e-5):
        started = time.process_time()
        found = user_equilibrium(links, law, ends=ends, demand=trips.trips, gap=gap)
        line |= {f"assign_{gap:g}_s": round(time.process_time() - started, 3), f"iterations_{gap:g}": found.iterations}
    print(json.dumps(line))


if __name__ == "__main__":
    main()
