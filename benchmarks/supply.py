"""Speed of the hourly balance of 10 000 roofs with batteries on one thread: prints one JSON line."""

import json
import os
import resource
import sys
import time

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from citybraid.kernels.energy.hourly_balance import (
    COLUMNS,
    EXPORTED,
    IMPORTED,
    LOST,
    ROWS,
    STORED,
    Shapes,
    Sites,
    balance_groups,
)

ROOFS, PARCELS, PROFILES, HOURS = 10_000, 2_000, 40, 8760


def main() -> None:
    """Warm the kernel, run a year and print the line."""
    at, hour = np.arange(ROOFS), np.arange(HOURS)
    sun = np.clip(np.sin(np.pi * (hour % 24 - 6) / 12), 0, None) * (1.2 - np.cos(2 * np.pi * hour / HOURS))
    load = 1.0 + 0.5 * np.cos(2 * np.pi * (hour[None, :] % 24 - np.arange(PROFILES)[:, None]) / 24)
    shapes = Shapes(load / load.sum(axis=1, keepdims=True), sun / sun.sum())
    capacity = np.where(at % 2 == 0, 50.0, 0.0)
    use = np.asarray(1e4 + 50.0 * (at % 997), dtype=np.float64)
    made = np.asarray(8e3 + 40.0 * (at % 613), dtype=np.float64)
    sites = Sites(use, at % PROFILES, made, capacity, 0.4 * capacity)
    starts = np.linspace(0, ROOFS, PARCELS + 1).astype(np.int64)
    year, area, peaks = np.zeros((ROOFS, COLUMNS)), np.zeros((ROWS, HOURS)), np.zeros((PARCELS, 2))
    balance_groups(0, 1, starts, sites, shapes, 0.92, 0.92, year, area, peaks)
    area[:] = 0.0
    start = time.process_time()
    balance_groups(0, PARCELS, starts, sites, shapes, 0.92, 0.92, year, area, peaks)
    cpu = time.process_time() - start
    given = sites.generation.sum() + year[:, IMPORTED].sum()
    gone = sites.load.sum() + year[:, [EXPORTED, LOST, STORED]].sum()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    line = {
        "name": "supply", "work": ROOFS * HOURS, "cpu_s": round(cpu, 3), "rate": round(ROOFS * HOURS / cpu),
        "unit": "roof-hours/s", "peak_mib": round(peak, 1), "threads": 1, "error": abs(given / gone - 1),
    }  # fmt: skip
    print(json.dumps(line))


if __name__ == "__main__":
    main()
