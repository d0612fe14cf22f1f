"""Clip rasters to an area in their own pixels: tiles are clipped and mosaicked to one file of the study."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.gdal import band_of
from citybraid.sources.raster.rasters import var_of
from citybraid.sources.raster.warp import Band
from citybraid.sources.readers.geotiff import KIND

NOTHING = {"float": -9999.0, "int": 0.0}
"""Nodata values of the files written."""
LONLAT = "EPSG:4326"


class CutOptions(Options):
    """The area, in longitude and latitude."""

    bounds: Bounds


class ClippedRaster(NamedTuple):
    """Pixels of an area: values with NaN for nodata, the affine transform, and the CRS as WKT."""

    values: npt.NDArray[np.float32]
    affine: Affine
    crs: str


def read(path: Path, role: str, options: CutOptions, target: Target, *, limits: Limits) -> Reading:
    """Return the pixels over the area without resampling; runs in the sandbox.

    Raises InputError where the file is no GeoTIFF, has no CRS, does not overlap the area, or has too many pixels in it.
    """
    del target
    var = var_of(role, name=path.name)
    with band_of(path, KIND, variable="", classes=var.kind == "int", layer=role) as source:
        window = _area_window(source.band, options.bounds, limits, name=path.name)
        values = source.band.raw(window)
        for number in source.band.meaning.nodata:
            values[values == number] = np.nan
        values = values * source.band.meaning.scale + source.band.meaning.offset
        affine = source.band.affine * Affine.translation(window.col_off, window.row_off)
        crs = source.band.crs.to_wkt() if source.band.crs is not None else ""
    return Reading((SourceLayer(var, ClippedRaster(values.astype(np.float32), affine, crs)),))


def _area_window(band: Band, bounds: Bounds, limits: Limits, *, name: str) -> Window:
    if band.crs is None:
        raise InputError("fetch.tile_no_crs", name=name)
    edges = transform_bounds(LONLAT, band.crs.to_wkt(), *bounds, densify_pts=21)
    corners = [~band.affine * (x, y) for x in (edges[0], edges[2]) for y in (edges[1], edges[3])]
    xs, ys = zip(*corners, strict=True)
    rows, columns = band.shape
    left, right = max(0, math.floor(min(xs))), min(columns, math.ceil(max(xs)))
    top, bottom = max(0, math.floor(min(ys))), min(rows, math.ceil(max(ys)))
    if left >= right or top >= bottom:
        raise InputError("fetch.tile_elsewhere", name=name)
    window = Window(left, top, right - left, bottom - top)
    if window.width * window.height > limits.block_pixels:
        raise InputError("fetch.area_pixels", name=name, got=window.width * window.height, limit=limits.block_pixels)
    return window


def write_mosaic(cuts: Sequence[ClippedRaster], path: Path, *, kind: str) -> None:
    """Write cuts as one GeoTIFF on the pixel grid of the first; pixels outside all cuts are nodata.

    Tiles on other grids are resampled by nearest neighbour.
    """
    first = cuts[0]
    values, affine = _canvas(cuts)
    for cut in cuts:
        resampled = np.full(values.shape, np.nan, dtype=np.float32)
        reproject(
            cut.values, resampled, src_transform=cut.affine, src_crs=cut.crs, dst_transform=affine, dst_crs=first.crs,
            src_nodata=np.nan, dst_nodata=np.nan, resampling=Resampling.nearest,
        )  # fmt: skip
        values = np.where(np.isnan(values), resampled, values)
    nodata, dtype = NOTHING[kind], "uint8" if kind == "int" else "float32"
    draft = path.with_name(f".{path.name}.part.tif")
    profile = {
        "driver": "GTiff", "width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": dtype,
        "crs": first.crs, "transform": affine, "nodata": nodata, "compress": "deflate", "tiled": True,
        "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with rasterio.open(draft, "w", **profile) as out:
        out.write(np.nan_to_num(values, nan=nodata).astype(dtype), 1)
    draft.replace(path)


def _canvas(cuts: Sequence[ClippedRaster]) -> tuple[npt.NDArray[np.float32], Affine]:
    """An empty raster over all cuts, on the pixel grid of the first."""
    affine = cuts[0].affine
    corners = [
        ~affine * (each.affine * corner)
        for each in cuts
        for corner in ((0, 0), (each.values.shape[1], each.values.shape[0]))
    ]
    columns, rows = zip(*corners, strict=True)
    left, top = round(min(columns)), round(min(rows))
    shape = (round(max(rows)) - top, round(max(columns)) - left)
    return np.full(shape, np.nan, dtype=np.float32), affine * Affine.translation(left, top)
