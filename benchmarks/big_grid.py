"""Local models on grids of 1 to 24 million cells: memory and time beside what the pre-flight says; JSON lines.

Each case runs in a process of its own: made rasters of cover, soil and canopy, the shipped factors, every local model
and those that read them, on threads of the process. `--calibrate` runs each model alone on the largest grid
that is computed as a whole, and prints what a row of codes/costs.csv holds: time and memory per cell. `--workers` runs
the models on a cluster of this machine, whose workers take bands of the grid, and tells the memory of each process.

`--flood` runs a flood instead, on a made polder at 10 m with so many minutes of rain: its memory is that of any event,
its time that of the cell updates it tells. `--bare` leaves out its soil, drains and buildings.

    python benchmarks/big_grid.py [--cells 1 4 12 24] [--threads 2] [--calibrate | --workers 2 | --flood 10 [--bare]]
"""

import argparse
import hashlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.catalogue import discover
from citybraid.core.factor import shipped
from citybraid.core.layer import Layer
from citybraid.core.memory import MIB
from citybraid.core.model import var_of
from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.core.vocabulary.biodiversity.crossings import CROSSING_SHARE
from citybraid.core.vocabulary.surface import (
    BUILDING_FRACTION,
    CANOPY_COVER,
    LAND_COVER,
    MANNING,
    PERMEABLE_PAVING,
    SOIL_GROUP,
    TERRAIN,
)
from citybraid.core.vocabulary.water import (
    DRAIN_CAPACITY,
    HYDRAULIC_CONDUCTIVITY,
    MOISTURE_DEFICIT,
    RAIN_INTENSITY,
    SUCTION_HEAD,
    SURFACE_STORAGE,
)
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key
from citybraid.study.plan.planner import Plan, Settings, plan
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.backends.cluster import Cluster
from citybraid.study.run.engine import Engine
from citybraid.study.run.preflight import estimate

CELL = 10.0
PARAMS: Mapping[str, Mapping[str, Any]] = {
    "resilience.curve_number_loss": {"moisture": "II"}, "resilience.horton": {"moisture": "drained"},
    "biodiversity.habitat_quality": {"reading": "nearest"},
}  # fmt: skip
SETTING = ("lowcarbon.green_sink", "lowcarbon.wetland_methane", "resilience.curve_number", "resilience.horton",
           "resilience.curve_number_loss", "resilience.roughness", "biodiversity.habitat_suitability",
           "biodiversity.resistance_surface")  # fmt: skip
FLOOD = "resilience.flood"
CALIBRATED = 2**22
"""Cells of a calibration: the largest grid that is computed as a whole."""


def side_of(cells: float) -> int:
    """Return the side of a square grid."""
    return round(math.sqrt(cells))


def raster(side: int, values: tuple[int, ...], seed: int) -> np.ndarray[Any, Any]:
    """Return a raster of patches of 16 cells."""
    coarse = np.random.default_rng(seed).choice(np.array(values, np.uint8), (-(-side // 16),) * 2)
    return np.repeat(np.repeat(coarse, 16, axis=0), 16, axis=1)[:side, :side]


def planned(store: Store, side: int, names: tuple[str, ...]) -> Plan:
    """Return the plan of some models on made rasters."""
    grid = GeoBox((side, side), Affine(CELL, 0.0, 5e5, 0.0, -CELL, 3.5e6), "EPSG:4549")
    rasters = {
        LAND_COVER: raster(side, (10, 30, 40, 50, 51, 52, 80, 90), 1), SOIL_GROUP: raster(side, (1, 2, 3, 4), 2),
        CANOPY_COVER: (raster(side, tuple(range(100)), 3) / np.float32(100.0)).astype(np.float32),
        PERMEABLE_PAVING: np.zeros((side, side), np.float32), CROSSING_SHARE: np.zeros((side, side), np.float32),
    }  # fmt: skip
    layers = []
    for alias, values in rasters.items():
        value = xr.DataArray(values, dims=("y", "x"))
        layer = Layer(var_of(alias), content_key(var_of(alias), value, grid), grid)
        store.put(layer.key, value)
        layers.append(layer)
    models = [model for model in discover() if model.id in names]
    settings = Settings(grid=grid, book=shipped(), region="CN", year=2025, params=PARAMS)
    made = plan(Place().put(layers), models, (), settings)
    if made.gaps:
        raise SystemExit(str(made.gaps))
    return made


def flooded(store: Store, side: int, names: tuple[str, ...], minutes: float, *, bare: bool = False) -> Plan:
    """Return the plan of a flood that has all a flood may have but defences and coupled drains: 21 depths are kept.

    A polder with ditches every 320 m, dikes every 2.5 km, a building in each block of 160 m; 100 mm an hour of rain.
    A `bare` one has ground and roughness alone: no soil, no drains, no buildings.
    """
    grid = GeoBox((side, side), Affine(CELL, 0.0, 5e5, 0.0, -CELL, 3.5e6), "EPSG:4549")
    ground = np.random.default_rng(4).normal(2.0, 0.1, (side, side))
    ground[:, ::32] -= 1.5
    ground[::256] += 2.0
    built = np.zeros((side, side))
    built[6::16, 6::16] = 1.0
    even = {
        MANNING: 0.035, HYDRAULIC_CONDUCTIVITY: 5.0, SUCTION_HEAD: 200.0, MOISTURE_DEFICIT: 0.2, SURFACE_STORAGE: 2.0,
        DRAIN_CAPACITY: 20.0,
    }  # fmt: skip
    rasters = {TERRAIN: ground, BUILDING_FRACTION: built} | {
        alias: np.full((side, side), each) for alias, each in even.items()
    }
    if bare:
        rasters = {alias: rasters[alias] for alias in (TERRAIN, MANNING)}
    rain = pd.Series([100.0, 100.0, 0.0], index=pd.Index([0.0, minutes / 120.0, minutes / 60.0]))
    values = {var_of(alias): xr.DataArray(each, dims=("y", "x")) for alias, each in rasters.items()}
    layers = []
    for var, value in (*values.items(), (var_of(RAIN_INTENSITY), rain)):
        on = grid if var.on == "grid" else None
        layer = Layer(var, content_key(var, value, on), on)
        store.put(layer.key, value)
        layers.append(layer)
    params = {FLOOD: {"duration": 60.0 * minutes, "course_interval": max(3.0 * minutes, 60.0)}}
    settings = Settings(grid=grid, book=shipped(), region="CN", year=2025, params=params)
    return plan(Place().put(layers), [model for model in discover() if model.id in names], (), settings)


def resident() -> float:
    """Return the memory of this process now [MiB]."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MIB


def own_peak() -> float:
    """Return the most memory that this program had [MiB]; `getrusage` counts that of the one that started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def on_workers(folder: Path, side: int, names: tuple[str, ...], workers: int) -> dict[str, Any]:
    """Run the stored plan on workers of one thread; returns the most memory of each, and the digest of all values."""
    store = Store(folder)
    steps = planned(store, side, names).steps
    with backend_of(EngineChoice(workers=workers), store, threads=workers) as backend:
        if not isinstance(backend, Cluster):
            raise SystemExit("--workers 1 or more")
        backend.client.run(own_peak)  # imports what they need
        started = time.perf_counter()
        Engine(store, threads=workers, backend=backend).run(steps)
        wall = time.perf_counter() - started
        peaks = sorted(round(mib) for mib in backend.client.run(own_peak).values())
    seconds = {step.model.id: round(float((store.noted(step.key) or {})["seconds"]), 2) for step in steps}
    return {
        "cells": side * side, "workers": workers, "wall_s": round(wall, 1), "worker_peak_mib": peaks,
        "client_peak_mib": round(own_peak()), "values": contents(store, steps), "seconds": seconds,
    }  # fmt: skip


def contents(store: Store, steps: Iterable[Step]) -> str:
    """Return a digest of the bytes of all values that Steps have made."""
    checksum = hashlib.blake2b(digest_size=8)
    for step in sorted(steps, key=lambda step: step.key):
        for out in step.outs:
            checksum.update(store.packed(out.key))
    return checksum.hexdigest()


def one(
    folder: Path, side: int, names: tuple[str, ...], threads: int, minutes: float, *, bare: bool = False
) -> dict[str, Any]:
    """Run the stored plan in this process; returns what it took beside what was expected."""
    store = Store(folder)
    steps = (flooded(store, side, names, minutes, bare=bare) if minutes else planned(store, side, names)).steps
    wanted = tuple(step for step in steps if step.model.id in names)
    expected = estimate(steps, store, cells=side * side, rows=0, threads=threads)
    alone = estimate(steps, store, cells=side * side, rows=0, threads=1)
    before, started, cpu = resident(), time.perf_counter(), time.process_time()
    Engine(store, threads=threads).run(steps)
    wall, used = time.perf_counter() - started, time.process_time() - cpu
    peak = own_peak()
    return {
        "cells": side * side, "threads": threads, "steps": len(steps), "before_mib": round(before),
        "peak_mib": round(peak), "values": contents(store, steps),
        "expected_mib": round(expected.mib), "wall_s": round(wall, 2), "cpu_s": round(used, 2),
        "expected_s": round(expected.seconds, 2), "expected_cpu_s": round(alone.seconds, 2),
        "seconds": {step.model.id: round(float((store.noted(step.key) or {})["seconds"]), 3) for step in wanted},
        "facts": [(store.noted(step.key) or {})["facts"] for step in wanted],
    }  # fmt: skip


def apart(
    side: int,
    names: tuple[str, ...],
    threads: int,
    prepared: tuple[str, ...] = (),
    *,
    workers: int = 0,
    minutes: float = 0.0,
    bare: bool = False,
) -> dict[str, Any]:
    """Run a case in a process of its own, or on workers; `prepared` models are run before, in another."""
    with tempfile.TemporaryDirectory() as folder:
        told: dict[str, Any] = {}
        for group in (("",), prepared, names):
            if not group:
                continue
            words = ["--folder", folder, "--side", str(side), "--threads", str(threads), "--models", ",".join(group)]
            words += ["--workers", str(workers), "--flood", str(minutes), *(["--bare"] if bare else [])]
            done = subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True)  # noqa: S603
            told = json.loads(done.stdout.splitlines()[-1])
        return told


def calibrate() -> None:
    """Print a row of costs for each model: its own time, and its memory above the process and the values it keeps."""
    side = side_of(CALIBRATED)
    for name in SETTING:
        needs = ("resilience.curve_number",) if name == "resilience.curve_number_loss" else ()
        told = apart(side, (*needs, name), 1, needs)
        cells = told["cells"]
        row = {
            "model": name, "seconds_per_cell": told["seconds"][name] / cells,
            "bytes_per_cell": round((told["peak_mib"] - told["before_mib"]) * MIB / cells), **told,
        }  # fmt: skip
        print(json.dumps(row), flush=True)


def main() -> None:
    """Read the arguments and print the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=float, nargs="+", default=[1, 4, 12, 24], help="million cells")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--flood", type=float, default=0.0, help="minutes of rain")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--side", type=int, default=0)
    parser.add_argument("--models", default="")
    given = parser.parse_args()
    if given.folder is not None:
        names = tuple(filter(None, given.models.split(",")))
        told = (
            on_workers(given.folder, given.side, names, given.workers)
            if given.workers
            else one(given.folder, given.side, names, given.threads, given.flood, bare=given.bare)
        )
        print(json.dumps(told))
        return
    if given.calibrate:
        calibrate()
        return
    for cells in given.cells:
        names = (FLOOD,) if given.flood else SETTING
        told = apart(
            side_of(cells * 1e6), names, given.threads, workers=given.workers, minutes=given.flood, bare=given.bare
        )
        if given.workers:
            print(json.dumps(told), flush=True)
            continue
        ratios = {
            "memory_ratio": round(told["expected_mib"] / told["peak_mib"], 3),
            "cpu_ratio": round(told["expected_cpu_s"] / told["cpu_s"], 3),
        }
        print(json.dumps({**told, **ratios}), flush=True)


if __name__ == "__main__":
    main()
