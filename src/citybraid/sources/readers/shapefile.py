"""ESRI Shapefile: a set of four files, in any encoding, often without .prj, .cpg, .dbf or .shx."""

from dataclasses import replace
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import LONGEST
from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.encoding import Encoding
from citybraid.sources.text.file_signature import raise_wrong_format
from citybraid.sources.vector.preview import LayerPreview, vector_previews
from citybraid.sources.vector.shapefile_dbf import Dbf, read_dbf
from citybraid.sources.vector.shapefile_index import (
    LENGTH_ENDS,
    LENGTH_STARTS,
    MAGIC,
    companion_file,
    repaired_shapefile,
)
from citybraid.sources.vector.shapefile_text import BYTEWISE, decoded, encoding_of, text_of
from citybraid.sources.vector.vectors import georeferenced, read_layer, with_unique_columns

SUFFIXES = (".shp",)
VERSION = 12
DRIVER = "ESRI Shapefile"
PLAIN = Encoding("utf-8", "plain")


class Options(ShapeOptions):
    """Options of a shapefile in the study file."""

    encoding: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a shapefile; its encoding is that of .cpg, else the .dbf's driver id, else strict UTF-8, else the likeliest.

    A missing or wrong .shx is rebuilt from the shapes, and a .dbf that is too short
    loses no shape; nothing is written beside the user's files.
    Raises InputError where .shp is no shapefile or truncated, or no CRS is known.
    """
    _refuse_cut(path)
    prj = companion_file(path, ".prj")
    if prj is not None and prj.stat().st_size > LONGEST:
        raise InputError("intake.crs_long", name=prj.name, got=prj.stat().st_size, limit=LONGEST)
    dbf, encoding, notes = _texts(path, options.encoding, role)
    with repaired_shapefile(path, dbf) as (pieces, counted):
        frame, read_findings = read_layer(
            pieces, limits, driver=DRIVER, encoding=BYTEWISE, solid=raster_settings(role).heights
        )
    if counted.rebuilt:
        notes.append(Finding("repaired", "intake.shx_rebuilt", role, counted.shapes, {"name": path.name}))
    if dbf is not None and dbf.held != counted.shapes:
        values = {"name": path.name, "rows": dbf.held, "shapes": counted.shapes}
        notes.append(Finding("repaired", "intake.dbf_rows", role, abs(dbf.held - counted.shapes), values))
    frame, date_findings = with_unique_columns(decoded(frame, encoding), name=path.name)
    frame = georeferenced(frame, options.crs, name=path.name, axes=options.axes)
    column_options = ColumnOptions.of(options, cut=True)
    reading = table_reading(frame, role, column_options, target, name=path.name)
    return Reading(reading.layers, findings(notes, read_findings, date_findings, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of the shapefile; raises InputError where it cannot be opened."""
    _refuse_cut(path)
    dbf, encoding, _ = _texts(path, "", path.stem)
    with repaired_shapefile(path, dbf) as (pieces, _):
        layers = vector_previews(pieces, driver=DRIVER, encoding=BYTEWISE)
    return tuple(
        replace(each, columns=tuple(str(text_of(name, encoding)) for name in each.columns), encoding=encoding.name)
        for each in layers
    )


def _refuse_cut(path: Path) -> None:
    """Raise InputError for another format, and for a file shorter than its header states: shapes would be lost."""
    with path.open("rb") as stream:
        head = stream.read(LENGTH_ENDS)
    if head[:4] != MAGIC:
        raise_wrong_format(path, "Shapefile")
    needs, got = 2 * int.from_bytes(head[LENGTH_STARTS:], "big"), path.stat().st_size
    if got < needs:
        raise InputError("intake.shapes_cut", name=path.name, got=got, needs=needs)


def _texts(path: Path, encoding_option: str, role: str) -> tuple[Dbf | None, Encoding, list[Finding]]:
    """The .dbf, the encoding of its texts, and findings on both."""
    file = companion_file(path, ".dbf")
    if file is None:
        return None, PLAIN, [Finding("found", "intake.dbf_missing", role, values={"name": path.name})]
    dbf = read_dbf(file)
    encoding, notes = encoding_of(dbf, companion_file(path, ".cpg"), encoding_option, role, name=path.name)
    return dbf, encoding, notes
