"""GeoPackage: one file, many layers, names unlike the file's."""

from pathlib import Path

from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.vector.geopackage_file import readable_copy
from citybraid.sources.vector.layer_choice import chosen_layer, layer_findings, unread_findings
from citybraid.sources.vector.preview import LayerPreview, vector_previews
from citybraid.sources.vector.vectors import georeferenced_if_spatial, layer_names, read_table

SUFFIXES = (".gpkg",)
VERSION = 12
DRIVER = "GPKG"


class Options(ShapeOptions):
    """Options of a GeoPackage in the study file."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the layer that the study names, else the one named like the role or the file, else the only one.

    A table without shapes is read only where `sheet` names it; its rows are joined to
    the shapes of another file. Raises InputError where the layer is ambiguous, or the named one does not exist.
    """
    with readable_copy(path) as file:
        tables = layer_names(file, shapes=False)
        layers = layer_names(file)
        layer = chosen_layer(layers, options.sheet, role, path, tables=tables)
        frame, read_findings = read_table(file, limits, driver=DRIVER, layer=layer, solid=raster_settings(role).heights)
        others = unread_findings(file, layer, (*layers, *tables), role, name=path.name)
    frame = georeferenced_if_spatial(frame, options.crs, limits, name=path.name, axes=options.axes)
    column_options = ColumnOptions.of(options)
    reading = table_reading(frame, role, column_options, target, name=path.name)
    return Reading(reading.layers, findings(layer_findings(layer, role, path), others, read_findings, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of the layers; raises InputError where the file is no GeoPackage."""
    with readable_copy(path) as file:
        return vector_previews(file, driver=DRIVER)
