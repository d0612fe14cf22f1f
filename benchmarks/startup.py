"""What a command takes before and beside its work: one JSON line each, with seconds by the clock and of processor time.

model: `citybraid model resilience.soil` on two rasters of 40 × 40 cells. tables: eight GeoJSON tables of one polygon
read by one intake in a fresh process. new, check: the same tables as a study. Processor time is that of all processes.
The best of several runs is told: a machine that does other work shows more.

    python benchmarks/startup.py [--runs 3]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

CRS = "EPSG:4549"
WEST, NORTH, CELL, CELLS = 572_000.0, 3_397_200.0, 5.0, 40
TABLES = {
    "parcels": "parcels", "buildings": "buildings", "units": "units", "study_area": "study_area", "ground": "ground",
    "streets": "streets", "levees": "levees", "facilities": "facilities",
}  # fmt: skip
LINES = ("streets", "levees")
READ = """
from pathlib import Path
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.target import Target
files = {path.stem: FileSpec(path=path.name) for path in sorted(Path(FOLDER).glob("*.geojson"))}
assert len(take_in(files, Target("EPSG:4549", 5.0), root=Path(FOLDER)).layers) >= 8
"""


def rasters(folder: Path) -> None:
    """Write two rasters of one class each."""
    for name, value in (("land_cover", 30), ("soil_group", 2)):
        with rasterio.open(
            folder / f"{name}.tif", "w", driver="GTiff", height=CELLS, width=CELLS, count=1, dtype="uint8", crs=CRS,
            transform=from_origin(WEST, NORTH, CELL, CELL),
        ) as target:  # fmt: skip
            target.write(np.full((CELLS, CELLS), value, dtype=np.uint8), 1)


def tables(folder: Path) -> None:
    """Write eight tables of one shape each, in degrees."""
    folder.mkdir()
    ring = [[120.75, 30.69], [120.752, 30.69], [120.752, 30.692], [120.75, 30.692], [120.75, 30.69]]
    for name, role in TABLES.items():
        shape = {"type": "LineString", "coordinates": ring[:3]} if name in LINES else {
            "type": "Polygon", "coordinates": [ring]}  # fmt: skip
        feature = {"type": "Feature", "properties": {"id": "1"}, "geometry": shape}
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        (folder / f"{role}.geojson").write_text(text, encoding="utf-8")


def taken(words: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return the seconds of a command by the clock, and of processor time in all its processes."""
    before, begun = os.times(), time.perf_counter()
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, encoding="utf-8", check=False)  # noqa: S603  (our own command)
    seconds, after = time.perf_counter() - begun, os.times()
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def main() -> None:
    """Measure each command and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        rasters(folder)
        tables(folder / "files")
        soil = ["--land-cover", "land_cover.tif", "--permeable-paving", "0", "--rain-garden", "0"]
        soil += ["--soil-group", "soil_group.tif", "--region", "CN", "--out", "soil", "--quiet"]
        commands: Mapping[str, Callable[[int], list[str]]] = {
            "model": lambda _: ["-m", "citybraid", "model", "resilience.soil", *soil],
            "tables": lambda _: ["-c", READ.replace("FOLDER", repr(str(folder / "files")))],
            "new": lambda run: ["-m", "citybraid", "new", f"study_{run}", "--files", "files"],
            "check": lambda run: ["-m", "citybraid", "check", f"study_{run}/study.toml", "--no-report"],
        }
        for name, words in commands.items():
            found = [taken(words(run), folder) for run in range(runs)]
            wall, used = (min(each) for each in zip(*found, strict=True))
            told = {"command": name, "runs": runs, "seconds": round(wall, 2), "processor_seconds": round(used, 2)}
            print(json.dumps(told))


if __name__ == "__main__":
    main()
