"""What finer pixels tell of a cell beyond their mean: the middle value, the part of trees, and a surface's own edges.

A threshold over a mean is no share of pixels above it: at edges a mean says neither how much is above nor how high.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling

from citybraid.sources.raster.warp import Band, Warped, warp
from citybraid.sources.raster.warp_classes import samples_along

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

LEAST_HEIGHT = 2.0
"""Height above the terrain from which the surface is a building, and a plant a tree [m]: less than one storey."""
LEAST_KNOWN = 0.5
"""Part of a cell that must have values for the cell to have one [-]."""


class Crowned(NamedTuple):
    """Trees of each cell: how high they stand where they stand [m], and their part of the cell [-]."""

    height: F32
    share: F32


def warp_middle(
    band: Band, crs: CRS, grid: GeoBox, *, pixel: float, low: float, high: float, block_pixels: float, most: float,
    absent: float,
) -> Warped:  # fmt: skip
    """Return the middle one of each cell's pixels, so that as many cells as pixels lie above any threshold.

    A cell about as wide as a pixel has that at its centre. Pixels without a value count as `absent`, as what a raster
    of depths leaves out is dry; a cell that has none in half of it or more has no value. Up to `most` samples are held.
    """
    fine = finer_grid(grid, pixel, most=most)
    warped = warp(band, crs, fine, how=Resampling.nearest, low=low, high=high, block_pixels=block_pixels)
    along = fine.shape[0] // grid.shape[0]
    if along == 1:
        return warped
    cells = blocks(warped.values, along)
    known = np.isfinite(cells)
    middle = np.median(np.where(known, cells, np.float32(absent)), axis=2)
    covered = (known.mean(axis=2) > LEAST_KNOWN) & np.isfinite(middle)
    return replace(warped, values=np.where(covered, middle, np.nan).astype(np.float32))


def warp_crowns(band: Band, crs: CRS, grid: GeoBox, *, low: float, high: float, block_pixels: float) -> Crowned:
    """Return how high trees stand and how much of each cell is below them, by area of pixels of at least 2 m.

    Where none of a cell's plants is a tree, the height is their mean.
    """
    share, summed, mean = (
        warp(
            band, crs, grid, how=Resampling.average, low=low, high=high, block_pixels=block_pixels, part=part
        ).values.astype(np.float64)
        for part in (_trees, lambda heights: heights * _trees(heights), None)
    )  # fmt: skip
    height = np.divide(summed, share, out=mean, where=share > 0.0)
    return Crowned(height.astype(np.float32), share.astype(np.float32))


def _trees(heights: F64) -> F64:
    """Return 1 where plants are trees, 0 where not, NaN where heights are unknown."""
    return np.where(np.isfinite(heights), heights >= LEAST_HEIGHT, np.nan)


def finer_grid(grid: GeoBox, pixel: float, *, most: float) -> GeoBox:
    """Return cells split into samples no wider than a pixel, at most so many in all."""
    along = samples_along(abs(float(grid.resolution.x)), pixel)
    while along > 1 and grid.shape[0] * grid.shape[1] * along**2 > most:
        along -= 1
    return split(grid, along)


def split(grid: GeoBox, along: int) -> GeoBox:
    """Return a grid whose cells are each `along` by `along` cells of the same ground."""
    rows, columns = grid.shape
    return GeoBox((rows * along, columns * along), grid.affine * grid.affine.scale(1 / along), grid.crs)


def blocks(values: npt.NDArray[np.floating], along: int) -> npt.NDArray[np.floating]:
    """Return values of a split grid by cell: (row, column, sample)."""
    rows, columns = values.shape[0] // along, values.shape[1] // along
    return values.reshape(rows, along, columns, along).swapaxes(1, 2).reshape(rows, columns, along * along)
