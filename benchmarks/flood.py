"""Speed of the flood solver on streets and buildings: prints one JSON line.

Work is counted as wet or rained cells times accepted steps; blocked cells count as
nothing, although they are swept. `python benchmarks/flood.py [--cells N] [--steps N] [--soil]`.
"""

import argparse
import json
import resource
import sys
import time

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood import advance
from citybraid.kernels.flood_state import Force, Scheme, room
from citybraid.resilience.flood_event import Event, sinks, still, untouched
from citybraid.resilience.flood_grid import cell_size, cells, edge_faces, roofs
from citybraid.resilience.flood_grid import ground as ground_of

CELL = 5.0
RAIN = 50.0 / 3.6e6
DEBRIS = {"depth": 0.25, "shallow": 0.5, "deep": 1.0}
WARM = 40
BLOCK = (60.0, 80.0)
STREET = 30.0


def streets(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ground of a gently sloping town with hollows [m], and its building shares."""
    y, x = np.mgrid[0:count, 0:count] * CELL
    noise = np.random.default_rng(1).normal(0.0, 0.02, x.shape)
    ground = 0.002 * x + 0.6 * np.sin(x / 210.0) * np.cos(y / 170.0) + noise
    built = (x % BLOCK[0] >= STREET) & (y % BLOCK[1] >= STREET)
    return ground, built.astype(np.float64)


def town(count: int, *, soil: bool) -> Event:
    """Return a dry event over the streets."""
    ground, built = streets(count)
    grid = GeoBox.from_bbox((0, 0, count * CELL, count * CELL), crs="EPSG:32651", resolution=CELL)

    def layer(values: NDArray[np.float64]) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"))

    size = cell_size(grid)
    found = cells(layer(ground), layer(built), blocked_from=0.5)
    above = roofs(found, size, None)
    faces = edge_faces(found, ("free",) * 4, "free")
    nowhere = np.zeros((0, 2), np.int32), np.zeros(0)
    rough = np.full(ground.shape, 0.03)
    bed = ground_of(found, rough, above, faces, nowhere, size)
    soaked = layer(np.ones_like(ground)) if soil else None
    deficit = None if soaked is None else 0.2 * soaked
    taken = sinks(found, soaked, soaked, deficit, soaked, soaked)
    return Event(found, above, bed, taken, still(bed, None), untouched(found, DEBRIS, 7200.0))


def main() -> None:
    """Run the event under steady rain and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000, help="cells along each side")
    parser.add_argument("--steps", type=int, default=300, help="steps to time")
    parser.add_argument("--soil", action="store_true", help="with storage, infiltration and drains")
    asked = parser.parse_args()
    event = town(asked.cells, soil=asked.soil)
    scheme = Scheme(alpha=0.7, theta=0.9, longest=10.0, every=8, latest=20.0, threshold=0.05)
    force = Force(1e9, RAIN, 0.0, np.zeros(4), np.zeros(4))
    work = room(event.water.h.shape, 4)
    advance(event.bed, event.soil, event.water, event.peaks, scheme, force, work, WARM)
    began = time.process_time()
    advance(event.bed, event.soil, event.water, event.peaks, scheme, force, work, asked.steps)
    spent = time.process_time() - began
    work = int(event.found.open.sum()) * asked.steps
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    name = f"flood {asked.cells} x {asked.cells} at {CELL:g} m{', soil' if asked.soil else ''}"
    line = {"name": name, "work": work, "cpu_s": round(spent, 3), "rate": round(work / spent / 1e6, 1)}
    print(json.dumps({**line, "unit": "million cell steps per CPU second", "peak_mib": round(peak), "threads": 1}))


if __name__ == "__main__":
    main()
