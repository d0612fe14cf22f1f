"""Rasters as cloud-optimised GeoTIFF: tiled, compressed, with overviews; opens in any GIS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.io import DatasetWriter, MemoryFile

from citybraid.core.var import Raster, Var

TILE, WHOLE = 256, 512
"""Side of a tile, and largest side of a raster that needs no overviews [cell]."""
STEP = 16
"""A tile's side is a multiple of this (TIFF 6.0, section 15) [cell]."""
QUICK = 1
"""Level of compression: the highest makes files 7 % smaller in twice the time."""
AVERAGED = frozenset({"mean", "sum"})
"""Coarsening rules whose overviews are averages; those of extremes and codes use the nearest cell."""


def write_cog(path: Path, raster: Raster, *, var: Var, grid: GeoBox, tags: Mapping[str, str]) -> Path:
    """Write a raster on its grid and return the path; name, unit and `tags` are stored in the file.

    Float quantities have NaN where there is no value, integer quantities 0.
    """
    integer = var.kind == "int"
    values = np.asarray(raster.values, dtype=np.int32 if integer else np.float32)
    missing = 0 if integer else float("nan")
    source = {
        "driver": "GTiff", "count": 1, "dtype": values.dtype.name, "nodata": missing,
        "width": grid.shape[1], "height": grid.shape[0], "crs": str(grid.crs), "transform": grid.affine,
    }  # fmt: skip
    tile = _tile(max(grid.shape))
    packed = {
        "blockxsize": tile, "blockysize": tile, "tiled": True, "compress": "deflate", "predictor": 2 if integer else 3,
    }  # fmt: skip
    metadata = {**tags, "quantity": var.name, "unit": var.unit, "about": var.about}
    if max(grid.shape) <= WHOLE:
        with rasterio.open(path, "w", **source, **packed, zlevel=QUICK) as dataset:
            _fill(dataset, values, var, metadata)
        return path
    from rio_cogeo.cogeo import cog_translate
    from rio_cogeo.profiles import cog_profiles

    with MemoryFile() as memory:
        with memory.open(**source) as dataset:
            _fill(dataset, values, var, metadata)
        with memory.open() as dataset:
            cog_translate(
                dataset, str(path), {**cog_profiles["deflate"], **packed}, in_memory=True, quiet=True,
                forward_band_tags=True, use_cog_driver=False,
                overview_resampling="average" if var.coarsen in AVERAGED else "nearest",
            )  # fmt: skip
    return path


def _tile(side: int) -> int:
    """Side of tiles; that of a small raster is the least that covers it, as cells beyond it are packed too."""
    if side > WHOLE:
        return TILE
    across = -(-side // TILE)
    return -(-side // (across * STEP)) * STEP


def _fill(dataset: DatasetWriter, values: NDArray[Any], var: Var, tags: Mapping[str, str]) -> None:
    """Write a raster's metadata and then its cells, so that the metadata precede the cells in the file."""
    dataset.set_band_description(1, var.name)
    dataset.update_tags(**tags)
    dataset.units = (var.unit,)
    dataset.write(values, 1)
