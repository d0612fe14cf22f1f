"""The archive of a case: a ZIP whose bytes follow from its parts alone, with no time, user or machine in them."""

import hashlib
import os
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.commons.form.card import CARD, Part
from citybraid.core.errors import StoreError

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every part: the earliest that a ZIP can tell."""
PLAIN_FILE = 0o100644 << 16
UNIX = 3
PACKED_ALREADY = (".png", ".jpg", ".zip", ".docx", ".xlsx", ".pdf", ".gz", ".npz", ".parquet", ".kmz")
"""Suffixes of files that deflating makes no smaller."""
BLOCK = 1 << 20


class Content(NamedTuple):
    """A part before it is packed: its path in the archive, and its bytes or the file that holds them."""

    path: str
    body: bytes | Path

    def digest(self) -> tuple[int, str]:
        """Return its size [byte] and SHA-256."""
        if isinstance(self.body, bytes):
            return len(self.body), hashlib.sha256(self.body).hexdigest()
        return file_digest(self.body)


def file_digest(path: Path) -> tuple[int, str]:
    """Return a file's size [byte] and SHA-256."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            sha256.update(block)
            size += len(block)
    return size, sha256.hexdigest()


def parts_of(contents: Sequence[Content]) -> tuple[Part, ...]:
    """Return the parts of an archive by path, with size and hash."""
    parts = []
    for content in sorted(contents, key=_path):
        size, sha256 = content.digest()
        parts.append(Part(path=content.path, bytes=size, sha256=sha256))
    return tuple(parts)


def write_archive(path: Path, card: bytes, contents: Sequence[Content]) -> None:
    """Write a case: the card first, then its parts by path; whole or not at all.

    Raises StoreError where it cannot be written.
    """
    draft = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for content in (Content(CARD, card), *sorted(contents, key=_path)):
                _write_part(archive, content)
        draft.replace(path)
    except OSError as fault:
        raise StoreError("case.unwritable", file=path.name, why=fault.strerror or str(fault)) from fault
    finally:
        draft.unlink(missing_ok=True)


def _write_part(archive: zipfile.ZipFile, content: Content) -> None:
    entry = zipfile.ZipInfo(content.path, EPOCH)
    entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
    stored = content.path.lower().endswith(PACKED_ALREADY)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    if isinstance(content.body, bytes):
        archive.writestr(entry, content.body)
        return
    entry.file_size = content.body.stat().st_size
    with content.body.open("rb") as source, archive.open(entry, "w") as target:
        while block := source.read(BLOCK):
            target.write(block)


def write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write small files into a folder, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        draft = folder / f".{uuid.uuid4().hex}.part"
        draft.write_bytes(body)
        os.replace(draft, folder / name)  # noqa: PTH105  (a rename over the file that stands there)


def _path(content: Content) -> str:
    return content.path
