"""Warming: every kernel compiled by running the demo pilot on a coarse grid, and tiny floods of every build."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from shapely.geometry import LineString

from citybraid.study.open.opened import OpenStudy, open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.single import AnyModel, Given, run_single

PILOT = "jiaxing-hsr"
COARSE = 40.0
FLOOD = "resilience.flood"
LEAST = 0.05
"""Seconds below which a model is not told of."""
SIDE, CELL, CRS = 12, 5.0, "EPSG:32651"
"""Cells along a side of the tiny floods, their size [m] and their place."""


def warm() -> Iterator[tuple[str, float]]:
    """Compile the kernels; tells each model or build of the flood that was run, with its seconds of compilation."""
    with tempfile.TemporaryDirectory(prefix="citybraid-") as folder:
        path = copy_pilot(PILOT, Path(folder) / PILOT)
        study = _coarse(open_study(path))
        generate(study)
        run = run_study(study, baseline_only=True)
        seconds = {step.model: step.seconds for name in run.alternatives for step in run.steps(name)}
        told = {model: spent for model, spent in seconds.items() if spent >= LEAST}
        yield from sorted(told.items(), key=lambda pair: -pair[1])
        yield from tiny_floods(study, Path(folder))


def _coarse(study: OpenStudy) -> OpenStudy:
    about = study.asked.study.model_copy(update={"resolution": COARSE, "screening_resolution": COARSE})
    asked = study.asked.model_copy(update={"study": about})
    return OpenStudy(study.path, asked, study.book, study.models, study.measures, study.data)


def tiny_floods(study: OpenStudy, folder: Path) -> Iterator[tuple[str, float]]:
    """Run a flood of ten minutes for each set of parts that kernels are compiled apart for."""
    model: AnyModel = next(each for each in study.models if each.id == FLOOD)
    bare = _ground(folder)
    built = _defences(folder)
    drained = {"drain_capacity": ("36",)}
    builds: Mapping[str, tuple[Mapping[str, tuple[str, ...]], Mapping[str, Any]]] = {
        "": ({}, {}),
        "drain_capacity": (drained, {}),
        "levees, gates, culverts, pumps": (built, {}),
        "levees, gates, culverts, pumps, drain_capacity": ({**built, **drained}, {}),
        "subgrid": ({}, {"subgrid": 2}),
    }
    for name, (parts, numbers) in builds.items():
        given = Given({**bare, **parts}, {"duration": 600.0, **numbers}, study.book, crs=CRS)
        started = time.perf_counter()
        run_single(model, given, folder / "out", lambda _: None)
        yield f"{FLOOD} ({name})" if name else FLOOD, time.perf_counter() - started


def _ground(folder: Path) -> dict[str, tuple[str, ...]]:
    """Write a flat ground and a storm; returns them as inputs."""
    terrain, storm = folder / "terrain.tif", folder / "storm.csv"
    shape = {"width": SIDE, "height": SIDE, "count": 1, "dtype": "float32"}
    lies = rasterio.transform.from_origin(0.0, SIDE * CELL, CELL, CELL)
    with rasterio.open(terrain, "w", driver="GTiff", crs=CRS, transform=lies, **shape) as raster:
        raster.write(np.zeros((SIDE, SIDE), np.float32), 1)
    pd.Series([60.0, 0.0], index=pd.Index([0.0, 0.1], name="time (h)"), name="rain_intensity (mm/h)").to_csv(storm)
    return {"terrain": (str(terrain),), "manning": ("0.03",), "rain_intensity": (str(storm),)}


def _defences(folder: Path) -> dict[str, tuple[str, ...]]:
    """Write a levee with a gate in it, a culvert through it and a pump over it; returns them as inputs."""
    middle, south, north = SIDE * CELL / 2.0, 1.5 * CELL, (SIDE - 1.5) * CELL
    near, far = middle - 2.5 * CELL, middle + 2.5 * CELL
    tables: Mapping[str, tuple[LineString, Mapping[str, float]]] = {
        "levees": (LineString([(middle, -CELL), (middle, (SIDE + 1) * CELL)]), {"crest_level": 1.0}),
        "gates": (LineString([(near, south), (far, south)]), {"gate_width": 2.0, "gate_sill": 0.2}),
        "culverts": (LineString([(near, middle), (far, middle)]), {"culvert_diameter": 1.0}),
        "pumps": (LineString([(near, north), (far, north)]), {"pump_capacity": 0.1}),
    }
    found: dict[str, tuple[str, ...]] = {}
    for name, (shape, columns) in tables.items():
        path = folder / f"{name}.gpkg"
        gpd.GeoDataFrame([dict(columns)], geometry=[shape], crs=CRS).to_file(path, driver="GPKG")
        found[name] = (str(path),)
    return found
