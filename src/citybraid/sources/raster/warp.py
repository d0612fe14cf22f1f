"""Warping of rasters to the study's grid: once, area-weighted, block by block."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

SENTINELS = (-9999.0, -99999.0, -999999.0, -32768.0, -32767.0, -2147483648.0)
"""Undeclared nodata values, whatever the quantity."""
ENDS = (
    9999.0, 99999.0, 32767.0, 65535.0, 2147483647.0, 4294967295.0, 255.0, 127.0, -128.0, -1.0, -99.0, -999.0, -3333.0,
)  # fmt: skip
"""Undeclared nodata values where they lie outside the quantity's range."""
ENDS_SHORT = np.array(ENDS, dtype=np.float32)
HUGE = 1e19
"""Magnitude above any quantity: 1e20, 9.97e36 and the floating-point extremes are nodata values."""
ROWS = 256
MOST_MARKS = 4

Array = npt.NDArray[np.float64]


class ValueEncoding(NamedTuple):
    """Decoding of raw numbers: nodata values, then value = raw x scale + offset."""

    nodata: tuple[float, ...] = ()
    scale: float = 1.0
    offset: float = 0.0


PLAIN = ValueEncoding()


class CleanedValues(NamedTuple):
    """Values with NaN for nodata, and the counts removed: declared, undeclared, out of range."""

    values: Array
    declared: int
    sentinels: int
    beyond: int
    marks: frozenset[float] = frozenset()


@dataclass(frozen=True)
class Band:
    """One band of a raster: its shape, its geotransform, and raw numbers by window.

    `affine` maps column and row to coordinates in `crs`; `raw` reads numbers with NaN where
    the file's mask is set. `unit` is as the file states it.
    """

    shape: tuple[int, int]
    affine: Affine
    raw: Callable[[Window], Array]
    crs: CRS | None = None
    meaning: ValueEncoding = PLAIN
    unit: str = ""

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.shape[0] * self.shape[1]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in its own CRS, whatever its rotation."""
        rows, columns = self.shape
        corners = [self.affine * corner for corner in ((0, 0), (columns, 0), (0, rows), (columns, rows))]
        xs, ys = zip(*corners, strict=True)
        return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


@dataclass(frozen=True)
class Warped:
    """A raster on a grid: NaN where there is no value, with the counts of removed values."""

    values: npt.NDArray[np.float32]
    declared: int
    sentinels: int
    beyond: int
    pixels: int
    marks: frozenset[float] = frozenset()


def warp(
    band: Band, crs: CRS, grid: GeoBox, *, how: Resampling, low: float, high: float, block_pixels: float,
    part: Callable[[Array], Array] | None = None,
) -> Warped:  # fmt: skip
    """Warp a band to a grid: area-weighted means, the mode for classes, area-weighted sums for counts.

    Sentinels, infinities and values outside [low, high] are removed before averaging. What is warped is the values, or
    `part` of them: a function of pixels. Memory is bounded by `block_pixels` of the source.
    """
    values = np.full(grid.shape, np.nan, dtype=np.float32)
    declared = sentinels = beyond = pixels = 0
    marks: frozenset[float] = frozenset()
    for first, last, window in _blocks(band, crs, grid, block_pixels):
        clean = clean_values(band.raw(window), band.meaning, low=low, high=high)
        declared, sentinels, beyond = declared + clean.declared, sentinels + clean.sentinels, beyond + clean.beyond
        pixels, marks = pixels + clean.values.size, marks | clean.marks
        rows = np.full((last - first, grid.shape[1]), np.nan, dtype=np.float64)
        reproject(
            clean.values if part is None else part(clean.values), rows,
            src_transform=band.affine * Affine.translation(window.col_off, window.row_off), src_crs=crs.to_wkt(),
            src_nodata=np.nan,
            dst_transform=grid.affine * grid.affine.translation(0, first), dst_crs=str(grid.crs), dst_nodata=np.nan,
            resampling=how,
        )  # fmt: skip
        values[first:last] = rows
    return Warped(values, declared, sentinels, beyond, pixels, marks)


def clean_values(raw: Array, meaning: ValueEncoding, *, low: float, high: float) -> CleanedValues:
    """Return values with NaN for nodata, and the counts of nodata and out-of-range values.

    Nodata values are compared before scale and offset, the range after.
    """
    values = raw * meaning.scale + meaning.offset if (meaning.scale, meaning.offset) != (1.0, 0.0) else raw
    marks = [number for number in meaning.nodata if not math.isnan(number)]
    ends = sorted((low, high))
    special = [number * meaning.scale + meaning.offset for number in (*SENTINELS, *marks, HUGE, -HUGE)]
    if not any(ends[0] <= number <= ends[1] for number in special):
        inside = (values >= low) & (values <= high)
        if bool(inside.all()):
            return CleanedValues(values, 0, 0, 0)
    missing = np.isnan(raw)
    declared = missing.copy()
    for number in marks:
        declared |= np.isclose(raw, number, rtol=1e-6, atol=0.0)
    outside = (values < low) | (values > high)
    undeclared = (
        np.isin(raw, SENTINELS) | (np.abs(raw) > HUGE) | (outside & np.isin(raw.astype(np.float32), ENDS_SHORT))
    ) & ~declared
    impossible = outside & ~declared & ~undeclared
    clean = np.where(declared | undeclared | impossible, np.nan, values)
    marks_found = frozenset(float(number) for number in np.unique(raw[undeclared])[:MOST_MARKS])
    return CleanedValues(clean, int(declared.sum()), int(undeclared.sum()), int(impossible.sum()), marks_found)


def _blocks(band: Band, crs: CRS, grid: GeoBox, most: float) -> Iterator[tuple[int, int, Window]]:
    """Yield row blocks of the grid with the source window that covers each, two pixels wider."""
    first, step = 0, min(ROWS, grid.shape[0])
    while first < grid.shape[0]:
        last = min(first + step, grid.shape[0])
        window = source_window(band, crs, grid[first:last, :])
        if window is not None and window.width * window.height > most and step > 1:
            step = max(1, step // 2)
            continue
        if window is not None:
            yield first, last, window
        first = last


def source_window(band: Band, crs: CRS, grid: GeoBox) -> Window | None:
    """Return the window of a band that covers a grid, two pixels wider; None where it lies elsewhere."""
    west, south, east, north = transform_bounds(str(grid.crs), crs.to_wkt(), *grid.boundingbox.bbox, densify_pts=21)
    corners = [~band.affine * corner for corner in ((west, south), (west, north), (east, south), (east, north))]
    columns, rows = zip(*corners, strict=True)
    if not all(math.isfinite(edge) for edge in (*columns, *rows)):
        return None
    left, right = max(0, math.floor(min(columns)) - 2), min(band.shape[1], math.ceil(max(columns)) + 2)
    top, bottom = max(0, math.floor(min(rows)) - 2), min(band.shape[0], math.ceil(max(rows)) + 2)
    return Window(left, top, right - left, bottom - top) if right > left and bottom > top else None


def open_raster(path: str, driver: str = "GTiff") -> DatasetReader:
    """Open a raster with the one driver that its suffix implies, so that a disguised VRT is refused."""
    return rasterio.open(path, driver=driver)
