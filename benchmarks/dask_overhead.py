"""What a Step costs beside its own work, in process and on a Dask cluster of this machine; JSON lines.

Steps of a few milliseconds that wait for nothing, on one worker: the time beyond what the Steps say they took, by
Step, is what packing, the way there and back, looking into the store and choosing the next Step take. On more workers
than cores it says how many Steps a second one client can hand out. Processor time of the client is told as well, since
a machine that does other work shows more by the clock. The best of several runs is told. Scaling is not measured here:
benchmarks/scaling.py computes it from a run's trace.

    python benchmarks/dask_overhead.py [--steps 300] [--workers 0 1 4] [--runs 3] [--exchange]

0 workers: in process, on one thread. With an exchange, values go through a place by its URL, here a folder.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.factor import FactorBook
from citybraid.core.layer import Layer, digest
from citybraid.core.model import var_of
from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.core.vocabulary.ground_hazard import HEAD_DECLINE, SUBSIDENCE_YEARS
from citybraid.resilience.areas.consolidation import consolidation
from citybraid.store.store import Store
from citybraid.study.plan.planner import Settings, plan
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.engine import Engine

GRID = GeoBox((64, 64), Affine(10.0, 0.0, 5e5, 0.0, -10.0, 3.5e6), "EPSG:4549")
CLAY = {"thickness": 20.0, "compressibility": 5e-4, "consolidation": 2.0}


def made(store: Store, count: int, run: int) -> tuple[Step, ...]:
    """Return so many Steps that wait for nothing: the settling of clay under other declines of groundwater."""
    years = Layer(var_of(SUBSIDENCE_YEARS), digest("years"))
    store.put(years.key, 10.0)
    layers = [years]
    for number in range(count):
        key = digest("decline", run, number)
        store.put(key, xr.DataArray(np.full(GRID.shape, 1e-3 * (1.0 + number + count * run)), dims=("y", "x")))
        layers.append(Layer(var_of(HEAD_DECLINE), key, GRID, frozenset({("event", f"e{number:05d}")})))
    settings = Settings(grid=GRID, book=FactorBook(()), region="", year=2025, params={consolidation.id: CLAY})
    return plan(Place().put(layers), (consolidation,), (), settings).steps


def measured(count: int, workers: int, runs: int, *, exchange: bool) -> dict[str, Any]:
    """Return what a Step costs on so many workers."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        url = (Path(folder) / "place").as_uri() if exchange and workers else ""
        with backend_of(EngineChoice(workers=workers, exchange=url), store, threads=1) as backend:
            for run in range(runs + 1):
                steps = made(store, count, run)
                started, cpu = time.perf_counter(), time.process_time()
                ran = Engine(store, threads=1, backend=backend).run(steps)
                wall, used = time.perf_counter() - started, time.process_time() - cpu
                if len(ran) != count:
                    raise SystemExit(f"{len(ran)} of {count} Steps ran")
                own = sum(float((store.noted(step.key) or {})["seconds"]) for step in steps)
                found.append((wall, own, used))
    wall, own, used = min(found[1:])  # the first run imports libraries
    return {
        "workers": workers, "exchange": bool(url), "steps": count, "cores": os.cpu_count(),
        "wall_ms_per_step": round(1e3 * wall / count, 2),
        "own_ms_per_step": round(1e3 * own / count, 2),
        "overhead_ms_per_step": round(1e3 * (wall - own / max(workers, 1)) / count, 2),
        "client_cpu_ms_per_step": round(1e3 * used / count, 2), "steps_per_s": round(count / wall, 1),
    }  # fmt: skip


def main() -> None:
    """Read the arguments and print a line for each count of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 4])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--exchange", action="store_true")
    given = parser.parse_args()
    for workers in given.workers:
        print(json.dumps(measured(given.steps, workers, given.runs, exchange=given.exchange)), flush=True)


if __name__ == "__main__":
    main()
