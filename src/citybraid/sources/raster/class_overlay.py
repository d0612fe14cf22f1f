"""Classes on a grid from overlaid shapes: the part that each has of a cell, or the class of the largest."""

import math
from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.land.class_areas import Strip, class_shares
from citybraid.sources.geometry.geojson_shapes import as_geojson

Layered = tuple[gpd.GeoSeries, Sequence[int]]
"""Shapes with a class each."""
Classes = npt.NDArray[np.uint8]
ROWS = 64
FINEST = 1.0
"""Spacing of the sample points in a cell [m]."""
MOST_SAMPLES = 6e7


def overlay_classes(grid: GeoBox, layers: Sequence[Layered], *, start: int | Classes) -> Classes:
    """Return each cell's most frequent class after overlaying shapes on `start`, later layers on top.

    Cells are sampled by k by k points, k such that points lie about 1 m apart; ties go to the lower code.
    """
    strips = list(_sampled(grid, layers, start))
    return np.concatenate([majority(fine, samples) for fine, samples in strips])


def overlay_shares(grid: GeoBox, layers: Sequence[Layered], *, start: int | Classes) -> Iterator[Strip]:
    """Yield the part that each class has of each cell, strip by strip, sampled as `overlay_classes` samples."""
    for fine, samples in _sampled(grid, layers, start):
        yield class_shares(fine, samples, fill=False)


def _sampled(grid: GeoBox, layers: Sequence[Layered], start: int | Classes) -> Iterator[tuple[Classes, int]]:
    """Yield the classes of the samples of each strip of rows, and how many lie along a cell."""
    base = np.full(grid.shape, start, dtype=np.uint8) if isinstance(start, int) else start
    size = float(grid.resolution.x)
    samples = max(1, min(round(size / FINEST), int(math.sqrt(MOST_SAMPLES / (grid.shape[0] * grid.shape[1]))) or 1))
    trees = [
        (shapes.to_numpy(), np.asarray(codes), shapely.STRtree(shapes.to_numpy()))
        for shapes, codes in layers
        if len(shapes)
    ]
    for first, last in _blocks(grid.shape[0]):
        block = grid[first:last, :]
        touching = [(shapes, codes, _near(tree, block)) for shapes, codes, tree in trees]
        if not any(len(near) for _, _, near in touching):
            yield base[first:last], 1
            continue
        fine = np.repeat(np.repeat(base[first:last], samples, axis=0), samples, axis=1)
        for shapes, codes, near in touching:
            if len(near):
                pairs = list(zip(as_geojson(shapes[near]), codes[near].tolist(), strict=True))
                rasterize(pairs, out=fine, transform=block.affine * block.affine.scale(1 / samples), dtype="uint8")
        yield fine, samples


def _near(tree: shapely.STRtree, block: GeoBox) -> np.ndarray:
    """Return which shapes of a tree touch a block, in their order."""
    return np.asarray(np.sort(tree.query(shapely.box(*block.boundingbox.bbox), predicate="intersects")))


def majority(fine: Classes, samples: int) -> Classes:
    """Return the most frequent class of each block of samples; ties go to the lower code."""
    if samples == 1:
        return fine
    rows, columns = fine.shape[0] // samples, fine.shape[1] // samples
    cells = fine.reshape(rows, samples, columns, samples)
    best, most = np.zeros((rows, columns), dtype=np.uint8), np.full((rows, columns), -1, dtype=np.int32)
    for code in np.unique(fine):
        count = (cells == code).sum(axis=(1, 3), dtype=np.int32)
        better = count > most
        best[better], most[better] = code, count[better]
    return best


def refined(values: np.ndarray, coarse: GeoBox | None, grid: GeoBox) -> np.ndarray:
    """Return a raster of a coarser nested grid on a finer one: each cell takes the value it lies in."""
    if coarse is None or coarse == grid:
        return values
    ratio = round(float(coarse.resolution.x) / float(grid.resolution.x))
    expanded = np.repeat(np.repeat(values, ratio, axis=0), ratio, axis=1)
    return expanded[: grid.shape[0], : grid.shape[1]]


def _blocks(rows: int) -> Iterator[tuple[int, int]]:
    for first in range(0, rows, ROWS):
        yield first, min(first + ROWS, rows)
