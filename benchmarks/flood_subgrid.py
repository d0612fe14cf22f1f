"""What coarse cells cost and how far they lie off, with and without the fine ground in them: prints one JSON line each.

Every run is a whole call of `resilience.flood` on one thread, after one on a small grid that compiles. Plain coarse
cells have the mean bed of their open ground, are closed where half of them is built, and give their depth to all
fine cells; with `subgrid` the same coarse cells keep the fine ground. Both are held to the run on fine cells: root
mean square error and bias of the greatest depth, on open cells, and the share of cells flooded from 0.15 m in either
run that are flooded in both. Terrain is the street town of `benchmarks/flood.py`, or a GeoTIFF in metres.

    python -m benchmarks.flood_subgrid [--cells 960] [--minutes 60] [--terrain dem.tif] [--longest 10]
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import rasterio
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from benchmarks.flood import CELL, DEBRIS, MANNING, storm, streets
from citybraid.core.factor import resolve
from citybraid.resilience.flood.coefficients import Coefficients
from citybraid.resilience.flood.event_forcing import EventForcing
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.flood.surface import Surface

F64 = NDArray[np.float64]
FLOODED = 0.15
BLOCKED = 0.5
"""Building share from which a cell is closed, as `blocked_from` of the model."""
STEPS = (2, 3, 4)
WARM = 24


class Town(NamedTuple):
    """Ground [m], missing where outside, building shares, and the cell [m]."""

    bed: F64
    built: F64
    cell: float


class Asked(NamedTuple):
    """Minutes of the storm to run, longest time step [s], and whether edges are closed."""

    minutes: float
    longest: float
    closed: bool


def read(path: Path) -> Town:
    """Return a terrain from a GeoTIFF in metres, without buildings."""
    with rasterio.open(path, driver="GTiff") as source:
        bed = source.read(1, masked=True).filled(np.nan).astype(np.float64)
        return Town(bed, np.zeros(bed.shape), float(abs(source.res[0])))


def blocks(values: F64, step: int) -> F64:
    """Return the fine values of each coarse cell, missing beyond the grid."""
    rows, columns = values.shape
    full = np.pad(values, ((0, -rows % step), (0, -columns % step)), constant_values=np.nan)
    high, wide = full.shape[0] // step, full.shape[1] // step
    return full.reshape(high, step, wide, step).swapaxes(1, 2).reshape(high, wide, step * step)


def plain(town: Town, step: int) -> Town:
    """Return the town on coarse cells: mean of open beds, share built."""
    bed, built = blocks(town.bed, step), blocks(town.built, step)
    ground = np.isfinite(bed) & (built < BLOCKED)
    inside = np.isfinite(bed).any(axis=2)
    count = ground.sum(axis=2)
    mean = np.where(ground, bed, 0.0).sum(axis=2) / np.maximum(count, 1)
    some = np.where(np.isfinite(bed), bed, 0.0).sum(axis=2) / np.maximum(np.isfinite(bed).sum(axis=2), 1)
    share = 1.0 - count / np.maximum(np.isfinite(bed).sum(axis=2), 1)
    return Town(np.where(inside, np.where(count > 0, mean, some), np.nan), share, town.cell * step)


def run(town: Town, subgrid: int, asked: Asked) -> tuple[F64, float]:
    """Return the greatest depths of the storm, 0 where there are none, and CPU seconds."""
    rows, columns = town.bed.shape
    grid = GeoBox.from_bbox(
        (0, 0, columns * town.cell, rows * town.cell), crs="EPSG:32651", shape=(rows, columns), tight=True
    )

    def layer(values: F64) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"))

    sides: dict[str, Any] = dict.fromkeys(("north", "south", "east", "west"), "closed") if asked.closed else {}
    words = {"longest_step": asked.longest, "subgrid": subgrid, "duration": 60.0 * asked.minutes, **sides}
    began = time.process_time()
    found = flood(
        surface=Surface(layer(town.bed), layer(np.full(town.bed.shape, MANNING)), layer(town.built)),
        forcing=EventForcing(storm()),
        coefficients=Coefficients(DEBRIS, resolve("flood_structures"), resolve("drain_inlet")),
        grid=grid,
        p=FloodParams.model_validate(words),
    )
    spent = time.process_time() - began
    return np.nan_to_num(found.peaks.max_depth.to_numpy()), spent


def against(depth: F64, fine: F64, ground: NDArray[np.bool_]) -> dict[str, float]:
    """Return how far depths lie off the fine run's."""
    off = (depth - fine)[ground]
    one, other = depth[ground] >= FLOODED, fine[ground] >= FLOODED
    either = int((one | other).sum())
    return {
        "rmse_m": round(float(np.sqrt(np.mean(off**2))), 4),
        "bias_m": round(float(off.mean()), 4),
        "iou": round(float((one & other).sum()) / either, 3) if either else 1.0,
    }


def compared(town: Town, asked: Asked, rounds: int) -> Iterator[dict[str, Any]]:
    """Yield the fine run, then plain coarse and subgrid runs at each width; CPU seconds are the least of all rounds."""
    small = Town(town.bed[:WARM, :WARM], town.built[:WARM, :WARM], town.cell)
    for step in (1, 2):
        run(small, step, asked._replace(minutes=1.0))
    runs = {("fine", 1): (town, 1)}
    for step in STEPS:
        runs |= {("plain coarse", step): (plain(town, step), 1), ("subgrid", step): (town, step)}
    found: dict[tuple[str, int], tuple[F64, float]] = {}
    for _ in range(rounds):
        for key, (ground, subgrid) in runs.items():
            depth, spent = run(ground, subgrid, asked)
            found[key] = depth, min(spent, found[key][1]) if key in found else spent
    fine, longest = found["fine", 1]
    open_ground = np.isfinite(town.bed) & (town.built < BLOCKED)
    for (name, step), (depth, spent) in found.items():
        width = step if name == "plain coarse" else 1
        spread = np.repeat(np.repeat(depth, width, axis=0), width, axis=1)[: fine.shape[0], : fine.shape[1]]
        cost = {"cpu_s": round(spent, 2), "faster": round(longest / spent, 1)}
        yield {"run": name, "step": step, **cost, **against(spread, fine, open_ground)}


def main() -> None:
    """Run the storm at each width and print what it cost and how far it lies off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=960, help="cells along each side of the street town")
    parser.add_argument("--minutes", type=float, default=60.0, help="minutes of the event to run")
    parser.add_argument("--terrain", type=Path, help="a GeoTIFF in metres instead of the street town")
    parser.add_argument("--longest", type=float, default=10.0, help="longest time step in seconds")
    parser.add_argument("--closed", action="store_true", help="edges closed to water")
    parser.add_argument("--rounds", type=int, default=3, help="how often each run is timed; the least counts")
    asked = parser.parse_args()
    town = read(asked.terrain) if asked.terrain else Town(*streets(asked.cells), CELL)
    about = {
        "terrain": asked.terrain.name if asked.terrain else "streets",
        "minutes": asked.minutes,
        "longest_s": asked.longest,
    }
    for told in compared(town, Asked(asked.minutes, asked.longest, asked.closed), asked.rounds):
        print(json.dumps({**about, "cells": list(town.bed.shape), **told}), flush=True)


if __name__ == "__main__":
    main()
