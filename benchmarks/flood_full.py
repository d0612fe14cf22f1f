"""What a cell and step of a flood costs by the full shallow water equations, beside the local inertial ones.

One thread, the town and storm of `flood.py` (5 m, buildings stand up from the ground, all of it is rained on). Prints
one JSON line: nanoseconds of the processor for a cell and step, the least of several runs by turns, and steps taken.

    python -m benchmarks.flood_full [--cells 400] [--minutes 25] [--rounds 3]
"""

import argparse
import json
import time
from typing import Any

import numpy as np
from odc.geo.geobox import GeoBox

from benchmarks.flood import CELL, F64, HEIGHT, storm, streets, town
from citybraid.kernels.flood.state import STEPS, Scheme
from citybraid.resilience.flood.flood import LATEST, RUNS, TRACKED
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface
from citybraid.resilience.rain.forcing import intervals, steps
from tests.resilience.basin import raster


def cost(bed: F64, momentum: str, minutes: float) -> tuple[float, int]:
    """Return the processor's time for a cell and step [ns], and the steps."""
    until = 60.0 * minutes
    grid = GeoBox.from_bbox((0, 0, bed.shape[1] * CELL, bed.shape[0] * CELL), crs="EPSG:32651", resolution=CELL)
    surface = Surface(terrain=raster(bed), manning=raster(np.full(bed.shape, 0.03)))
    event = RUNS[momentum](town(bed, None, soil=False, until=until), surface, FloodParams(), None, grid)
    forcing = intervals(steps(storm(), "rain_intensity", until=until), None, (None,) * 4, until=until)
    began = time.process_time()
    event.run(Scheme(0.7, 0.9, 10.0, TRACKED, LATEST, 0.05), forcing, None)
    spent, taken = time.process_time() - began, int(event.water.tally[STEPS])
    return 1e9 * spent / (taken * bed.size), taken


def main() -> None:
    """Run both by turns and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=400, help="cells along each side")
    parser.add_argument("--minutes", type=float, default=25.0, help="minutes of the event to run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each")
    asked = parser.parse_args()
    bare, built = streets(asked.cells)
    bed = bare + HEIGHT * built
    told: dict[str, Any] = {"name": "full equations", "cells": asked.cells, "minutes": asked.minutes}
    runs: dict[str, list[tuple[float, int]]] = {"full": [], "inertial": []}
    for each in runs:
        cost(bed[:8, :8], each, 1.0)
    for _ in range(asked.rounds):
        for each, found in runs.items():
            found.append(cost(bed, each, asked.minutes))
    for each, found in runs.items():
        told |= {f"{each}_ns": round(min(ns for ns, _ in found), 1), f"{each}_steps": found[0][1]}
    told["ratio"] = round(told["full_ns"] * told["full_steps"] / told["inertial_ns"] / told["inertial_steps"], 1)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
