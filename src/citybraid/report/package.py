"""A Word document written as a package whose pictures are stored uncompressed: PNG is compressed already.

Its parts carry no time of writing, so that the same document is the same bytes.
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.document import Document
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.part import Part
from docx.opc.pkgwriter import _ContentTypesItem

PICTURES = "image/"


def save(document: Document, path: Path) -> None:
    """Write a document; its parts and their order are those of python-docx."""
    package = document.part.package
    if package is None:
        message = "a document belongs to a package"
        raise TypeError(message)
    for part in package.parts:
        part.before_marshal()
    with ZipFile(path, "w", ZIP_DEFLATED, strict_timestamps=False) as file:
        file.writestr(_entry(CONTENT_TYPES_URI.membername), _types(package.parts), ZIP_DEFLATED)
        file.writestr(_entry(PACKAGE_URI.rels_uri.membername), package.rels.xml, ZIP_DEFLATED)
        for part in package.parts:
            packed = ZIP_STORED if part.content_type.startswith(PICTURES) else ZIP_DEFLATED
            file.writestr(_entry(part.partname.membername), part.blob, packed)
            if len(part.rels):
                file.writestr(_entry(part.partname.rels_uri.membername), part.rels.xml, ZIP_DEFLATED)


def _entry(name: str) -> ZipInfo:
    """Return an entry of a package, of the first day that ZIP files know."""
    entry = ZipInfo(name)
    entry.external_attr = 0o600 << 16
    return entry


def _types(parts: list[Part]) -> bytes:
    """Return the content-types part of a package."""
    content_types: bytes = _ContentTypesItem.from_parts(parts).blob  # type: ignore[no-untyped-call]  # python-docx's
    return content_types
