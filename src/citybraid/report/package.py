"""A Word document written as a package whose pictures are stored uncompressed: PNG is compressed already.

Its parts carry no time of writing, so that the same document is the same bytes.
"""

from functools import cached_property
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.document import Document
from docx.image.image import Image
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.part import Part
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml.shape import CT_Inline
from docx.package import Package
from docx.parts.image import ImagePart
from docx.shape import InlineShape
from docx.text.paragraph import Paragraph

PICTURES = "image/"


class _PicturePart(ImagePart):
    """A picture whose checksum is computed once: python-docx computes those of all pictures for each new one."""

    @cached_property
    def sha1(self) -> str:
        return str(self.image.sha1)


def add_picture(document: Document, paragraph: Paragraph, path: Path, *, width: int, number: int) -> InlineShape:
    """Add a file's picture to a paragraph; python-docx searches the whole document for each picture's number."""
    _add_picture_part(document, path)
    part, image = document.part.get_or_add_image(str(path))
    wide, tall = image.scaled_dimensions(width, None)
    inline = CT_Inline.new_pic_inline(number, part, str(image.filename), wide, tall)
    paragraph.add_run()._r.add_drawing(inline)  # noqa: SLF001  (no public way to a run's drawings)
    return InlineShape(inline)


def _add_picture_part(document: Document, path: Path) -> None:
    """Add a file's picture to a document's package, where the document finds it; one that is there is not added."""
    pictures = _package(document).image_parts
    image = Image.from_file(str(path))
    if not any(part.sha1 == image.sha1 for part in pictures):
        name = pictures._next_image_partname(image.ext)  # noqa: SLF001  (numbered as python-docx numbers them)
        pictures.append(_PicturePart(name, image.content_type, image.blob, image))


def save(document: Document, path: Path) -> None:
    """Write a document; its parts and their order are those of python-docx."""
    package = _package(document)
    for part in package.parts:
        part.before_marshal()  # type: ignore[no-untyped-call]  # python-docx's
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


def _package(document: Document) -> Package:
    package: Package | None = document.part.package
    if package is None:
        message = "a document belongs to a package"
        raise TypeError(message)
    return package


def _types(parts: list[Part]) -> bytes:
    """Return the content-types part of a package."""
    content_types: bytes = _ContentTypesItem.from_parts(parts).blob  # type: ignore[no-untyped-call]  # python-docx's
    return content_types
