"""Classes on a grid from overlaid shapes, by the largest area in each cell."""

import math
from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
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
    base = np.full(grid.shape, start, dtype=np.uint8) if isinstance(start, int) else start.copy()
    size = float(grid.resolution.x)
    samples = max(1, min(round(size / FINEST), int(math.sqrt(MOST_SAMPLES / (grid.shape[0] * grid.shape[1]))) or 1))
    trees = [
        (shapes.to_numpy(), np.asarray(codes), shapely.STRtree(shapes.to_numpy()))
        for shapes, codes in layers
        if len(shapes)
    ]
    for first, last in _blocks(grid.shape[0]):
        block = grid[first:last, :]
        fine = np.repeat(np.repeat(base[first:last], samples, axis=0), samples, axis=1)
        affine = block.affine * block.affine.scale(1 / samples)
        outline = shapely.box(*block.boundingbox.bbox)
        touched = False
        for shapes, codes, tree in trees:
            near = np.sort(tree.query(outline, predicate="intersects"))
            if len(near):
                pairs = list(zip(as_geojson(shapes[near]), codes[near].tolist(), strict=True))
                rasterize(pairs, out=fine, transform=affine, dtype="uint8")
                touched = True
        if touched:
            base[first:last] = majority(fine, samples)
    return base


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
