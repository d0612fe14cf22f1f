"""One band of any raster format read as its role's quantity: cleaned, warped once to a grid, and reported."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.land.class_areas import ClassCells
from citybraid.core.land_cover import open_water
from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.sources.land_use.mapped_values import mapped_value
from citybraid.sources.placement.crs import parse_crs, select_crs, transformer
from citybraid.sources.placement.outside_plan_area import raster_outside
from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import CROWN_SHARE, RASTER_AXES, SURFACE_MODEL, raster_var
from citybraid.sources.protocol.reading import Reading, SourceLayer, findings
from citybraid.sources.protocol.target import SLACK, Bounds, Target
from citybraid.sources.raster.cover_schemes import codes_of, refuse_unsure, without_zero
from citybraid.sources.raster.narrow_channels import narrow_channels
from citybraid.sources.raster.narrow_water import narrow_water
from citybraid.sources.raster.parts_of_cells import finer_grid, warp_crowns, warp_middle
from citybraid.sources.raster.plausibility import plausibility_findings
from citybraid.sources.raster.warp import Band, ValueEncoding, Warped, clean_values, warp
from citybraid.sources.raster.warp_classes import NoClassesError, samples_along, warp_classes
from citybraid.sources.text.numbers import is_share
from citybraid.sources.text.units import compatible_unit_names, conversion_factor
from citybraid.sources.vector.preview import LayerPreview

GROUND, COVER, CROWNS = "terrain", "land_cover", "canopy_height"
THIN = 256
SHARES = ("%", "‰", "1")
"""Units of a share that a raster may be in."""
MOST_BROKEN = 3
"""Most examples of numbers that are no classes."""
SQUARE = 2.0
"""Aspect ratio of a pixel up to which it is not reported [-]."""


def raster_reading(
    band: Band, role: str, options: RasterOptions, target: Target, *, limits: Limits, name: str
) -> Reading:
    """Return a band as the raster that a role names, on the finest grid not finer than its pixels.

    Raises InputError where the role is no raster, the band is too large, has no CRS, lies
    outside the plan area, or none of its numbers lies in the quantity's range.
    """
    var = var_of(role, name=name)
    _refuse_large(band.pixels, limits.raster_pixels, name)
    crs = crs_of(band, options, name=name)
    pixel = pixel_size(band, crs, target, name=name)
    grid = target.grid_for(pixel)
    _refuse_large(grid.shape[0] * grid.shape[1], limits.grid_pixels, name)
    if var.name == SURFACE_MODEL.name:
        grid = finer_grid(grid, pixel, most=limits.grid_pixels)
    band, unit_notes = in_unit(band, var, options, name=name)
    own = options.classes
    if var.name == COVER:
        band, own = without_zero(band, own)
    warped, shared, waters = _warped(band, crs, grid, pixel, var=var, limits=limits, own=own)
    share = float(np.isfinite(warped.values).mean())
    if share == 0.0:
        if warped.beyond and var.name == COVER and not own:
            refuse_unsure(codes_of(band), _known_classes(), pixel=pixel, name=name)
        position = Position(name, crs.to_wkt(), band.bounds, options.crs, "")
        _refuse_empty(warped, band, var, target, position=position)
    values, class_notes = recoded_classes(warped.values, var, own, name=name, pixel=pixel)
    share = float((values != 0).mean()) if var.kind == "int" else share
    side = float(grid.resolution.x)
    details = {"name": name, "pixel": round(pixel, 3), "cell": side, "share": share * 100}
    notes = [
        Finding("found", "intake.raster_read", var.name, warped.values.size, details),
        *unit_notes,
        *_cleaned(warped, band, var, name=name),
        *class_notes,
        *_sharing(shared, var, name=name, cell=side),
        *narrow_water(waters, cell=side, sample=side / samples_along(side, pixel), name=name),
        *_channels(band, var, pixel, side, limits=limits, name=name),
        *(plausibility_findings(values, var, cell=side, name=name) if var.kind == "float" else []),
    ]
    stated = band.crs.to_wkt() if band.crs is not None else ""
    position = Position(name, crs.to_wkt(), band.bounds, options.crs, stated)
    value, at = on_grid(values, grid, var, pixel), _labels(role, options, name=name)
    layer = SourceLayer(var, value, grid, at=at, stated=share, native_resolution=pixel, position=position)
    if var.name == CROWNS:
        return Reading(_crowned(layer, band, crs, grid, block_pixels=limits.block_pixels), findings(notes))
    return Reading((layer,), findings(notes))


def _crowned(layer: SourceLayer, band: Band, crs: CRS, grid: GeoBox, *, block_pixels: float) -> tuple[SourceLayer, ...]:
    """Return heights of trees where they stand, and their part of each cell."""
    crowned = warp_crowns(band, crs, grid, low=layer.var.ge, high=layer.var.le, block_pixels=block_pixels)
    pixel = float(layer.native_resolution or grid.resolution.x)
    height, share = (
        replace(layer, var=var, value=on_grid(values, grid, var, pixel))
        for var, values in ((layer.var, crowned.height), (CROWN_SHARE, crowned.share))
    )
    return height, replace(share, position=None)


def _channels(band: Band, var: Var, pixel: float, cell: float, *, limits: Limits, name: str) -> list[Finding]:
    """Tell channels of the ground that its cells fill."""
    if var.name != GROUND:
        return []
    return narrow_channels(
        band, pixel=pixel, cell=cell, low=var.ge, high=var.le, block_pixels=limits.block_pixels, layer=var.name,
        name=name,
    )  # fmt: skip


def _warped(
    band: Band, crs: CRS, grid: GeoBox, pixel: float, *, var: Var, limits: Limits, own: Mapping[str, str]
) -> tuple[Warped, ClassCells | None, list[shapely.Geometry]]:
    """Return a band on a grid, what one class a cell leaves out where classes keep their areas, and its waters."""
    if var.coarsen == "area":
        try:
            return warp_classes(
                band, crs, grid, pixel=pixel, low=var.ge, high=var.le, block_pixels=limits.block_pixels,
                follow=_waters(var, own),
            )  # fmt: skip
        except NoClassesError:
            pass
    how, block_pixels = resampling(var), limits.block_pixels
    if var.coarsen in ("max", "min"):
        absent = var.ge if var.coarsen == "max" else math.inf
        most = limits.grid_pixels
        return warp_middle(
            band, crs, grid, pixel=pixel, low=var.ge, high=var.le, block_pixels=block_pixels, most=most, absent=absent
        ), None, []  # fmt: skip
    return warp(band, crs, grid, how=how, low=var.ge, high=var.le, block_pixels=block_pixels), None, []


def _waters(var: Var, own: Mapping[str, str]) -> tuple[int, ...]:
    """Return the codes of a raster of covers that are open water."""
    if var.name != COVER:
        return ()
    table = _own_classes(own, var.name) or _known_classes()
    return tuple(code for code, cover in table.items() if cover in open_water())


def _sharing(shared: ClassCells | None, var: Var, *, name: str, cell: float) -> list[Finding]:
    """Tell that cells that hold several classes have one, and what that leaves out."""
    if shared is None or shared.mixed == 0.0:
        return []
    details: dict[str, object] = {
        "name": name, "cell": cell, "mixed": round(100 * shared.mixed, 1), "kept": round(100 * shared.kept),
        "off": round(100 * shared.off, 2),
    }  # fmt: skip
    return [Finding("found", "intake.classes_shared", var.name, round(shared.mixed * shared.codes.size), details)]


def _labels(role: str, options: RasterOptions, *, name: str) -> Mapping[str, str]:
    """Return the label of a raster on the outer axis of its role: that of the study, else the file's name.

    Raises InputError where a label is given for a role without such an axis.
    """
    if role in RASTER_AXES:
        return {RASTER_AXES[role]: options.threat or PurePath(name).stem}
    if options.threat:
        usable = sorted({*type(options).model_fields} - {*RASTER_AXES.values()})
        raise InputError("intake.option_unused", name=name, options=["threat"], usable=usable)
    return {}


def resampling(var: Var) -> Resampling:
    """Return a quantity's resampling method: sum for counts, mode for classes, average for others.

    Extremes (depths, speeds) are compared with thresholds and have the middle pixel instead (`warp_middle`).
    """
    if var.kind == "int":
        return Resampling.mode
    return Resampling.sum if var.coarsen == "sum" else Resampling.average


def extent(band: Band, options: RasterOptions, target: Target, *, name: str) -> Bounds:
    """Return a band's bounds in the study's CRS [m]; raises InputError where it has no CRS."""
    crs = crs_of(band, options, name=name)
    pixel_size(band, crs, target, name=name)
    west, south, east, north = transform_bounds(crs.to_wkt(), target.crs, *band.bounds, densify_pts=21)
    return float(west), float(south), float(east), float(north)


def band_preview(band: Band, *, layer: str = "") -> LayerPreview:
    """Return a band's preview from a sample of its values."""
    lines, columns = band.shape
    stride = max(1, lines // THIN)
    parts = [band.raw(Window(0, row, columns, 1))[:, :: max(1, columns // THIN)] for row in range(0, lines, stride)]
    values = clean_values(np.concatenate(parts), band.meaning, low=-np.inf, high=np.inf).values
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)
    integral = bool(known.size and (known == np.round(known)).all())
    crs = band.crs.to_wkt() if band.crs is not None else ""
    a, b, c, d, e, f = (float(part) for part in list(band.affine)[:6])
    return LayerPreview(
        "raster", layer, crs=crs, bounds=band.bounds, low=low, high=high, whole=integral, shape=band.shape,
        affine=(a, b, c, d, e, f),
    )  # fmt: skip


def var_of(role: str, *, name: str) -> Var:
    """Return the Var of a raster role; raises InputError where the role is none."""
    var = raster_var(role)
    if var is None:
        raise InputError("intake.role_not_raster", name=name, role=role)
    return var


def crs_of(band: Band, options: RasterOptions, *, name: str) -> CRS:
    """Return the CRS that the study names, else the file's; raises InputError with candidates where there is none."""
    a, b, _, d, e, _ = tuple(band.affine)[:6]
    pixel = max(math.hypot(a, d), math.hypot(b, e))
    return select_crs(options.crs, band.crs, band.bounds, name=name, pixel=pixel)


def pixel_size(band: Band, crs: CRS, target: Target, *, name: str) -> float:
    """Return the side of a square with the middle pixel's area [m]; raises InputError where it cannot be projected."""
    row, column = band.shape[0] / 2, band.shape[1] / 2
    corners = [band.affine * corner for corner in ((column, row), (column + 1, row), (column, row + 1))]
    xs, ys = (np.array(each) for each in zip(*corners, strict=True))
    to_x, to_y = transformer(crs, parse_crs(target.crs, name=name)).transform(xs, ys)
    area = abs((to_x[1] - to_x[0]) * (to_y[2] - to_y[0]) - (to_x[2] - to_x[0]) * (to_y[1] - to_y[0]))
    if not math.isfinite(area) or area <= 0.0:
        raise InputError("intake.coordinates", name=name, crs=crs.name)
    return math.sqrt(area)


def in_unit(band: Band, var: Var, options: RasterOptions, *, name: str) -> tuple[Band, list[Finding]]:
    """Return a band whose scale is in the Var's unit, with the study's own nodata values.

    Raises InputError where the study's unit does not fit the quantity.
    """
    meaning = band.meaning._replace(nodata=(*band.meaning.nodata, *options.nodata))
    notes: list[Finding] = []
    if (meaning.scale, meaning.offset) != (1.0, 0.0):
        details = {"name": name, "scale": meaning.scale, "offset": meaning.offset}
        notes.append(Finding("found", "intake.raster_scaled", var.name, values=details))
    unit = options.unit or band.unit
    multiplier = conversion_factor(unit, var.unit) if unit else 1.0
    if multiplier is None and options.unit:
        raise InputError(
            "intake.raster_unit", name=name, got=options.unit, needs=compatible_unit_names(var.unit), var=var.name
        )
    if multiplier is None:
        details = {"name": name, "unit": unit, "needs": var.unit or "1"}
        notes.append(Finding("advice", "intake.raster_unit_odd", var.name, values=details))
    elif multiplier != 1.0:
        details = {"name": name, "unit": unit, "needs": var.unit or "1"}
        notes.append(Finding("found", "intake.raster_unit_stated", var.name, values=details))
    elif not unit and raster_settings(var.name).heights and (foot := _foot_of(band.crs)):
        details = {"name": name, "unit": foot}
        notes.append(Finding("warning", "intake.heights_beside_feet", var.name, values=details))
    multiplier = multiplier or 1.0
    meaning = ValueEncoding(meaning.nodata, meaning.scale * multiplier, meaning.offset * multiplier)
    return Band(band.shape, band.affine, band.raw, band.crs, meaning, band.unit), notes


def _foot_of(crs: CRS | None) -> str:
    """Return the foot in which a CRS counts east and north; '' where it counts in another unit."""
    units = {axis.unit_name for axis in crs.axis_info[:2]} if crs is not None else set()
    return next((unit for unit in sorted(units) if "foot" in unit.lower()), "")


def on_grid(values: np.ndarray, grid: GeoBox, var: Var, pixel: float) -> xr.DataArray:
    """Return an array as a raster of a Var, with its unit and the resolution it came from."""
    attrs = {
        "units": var.unit,
        "long_name": var.about,
        "native_resolution": pixel,
        "finer_than_native": float(grid.resolution.x) < SLACK * pixel,
    }
    return xr.DataArray(values, dims=("y", "x"), name=var.name, attrs=attrs)


def recoded_classes(
    values: np.ndarray, var: Var, own: Mapping[str, str], *, name: str, pixel: float = math.nan
) -> tuple[np.ndarray, list[Finding]]:
    """Return classes recoded to the project's codes (0 is none), by the study's mapping `own` if any; others unchanged.

    Raises InputError where `own` is no mapping of numbers, no class is known, or the classes may be of several schemes.
    """
    if var.kind != "int":
        return values, []
    broken = values[np.isfinite(values) & (values != np.round(values))]
    if broken.size:
        examples = sorted({round(float(each), 3) for each in broken[:THIN]})[:MOST_BROKEN]
        raise InputError("intake.class_fraction", name=name, var=var.name, examples=examples)
    codes = np.nan_to_num(values, nan=0.0).astype(np.int32)
    if var.name != COVER:
        return codes.astype(np.uint8), []
    table = _own_classes(own, name) or _known_classes()
    present = [int(code) for code in np.unique(codes) if code]
    unknown = [code for code in present if code not in table]
    if not own:
        refuse_unsure(present, table, pixel=pixel, name=name)
    if present and len(unknown) == len(present):
        raise InputError("intake.cover_none", name=name, examples=unknown[:8])
    recoded = np.zeros(codes.shape, dtype=np.uint8)
    for code, class_code in table.items():
        recoded[codes == code] = class_code
    notes: list[Finding] = []
    if own:
        moved = int(np.isin(codes, [code for code in present if code in table]).sum())
        details = {"name": name, "classes": len(present) - len(unknown)}
        notes.append(Finding("found", "intake.cover_mapped", var.name, moved, details))
    if unknown:
        count = int(np.isin(codes, unknown).sum())
        notes.append(Finding("rejected", "intake.cover_unknown", var.name, count, {"examples": unknown[:8]}))
    return recoded, notes


def _known_classes() -> dict[int, int]:
    """Return the project's class of each own and each ESA WorldCover code."""
    known = {int(row.code): int(row.code) for row in read_table(LandCover)}
    others = {code: int(row.code) for row in read_table(LandCover) for code in row.worldcover_codes}
    return {**others, **known}


def _own_classes(own: Mapping[str, str], name: str) -> dict[int, int]:
    """Return the study's mapping as numbers; raises InputError where a target is no class of the project."""
    valid_codes = sorted({int(row.code) for row in read_table(LandCover)})
    for source, target in own.items():
        if not (source.isascii() and source.isdigit() and mapped_value("land_cover", target)):
            raise InputError("intake.cover_mapping", name=name, got=source, to=target, needs=valid_codes)
    return {int(source): int(mapped_value("land_cover", target)) for source, target in own.items()}


def _cleaned(warped: Warped, band: Band, var: Var, *, name: str) -> list[Finding]:
    """Return findings on the values removed from the raster before warping."""
    notes: list[Finding] = []
    if warped.sentinels:
        details: dict[str, object] = {"name": name, "marks": sorted(warped.marks)}
        known = [number for number in band.meaning.nodata if not math.isnan(number)]
        text = "intake.nodata_twice" if known else "intake.sentinels"
        notes.append(Finding("repaired", text, var.name, warped.sentinels, {**details, "declared": known}))
    if warped.beyond:
        details = {"name": name, "low": var.ge, "high": _with_unit(var)}
        notes.append(Finding("rejected", "intake.raster_beyond", var.name, warped.beyond, details))
    return notes


def _with_unit(var: Var) -> str:
    """Return the upper end of a quantity's range with its unit, none for a number without one."""
    return f"{var.le:g} {var.unit.removeprefix('1')}".strip()


def _refuse_large(pixels: int, limit: float, name: str) -> None:
    if pixels > limit:
        raise InputError("intake.raster_large", name=name, got=pixels, limit=limit)


def _refuse_empty(warped: Warped, band: Band, var: Var, target: Target, *, position: Position) -> None:
    """Raise InputError for a raster without values: impossible numbers, only nodata, or another location."""
    name = position.name
    if warped.beyond:
        preview = band_preview(band)
        raise InputError(
            "intake.raster_impossible", name=name, var=var.name, smallest=preview.low, largest=preview.high, low=var.ge,
            high=_with_unit(var), needs=SHARES if is_share(var) else compatible_unit_names(var.unit),
        )  # fmt: skip
    if warped.pixels:
        raise InputError("intake.raster_void", name=name, pixels=warped.pixels)
    raise raster_outside(position, target)
