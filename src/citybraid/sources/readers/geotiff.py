"""GeoTIFF: opened as GeoTIFF only, warped once onto the finest grid not finer than its pixels."""

import math
from pathlib import Path

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.codes import rows
from citybraid.sources.crs import chosen, parsed, pixel_size
from citybraid.sources.filespec import Options as ReaderOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.quantities import raster
from citybraid.sources.reading import Found, Reading, findings
from citybraid.sources.target import SLACK, Bounds, Target
from citybraid.sources.warp import Warped, cleaned, opened, warp

SUFFIXES = (".tif", ".tiff")
VERSION = 1
MAGICS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
PERCENT = 100.0
THIN = 256


class Options(ReaderOptions):
    """What the study may say of a GeoTIFF."""

    crs: str = ""
    unit: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read band 1 of a GeoTIFF as the raster that the role names.

    Raises InputError where the file is no GeoTIFF (a VRT in disguise among them), is
    cut off, has no CRS, or lies outside the study area.
    """
    var = raster(role)
    if var is None:
        raise InputError("intake.role_not_raster", name=path.name, role=role)
    with path.open("rb") as stream:
        if stream.read(4) not in MAGICS:
            raise InputError("intake.not_this_format", name=path.name, format="GeoTIFF")
    try:
        with opened(str(path)) as source:
            return _reading(source, var, options, target=target, limits=limits, path=path)
    except (RasterioError, OSError) as fault:
        why = (str(fault.__cause__ or fault).replace(str(path), path.name).splitlines() or ["?"])[0]
        raise InputError("intake.raster_broken", name=path.name, why=why[:160]) from fault


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return a raster's bounds in the study's CRS [m]; raises InputError where it is no GeoTIFF or has no CRS."""
    try:
        with opened(str(path)) as source:
            crs, _ = _crs_and_pixel(source, options, target, path)
            west, south, east, north = transform_bounds(crs.to_wkt(), target.crs, *_bounds(source), densify_pts=21)
    except (RasterioError, OSError) as fault:
        raise InputError("intake.not_this_format", name=path.name, format="GeoTIFF") from fault
    return float(west), float(south), float(east), float(north)


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return a raster's kind of values from a thinned reading; raises InputError where the file is no GeoTIFF."""
    try:
        with opened(str(path)) as source:
            size = (min(source.height, THIN), min(source.width, THIN))
            raw = source.read(1, out_shape=size).astype(np.float64)
            nodata, crs, bounds = source.nodata, source.crs, _bounds(source)
    except (RasterioError, OSError) as fault:
        raise InputError("intake.not_this_format", name=path.name, format="GeoTIFF") from fault
    values = cleaned(raw, nodata, low=-np.inf, high=np.inf)[0]
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)
    whole = bool(known.size and (known == np.round(known)).all())
    return (Peeked("raster", "", crs=crs.to_wkt() if crs else "", bounds=bounds, low=low, high=high, whole=whole),)


def _reading(
    source: DatasetReader, var: Var, options: Options, *, target: Target, limits: Limits, path: Path
) -> Reading:
    if source.width * source.height > limits.raster_pixels:
        raise InputError(
            "intake.raster_large", name=path.name, got=source.width * source.height, limit=limits.raster_pixels
        )
    crs, pixel = _crs_and_pixel(source, options, target, path)
    grid = target.grid_for(pixel)
    if grid.shape[0] * grid.shape[1] > limits.grid_pixels:
        raise InputError(
            "intake.raster_large", name=path.name, got=grid.shape[0] * grid.shape[1], limit=limits.grid_pixels
        )
    scale = PERCENT if options.unit == "%" else 1.0
    warped = warp(
        source,
        crs,
        grid,
        classes=var.kind == "int",
        low=var.ge * scale,
        high=var.le * scale,
        block_pixels=limits.block_pixels,
    )
    share = float(np.isfinite(warped.values).mean())
    if share == 0.0:
        raise InputError("intake.raster_elsewhere", name=path.name, crs=target.crs)
    values, notes = _in_vocabulary(warped.values / np.float32(scale), var)
    told = {"name": path.name, "pixel": round(pixel, 3), "cell": float(grid.resolution.x), "share": share * 100}
    found = [
        Finding("found", "intake.raster_read", var.name, warped.values.size, told),
        *_cleaned(warped, var, path),
        *notes,
    ]
    if var.kind == "float" and np.nanmin(values) == np.nanmax(values):
        found.append(
            Finding(
                "advice", "intake.raster_constant", var.name, 1, {"name": path.name, "value": float(np.nanmin(values))}
            )
        )
    if source.count > 1:
        found.append(Finding("found", "intake.raster_bands", var.name, source.count, {"name": path.name}))
    value = on_grid(values, grid, var, pixel)
    return Reading((Found(var, value, grid, stated=share, native_resolution=pixel),), findings(found))


def _crs_and_pixel(source: DatasetReader, options: Options, target: Target, path: Path) -> tuple[CRS, float]:
    carried = CRS.from_wkt(source.crs.to_wkt()) if source.crs else None
    crs = chosen(options.crs, carried, _bounds(source), name=path.name)
    x, y = source.transform * (source.width / 2, source.height / 2)
    size = (source.transform.a, source.transform.e)
    pixel = pixel_size(crs, parsed(target.crs, name=path.name), x=x, y=y, size=size)
    if not math.isfinite(pixel) or pixel <= 0.0:
        raise InputError("intake.coordinates", name=path.name, crs=crs.name)
    return crs, pixel


def _bounds(source: DatasetReader) -> Bounds:
    """Return a raster's bounds in its own CRS."""
    bounds = source.bounds
    return float(bounds.left), float(bounds.bottom), float(bounds.right), float(bounds.top)


def on_grid(values: np.ndarray, grid: GeoBox, var: Var, pixel: float) -> xr.DataArray:
    """Return an array as a raster of a Var, with its unit and the resolution it came from."""
    attrs = {
        "units": var.unit,
        "long_name": var.about,
        "native_resolution": pixel,
        "finer_than_native": float(grid.resolution.x) < SLACK * pixel,
    }
    return xr.DataArray(values, dims=("y", "x"), name=var.name, attrs=attrs)


def _in_vocabulary(values: np.ndarray, var: Var) -> tuple[np.ndarray, list[Finding]]:
    """Classes in our codes (0 is none); other values as they are."""
    if var.kind != "int":
        return values, []
    codes = np.nan_to_num(values, nan=0.0).astype(np.int32)
    if var.name != "land_cover":
        return codes.astype(np.uint8), []
    known = {int(row["code"]): int(row["code"]) for row in rows("land_cover")}
    others = {
        int(code): int(row["code"]) for row in rows("land_cover") for code in row["worldcover"].split(";") if code
    }
    table = {**others, **known}
    lost = sorted({int(code) for code in np.unique(codes) if code and int(code) not in table})
    ours = np.zeros(codes.shape, dtype=np.uint8)
    for code, kept in table.items():
        ours[codes == code] = kept
    count = int(np.isin(codes, lost).sum())
    return ours, [Finding("rejected", "intake.cover_unknown", var.name, count, {"examples": lost[:8]})] if lost else []


def _cleaned(warped: Warped, var: Var, path: Path) -> list[Finding]:
    found: list[Finding] = []
    if warped.sentinels:
        found.append(Finding("repaired", "intake.sentinels", var.name, warped.sentinels, {"name": path.name}))
    if warped.beyond:
        values = {"name": path.name, "low": var.ge, "high": var.le, "unit": var.unit or "1"}
        found.append(Finding("rejected", "intake.raster_beyond", var.name, warped.beyond, values))
    return found
