"""Classes brought to a study's grid such that their areas stay: sampled at the file's own pixels, then shared out."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.warp import reproject

from citybraid.core.land.class_areas import SIDE, ClassCells, Strip, cells_by_area, class_shares
from citybraid.sources.raster.narrow_water import water_shapes
from citybraid.sources.raster.warp import Band, CleanedValues, Warped, clean_values, source_window

MOST_SAMPLES = 1.6e7
"""Samples held at once [-]."""
FINEST = 32
"""Most samples along a cell [-]."""
WHOLE_PIXELS = 0.02
"""Part of a pixel by which cells may miss a whole number of pixels [-]."""
HIGHEST = 255


class WarpedClasses(NamedTuple):
    """Classes on a grid, NaN where there is none, and what one class a cell leaves out."""

    warped: Warped
    cells: ClassCells
    followed: list[shapely.Geometry]
    """Outlines of the classes that were to be followed, at the samples."""


class NoClassesError(ValueError):
    """Numbers that are no classes: fractions, or beyond what a class may be."""


def samples_along(cell: float, pixel: float) -> int:
    """Return how many samples along a cell stand for its pixels: one each where they fit, else twice as many."""
    pixels = cell / pixel
    fits = round(pixels) >= 1 and abs(pixels - round(pixels)) <= WHOLE_PIXELS * pixels
    return min(FINEST, round(pixels) if fits else math.ceil(2 * pixels))


def warp_classes(
    band: Band, crs: CRS, grid: GeoBox, *, pixel: float, low: float, high: float, block_pixels: float,
    follow: tuple[int, ...] = (),
) -> WarpedClasses:  # fmt: skip
    """Return classes that keep their areas on a grid; raises NoClassesError where the numbers are no classes.

    Each cell is sampled by points as far apart as pixels [m]. Ground that the file does not tell has no class where it
    is at least half of a cell. Memory is bounded by `block_pixels` of the source. Outlines of the classes to `follow`
    are those of samples, where there are several along a cell.
    """
    cleaned: list[CleanedValues] = []
    followed: list[shapely.Geometry] = []

    def strips() -> Iterator[Strip]:
        along = samples_along(abs(float(grid.resolution.x)), pixel)
        for first, last in _rows(band, crs, grid, along, block_pixels):
            part = grid[first:last, :]
            fine = np.full((part.shape[0] * along, part.shape[1] * along), np.nan, dtype=np.float32)
            window = source_window(band, crs, part)
            if window is not None:
                clean = clean_values(band.raw(window), band.meaning, low=low, high=high)
                _refuse_no_classes(clean)
                cleaned.append(clean._replace(values=np.empty(clean.values.shape, dtype=bool)))
                reproject(
                    clean.values, fine,
                    src_transform=band.affine * band.affine.translation(window.col_off, window.row_off),
                    src_crs=crs.to_wkt(), src_nodata=np.nan,
                    dst_transform=part.affine * part.affine.scale(1 / along), dst_crs=str(grid.crs), dst_nodata=np.nan,
                    resampling=Resampling.nearest,
                )  # fmt: skip
            classes = np.nan_to_num(fine).astype(np.uint8)
            if follow and along > 1:
                followed.extend(water_shapes(classes, part.affine * part.affine.scale(1 / along), follow))
            yield class_shares(classes, along, fill=True)

    cells = cells_by_area(strips())
    warped = Warped(
        np.where(cells.codes > 0, cells.codes, np.nan).astype(np.float32),
        sum(each.declared for each in cleaned),
        sum(each.sentinels for each in cleaned),
        sum(each.beyond for each in cleaned),
        sum(each.values.size for each in cleaned),
        frozenset().union(*(each.marks for each in cleaned)),
    )
    return WarpedClasses(warped, cells, followed)


def _refuse_no_classes(clean: CleanedValues) -> None:
    known = clean.values[np.isfinite(clean.values)]
    if known.size and (float(known.max()) > HIGHEST or (known != np.round(known)).any()):
        raise NoClassesError


def _rows(band: Band, crs: CRS, grid: GeoBox, along: int, most: float) -> Iterator[tuple[int, int]]:
    """Yield first and last row of strips of whole blocks, few enough for the samples and pixels held at once."""
    samples = grid.shape[1] * along * along
    step = max(SIDE, int(MOST_SAMPLES / samples) // SIDE * SIDE)
    first = 0
    while first < grid.shape[0]:
        last = min(first + step, grid.shape[0])
        window = source_window(band, crs, grid[first:last, :])
        if window is not None and window.width * window.height > most and step > SIDE:
            step = max(SIDE, step // 2 // SIDE * SIDE)
            continue
        yield first, last
        first = last
