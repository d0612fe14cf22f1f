"""ESRI Shapefile: four files that belong together, in any encoding, often without .prj or .cpg."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.crs import LONGEST
from citybraid.sources.disguise import refuse_disguised
from citybraid.sources.encoding import DRIVER_IDS, Encoding, decodes, named, tried
from citybraid.sources.filespec import ShapeOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked, of_vector
from citybraid.sources.reading import Reading, findings
from citybraid.sources.tables import Said, interpreted
from citybraid.sources.target import Target
from citybraid.sources.vectors import placed, read_layer

SUFFIXES = (".shp",)
VERSION = 1
DRIVER = "ESRI Shapefile"
MAGIC = bytes((0, 0, 0x27, 0x0A))
LENGTH_STARTS, LENGTH_ENDS = 24, 28
"""Bytes of the header that give the file's length, in words of 16 bits."""
DRIVER_BYTE = 29
HEADER = 32
FIELD_NAME = 11
BYTEWISE = "cp437"
"""Keeps every byte as it is: a last character may be cut in two, which strict decoders refuse."""


class Options(ShapeOptions):
    """What the study may say of a shapefile."""

    encoding: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a shapefile; its encoding goes .cpg, then the .dbf's driver id, then strict UTF-8, then GB18030.

    Raises InputError where .shp is no shapefile or cut off, .shx is missing, or no CRS is known.
    """
    _refuse_cut(path)
    if _beside(path, ".shx") is None:
        raise InputError("intake.shx_missing", name=path.name)
    prj = _beside(path, ".prj")
    if prj is not None and prj.stat().st_size > LONGEST:
        raise InputError("intake.crs_long", name=prj.name, got=prj.stat().st_size, limit=LONGEST)
    encoding, notes = _encoding(path, options.encoding, role)
    frame, told = read_layer(path, limits, driver=DRIVER, encoding=BYTEWISE)
    frame = decoded(frame, encoding.name)
    frame = placed(frame, options.crs, name=path.name, axes=options.axes)
    said = Said.of(options, cut=True)
    reading = interpreted(frame, role, said, target, name=path.name)
    return Reading(reading.layers, findings(notes, told, reading.findings))


def _refuse_cut(path: Path) -> None:
    """Raise InputError for another format, and for a file shorter than its header says: shapes would be lost."""
    with path.open("rb") as stream:
        head = stream.read(LENGTH_ENDS)
    if head[:4] != MAGIC:
        refuse_disguised(path, "Shapefile")
    needs, got = 2 * int.from_bytes(head[LENGTH_STARTS:], "big"), path.stat().st_size
    if got < needs:
        raise InputError("intake.shapes_cut", name=path.name, got=got, needs=needs)


def decoded(frame: gpd.GeoDataFrame, encoding: str) -> gpd.GeoDataFrame:
    """Return a frame read byte by byte with its names and texts in their encoding, cut-off last characters dropped."""
    texts = [name for name in frame.columns if name != frame.geometry.name and frame[name].dtype.kind not in "fiubM"]
    for name in texts:
        frame[name] = pd.Series([_decoded(cell, encoding) for cell in frame[name]], index=frame.index, dtype=object)
    return frame.rename(
        columns={name: _decoded(name, encoding) for name in frame.columns if name != frame.geometry.name}
    )


def _decoded(cell: object, encoding: str) -> object:
    return cell.encode(BYTEWISE).decode(encoding, "ignore") if isinstance(cell, str) else cell


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return what the shapefile holds; raises InputError where it cannot be opened."""
    encoding = _encoding(path, "", path.stem)[0].name
    layers = of_vector(path, driver=DRIVER, encoding=BYTEWISE)
    return tuple(
        replace(each, columns=tuple(str(_decoded(name, encoding)) for name in each.columns)) for each in layers
    )


def _beside(path: Path, suffix: str) -> Path | None:
    return next((each for each in (path.with_suffix(suffix), path.with_suffix(suffix.upper())) if each.is_file()), None)


def _encoding(path: Path, said: str, role: str) -> tuple[Encoding, list[Finding]]:
    """The encoding of the .dbf, and how it was found."""
    dbf = _beside(path, ".dbf")
    if dbf is None:
        return Encoding("utf-8", "plain"), [Finding("found", "intake.dbf_missing", role, values={"name": path.name})]
    content = dbf.read_bytes()
    pieces = _texts(content)
    words = b"\n".join(pieces)
    found = _stated(path, content, said)
    if found is not None and (found.how == "named" or decodes(words, found.name, pieces=pieces)):
        return found, [_note(found, path, role)]
    trial = tried(words, name=dbf.name, pieces=pieces)
    if found is not None:
        note = {"name": dbf.name, "stated": found.name, "encoding": trial.name}
        return trial, [Finding("repaired", "intake.encoding_wrong", role, values=note)]
    return trial, [] if trial.how == "plain" else [_note(trial, path, role)]


def _texts(content: bytes) -> list[bytes]:
    """The field names and text cells of a .dbf, without the header's numbers."""
    start, step = (int.from_bytes(content[at : at + 2], "little") for at in (8, 10))
    fields = [content[at : at + HEADER] for at in range(HEADER, min(start, len(content)) - 1, HEADER)]
    fields = fields[: next((n for n, field in enumerate(fields) if field[:1] == b"\r"), len(fields))]
    pieces = [field[:FIELD_NAME].split(b"\x00")[0] for field in fields]
    at = 1
    for field in fields:
        width = field[16]
        if field[11:12] == b"C":
            cells = {
                content[row + at : row + at + width].rstrip(b" \x00")
                for row in range(start, len(content), max(1, step))
            }
            pieces += [cell for cell in cells if not cell.isascii()]
        at += width
    return pieces


def _stated(path: Path, content: bytes, said: str) -> Encoding | None:
    if said:
        return Encoding(named(said, name=path.name), "named")
    cpg = _beside(path, ".cpg")
    if cpg is not None:
        return Encoding(named(cpg.read_bytes()[:40].decode("ascii", "replace"), name=cpg.name), "stated")
    driver = content[DRIVER_BYTE] if len(content) > DRIVER_BYTE else 0
    return Encoding(DRIVER_IDS[driver], "stated") if driver in DRIVER_IDS else None


def _note(found: Encoding, path: Path, role: str) -> Finding:
    kind, text = ("guessed", "intake.encoding_guessed") if found.how == "tried" else ("found", "intake.encoding_stated")
    values = {"name": path.name, "encoding": found.name}
    return Finding("guessed" if kind == "guessed" else "found", text, role, values=values)
