"""Tiles of the map on the server: a raster of 24 million cells and 200 000 buildings, made; prints one JSON line each.

`make` is what the first look costs once [s]: classes and coarser levels of the raster, vector tiles of the buildings.
`cold` are tiles that are not at hand in memory, `warm` those that are, in process [ms]; `server` is the same over HTTP
by one reader [ms]. `viewers` are readers at the same time over HTTP, each with its own connection: one screen (six
tiles and the values of a place, drawn by chance) every
`--pause` seconds on average; with `--pause 0` each asks again at once, which shows the most that one server process
can answer; `cpu_ms_per_request` is the server's own. `load` is the machine's load average when the line was printed.
Readers run on the same machine as the server and take their share of it. `--ahead` gives both
precedence over other programs while `viewers` are timed, where the system allows it (root): on a busy machine the
nearest to one of their own. It slows the others meanwhile.

    python benchmarks/server_tiles.py [--cells 4900] [--buildings 200000] [--viewers 200] [--pause 10] [--seconds 40]
        [--ahead]
"""

import argparse
import asyncio
import json
import math
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx2 as httpx
import numpy as np
import pandas as pd
import pyproj
import shapely
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.store.store import Store
from citybraid.study.plan.homes import grid_record
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from citybraid.web.maps.catalogue import Chart, Found, chart_of
from citybraid.web.maps.places import raster_value
from citybraid.web.maps.shapes import shape_tiles
from citybraid.web.maps.tiles import _tile, tile

CRS, LEFT, BOTTOM, CELL = "EPSG:4549", 500_000.0, 3_400_000.0, 5.0
PITCH, WIDE, DEEP = 22.0, 14.0, 12.0
TILES, SPOTS, ZOOMS = 60, 400, (12, 13, 14, 15, 16, 17)
COLUMNS = 24
"""Columns of the table of buildings, about as many as a run's."""
KEPT_S = 30.0
"""How long a reader keeps an idle connection [s]: less than the server, so that the reader closes it first."""
SCREEN, PART = 6, 40_000
"""Tiles of a screen, and bytes of a vector tile as a reader asks for them."""
STUDY = {
    "name": "made", "title": {"zh": "测试", "en": "Made"}, "crs": CRS, "region": "CN", "year": 2025, "resolution": CELL,
}  # fmt: skip


def write_study(folder: Path, cells: int, buildings: int) -> Run:
    """Write a study with the run of a raster and a table of buildings with a height each, and open it."""
    grid = GeoBox((cells, cells), Affine(CELL, 0, LEFT, 0, -CELL, BOTTOM + cells * CELL), CRS)
    store = Store(folder / ".citybraid" / "store")
    y, x = np.mgrid[0:cells, 0:cells] / cells
    noise = np.random.default_rng(1).normal(0, 0.15, (cells, cells))
    store.put("depth", xr.DataArray(np.clip(1.4 * np.sin(9 * x) * np.cos(7 * y) + noise, 0, None), dims=("y", "x")))
    count = np.arange(buildings)
    side = math.ceil(buildings**0.5)
    west, south = LEFT + count % side * PITCH, BOTTOM + count // side * PITCH
    ids = pd.Index([f"B{number:06d}" for number in count])
    store.put("houses", gpd.GeoSeries(shapely.box(west, south, west + WIDE, south + DEEP), index=ids, crs=CRS))
    columns = [var.name for var in vocabulary().values() if var.on == "buildings" and var.kind == "float"][:COLUMNS]
    for at, name in enumerate(columns):
        store.put(name, pd.Series(6.0 + 3.0 * ((count + at) % 17), index=ids))
    layers = [
        {"var": "max_depth", "key": "depth", "grid": grid_record(grid), "at": [["event", "p50"]]},
        {"var": "buildings", "key": "houses", "grid": None, "at": []},
        *({"var": name, "key": name, "grid": None, "at": []} for name in columns),
    ]
    manifest = Manifest.model_validate({
        "study": STUDY, "asked": {"study": STUDY}, "store": "../../.citybraid/store", "grid": grid_record(grid),
        "screening_grid": grid_record(grid), "files": {}, "homes": [], "findings": [], "problems": [],
        "contradictions": [], "mappings": [], "trust": [], "completeness": {}, "origin": {}, "native": {},
        "alternatives": {"as_is": {"title": {"en": "As is", "zh": "现状"}, "layers": layers, "steps": [], "gaps": []}},
        "steps": {}, "factors": {}, "basis": None, "executed": 0, "versions": {}, "failing_in": None, "chain": [],
        "partial": {}, "lacking": {}, "imputation": {"draws": 0, "seed": 1, "filled": {}, "drawn": (), "keys": ()},
        "uncertainty": None, "choice": None,
    })  # fmt: skip
    units = pd.DataFrame({"flooded_area": [1.0]}, index=pd.Index([WHOLE_AREA], name="zone"))
    (folder / "study.toml").write_text(
        f'[study]\nname = "made"\ntitle = {{ en = "Made", zh = "测试" }}\ncrs = "{CRS}"\nregion = "CN"\nyear = 2025\n'
        f"resolution = {CELL}\n",
        encoding="utf-8",
    )
    (folder / "runs").mkdir()
    return Run.open(write(folder / "runs", None, manifest, {"units/as_is": units}))


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has used, by Linux's account of it."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def places(cells: int) -> list[tuple[int, int, int]]:
    """Return tiles of several zooms at random places of the study, the same in every run."""
    draw, world = np.random.default_rng(1), pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    found = []
    for number in range(TILES):
        zoom = ZOOMS[number % len(ZOOMS)]
        lon, lat = world.transform(*((LEFT, BOTTOM) + draw.random(2) * cells * CELL))
        down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
        found.append((zoom, int((lon + 180) / 360 * 2**zoom), int(down * 2**zoom)))
    return found


def spots(cells: int) -> list[tuple[float, float]]:
    """Return places of the study [degree], the same in every run; some lie in a building, some beside one."""
    draw, world = np.random.default_rng(2), pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    return [world.transform(*((LEFT, BOTTOM) + draw.random(2) * cells * CELL)) for _ in range(SPOTS)]


def go_ahead(*processes: int) -> None:
    """Give every thread of processes precedence over all others of ordinary kind; raises PermissionError."""
    for process in processes:
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(1))


def told(name: str, **values: object) -> None:
    """Print a line of results."""
    line = {"name": name, **values, "load": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


def spread(times: list[float]) -> dict[str, float]:
    """Return percentiles of times [ms]."""
    p50, p95 = np.percentile(times, (50, 95)) * 1e3
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "most": round(max(times) * 1e3, 2),
            "count": len(times)}  # fmt: skip


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds of a function."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def in_process(folder: Path, chart: Chart, found: Found, at: list[tuple[int, int, int]]) -> None:
    """Time making, cold and warm tiles without HTTP."""
    wall, cpu = timed(lambda: tile(folder, chart, found, at[0]))
    told("raster make", wall_s=round(wall, 1), cpu_s=round(cpu, 1))
    _tile.cache_clear()
    pairs = [timed(partial(tile, folder, chart, found, each)) for each in dict.fromkeys(at)]
    used = float(np.percentile([cpu for _, cpu in pairs], 95)) * 1e3
    told("raster cold tile ms", **spread([wall for wall, _ in pairs]), cpu_p95=round(used, 2))
    warm = [timed(partial(tile, folder, chart, found, each))[0] for each in at * 5]
    told("raster warm tile ms", **spread(warm))
    value = partial(raster_value, chart, found, LEFT + 99.0, BOTTOM + 99.0)
    told("raster value ms", **spread([timed(value)[0] for _ in range(20)]))
    shapes = chart.value(chart.tables["buildings"]["as_is"])
    wall, cpu = timed(lambda: shape_tiles(folder, "houses", shapes))
    size = shape_tiles(folder, "houses", shapes).stat().st_size
    told("buildings make", wall_s=round(wall, 1), cpu_s=round(cpu, 1), bytes=size)


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, str, int]]:
    """Serve a workspace; yields its address, its token and the process."""
    code = (
        "import sys; from pathlib import Path; from citybraid.web.configuration.settings import Settings; "
        "from citybraid.web.application.serving import serve; "
        "serve(Settings(Path(sys.argv[1]), token=sys.argv[2]), tell=lambda a: print(a, flush=True), browser=False)"
    )
    token = secrets.token_urlsafe(16)
    words = [sys.executable, "-c", code, str(workspace), token]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603  (our own code)
    try:
        address = (process.stdout or sys.stdin).readline().split("/enter")[0]
        yield address, token, process.pid
    finally:
        process.terminate()
        process.wait()


async def over_http(address: str, token: str, at: list[tuple[int, int, int]], wanted: argparse.Namespace) -> None:
    """Time one reader, then many at the same time."""
    limits = httpx.Limits(max_connections=wanted.viewers + 5, keepalive_expiry=KEPT_S)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=600) as client:
        await client.get("/enter", params={"token": token}, follow_redirects=False)
        study = (await client.get("/api/studies")).json()[0]["id"]
        base = f"/api/studies/{study}/runs/001"
        tiles = [f"{base}/layers/depth/tiles/{z}/{x}/{y}.png" for z, x, y in at]
        shapes = f"{base}/shapes/houses.pmtiles"
        asked = f"{base}/at?alternative=as_is&layers=depth"
        values = [f"{asked}&lon={lon:.6f}&lat={lat:.6f}" for lon, lat in wanted.spots]
        first = await client.get(shapes, headers={"Range": "bytes=0-6"})
        size = int(first.headers["content-range"].rpartition("/")[2])
        parts = [{"Range": f"bytes={start}-{start + PART}"} for start in range(0, size - 1, max(PART, size // TILES))]

        async def ask(path: str, headers: dict[str, str] | None = None) -> float:
            began = time.perf_counter()
            answer = await client.get(path, headers=headers or {})
            if answer.status_code not in (200, 206):
                raise RuntimeError(f"{answer.status_code} {path} {headers}")
            return time.perf_counter() - began

        for path in dict.fromkeys([*tiles, *values[:3]]):
            await ask(path)
        told("server warm raster tile ms", **spread([await ask(path) for path in tiles * 3]))
        ranged = [await ask(shapes, each) for each in parts * 3]
        told("server buildings range ms", **spread(ranged))
        told("server place ms", **spread([await ask(value) for value in values[:40]]))
        told("server map ms", **spread([await ask(f"{base}/map") for _ in range(20)]))
        if wanted.ahead:
            go_ahead(wanted.process, os.getpid())
        for pause in dict.fromkeys((wanted.pause, 0.0)) if not wanted.ahead else (wanted.pause,):
            await viewers(ask, tiles, values, pause, wanted)


async def viewers(ask: Any, tiles: list[str], values: list[str], pause: float, wanted: argparse.Namespace) -> None:
    """Time readers at the same time: each looks at a screen, waits, looks at the next."""
    ends, pictures, texts = time.perf_counter() + wanted.seconds, list[float](), list[float]()

    async def view(number: int) -> None:
        draw = np.random.default_rng(number)
        await asyncio.sleep(float(draw.random()) * max(pause, 1.0))
        while time.perf_counter() < ends:
            chosen = draw.choice(tiles, SCREEN)
            screen = await asyncio.gather(*(ask(path) for path in map(str, chosen)), ask(str(draw.choice(values))))
            pictures.extend(screen[:-1])
            texts.append(screen[-1])
            await asyncio.sleep(float(draw.uniform(0.5, 1.5)) * pause)

    began, cpu = time.perf_counter(), wanted.server_cpu()
    await asyncio.gather(*(view(number) for number in range(wanted.viewers)))
    rate = (len(pictures) + len(texts)) / (time.perf_counter() - began)
    spent = wanted.server_cpu() - cpu
    about = {"ahead": wanted.ahead, "viewers": wanted.viewers, "pause_s": pause, "requests_per_s": round(rate, 1)}
    told(
        "viewers tile ms",
        **about,
        cpu_ms_per_request=round(1e3 * spent / (len(pictures) + len(texts)), 2),
        **spread(pictures),
    )
    told("viewers place ms", **about, **spread(texts))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=4900, help="cells along a side")
    parser.add_argument("--buildings", type=int, default=200_000)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--pause", type=float, default=10.0, help="seconds between the screens of a viewer")
    parser.add_argument("--ahead", action="store_true")
    parser.add_argument("--seconds", type=float, default=40.0)
    wanted = parser.parse_args()
    wanted.spots = spots(wanted.cells)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "made"
        folder.mkdir()
        chart = chart_of(write_study(folder, wanted.cells, wanted.buildings))
        quantity = chart.quantities["max_depth"]
        found, at = Found(quantity, "as_is", quantity.layers["as_is"]["p50"]), places(wanted.cells)
        told("made", cells=wanted.cells**2, buildings=wanted.buildings)
        in_process(folder, chart, found, at)
        with served(Path(place)) as (address, token, process):
            wanted.process = process
            wanted.server_cpu = lambda: cpu_of(process)
            asyncio.run(over_http(address, token, at, wanted))


if __name__ == "__main__":
    main()
