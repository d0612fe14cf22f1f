"""Cache keys of files: content, reader, reader version, options."""

import hashlib
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from citybraid.core.layer import digest
from citybraid.sources.protocol.dataset import dataset_files
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.named_files import named_files

BLOCK = 1 << 20
MOST = Limits().folder_pieces


class Versioned(Protocol):
    """What a key needs from a reader: id and version."""

    @property
    def id(self) -> str:
        """Name of the reader."""

    @property
    def version(self) -> int:
        """Its version."""


def leaf_key(path: Path, reader: Versioned, options: BaseModel) -> str:
    """Return the cache key of a file for a reader; tables that the reader looks up are recorded in its reading.

    A file with companions (a shapefile) is hashed with all of them, by suffix, so a
    changed .dbf, .prj or .cpg changes the key, and with files that it names (rain beside a
    SWMM model); a folder that is one data set is hashed with all its files by relative
    path. Parent folder names never enter the key.
    Raises InputError where such a folder holds links, or more files than `Limits` allows.
    """
    if path.is_dir():
        parts = [(piece.relative_to(path).as_posix(), _sha256(piece)) for piece in dataset_files(path, most=MOST)]
        return digest("leaf", parts, reader.id, reader.version, options)
    companions = COMPANIONS.get(path.suffix.lower(), frozenset())
    beside = sorted(
        sibling for sibling in path.parent.glob(f"{_literal(path.stem)}.*") if sibling.suffix.lower() in companions
    )
    parts = [(piece.suffix.lower(), _sha256(piece)) for piece in (beside or [path])]
    parts += [(piece.name, _sha256(piece)) for piece in named_files(path)]
    return digest("leaf", parts, reader.id, reader.version, options)


COMPANIONS = {
    ".shp": frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"}),
    ".asc": frozenset({".asc", ".prj"}),
    ".tif": frozenset({".tif", ".tfw"}),
    ".tiff": frozenset({".tiff", ".tfw"}),
    ".img": frozenset({".img", ".ige"}),
    ".gpkg": frozenset({".gpkg", ".gpkg-wal"}),
}
"""Suffixes of companion files that are hashed with a file, its own included, by its suffix."""


def _literal(stem: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in stem)


def _sha256(path: Path) -> str:
    sha256 = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            sha256.update(block)
    return sha256.hexdigest()
