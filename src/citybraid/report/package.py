"""A Word document written as a package whose pictures are stored uncompressed: PNG is compressed already."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

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
        file.writestr(CONTENT_TYPES_URI.membername, _types(package.parts))
        file.writestr(PACKAGE_URI.rels_uri.membername, package.rels.xml)
        for part in package.parts:
            packed = ZIP_STORED if part.content_type.startswith(PICTURES) else ZIP_DEFLATED
            file.writestr(part.partname.membername, part.blob, packed)
            if len(part.rels):
                file.writestr(part.partname.rels_uri.membername, part.rels.xml)


def _types(parts: list[Part]) -> bytes:
    """Return the content-types part of a package."""
    content_types: bytes = _ContentTypesItem.from_parts(parts).blob  # type: ignore[no-untyped-call]  # python-docx's
    return content_types
