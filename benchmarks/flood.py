"""The flood solver beside its peers, on one terrain and one storm, on one thread: prints one JSON line each.

The terrain is a gently sloping town at 5 m whose buildings stand up from the ground, so that every
solver sees the same cells; all of them are rained on. The storm is Suzhou's of 100 years over two hours,
Chicago method, nothing infiltrates. Work is cells times accepted steps. itzi-core (Python 3.12 or
newer) and landlab are run on the same input where they are installed, over the same minutes;
each line then has the ratio of rates and the root mean square difference of depths. Beside them stand what the first
run costs to compile, the bytes that a cell takes, and how much sooner two threads end than one, in pairs by turns.

    python benchmarks/flood.py [--cells 1000] [--minutes 60] [--pairs 3] [--blocked] [--soil] [--alone]
    python benchmarks/flood.py --widths [--cells 400] [--minutes 25] [--pairs 2]

The second prints what a flood with soil costs by the width of vectors: that of LLVM and the widest, by turns.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.state import Scheme
from citybraid.resilience.flood.event import Event, initial_peaks, initial_state, sinks
from citybraid.resilience.flood.flood import LATEST, TRACKED
from citybraid.resilience.flood.grid import cell_size, edge_faces, model_domain, roofs, solver_bed
from citybraid.resilience.rain.design_storm import DesignStormParams, design_storm
from citybraid.resilience.rain.forcing import intervals, steps

F64 = NDArray[np.float64]
CELL = 5.0
MANNING = 0.03
DEBRIS = {"depth": 0.25, "shallow": 0.5, "deep": 1.0}
SUZHOU_2025 = {"A": 17.969, "C": 1.24, "b": 18.415, "n": 0.785, "r": 0.43}
"""A [mm min⁻¹], C, b [min], n, r (Suzhou municipal notice of 2025-01-27), as in the demo's factors."""
BLOCK = (60.0, 80.0)
STREET = 30.0
HEIGHT = 12.0


class Result(NamedTuple):
    """What a run cost and left: cells × steps, CPU and wall seconds, depth [m], bytes of its arrays by cell."""

    work: int
    seconds: float
    wall: float
    depth: F64
    state: float = 0.0


def streets(count: int) -> tuple[F64, F64]:
    """Return the ground of a gently sloping town with hollows [m], and its building shares."""
    y, x = np.mgrid[0:count, 0:count] * CELL
    noise = np.random.default_rng(1).normal(0.0, 0.02, x.shape)
    bare = 0.002 * x + 0.6 * np.sin(x / 210.0) * np.cos(y / 170.0) + noise
    built = (x % BLOCK[0] >= STREET) & (y % BLOCK[1] >= STREET)
    return bare, built.astype(np.float64)


def storm() -> pd.Series:
    """Return rain [mm h⁻¹] by hours."""
    p = DesignStormParams()
    made = design_storm(return_period=100.0, storm_duration=120.0, storm_formula=SUZHOU_2025, p=p)
    return made.rain_intensity


def town(bed: F64, built: F64 | None, *, soil: bool, until: float) -> Event:
    """Return a dry event over the town."""
    rows, columns = bed.shape
    grid = GeoBox.from_bbox((0, 0, columns * CELL, rows * CELL), crs="EPSG:32651", resolution=CELL)

    def layer(values: F64) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"))

    size = cell_size(grid)
    found = model_domain(layer(bed), None if built is None else layer(built), blocked_from=0.5)
    above = roofs(found, size, None)
    faces = edge_faces(found, ("closed",) * 4, "closed")
    nowhere = np.zeros((0, 2), np.int32), np.zeros(0)
    base = solver_bed(found, np.full(bed.shape, MANNING), above, faces, nowhere, size)
    soaked = layer(np.ones_like(bed)) if soil else None
    deficit = None if soaked is None else 0.2 * soaked
    names = ("hydraulic_conductivity", "suction_head", "surface_storage", "drain_capacity")
    taken = sinks(found, {**dict.fromkeys(names, soaked), "moisture_deficit": deficit})
    return Event(found, above, base, taken, initial_state(base, None), initial_peaks(found, DEBRIS, until))


def held(part: Any) -> int:
    """Return the bytes of all arrays in a run's state."""
    if isinstance(part, np.ndarray):
        return part.nbytes
    return sum(held(each) for each in part) if isinstance(part, tuple) else 0


def ours(
    bed: F64, built: F64 | None, rain: pd.Series, *, minutes: float, soil: bool = False, threads: int = 1
) -> Result:
    """Run citybraid's solver."""
    until = 60.0 * minutes
    scheme = Scheme(0.7, 0.9, 10.0, TRACKED, LATEST, 0.05)
    forcing = intervals(steps(rain, "rain_intensity", until=until), None, (None,) * 4, until=until)
    warm = town(bed[:8, :8], None if built is None else built[:8, :8], soil=soil, until=until)
    warm.run(scheme, forcing, None, threads=threads)
    event = town(bed, built, soil=soil, until=until)
    began, clock = time.process_time(), time.perf_counter()
    event.run(scheme, forcing, None, threads=threads)
    spent, wall = time.process_time() - began, time.perf_counter() - clock
    work = int(event.domain.open.sum()) * int(event.water.tally[0])
    return Result(work, spent, wall, event.water.h, held(event) / bed.size)


def first() -> float:
    """Return the CPU seconds of a process's first run with soil and drains, all but compiling negligible."""
    bare, _ = streets(8)
    began = time.process_time()
    ours(bare, None, storm(), minutes=1.0, soil=True)
    return time.process_time() - began


def compiling() -> float:
    """Return the CPU seconds that compiling a flood with soil and drains takes where nothing is cached."""
    with tempfile.TemporaryDirectory() as cache:
        fresh = {**os.environ, "NUMBA_CACHE_DIR": cache}
        told = subprocess.run(  # noqa: S603  (our own file)
            [sys.executable, str(Path(__file__)), "--first"], env=fresh, check=True, capture_output=True, text=True
        )
    return float(told.stdout)


def peak() -> float:
    """Return the most memory that this process has had [bytes]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)


def two_threads(bed: F64, rain: pd.Series, *, minutes: float, pairs: int) -> dict[str, Any]:
    """Return how much sooner two threads end than one: shortest runs of each, and the median of pairs run by turns."""
    walls: tuple[list[float], list[float]] = ([], [])
    same = True
    for _ in range(pairs):
        one, two = (ours(bed, None, rain, minutes=minutes, threads=count) for count in (1, 2))
        for each, run in zip(walls, (one, two), strict=True):
            each.append(run.wall)
        same = same and np.array_equal(one.depth, two.depth)
    median = statistics.median(single / double for single, double in zip(*walls, strict=True))
    ratios = {"wall_ratio": round(min(walls[0]) / min(walls[1]), 2), "wall_ratio_median": round(median, 2)}
    return {"name": "citybraid, two threads", **ratios, "same_bits": same}


def soaked(cells: int, minutes: float) -> dict[str, Any]:
    """Return what a flood with soil costs by cell and step [ns], and a digest of its depths."""
    bare, built = streets(cells)
    found = ours(bare + HEIGHT * built, None, storm(), minutes=minutes, soil=True)
    return {"ns": 1e9 * found.seconds / found.work, "depths": hashlib.sha256(found.depth.tobytes()).hexdigest()}


def widths(cells: int, minutes: float, pairs: int) -> dict[str, Any]:
    """Return the costs of floods with LLVM's width of vectors and with the widest, in processes that take turns."""

    def run(**settings: str) -> dict[str, Any]:
        asked = [sys.executable, str(Path(__file__)), "--soaked", "--cells", str(cells), "--minutes", str(minutes)]
        done = subprocess.run(asked, env={**os.environ, **settings}, check=True, capture_output=True, text=True)  # noqa: S603  (our own file)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    runs = [(run(NUMBA_CPU_FEATURES=get_host_cpu_features().flatten()), run()) for _ in range(pairs)]
    same = len({each["depths"] for pair in runs for each in pair}) == 1
    costs = {name: [round(pair[at]["ns"], 2) for pair in runs] for at, name in enumerate(("llvm_ns", "widest_ns"))}
    size = {"cells": cells, "minutes": minutes}
    return {"name": "vectors", "processor": get_host_cpu_name(), **size, **costs, "same_bits": same}


def itzi(bed: F64, _built: F64 | None, rain: pd.Series, *, minutes: float) -> Result:
    """Run itzi-core on the same input; ImportError where it is not installed."""
    from datetime import datetime, timedelta

    import itzi_core as it
    from itzi_core.providers.memory_input import MemoryRasterInputProvider, TimedRasterSlice

    rows, columns = bed.shape
    edges = {"north": rows * CELL, "south": 0.0, "east": columns * CELL, "west": 0.0}
    domain = it.DomainData(**edges, rows=rows, cols=columns, crs_wkt="")
    start = datetime(2000, 1, 1)  # noqa: DTZ001  (the peer wants it plain)
    end = start + timedelta(minutes=minutes)

    def everywhere(value: float) -> NDArray[np.float32]:
        return np.full(bed.shape, value, np.float32)

    marks = [start + timedelta(hours=float(hour)) for hour in [*rain.index, 2 * rain.index[-1] - rain.index[-2]]]
    falling = [
        TimedRasterSlice(one, other, everywhere(float(rate)))
        for one, other, rate in zip(marks[:-1], marks[1:], rain, strict=True)
    ]
    config = it.SimulationConfig(
        start_time=start, end_time=end, record_step=end - start, temporal_type=it.TemporalType.RELATIVE,
        input_map_names={"ground_elevation": "z", "friction": "n", "rainfall_rate": "r"}, output_map_names={},
        surface_flow_parameters=it.SurfaceFlowParameters(cfl=0.7, theta=0.9, dtmax=10.0),
    )  # fmt: skip
    given = MemoryRasterInputProvider({
        "domain_data": domain, "simulation_start_time": start, "simulation_end_time": end,
        "static_arrays": {"ground_elevation": bed.astype(np.float32), "friction": everywhere(MANNING)},
        "timed_arrays": {"rainfall_rate": falling},
    })  # fmt: skip
    run = it.SimulationBuilder(config, np.zeros(bed.shape, bool)).with_input_provider(given).build()
    run.initialize()
    began, clock = time.process_time(), time.perf_counter()
    run.update_until(end - start)
    spent, wall = time.process_time() - began, time.perf_counter() - clock
    return Result(bed.size * run.time_steps_counters["since_start"], spent, wall, run.get_array("water_depth"))


def landlab(bed: F64, _built: F64 | None, rain: pd.Series, *, minutes: float) -> Result:
    """Run landlab's OverlandFlow on the same input; ImportError where it is not installed."""
    from landlab import RasterModelGrid
    from landlab.components import OverlandFlow

    grid = RasterModelGrid(bed.shape, xy_spacing=CELL)
    grid.add_field("topographic__elevation", bed.ravel(), at="node")
    depth = grid.add_zeros("surface_water__depth", at="node")
    depth += 1e-9
    flow = OverlandFlow(grid, mannings_n=MANNING, alpha=0.7, theta=0.9, steep_slopes=True)
    step = 3600.0 * float(rain.index[1] - rain.index[0])
    now, count, until = 0.0, 0, 60.0 * minutes
    began, clock = time.process_time(), time.perf_counter()
    while now < until - 1e-9:
        part = int(now / step + 1e-9)
        flow.rainfall_intensity = float(rain.iloc[part]) / 3.6e6 if part < len(rain) else 0.0
        dt = min(flow.calc_time_step(), 10.0, until - now, (part + 1) * step - now)
        flow.run_one_step(dt)
        now, count = now + dt, count + 1
    spent, wall = time.process_time() - began, time.perf_counter() - clock
    return Result(bed.size * count, spent, wall, depth.reshape(bed.shape))


PEERS: Mapping[str, Callable[..., Result]] = {"itzi-core": itzi, "landlab": landlab}


def line(name: str, found: Result, **more: Any) -> None:
    """Print a result as one JSON line."""
    told = {"name": name, "work": found.work, "cpu_s": round(found.seconds, 3), "wall_s": round(found.wall, 3)}
    rate = round(found.work / found.seconds / 1e6, 1)
    unit = "million cell steps per CPU second"
    print(json.dumps({**told, "rate": rate, "unit": unit, "threads": 1, **more}), flush=True)


def main() -> None:
    """Run citybraid, then each peer, and print what they cost and how far depths lie apart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=1000, help="cells along each side")
    parser.add_argument("--minutes", type=float, default=60.0, help="minutes of the event to run")
    parser.add_argument("--pairs", type=int, default=3, help="runs on one thread and two by turns")
    parser.add_argument("--first", action="store_true", help="print the CPU seconds of a first small run, no more")
    parser.add_argument("--blocked", action="store_true", help="also with buildings closed to water")
    parser.add_argument("--soil", action="store_true", help="also with storage, infiltration and drains")
    parser.add_argument("--alone", action="store_true", help="no peers")
    parser.add_argument("--widths", action="store_true", help="print the costs by the width of vectors, no more")
    parser.add_argument("--soaked", action="store_true", help="print what a flood with soil costs, no more")
    asked = parser.parse_args()
    if asked.widths or asked.soaked:
        run = asked.cells, asked.minutes
        print(json.dumps(soaked(*run) if asked.soaked else widths(*run, asked.pairs)))
        return
    if asked.first:
        print(first())
        return
    print(json.dumps({"name": "compiling", "cpu_s": round(compiling(), 1)}), flush=True)
    bare, built = streets(asked.cells)
    raised, rain = bare + HEIGHT * built, storm()
    first()
    before = peak()
    found = ours(raised, None, rain, minutes=asked.minutes)
    size = {"cells": asked.cells, "minutes": asked.minutes}
    memory = {
        "state_bytes_by_cell": round(found.state, 1),
        "peak_bytes_by_cell": round((peak() - before) / bare.size, 1),
    }
    line("citybraid", found, **size, **memory)
    if asked.pairs:
        print(json.dumps(two_threads(raised, rain, minutes=asked.minutes, pairs=asked.pairs)), flush=True)
    if asked.blocked:
        line("citybraid, buildings closed", ours(bare, built, rain, minutes=asked.minutes), **size)
    if asked.soil:
        line("citybraid, soil", ours(raised, None, rain, minutes=asked.minutes, soil=True), **size)
    for name, peer in {} if asked.alone else PEERS.items():
        try:
            other = peer(raised, None, rain, minutes=asked.minutes)
        except ImportError:
            print(json.dumps({"name": name, "absent": "not installed"}), flush=True)
            continue
        apart = float(np.sqrt(np.mean((other.depth - found.depth) ** 2)))
        ratio = found.work / found.seconds / (other.work / other.seconds)
        line(name, other, **size, ratio=round(ratio, 1), depth_rmse_m=round(apart, 5))


if __name__ == "__main__":
    main()
