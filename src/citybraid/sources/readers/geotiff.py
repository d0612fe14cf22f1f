"""GeoTIFF, cloud-optimised ones too: opened as GeoTIFF only, warped once onto a grid not finer than its pixels."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import kind_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.gdal import Format, band_of, bands_of
from citybraid.sources.raster.rasters import band_preview, raster_reading, var_of
from citybraid.sources.raster.rasters import extent as extent_of
from citybraid.sources.series.rain_fields import FieldOptions, FieldRequest, field_reading
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".tif", ".tiff")
VERSION = 13
KIND = Format("GTiff", (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"), "GeoTIFF")


class Options(FieldOptions):
    """Options of a GeoTIFF in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read one band of a GeoTIFF as the raster that the role names.

    Raises InputError where the file is no GeoTIFF (such as a disguised VRT), is cut
    off, is a picture, has no CRS or place, or lies outside the study area.
    """
    if kind_of(role) == "field":
        return _field(path, options, FieldRequest(options.event or path.stem, path.name, target, limits))
    var = var_of(role, name=path.name)
    with band_of(path, KIND, variable=options.variable, classes=var.kind == "int", layer=role) as source:
        read_band = raster_reading(source.band, role, options, target, limits=limits, name=path.name)
        return Reading(read_band.layers, findings(source.findings, read_band.findings))


def _field(path: Path, options: Options, request: FieldRequest) -> Reading:
    with bands_of(path, KIND) as (names, band):
        try:
            hours = [float(name.split()[0]) for name in names]
        except (ValueError, IndexError) as fault:
            raise InputError("intake.field_bands", name=path.name, got=names[:4]) from fault
        return field_reading(hours, band, options, request)


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return a raster's bounds in the study's CRS [m]; raises InputError where it is no GeoTIFF or has no CRS."""
    with band_of(path, KIND, variable=options.variable, classes=True, layer="") as source:
        return extent_of(source.band, options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a raster's kind of values from some of its rows; raises InputError where the file is no GeoTIFF."""
    with band_of(path, KIND, variable="", classes=True, layer="") as source:
        return (band_preview(source.band),)
