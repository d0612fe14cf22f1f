"""GeoJSON: WGS 84 by its standard, unless an older file names another CRS."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.disguise import refuse_disguised
from citybraid.sources.encoding import tried
from citybraid.sources.filespec import ShapeOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked, of_vector
from citybraid.sources.reading import Reading, findings
from citybraid.sources.tables import Said, interpreted
from citybraid.sources.target import Target
from citybraid.sources.vectors import placed, read_layer

SUFFIXES = (".geojson", ".json")
VERSION = 1
DRIVER = "GeoJSON"


class Options(ShapeOptions):
    """What the study may say of a GeoJSON file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the features of a GeoJSON file; raises InputError where it is no UTF-8 JSON object."""
    content = path.read_bytes()
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        refuse_disguised(path, "GeoJSON")
    encoding = tried(content, name=path.name)
    if encoding.name not in ("utf-8", "utf-8-sig"):
        raise InputError("intake.not_utf8", name=path.name, got=encoding.name)
    frame, told = read_layer(path, limits, driver=DRIVER)
    frame = placed(frame, options.crs, name=path.name, axes=options.axes)
    reading = interpreted(frame, role, Said.of(options), target, name=path.name)
    return Reading(reading.layers, findings(told, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return what the features hold; raises InputError where the file is no GeoJSON."""
    return of_vector(path, driver=DRIVER)
