"""Runs queued while the server and its workers are killed again and again: is each done once? One JSON line.

python benchmarks/server_jobs.py [STUDY_FOLDER] [--runs 20] [--kills 20] [--database postgresql+psycopg://…]

Without a folder the study is a made one of nine parcels and fourteen buildings, whose run takes 7 s of the processor.
It is copied to as many studies as there are runs, so that no run reuses another's values. Every few
seconds the server or a worker is killed (SIGKILL, chance by a fixed seed) and the server started anew. At the end every
job must be done, each study must have one run, and no two commands may have run in one study at once.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx2 as httpx
import shapely

START_S, PATIENCE_S = 120.0, 4 * 3600.0
OPEN = {"queued", "running"}
CRS, WEST, SOUTH, BLOCK, SIDE = "EPSG:4549", 500_000.0, 3_400_000.0, 100.0, 3
STUDY = f"""
[study]
name = "made"
title = {{ en = "Made", zh = "测试" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = 20.0
currency = "CNY"
[files.parcels]
path = "parcels.gpkg"
[files.buildings]
path = "buildings.gpkg"
[alternatives.as_is]
title = {{ en = "As is", zh = "现状" }}
"""


def write_study(folder: Path) -> Path:
    """Write a study of a few parcels and buildings, and return its folder."""
    folder.mkdir(parents=True)
    corners = [(WEST + BLOCK * row, SOUTH + BLOCK * column) for row in range(SIDE) for column in range(SIDE)]
    parcels = {"id": [f"P{at}" for at in range(len(corners))], "land_use": "R2", "far": 1.5, "density": 0.3}
    areas = [shapely.box(x, y, x + 0.9 * BLOCK, y + 0.9 * BLOCK) for x, y in corners]
    gpd.GeoDataFrame(parcels, geometry=areas, crs=CRS).to_file(folder / "parcels.gpkg")
    at = range(14)
    houses = {
        "id": [f"B{each}" for each in at], "use": "residential", "floors": [3 + each % 5 for each in at],
        "height": [10.0 + each for each in at], "year": [1990 + each for each in at],
        "floor_area": [1000.0 + each for each in at],
    }  # fmt: skip
    places = [(WEST + BLOCK * (each // 5) + 20, SOUTH + 50 * (each % 5) + 12) for each in at]
    shapes = [shapely.box(x, y, x + 30, y + 20) for x, y in places]
    gpd.GeoDataFrame(houses, geometry=shapes, crs=CRS).to_file(folder / "buildings.gpkg")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


class Server:
    """`citybraid serve`, started, killed, started anew."""

    def __init__(self, folder: Path, database: str, log: Path) -> None:
        self._log = log
        self._environment = os.environ | {"CITYBRAID_DATABASE": database}
        self._command = [sys.executable, "-m", "citybraid", "serve", str(folder), "--no-browser", "--lang", "en"]
        self.starts = 0
        self.start()

    def start(self) -> None:
        """Start it and log in."""
        self.starts += 1
        with self._log.open("wb") as out:
            self.process = subprocess.Popen(  # noqa: S603  (our own program)
                self._command, stdout=out, stderr=subprocess.STDOUT, env=self._environment
            )
        end = time.monotonic() + START_S
        while not (found := re.search(r"(http://\S+)/enter\?token=(\S+)", self._log.read_text(encoding="utf-8"))):
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit(f"the server did not start: {self._log.read_text(encoding='utf-8')}")
            time.sleep(0.1)
        self.client = httpx.Client(base_url=found[1], headers={"x-citybraid": "1"}, timeout=60)
        while time.monotonic() < end:
            try:
                self.client.get("/enter", params={"token": found[2]})
            except httpx.TransportError:
                time.sleep(0.2)
            else:
                return

    def get(self, path: str) -> Any:
        """Return what an address answers."""
        return self.client.get(path).raise_for_status().json()

    def workers(self) -> list[int]:
        """Return the processes of its workers."""
        return [process for process, parent, words in processes() if parent == self.process.pid and "work" in words]

    def kill(self, chance: random.Random) -> str:
        """Kill the server or a worker; a killed server is started anew."""
        workers = self.workers()
        if workers and chance.random() < 0.5:  # noqa: PLR2004  (one of the two)
            os.kill(chance.choice(workers), signal.SIGKILL)
            return "worker"
        self.process.kill()
        self.process.wait()
        self.start()
        return "server"


def processes() -> Iterator[tuple[int, int, list[str]]]:
    """Yield every process with its parent and its words, as Linux shows them."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
            parent = int((path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
        yield int(path.name), parent, words


def together(folder: Path) -> int:
    """Return how many commands beyond the first run in one study now."""
    studies = [word for _, _, words in processes() for word in words if word.startswith(str(folder)) and "run" in words]
    return len(studies) - len(set(studies))


def main() -> None:
    """Queue, kill, wait, count."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("study", type=Path, nargs="?")
    asked.add_argument("--runs", type=int, default=20)
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--between", type=float, nargs=2, default=(5.0, 20.0), help="seconds between two kills")
    asked.add_argument("--database", default="")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="citybraid-jobs-") as scratch:
        folder, study = Path(scratch) / "studies", given.study or write_study(Path(scratch) / "made")
        for number in range(given.runs):
            shutil.copytree(study, folder / f"s{number:02d}", ignore=shutil.ignore_patterns("runs", ".citybraid"))
        print(json.dumps(_measure(given, folder, Path(scratch) / "log")))


def _measure(given: argparse.Namespace, folder: Path, log: Path) -> dict[str, Any]:
    chance, began = random.Random(15), time.monotonic()  # noqa: S311  (when to kill is no secret)
    server, kills, overlaps = Server(folder, given.database, log), {"server": 0, "worker": 0}, 0
    try:
        for study in server.get("/api/studies"):
            asked = {"kind": "run", "options": {"baseline": True, "report": False}, "request": "one"}
            for _ in range(2):
                server.client.post(f"/api/studies/{study['id']}/jobs", json=asked).raise_for_status()
        next_kill = time.monotonic() + chance.uniform(*given.between)
        while any(job["state"] in OPEN for job in server.get("/api/jobs")):
            if time.monotonic() - began > PATIENCE_S:
                break
            time.sleep(0.5)
            overlaps += together(folder)
            if sum(kills.values()) < given.kills and time.monotonic() > next_kill:
                kills[server.kill(chance)] += 1
                next_kill = time.monotonic() + chance.uniform(*given.between)
        jobs = server.get("/api/jobs")
    finally:
        server.process.terminate()
        server.process.wait()
    runs = [len(list((path / "runs").glob("[0-9]*"))) for path in sorted(folder.glob("s*"))]
    return {
        "benchmark": "server_jobs", "database": given.database.partition(":")[0] or "sqlite", "jobs": len(jobs),
        "done": sum(job["state"] == "done" for job in jobs), "lost": given.runs - sum(count > 0 for count in runs),
        "run_twice": sum(count > 1 for count in runs), "at_once_in_one_study": overlaps, "kills": kills,
        "starts": server.starts, "attempts": sum(job["attempts"] for job in jobs),
        "most_attempts": max((job["attempts"] for job in jobs), default=0),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
