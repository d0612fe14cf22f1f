"""What a file really is, told by its first bytes, whatever its name says."""

import re
import zipfile
from pathlib import Path

from citybraid.core.errors import InputError

HEAD = 4096
"""First bytes that are looked at [byte]."""
MAGICS = (
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"fgb\x03fgb", "FlatGeobuf"),
    (b"PAR1", "Parquet"),
    (b"\x00\x00\x27\x0a", "Shapefile (.shp)"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "GeoTIFF"),
    (b"MM\x00*", "GeoTIFF"),
    (b"II+\x00", "GeoTIFF"),
    (b"MM\x00+", "GeoTIFF"),
    (b"\x89HDF", "HDF5 / NetCDF"),
    (b"CDF\x01", "NetCDF"),
    (b"CDF\x02", "NetCDF"),
    (b"EHFA_HEADER", "IMG (HFA)"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"),
    (b"\xd0\xcf\x11\xe0", "XLS / DOC (OLE)"),
    (b"AC10", "DWG"),
    (b"AutoCAD Binary DXF", "DXF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
"""Beginnings of formats, the longest known ones first where two share a start."""
ROOT = re.compile(rb"^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>\[]*(?:\[.*?\]\s*)?>\s*)*<([\w:.-]+)", re.DOTALL)
"""The first element of a text, behind what may stand before it."""
ROOTS = {
    b"html": "HTML",
    b"head": "HTML",
    b"body": "HTML",
    b"ogrvrtdatasource": "VRT",
    b"vrtdataset": "VRT",
    b"kml": "KML",
    b"osm": "OSM XML",
    b"featurecollection": "GML",
    b"svg": "SVG",
    b"exceptionreport": "XML (a server's error)",
    b"serviceexceptionreport": "XML (a server's error)",
}
"""Formats by the name of their first element, its prefix aside."""
MEMBERS = (("xl/", "XLSX"), ("word/", "DOCX"), ("ppt/", "PPTX"), ("doc.kml", "KMZ"))
"""Members that tell what a ZIP is."""
JSON_KINDS = (
    (b'"cityjson"', "CityJSON"),
    (b'"topology"', "TopoJSON"),
    (b'"esrigeometry', "Esri JSON"),
    (b'"featurecollection"', "GeoJSON"),
    (b'"feature"', "GeoJSON"),
)


def head_of(path: Path) -> bytes:
    """Return a file's first bytes."""
    with path.open("rb") as stream:
        return stream.read(HEAD)


def really(path: Path) -> str:
    """Return the name of the format that a file's content shows, '' where it shows none."""
    head = head_of(path)
    if head and not head.strip(b"\x00"):
        return "0x00"
    found = next((name for mark, name in MAGICS if head.startswith(mark)), "")
    if found == "ZIP":
        return _zip(path)
    if found == "SQLite":
        return "GeoPackage" if head[68:72] in (b"GPKG", b"GP10", b"GP11") else "SQLite"
    if found:
        return found
    if b"OSMHeader" in head[:64]:
        return "OSM PBF"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        return _markup(text)
    if text.startswith((b"{", b"[")):
        return next((name for mark, name in JSON_KINDS if mark in text), "JSON")
    return "DXF" if text.startswith((b"0\n", b"0\r\n")) else ""


def _markup(text: bytes) -> str:
    if text.startswith(b"<!doctype html"):
        return "HTML"
    root = ROOT.match(text)
    return "XML" if root is None else ROOTS.get(root[1].rpartition(b":")[2], "XML")


def _zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "ZIP"
    return next((kind for start, kind in MEMBERS if any(name.startswith(start) for name in names)), "ZIP")


def refuse_disguised(path: Path, wanted: str) -> None:
    """Raise InputError that says what a file really is instead of the wanted format.

    Call it once the content is known not to be the wanted format.
    """
    found = really(path)
    if found == "HTML":
        raise InputError("intake.disguised_page", name=path.name, format=wanted)
    if found == "0x00":
        raise InputError("intake.disguised_zeros", name=path.name)
    if found and found != wanted:
        raise InputError("intake.disguised", name=path.name, format=wanted, got=found)
    raise InputError("intake.not_this_format", name=path.name, format=wanted)


def require_magic(path: Path, magic: bytes, wanted: str) -> None:
    """Raise InputError unless a file begins with a format's mark."""
    with path.open("rb") as stream:
        if stream.read(len(magic)) != magic:
            refuse_disguised(path, wanted)
