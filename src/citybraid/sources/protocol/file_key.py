"""Keys of what comes from files: the bytes, the reader, its version, its options."""

import hashlib
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from citybraid.core.layer import digest
from citybraid.sources.protocol.dataset import pieces
from citybraid.sources.protocol.limits import Limits

BLOCK = 1 << 20
MOST = Limits().folder_pieces


class Versioned(Protocol):
    """What a key needs to know of a reader."""

    @property
    def id(self) -> str:
        """Name of the reader."""

    @property
    def version(self) -> int:
        """Its version."""


def leaf_key(path: Path, reader: Versioned, options: BaseModel) -> str:
    """Return the key of a file as a reader reads it; tables that the reader reads are recorded with what it yields.

    A file that stands in several pieces (a shapefile) counts with all of them, by
    suffix, so a new .dbf, .prj or .cpg makes a new key; a folder that is one data set
    counts with all its files by their places in it. Names of other folders never enter.
    Raises InputError where such a folder holds links, or more files than `Limits` allows.
    """
    if path.is_dir():
        parts = [(piece.relative_to(path).as_posix(), _sha256(piece)) for piece in pieces(path, most=MOST)]
        return digest("leaf", parts, reader.id, reader.version, options)
    companions = COMPANIONS.get(path.suffix.lower(), frozenset())
    beside = sorted(
        found for found in path.parent.glob(f"{_literal(path.stem)}.*") if found.suffix.lower() in companions
    )
    parts = [(piece.suffix.lower(), _sha256(piece)) for piece in (beside or [path])]
    return digest("leaf", parts, reader.id, reader.version, options)


COMPANIONS = {
    ".shp": frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"}),
    ".asc": frozenset({".asc", ".prj"}),
    ".tif": frozenset({".tif", ".tfw"}),
    ".tiff": frozenset({".tiff", ".tfw"}),
    ".img": frozenset({".img", ".ige"}),
    ".gpkg": frozenset({".gpkg", ".gpkg-wal"}),
}
"""Pieces that lie beside a file and count with it, itself among them, by its suffix."""


def _literal(stem: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in stem)


def _sha256(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole.update(block)
    return whole.hexdigest()
