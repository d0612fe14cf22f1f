"""Rasters onto the study's grid, once, area-weighted, block by block."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rasterio
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

SENTINELS = (-9999.0, -99999.0, -32768.0, -3.4028234663852886e38, 3.4028234663852886e38, -1.7976931348623157e308)
"""Numbers that stand for 'no value' in files that do not declare them."""
HUGE = 1e30
ROWS = 256

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Warped:
    """A raster on a grid: NaN where there is no value, with the counts of what was cleaned."""

    values: npt.NDArray[np.float32]
    sentinels: int
    beyond: int
    pixels: int


def warp(
    source: DatasetReader, crs: CRS, grid: GeoBox, *, classes: bool, low: float, high: float, block_pixels: float
) -> Warped:
    """Bring band 1 of a raster onto a grid: means by area, or the majority for classes.

    Sentinels, infinities and values outside [low, high] count as no value before
    anything is averaged. Memory is bounded by `block_pixels` of the source.
    """
    values = np.full(grid.shape, np.nan, dtype=np.float32)
    sentinels = beyond = pixels = 0
    for first, last, window in _blocks(source, crs, grid, block_pixels):
        raw = source.read(1, window=window).astype(np.float64)
        clean, counts = cleaned(raw, source.nodata, low=low, high=high)
        sentinels, beyond, pixels = sentinels + counts[0], beyond + counts[1], pixels + raw.size
        part = np.full((last - first, grid.shape[1]), np.nan, dtype=np.float64)
        reproject(
            clean, part,
            src_transform=source.window_transform(window), src_crs=crs.to_wkt(), src_nodata=np.nan,
            dst_transform=grid.affine * grid.affine.translation(0, first), dst_crs=str(grid.crs), dst_nodata=np.nan,
            resampling=Resampling.mode if classes else Resampling.average,
        )  # fmt: skip
        values[first:last] = part
    return Warped(values, sentinels, beyond, pixels)


def cleaned(raw: Array, nodata: float | None, *, low: float, high: float) -> tuple[Array, tuple[int, int]]:
    """Return values with NaN where there is none, and the counts of undeclared sentinels and of impossible values."""
    special = [*SENTINELS, HUGE, *([nodata] if nodata is not None else [])]
    if not any(low <= number <= high for number in special) and bool(((raw >= low) & (raw <= high)).all()):
        return raw, (0, 0)
    declared = np.isnan(raw) | (
        np.isclose(raw, nodata, rtol=1e-6, atol=0.0) if nodata is not None and not math.isnan(nodata) else False
    )
    known = np.isin(raw, SENTINELS) | np.isin(raw.astype(np.float32), np.array(SENTINELS[:5], dtype=np.float32))
    undeclared = (known | (np.abs(raw) > HUGE)) & ~declared
    outside = ((raw < low) | (raw > high)) & ~declared & ~undeclared
    return np.where(declared | undeclared | outside, np.nan, raw), (int(undeclared.sum()), int(outside.sum()))


def _blocks(source: DatasetReader, crs: CRS, grid: GeoBox, most: float) -> Iterator[tuple[int, int, Window]]:
    """Row blocks of the grid with the window of the source that covers each, two pixels wider."""
    first, step = 0, min(ROWS, grid.shape[0])
    while first < grid.shape[0]:
        last = min(first + step, grid.shape[0])
        window = _window(source, crs, grid[first:last, :])
        if window is not None and window.width * window.height > most and step > 1:
            step = max(1, step // 2)
            continue
        if window is not None:
            yield first, last, window
        first = last


def _window(source: DatasetReader, crs: CRS, grid: GeoBox) -> Window | None:
    west, south, east, north = transform_bounds(str(grid.crs), crs.to_wkt(), *grid.boundingbox.bbox, densify_pts=21)
    corners = [~source.transform * corner for corner in ((west, south), (west, north), (east, south), (east, north))]
    columns, rows = zip(*corners, strict=True)
    left, right = max(0, math.floor(min(columns)) - 2), min(source.width, math.ceil(max(columns)) + 2)
    top, bottom = max(0, math.floor(min(rows)) - 2), min(source.height, math.ceil(max(rows)) + 2)
    return Window(left, top, right - left, bottom - top) if right > left and bottom > top else None


def opened(path: str) -> DatasetReader:
    """Open a GeoTIFF as such and nothing else: a VRT in disguise is refused by the driver."""
    return rasterio.open(path, driver="GTiff")
