"""FlatGeobuf: one layer, its CRS in its header."""

from pathlib import Path

from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.file_signature import require_magic
from citybraid.sources.vector.preview import LayerPreview, vector_previews
from citybraid.sources.vector.vectors import georeferenced, read_layer

SUFFIXES = (".fgb",)
VERSION = 11
DRIVER = "FlatGeobuf"
MAGIC = b"fgb\x03fgb"
CHECKED = {"VERIFY_BUFFERS": "YES"}
"""Every offset of the file is verified before it is used."""


class Options(ShapeOptions):
    """Options of a FlatGeobuf file in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the features of a FlatGeobuf file; raises InputError where it is another format, damaged or too large."""
    require_magic(path, MAGIC, "FlatGeobuf")
    frame, read_findings = read_layer(path, limits, driver=DRIVER, opening=CHECKED, solid=raster_settings(role).heights)
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(read_findings, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of the features; raises InputError where the file is no FlatGeobuf."""
    require_magic(path, MAGIC, "FlatGeobuf")
    return vector_previews(path, driver=DRIVER, opening=CHECKED)
