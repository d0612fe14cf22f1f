"""GeoPackage: one file, many layers, names unlike the file's."""

from pathlib import Path

from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import Said, interpreted
from citybraid.sources.vector.geopackage_file import openable
from citybraid.sources.vector.layer_choice import chosen_layer, told_layer
from citybraid.sources.vector.preview import Peeked, of_vector
from citybraid.sources.vector.vectors import layer_names, placed_if_spatial, read_table

SUFFIXES = (".gpkg",)
VERSION = 2
DRIVER = "GPKG"


class Options(ShapeOptions):
    """Options of a GeoPackage in the study file."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the layer that the study names, else the one named like the role or the file, else the only one.

    A table without shapes is read only where `sheet` names it; its rows are joined to
    the shapes of another file. Raises InputError where the layer is ambiguous, or the named one does not exist.
    """
    with openable(path) as file:
        tables = layer_names(file, shapes=False)
        layer = chosen_layer(layer_names(file), options.sheet, role, path, tables=tables)
        frame, read_findings = read_table(file, limits, driver=DRIVER, layer=layer)
    frame = placed_if_spatial(frame, options.crs, limits, name=path.name, axes=options.axes)
    column_options = Said.of(options)
    reading = interpreted(frame, role, column_options, target, name=path.name)
    return Reading(reading.layers, findings(told_layer(layer, role, path), read_findings, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return a preview of the layers; raises InputError where the file is no GeoPackage."""
    with openable(path) as file:
        return of_vector(file, driver=DRIVER)
