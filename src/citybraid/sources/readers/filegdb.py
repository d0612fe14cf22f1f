"""File Geodatabase: a folder .gdb that is one data set with many layers."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.file_signature import raise_wrong_format
from citybraid.sources.vector.layer_choice import chosen_layer, layer_findings, unread_findings
from citybraid.sources.vector.preview import LayerPreview, vector_previews
from citybraid.sources.vector.vectors import georeferenced_if_spatial, layer_names, read_table

SUFFIXES = (".gdb",)
VERSION = 11
FOLDER = True
DRIVER = "OpenFileGDB"
CATALOGUE = "a00000001.gdbtable"
"""The system catalogue table, required in a geodatabase."""
MAGICS = (b"\x03\x00\x00\x00", b"\x04\x00\x00\x00")
"""Magic numbers of a table: 32-bit and 64-bit row numbers."""


class Options(ShapeOptions):
    """Options of a geodatabase in the study file."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the layer that the study names, else the one named like the role or the folder, else the only one.

    A table without shapes is read only where `sheet` names it; its rows are joined to
    the shapes of another file. Raises InputError where the folder is no geodatabase or the layer is ambiguous.
    """
    _refuse_other(path)
    tables = layer_names(path, shapes=False)
    layers = layer_names(path)
    layer = chosen_layer(layers, options.sheet, role, path, tables=tables)
    frame, read_findings = read_table(path, limits, driver=DRIVER, layer=layer, solid=raster_settings(role).heights)
    others = unread_findings(path, layer, (*layers, *tables), role, name=path.name)
    frame = georeferenced_if_spatial(frame, options.crs, limits, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(layer_findings(layer, role, path), others, read_findings, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of the layers; raises InputError where the folder is no geodatabase."""
    _refuse_other(path)
    return vector_previews(path, driver=DRIVER)


def _refuse_other(path: Path) -> None:
    if path.is_file():
        raise_wrong_format(path, "File Geodatabase")
    catalogue = path / CATALOGUE
    if not catalogue.is_file():
        raise InputError("intake.gdb_incomplete", name=path.name, needs=CATALOGUE)
    with catalogue.open("rb") as stream:
        if stream.read(len(MAGICS[0])) not in MAGICS:
            raise_wrong_format(catalogue, "File Geodatabase")
