"""Files of a synthetic region: GeoPackages and GeoTIFFs, each of which states that it is synthetic."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from numpy.typing import NDArray

from citybraid.sources.synthetic.frame import LABEL
from citybraid.sources.synthetic.region.canvas import Canvas

TIMESTAMP = "2026-01-01T00:00:00.000Z"
"""Timestamp of the files, so that a second run writes the same bytes."""
BLOCK = 256
NOTE = "备注"


def write_shapes(path: Path, columns: Mapping[str, Sequence[object]], shapes: Sequence[object], epsg: int) -> Path:
    """Write shapes with their columns as a GeoPackage; a column says that they are synthetic."""
    frame = gpd.GeoDataFrame({**columns, NOTE: f"{LABEL}数据 synthetic"}, geometry=list(shapes), crs=epsg)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": TIMESTAMP})
    try:
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=path.stem)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return path


def write_cells(path: Path, values: NDArray[np.generic], canvas: Canvas, *, nodata: float, about: str) -> Path:
    """Write a raster over the canvas as a GeoTIFF whose title says that it is synthetic."""
    floating = np.issubdtype(values.dtype, np.floating)
    with rasterio.open(
        path, "w", driver="GTiff", width=canvas.columns, height=canvas.rows, count=1, dtype=values.dtype,
        crs=f"EPSG:{canvas.epsg}", transform=canvas.transform, nodata=nodata, compress="deflate",
        predictor=3 if floating else 1, tiled=True, blockxsize=BLOCK, blockysize=BLOCK,
    ) as file:  # fmt: skip
        file.write(values, 1)
        file.update_tags(TITLE=f"{LABEL} synthetic: {about}")
    return path
