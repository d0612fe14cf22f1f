"""Rasters as cloud-optimised GeoTIFF: tiled, compressed, with overviews; opens in any GIS."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from odc.geo.geobox import GeoBox
from rasterio.io import MemoryFile
from rio_cogeo.cogeo import cog_translate
from rio_cogeo.profiles import cog_profiles

from citybraid.core.var import Raster, Var

TILE = 256
AVERAGED = frozenset({"mean", "sum"})
"""Coarsening rules whose overviews are averages; those of extremes and codes keep single cells as they are."""


def write_cog(path: Path, raster: Raster, *, var: Var, grid: GeoBox, tags: Mapping[str, str]) -> Path:
    """Write a raster on its grid and return the path; name, unit and the given tags travel inside.

    Float quantities have NaN where there is no value, integer quantities 0.
    """
    whole = var.kind == "int"
    values = np.asarray(raster.values, dtype=np.int32 if whole else np.float32)
    missing = 0 if whole else float("nan")
    source = {
        "driver": "GTiff", "count": 1, "dtype": values.dtype.name, "nodata": missing,
        "width": grid.shape[1], "height": grid.shape[0], "crs": str(grid.crs), "transform": grid.affine,
    }  # fmt: skip
    profile = {**cog_profiles["deflate"], "blockxsize": TILE, "blockysize": TILE, "predictor": 2 if whole else 3}
    with MemoryFile() as memory:
        with memory.open(**source) as made:
            made.write(values, 1)
            made.set_band_description(1, var.name)
            made.update_tags(**tags, quantity=var.name, unit=var.unit, about=var.about)
            made.units = (var.unit,)
        with memory.open() as made:
            cog_translate(
                made, str(path), profile, in_memory=True, quiet=True, forward_band_tags=True,
                overview_resampling="average" if var.coarsen in AVERAGED else "nearest", use_cog_driver=False,
            )  # fmt: skip
    return path
