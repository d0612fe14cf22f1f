"""Keys of what comes from files: the bytes, the reader, its version, its options."""

import hashlib
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from citybraid.core.layer import digest
from citybraid.sources.codes import fingerprint

BLOCK = 1 << 20


class Versioned(Protocol):
    """What a key needs to know of a reader."""

    @property
    def id(self) -> str:
        """Name of the reader."""

    @property
    def version(self) -> int:
        """Its version."""


def leaf_key(path: Path, reader: Versioned, options: BaseModel) -> str:
    """Return the key of a file as a reader reads it.

    A file that stands in several pieces (a shapefile) counts with all of them, by
    suffix, so a new .dbf, .prj or .cpg makes a new key. Names of folders never enter.
    """
    pieces = sorted(
        found for found in path.parent.glob(f"{_literal(path.stem)}.*") if found.suffix.lower() in COMPANIONS
    )
    if path.suffix.lower() != ".shp":
        pieces = [path]
    parts = [(piece.suffix.lower(), _sha256(piece)) for piece in pieces]
    return digest("leaf", parts, reader.id, reader.version, fingerprint(), options)


COMPANIONS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})


def _literal(stem: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in stem)


def _sha256(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            whole.update(block)
    return whole.hexdigest()
