"""File format detection from the first bytes, independent of the file name."""

import re
import zipfile
from pathlib import Path

from citybraid.core.errors import InputError

HEAD = 4096
"""Number of inspected leading bytes [byte]."""
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
"""Magic numbers by format, the longer first where one is a prefix of another."""
ROOT = re.compile(rb"^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>\[]*(?:\[.*?\]\s*)?>\s*)*<([\w:.-]+)", re.DOTALL)
"""Root element of markup, after an XML declaration, comments and a doctype."""
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
"""Formats by the local name of their root element."""
MEMBERS = (("xl/", "XLSX"), ("word/", "DOCX"), ("ppt/", "PPTX"), ("doc.kml", "KMZ"))
"""Path prefixes of members that identify ZIP-based formats."""
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


def detect_format(path: Path) -> str:
    """Return the format detected from a file's content, '' where it is unknown."""
    head = head_of(path)
    if head and not head.strip(b"\x00"):
        return "0x00"
    detected = next((name for mark, name in MAGICS if head.startswith(mark)), "")
    if detected == "ZIP":
        return _zip(path)
    if detected == "SQLite":
        return "GeoPackage" if head[68:72] in (b"GPKG", b"GP10", b"GP11") else "SQLite"
    if detected:
        return detected
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


def raise_wrong_format(path: Path, expected: str) -> None:
    """Raise InputError with the detected format of a file that is not in the expected format.

    Call it only once the content is known not to be in the expected format.
    """
    actual = detect_format(path)
    if actual == "HTML":
        raise InputError("intake.disguised_page", name=path.name, format=expected)
    if actual == "0x00":
        raise InputError("intake.disguised_zeros", name=path.name)
    if actual and actual != expected:
        raise InputError("intake.disguised", name=path.name, format=expected, got=actual)
    raise InputError("intake.not_this_format", name=path.name, format=expected)


def require_magic(path: Path, magic: bytes, expected: str) -> None:
    """Raise InputError unless a file begins with a format's magic number."""
    with path.open("rb") as stream:
        if stream.read(len(magic)) != magic:
            raise_wrong_format(path, expected)
