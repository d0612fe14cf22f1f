"""GeoTIFFs that tests write: an array on square cells from the north-west corner of a place in Zhejiang."""

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

CRS = "EPSG:4549"
WEST, NORTH = 500000.0, 3400000.0


def write_raster(path: Path, *bands: NDArray[np.generic], cell: float, nodata: float | None = None) -> Path:
    """Write arrays as the bands of a GeoTIFF and return its path."""
    rows, columns = bands[0].shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=len(bands), dtype=bands[0].dtype, crs=CRS,
        transform=Affine(cell, 0.0, WEST, 0.0, -cell, NORTH), nodata=nodata,
    ) as target:  # fmt: skip
        for number, band in enumerate(bands, start=1):
            target.write(band, number)
    return path
