"""GeoPackage: one file, many layers, names unlike the file's."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.filespec import ShapeOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked, of_vector
from citybraid.sources.reading import Reading, findings
from citybraid.sources.tables import Said, interpreted
from citybraid.sources.target import Target
from citybraid.sources.vectors import layer_names, placed, read_layer

SUFFIXES = (".gpkg",)
VERSION = 1
MAGIC = b"SQLite format 3\x00"


class Options(ShapeOptions):
    """What the study may say of a GeoPackage."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the layer that the study names, else the one named like the role or the file, else the only one.

    Raises InputError where several layers could be meant, or the named one is not there.
    """
    with path.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise InputError("intake.not_this_format", name=path.name, format="GeoPackage")
    names = layer_names(path)
    layer = _layer(names, options.sheet, role, path)
    notes = (
        [Finding("found", "intake.layer_chosen", role, values={"name": path.name, "sheet": layer})]
        if layer != path.stem
        else []
    )
    frame, told = read_layer(path, limits, layer=layer)
    frame = placed(frame, options.crs, name=path.name, axes=options.axes)
    said = Said.of(options)
    reading = interpreted(frame, role, said, target, name=path.name)
    return Reading(reading.layers, findings(notes, told, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return what the layers hold; raises InputError where the file is no GeoPackage."""
    return of_vector(path)


def _layer(names: tuple[str, ...], said: str, role: str, path: Path) -> str:
    if said:
        if said not in names:
            raise InputError("intake.layer_absent", name=path.name, got=said, needs=names)
        return said
    for wanted in (role, path.stem):
        if wanted in names:
            return wanted
    if not names:
        raise InputError("intake.no_geometry", name=path.name)
    if len(names) > 1:
        raise InputError("intake.layer_ambiguous", name=path.name, needs=names)
    return names[0]
