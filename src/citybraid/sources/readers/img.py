"""ERDAS IMAGINE rasters: opened by their own driver only, a single file or with companion files of the same name."""

from pathlib import Path

from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.gdal import Format, band_of
from citybraid.sources.raster.rasters import band_preview, raster_reading, var_of
from citybraid.sources.raster.rasters import extent as extent_of
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".img",)
VERSION = 11
KIND = Format("HFA", (b"EHFA_HEADER_TAG",), "ERDAS IMAGINE")


class Options(RasterOptions):
    """Options of an IMAGINE file in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read one band of an IMAGINE file as the raster that the role names.

    Raises InputError where the file is no IMAGINE file (such as a disguised VRT), is cut
    off, is a picture, has no CRS or place, or lies outside the study area.
    """
    var = var_of(role, name=path.name)
    with band_of(path, KIND, variable=options.variable, classes=var.kind == "int", layer=role) as source:
        read_band = raster_reading(source.band, role, options, target, limits=limits, name=path.name)
        return Reading(read_band.layers, findings(source.findings, read_band.findings))


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return a raster's bounds in the study's CRS [m]; raises InputError where it is no IMAGINE file or has no CRS."""
    with band_of(path, KIND, variable=options.variable, classes=True, layer="") as source:
        return extent_of(source.band, options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a raster's kind of values from some of its rows; raises InputError where the file is no IMAGINE file."""
    with band_of(path, KIND, variable="", classes=True, layer="") as source:
        return (band_preview(source.band),)
