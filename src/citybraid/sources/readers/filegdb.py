"""File Geodatabase: a folder .gdb that is one data set with many layers."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import Said, interpreted
from citybraid.sources.text.file_signature import refuse_disguised
from citybraid.sources.vector.layer_choice import chosen_layer, told_layer
from citybraid.sources.vector.preview import Peeked, of_vector
from citybraid.sources.vector.vectors import layer_names, placed_if_spatial, read_table

SUFFIXES = (".gdb",)
VERSION = 1
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
    layer = chosen_layer(layer_names(path), options.sheet, role, path, tables=tables)
    frame, read_findings = read_table(path, limits, driver=DRIVER, layer=layer)
    frame = placed_if_spatial(frame, options.crs, limits, name=path.name, axes=options.axes)
    reading = interpreted(frame, role, Said.of(options), target, name=path.name)
    return Reading(reading.layers, findings(told_layer(layer, role, path), read_findings, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return a preview of the layers; raises InputError where the folder is no geodatabase."""
    _refuse_other(path)
    return of_vector(path, driver=DRIVER)


def _refuse_other(path: Path) -> None:
    if path.is_file():
        refuse_disguised(path, "File Geodatabase")
    catalogue = path / CATALOGUE
    if not catalogue.is_file():
        raise InputError("intake.gdb_incomplete", name=path.name, needs=CATALOGUE)
    with catalogue.open("rb") as stream:
        if stream.read(len(MAGICS[0])) not in MAGICS:
            refuse_disguised(catalogue, "File Geodatabase")
