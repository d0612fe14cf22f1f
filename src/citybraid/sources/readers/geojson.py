"""GeoJSON: WGS 84 by its standard, unless an older file names another CRS by its code."""

import json
import re
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import cityjson
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.encoding import tried
from citybraid.sources.text.file_signature import detect_format, raise_wrong_format
from citybraid.sources.vector.mixed_shapes import mixed_previews, part_of
from citybraid.sources.vector.preview import LayerPreview, vector_previews
from citybraid.sources.vector.vectors import georeferenced, read_layer

SUFFIXES = (".geojson", ".json")
VERSION = 9 + cityjson.VERSION
DRIVER = "GeoJSON"
CITY = re.compile(rb'"type"\s*:\s*"CityJSON"')
SHAPES = re.compile(
    rb'"type"\s*:\s*"(Feature|FeatureCollection|GeometryCollection|(Multi)?(Point|LineString|Polygon))"'
)
CRS_MEMBER = re.compile(rb'"(?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)"\s*:\s*(?=\{)')
"""The `crs` member of older files, with or without escapes in its key."""
CRS_NAME = re.compile(r"(urn:ogc:def:crs:(EPSG|OGC):[\w.]*:\w+|EPSG:{1,2}\d{4,6})", re.IGNORECASE)
LONGEST_CRS = 2048


class Options(ShapeOptions):
    """Options of a GeoJSON file in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the features of a GeoJSON file; a CityJSON under the suffix .json is read as that.

    Raises InputError where it is no UTF-8 JSON object of features, or names a CRS by
    anything but a code: a link to one is never followed.
    """
    content = path.read_bytes()
    if CITY.search(content):
        city = cityjson.Options(**options.model_dump(exclude_defaults=True))
        return cityjson.read(path, role, city, target, limits=limits)
    _refuse_other(path, content)
    encoding = tried(content, name=path.name)
    if encoding.name not in ("utf-8", "utf-8-sig"):
        raise InputError("intake.not_utf8", name=path.name, got=encoding.name)
    frame, read_findings = read_layer(path, limits, driver=DRIVER, solid=raster_settings(role).heights)
    frame, mixed_findings = part_of(frame, role, name=path.name)
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(read_findings, mixed_findings, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of each kind of features; raises InputError where the file is no GeoJSON."""
    content = path.read_bytes()
    if CITY.search(content):
        return cityjson.peek(path)
    _refuse_other(path, content)
    (preview,) = vector_previews(path, driver=DRIVER)
    frame, _ = read_layer(path, Limits(), driver=DRIVER)
    return mixed_previews(frame, preview)


def _refuse_other(path: Path, content: bytes) -> None:
    """Raise InputError unless content is a whole JSON object of shapes with a CRS, if any, named by its code."""
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise_wrong_format(path, "GeoJSON")
    if detect_format(path) in ("TopoJSON", "Esri JSON"):
        raise_wrong_format(path, "GeoJSON")
    if not content.rstrip(b"\0 \t\r\n").endswith(b"}"):
        raise InputError("intake.json_cut", name=path.name)
    if not SHAPES.search(content):
        raise InputError("intake.json_no_shapes", name=path.name)
    for member in CRS_MEMBER.finditer(content):
        _refuse_link(path, content[member.end() : member.end() + LONGEST_CRS])


def _refuse_link(path: Path, content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    try:
        member, _ = json.JSONDecoder().raw_decode(text)
        kind, about = member.get("type"), member.get("properties") or {}
        name = about.get("name", about.get("code"))
    except (ValueError, AttributeError, RecursionError) as fault:
        raise InputError("intake.crs_form", name=path.name, got=text[:80]) from fault
    if kind is None and name is None:
        return
    plain = kind in ("name", "EPSG") and (isinstance(name, int) or CRS_NAME.fullmatch(str(name)) is not None)
    if not plain:
        raise InputError("intake.crs_form", name=path.name, got=str(member)[:80])
