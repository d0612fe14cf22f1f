"""Habitat, pattern and graphs of a made-up landscape, on one thread: prints one JSON line each.

Covers are drawn in squares of ten cells; habitat for the pattern is smoothed noise. The first run of each, which
compiles its kernels, is on a small landscape and not counted. `peer_cpu_s` is InVEST's CPU time for the same number of
cells as stated in the issue that asked for this (not run here, other threats and machine), null where there is none.

    python benchmarks/ecology.py [--cells 4000] [--patches 2000]
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from citybraid.biodiversity.habitat_quality import HabitatQualityParams, habitat_quality
from citybraid.core.factor import resolve
from citybraid.kernels.ecology.links import Links, integral_of, link_importance, linked_connectivity, links_of
from citybraid.kernels.ecology.mspa import Pattern, segmented
from citybraid.resilience.heat.cooling import CoolingParams, cooling

Work = Callable[[], object]

CELL = 10.0
COVERS = (10, 20, 30, 40, 50, 51, 52, 80)
NEIGHBOURS = 12.0
"""Mean number of links of a patch."""
PEERS: Mapping[str, float] = {"habitat_quality_density": 11.9, "habitat_quality_nearest": 11.9, "cooling": 60.0}
PEER_CELLS = 4000**2


def raster(values: np.ndarray) -> xr.DataArray:
    """Return values on a grid."""
    return xr.DataArray(values, dims=("y", "x"))


def covers(count: int) -> np.ndarray:
    """Return land covers at random, in squares of ten cells."""
    drawn = np.random.default_rng(1).choice(COVERS, (count // 10, count // 10))
    return np.kron(drawn, np.ones((10, 10))).astype(np.uint8)


def quality(count: int, reading: str) -> Work:
    """Return habitat quality under two threats that reach 5 and 10 km, to be computed."""
    cover = covers(count)
    suits = raster(np.isin(cover, (10, 20, 80)) * 1.0)
    threats, sources, sensitivity = (
        resolve(name) for name in ("habitat_threat", "threat_source", "habitat_sensitivity")
    )  # fmt: skip
    params = HabitatQualityParams.model_validate({"reading": reading})
    return lambda: habitat_quality(
        land_cover=raster(cover), habitat_suitability=suits, threats=threats, sources=sources,
        sensitivity=sensitivity, grid=grid_of(count), p=params,
    )  # fmt: skip


def cooled(count: int) -> Work:
    """Return urban cooling to be computed."""
    cover = covers(count)
    canopy = raster(np.where(cover == COVERS[0], 0.9, 0.1))
    albedo, coefficient = resolve("surface_albedo"), resolve("crop_coefficient")
    quarter = resolve("dense_quarter")
    return lambda: cooling(
        land_cover=raster(cover), canopy_cover=canopy, reference_evapotranspiration=4.0, rural_temperature=28.0,
        heat_island=2.0, surface_albedo=albedo, crop_coefficient=coefficient, dense_quarter=quarter,
        grid=grid_of(count), p=CoolingParams(),
    )  # fmt: skip


def grid_of(count: int) -> GeoBox:
    """Return a square grid."""
    return GeoBox.from_bbox((0, 0, CELL * count, CELL * count), crs="EPSG:32651", resolution=CELL)


def pattern(count: int) -> Work:
    """Return the segmentation of smoothed noise, a third of it habitat, to be computed."""
    noise = gaussian_filter(np.random.default_rng(2).random((count, count), dtype=np.float32), 2.5)
    image = np.where(noise > np.quantile(noise, 0.66), 2, 1).astype(np.uint8)
    return lambda: segmented(image, Pattern())


def graph(count: int) -> tuple[np.ndarray, Links]:
    """Return areas of patches, and the links of points at random that lie near each other."""
    random = np.random.default_rng(0)
    points = random.random((count, 2)) * 100.0 * np.sqrt(count)
    pairs = cKDTree(points).query_pairs(100.0 * np.sqrt(NEIGHBOURS / np.pi), output_type="ndarray")
    gap = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    return random.lognormal(0.0, 1.0, count), links_of(pairs[:, 0], pairs[:, 1], gap, count=count)


def spent(work: Work) -> float:
    """Return the CPU seconds of a function."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Time all and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=4000)
    parser.add_argument("--patches", type=int, default=2000)
    asked = parser.parse_args()
    rasters: Mapping[str, Callable[[int], Work]] = {
        "habitat_quality_density": lambda count: quality(count, "density"),
        "habitat_quality_nearest": lambda count: quality(count, "nearest"),
        "cooling": cooled,
        "mspa": pattern,
    }
    for name, prepared in rasters.items():
        prepared(100)()
        seconds = spent(prepared(asked.cells))
        peer = PEERS.get(name) if asked.cells**2 == PEER_CELLS else None
        ratio = None if peer is None else round(peer / seconds, 1)
        told = {"what": name, "cells": asked.cells**2, "cpu_s": round(seconds, 2), "peer_cpu_s": peer, "ratio": ratio}
        print(json.dumps(told))
    decay = np.log(2.0) / 200.0
    graphs: Mapping[str, Callable[[np.ndarray, Links], object]] = {
        "patch_importance": lambda area, links: linked_connectivity(area, links, decay=decay),
        "link_importance": lambda area, links: link_importance(area, links, decay=decay),
        "integral_index": integral_of,
    }
    for name, measure in graphs.items():
        measure(*graph(20))
        area, links = graph(asked.patches)
        seconds = spent(partial(measure, area, links))
        told = {"what": name, "patches": asked.patches, "links": links.target.size // 2, "cpu_s": round(seconds, 2)}
        print(json.dumps(told))


if __name__ == "__main__":
    main()
