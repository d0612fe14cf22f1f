"""One band of any raster format read as the quantity its role names, warped once, cleaned, and told."""

import math
from collections.abc import Mapping

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.sources.placement.crs import chosen, parsed, transformer
from citybraid.sources.placement.elsewhere import raster_elsewhere
from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import raster
from citybraid.sources.protocol.reading import Found, Reading, findings
from citybraid.sources.protocol.target import SLACK, Bounds, Target
from citybraid.sources.raster.plausibility import doubts
from citybraid.sources.raster.warp import Band, Meaning, Warped, cleaned, warp
from citybraid.sources.text.units import factor, names
from citybraid.sources.vector.preview import Peeked

THIN = 256
SQUARE = 2.0
"""Longest side of a pixel over its shortest that is not worth telling [-]."""


def reading(band: Band, role: str, options: RasterOptions, target: Target, *, limits: Limits, name: str) -> Reading:
    """Return a band as the raster that a role names, on the finest grid not finer than its pixels.

    Raises InputError where the role is no raster, the band is too large, has no CRS, lies
    outside the plan area, or none of its numbers can be what the role says.
    """
    var = var_of(role, name=name)
    _refuse_large(band.pixels, limits.raster_pixels, name)
    crs = crs_of(band, options, name=name)
    pixel = pixel_size(band, crs, target, name=name)
    grid = target.grid_for(pixel)
    _refuse_large(grid.shape[0] * grid.shape[1], limits.grid_pixels, name)
    band, notes = in_unit(band, var, options, name=name)
    warped = warp(band, crs, grid, how=resampling(var), low=var.ge, high=var.le, block_pixels=limits.block_pixels)
    share = float(np.isfinite(warped.values).mean())
    if share == 0.0:
        there = Position(name, crs.to_wkt(), band.bounds, options.crs, "")
        _refuse_empty(warped, band, var, target, there=there)
    values, more = in_vocabulary(warped.values, var, options.classes, name=name)
    share = float((values != 0).mean()) if var.kind == "int" else share
    told = {"name": name, "pixel": round(pixel, 3), "cell": float(grid.resolution.x), "share": share * 100}
    found = [
        Finding("found", "intake.raster_read", var.name, warped.values.size, told),
        *notes,
        *_cleaned(warped, band, var, name=name),
        *more,
        *(doubts(values, var, cell=float(grid.resolution.x), name=name) if var.kind == "float" else []),
    ]
    stated = band.crs.to_wkt() if band.crs is not None else ""
    there = Position(name, crs.to_wkt(), band.bounds, options.crs, stated)
    value = on_grid(values, grid, var, pixel)
    return Reading(
        (Found(var, value, grid, stated=share, native_resolution=pixel, position=there),), findings(found)
    )  # fmt: skip


def resampling(var: Var) -> Resampling:
    """Return how a quantity is brought onto a grid: counts keep their sum, classes their majority, others a mean."""
    if var.kind == "int":
        return Resampling.mode
    return Resampling.sum if var.coarsen == "sum" else Resampling.average


def extent(band: Band, options: RasterOptions, target: Target, *, name: str) -> Bounds:
    """Return a band's bounds in the study's CRS [m]; raises InputError where it has no CRS."""
    crs = crs_of(band, options, name=name)
    pixel_size(band, crs, target, name=name)
    west, south, east, north = transform_bounds(crs.to_wkt(), target.crs, *band.bounds, densify_pts=21)
    return float(west), float(south), float(east), float(north)


def peeked(band: Band, *, layer: str = "") -> Peeked:
    """Return a band's kind of values from some of its rows."""
    rows_, columns = band.shape
    every = max(1, rows_ // THIN)
    parts = [band.raw(Window(0, row, columns, 1))[:, :: max(1, columns // THIN)] for row in range(0, rows_, every)]
    values = cleaned(np.concatenate(parts), band.meaning, low=-np.inf, high=np.inf).values
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)
    whole = bool(known.size and (known == np.round(known)).all())
    crs = band.crs.to_wkt() if band.crs is not None else ""
    return Peeked("raster", layer, crs=crs, bounds=band.bounds, low=low, high=high, whole=whole)


def var_of(role: str, *, name: str) -> Var:
    """Return the Var of a raster role; raises InputError where the role is none."""
    var = raster(role)
    if var is None:
        raise InputError("intake.role_not_raster", name=name, role=role)
    return var


def crs_of(band: Band, options: RasterOptions, *, name: str) -> CRS:
    """Return the CRS that the study names, else the file's; raises InputError with candidates where there is none."""
    return chosen(options.crs, band.crs, band.bounds, name=name)


def pixel_size(band: Band, crs: CRS, target: Target, *, name: str) -> float:
    """Return the side of a square with the middle pixel's area [m]; raises InputError where it has no place."""
    row, column = band.shape[0] / 2, band.shape[1] / 2
    corners = [band.affine * corner for corner in ((column, row), (column + 1, row), (column, row + 1))]
    xs, ys = (np.array(each) for each in zip(*corners, strict=True))
    to_x, to_y = transformer(crs, parsed(target.crs, name=name)).transform(xs, ys)
    area = abs((to_x[1] - to_x[0]) * (to_y[2] - to_y[0]) - (to_x[2] - to_x[0]) * (to_y[1] - to_y[0]))
    if not math.isfinite(area) or area <= 0.0:
        raise InputError("intake.coordinates", name=name, crs=crs.name)
    return math.sqrt(area)


def in_unit(band: Band, var: Var, options: RasterOptions, *, name: str) -> tuple[Band, list[Finding]]:
    """Return a band whose meaning is in the Var's unit, with the study's own marks of no value.

    Raises InputError where the study's unit does not fit the quantity.
    """
    meaning = band.meaning._replace(nodata=(*band.meaning.nodata, *options.nodata))
    found: list[Finding] = []
    if (meaning.scale, meaning.offset) != (1.0, 0.0):
        told = {"name": name, "scale": meaning.scale, "offset": meaning.offset}
        found.append(Finding("found", "intake.raster_scaled", var.name, values=told))
    said = options.unit or band.unit
    times = factor(said, var.unit) if said else 1.0
    if times is None and options.unit:
        raise InputError("intake.raster_unit", name=name, got=options.unit, needs=names(var.unit), var=var.name)
    if times is None:
        told = {"name": name, "unit": said, "needs": var.unit or "1"}
        found.append(Finding("advice", "intake.raster_unit_odd", var.name, values=told))
    elif times != 1.0:
        told = {"name": name, "unit": said, "needs": var.unit or "1"}
        found.append(Finding("found", "intake.raster_unit_stated", var.name, values=told))
    times = times or 1.0
    meaning = Meaning(meaning.nodata, meaning.scale * times, meaning.offset * times)
    return Band(band.shape, band.affine, band.raw, band.crs, meaning, band.unit), found


def on_grid(values: np.ndarray, grid: GeoBox, var: Var, pixel: float) -> xr.DataArray:
    """Return an array as a raster of a Var, with its unit and the resolution it came from."""
    attrs = {
        "units": var.unit,
        "long_name": var.about,
        "native_resolution": pixel,
        "finer_than_native": float(grid.resolution.x) < SLACK * pixel,
    }
    return xr.DataArray(values, dims=("y", "x"), name=var.name, attrs=attrs)


def in_vocabulary(
    values: np.ndarray, var: Var, own: Mapping[str, str], *, name: str
) -> tuple[np.ndarray, list[Finding]]:
    """Classes in our codes (0 is none), by the study's `own` where it has them; other values as they are.

    Raises InputError where `own` is no mapping of numbers, or no class is known.
    """
    if var.kind != "int":
        return values, []
    codes = np.nan_to_num(values, nan=0.0).astype(np.int32)
    if var.name != "land_cover":
        return codes.astype(np.uint8), []
    table = _own_classes(own, name) or _known_classes()
    present = [int(code) for code in np.unique(codes) if code]
    lost = [code for code in present if code not in table]
    if present and len(lost) == len(present):
        raise InputError("intake.cover_none", name=name, examples=lost[:8])
    ours = np.zeros(codes.shape, dtype=np.uint8)
    for code, kept in table.items():
        ours[codes == code] = kept
    found: list[Finding] = []
    if own:
        found.append(Finding("found", "intake.cover_mapped", var.name, len(present) - len(lost), {"name": name}))
    if lost:
        count = int(np.isin(codes, lost).sum())
        found.append(Finding("rejected", "intake.cover_unknown", var.name, count, {"examples": lost[:8]}))
    return ours, found


def _known_classes() -> dict[int, int]:
    """Our own classes and those of ESA WorldCover, each with ours."""
    known = {int(row.code): int(row.code) for row in read_table(LandCover)}
    others = {code: int(row.code) for row in read_table(LandCover) for code in row.worldcover_codes}
    return {**others, **known}


def _own_classes(own: Mapping[str, str], name: str) -> dict[int, int]:
    """The study's mapping as numbers; raises InputError where it leads to no class of ours."""
    ours = sorted({int(row.code) for row in read_table(LandCover)})
    for got, to in own.items():
        if not (got.isascii() and got.isdigit() and to.isascii() and to.isdigit() and int(to) in ours):
            raise InputError("intake.cover_mapping", name=name, got=got, to=to, needs=ours)
    return {int(got): int(to) for got, to in own.items()}


def _cleaned(warped: Warped, band: Band, var: Var, *, name: str) -> list[Finding]:
    """What was taken out of the raster before it was warped."""
    found: list[Finding] = []
    if warped.sentinels:
        told: dict[str, object] = {"name": name, "marks": sorted(warped.marks)}
        known = [number for number in band.meaning.nodata if not math.isnan(number)]
        text = "intake.nodata_twice" if known else "intake.sentinels"
        found.append(Finding("repaired", text, var.name, warped.sentinels, {**told, "declared": known}))
    if warped.beyond:
        told = {"name": name, "low": var.ge, "high": var.le, "unit": var.unit or "1"}
        found.append(Finding("rejected", "intake.raster_beyond", var.name, warped.beyond, told))
    return found


def _refuse_large(pixels: int, limit: float, name: str) -> None:
    if pixels > limit:
        raise InputError("intake.raster_large", name=name, got=pixels, limit=limit)


def _refuse_empty(warped: Warped, band: Band, var: Var, target: Target, *, there: Position) -> None:
    """Say why no cell has a value: impossible numbers, nothing but 'no value', or another place."""
    name = there.name
    if warped.beyond:
        seen = peeked(band)
        raise InputError(
            "intake.raster_impossible", name=name, var=var.name, smallest=seen.low, largest=seen.high, low=var.ge,
            high=var.le, unit=var.unit or "1", needs=names(var.unit),
        )  # fmt: skip
    if warped.pixels:
        raise InputError("intake.raster_void", name=name, pixels=warped.pixels)
    raise raster_elsewhere(there, target)
