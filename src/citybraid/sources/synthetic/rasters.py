"""Rasters of the synthetic town as GeoTIFF."""

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from citybraid.sources.synthetic.frame import CELL, EPSG, LABEL, ORIGIN, SIDE
from citybraid.sources.synthetic.raster import PIXELS, Floats


def _write(path: Path, values: NDArray[np.generic], *, nodata: float, about: str, predictor: int) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=PIXELS, height=PIXELS, count=1, dtype=values.dtype, crs=f"EPSG:{EPSG}",
        transform=rasterio.transform.from_origin(ORIGIN[0], ORIGIN[1] + SIDE, CELL, CELL), nodata=nodata,
        compress="deflate", predictor=predictor, tiled=True, blockxsize=256, blockysize=256,
    ) as file:  # fmt: skip
        file.write(values, 1)
        file.update_tags(TITLE=f"{LABEL} synthetic: {about}")
    return path


def write_terrain(path: Path, level: Floats) -> Path:
    """Write the ground's elevation [m]."""
    return _write(path, level.astype(np.float32), nodata=-9999.0, about="bare ground elevation, m", predictor=3)


def write_cover(path: Path, cover: NDArray[np.uint8]) -> Path:
    """Write land-cover codes."""
    return _write(path, cover, nodata=0, about="land cover codes", predictor=1)


def write_canopy(path: Path, share: Floats) -> Path:
    """Write tree canopy over pixel area [-]."""
    return _write(path, share.astype(np.float32), nodata=-9999.0, about="tree canopy cover, share", predictor=3)
