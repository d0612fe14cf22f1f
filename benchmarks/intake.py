"""Speed of intake: a made-up town of many buildings read, checked and stored; prints one JSON line.

Say how many buildings as the first word; 200 000 otherwise.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from citybraid.sources.intake import intake
from citybraid.sources.protocol.discovery import all_repairs
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key

CRS = "EPSG:4549"
BUILDINGS = 200_000
IN_A_PARCEL = 10
WEST, SOUTH = 560_000.0, 3_390_000.0
LENGTH, DEPTH, STREET = 100.0, 50.0, 16.0
"""A parcel's sides, and the street between parcels [m]."""
USES = ("住宅", "住宅", "住宅", "办公", "商业", "学校", "")
CODES = ("070102", "070102", "0901", "0902", "080403")
CELL = 20.0
FAULTS = 500
"""One building in so many crosses itself, one stands twice, one lies on its neighbour."""
SEED = 7
WITHOUT_FLOORS, WITHOUT_HEIGHT, WITHOUT_YEAR = 0.2, 0.4, 0.1
"""Shares of buildings whose cell is empty."""
SHOWN = 0.005
"""Repairs that take less are not listed [s]."""


def town(count: int, folder: Path) -> dict[str, FileSpec]:
    """Write parcels and buildings with gaps, doubles, bow-ties and overlaps among them; return the study's files."""
    random = np.random.default_rng(SEED)
    parcels = count // IN_A_PARCEL
    across = int(np.ceil(np.sqrt(parcels / 2)))
    row, column = np.divmod(np.arange(parcels), across)
    west, south = WEST + column * (LENGTH + STREET), SOUTH + row * (DEPTH + STREET)
    plots = gpd.GeoDataFrame(
        {
            "地块编号": [f"P{each}" for each in range(parcels)], "用地代码": random.choice(CODES, parcels),
            "容积率": random.choice([1.0, 1.5, 2.0], parcels), "建筑密度": 0.3, "绿地率": 0.35, "限高": 80,
        },
        geometry=shapely.box(west, south, west + LENGTH, south + DEPTH), crs=CRS,
    )  # fmt: skip
    at = np.arange(count)
    x = west[at // IN_A_PARCEL] + 3 + 20.0 * (at % IN_A_PARCEL % 5)
    y = south[at // IN_A_PARCEL] + 4 + 24.0 * (at % IN_A_PARCEL // 5)
    wide, deep = random.uniform(8, 15, count), random.uniform(8, 18, count)
    floors = random.integers(1, 19, count).astype(float)
    footprints = _footprints(x, y, wide, deep)
    table = {
        "编号": [f"B{each}" for each in at], "用途": random.choice(USES, count),
        "层数": np.where(random.random(count) < WITHOUT_FLOORS, np.nan, floors),
        "高度": np.where(random.random(count) < WITHOUT_HEIGHT, np.nan, floors * 3.1),
        "建成年代": np.where(random.random(count) < WITHOUT_YEAR, np.nan, random.integers(1975, 2024, count)),
    }  # fmt: skip
    pyogrio.write_dataframe(plots, folder / "parcels.gpkg")
    pyogrio.write_dataframe(gpd.GeoDataFrame(table, geometry=footprints, crs=CRS), folder / "buildings.gpkg")
    return {"buildings": FileSpec(path="buildings.gpkg"), "parcels": FileSpec(path="parcels.gpkg")}


def _footprints(x: np.ndarray, y: np.ndarray, wide: np.ndarray, deep: np.ndarray) -> np.ndarray:
    """L-shaped footprints in 3D; some cross themselves, repeat another or lie on it."""
    half = np.stack([x + wide / 2, y + deep / 2])
    corners = [(x, y), (x + wide, y), (x + wide, half[1]), (half[0], half[1]), (half[0], y + deep), (x, y + deep)]
    ring = np.stack([np.stack([east, north, np.full_like(east, 3.0)], axis=1) for east, north in corners], axis=1)
    ring[::FAULTS] = ring[::FAULTS][:, [0, 2, 1, 3, 4, 5]]
    ring[1::FAULTS] = ring[2::FAULTS][: len(ring[1::FAULTS]), [3, 4, 5, 0, 1, 2]]
    ring[3::FAULTS, :, 0] += 12.0
    return np.asarray(shapely.polygons(ring), dtype=object)


def timed(spent: dict[str, float], name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a call that adds the processor's seconds it takes under its name."""

    def measured(*args: Any, **words: Any) -> Any:
        started = time.process_time()
        try:
            return call(*args, **words)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - started

    return measured


def main() -> None:
    """Make the town, take it in, store it and print the line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BUILDINGS
    spent: dict[str, float] = {}
    for module in all_repairs():
        name = module.__name__.rpartition(".")[2]
        module.repair = timed(spent, name, module.repair)  # type: ignore[attr-defined]  # a stopwatch around it
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = town(count, folder)
        target = Target(CRS, CELL)
        store = Store(folder / "store")
        marks, busy = [time.perf_counter()], [time.process_time()]
        taken = intake.take_in(
            files, target, root=folder, rules=Rules(target), limits=Limits(seconds=600, memory_mib=8192)
        )
        marks.append(time.perf_counter())
        busy.append(time.process_time())
        for found in taken.layers:
            store.put(content_key(found.var, found.value, found.grid), found.value)
        marks.append(time.perf_counter())
        busy.append(time.process_time())
    worker = resource.getrusage(resource.RUSAGE_CHILDREN)
    line = {
        "buildings": count, "seconds": marks[2] - marks[0],
        "cpu_s": busy[2] - busy[0] + worker.ru_utime + worker.ru_stime,
        "read_in_worker_cpu_s": worker.ru_utime + worker.ru_stime, "check_cpu_s": sum(spent.values()),
        "store_cpu_s": busy[2] - busy[1], "take_in_seconds": marks[1] - marks[0],
        "parent_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "worker_mib": worker.ru_maxrss / 1024,
        "problems": len(taken.problems), "contradictions": len(taken.contradictions),
    }  # fmt: skip
    rounded: dict[str, Any] = {name: round(value, 2) for name, value in line.items()}
    rounded["repairs_cpu_s"] = {name: round(seconds, 2) for name, seconds in spent.items() if seconds > SHOWN}
    rounded["findings"] = [f"{each.layer} {each.text} {each.count}" for each in taken.findings]
    print(json.dumps(rounded, ensure_ascii=False))


if __name__ == "__main__":
    main()
