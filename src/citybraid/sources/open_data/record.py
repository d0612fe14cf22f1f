"""Provenance records of open data: source, date, licence; and the attributions for a report."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import Field, ValidationError

from citybraid import __version__
from citybraid.core.model import Params
from citybraid.core.text import known, say

RECORD = "source.json"
NOTE = re.compile(r"^fetch\.\w+$")


class FileRecord(Params):
    """A fetched file."""

    path: str
    """Its path on the server or in the mirror."""
    url: str
    """The URL that it came from."""
    sha256: str
    """Digest of its bytes."""
    size: int
    """Its size [byte]."""
    etag: str = ""
    """ETag of the version."""
    date: str = ""
    """Day on which it was fetched."""


class MadeRecord(Params):
    """A file for the study, made from fetched files."""

    role: str
    """Its role in the study."""
    path: str
    """Its path relative to this record's folder."""
    sha256: str
    """Digest of its bytes as written."""


class SourceRecord(Params):
    """One source's record: `source.json` in its folder."""

    version: int = 1
    """Version of this record's format."""
    citybraid: str = __version__
    """Version of the program that wrote it."""
    source: str
    """Name of the source."""
    title: dict[str, str]
    """Display name, by language."""
    product: str
    """The source's own version."""
    licence: str
    """The licence."""
    licence_url: str
    """URL of the licence text."""
    attribution: str
    """The attribution that every derived work must carry."""
    server: str
    """The server of its files where there is no mirror."""
    status: str
    """Verification status of server, names and licence: as for factors."""
    bounds: tuple[float, float, float, float]
    """The area fetched: west, south, east, north [degree]."""
    date: str
    """Day on which it was fetched."""
    options: dict[str, Any] = Field(default_factory=dict)
    """The provider's options."""
    lacking: tuple[str, ...] = ()
    """Files that the server lacks: open sea, or not released."""
    files: tuple[FileRecord, ...]
    """The files fetched."""
    made: tuple[MadeRecord, ...] = ()
    """The files made from them."""
    notes: tuple[str, ...] = ()
    """Notes to users, by text id."""

    def told(self, language: str) -> tuple[str, ...]:
        """Return the notes in a language."""
        return tuple(say(note, language) for note in self.notes if NOTE.match(note) and known(note))


def write(record: SourceRecord, folder: Path) -> Path:
    """Write a record into its source's folder, atomically."""
    path = folder / RECORD
    draft = folder / f".{RECORD}.part"
    draft.write_text(record.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    draft.replace(path)
    return path


def attributions(root: Path, paths: Iterable[str]) -> tuple[SourceRecord, ...]:
    """Return the records of the open data among the files of a study, by name of the source.

    `paths` are the files as the study names them, relative to `root`. A file counts if its
    folder, or one above it within `root`, has a record; unreadable records
    are skipped: they may be the user's own files.
    """
    base = root.resolve()
    records: dict[str, SourceRecord] = {}
    for text in paths:
        path = (base / PurePosixPath(text)).resolve()
        for folder in path.parents:
            if not folder.is_relative_to(base) or folder == base:
                break
            record = _read(folder / RECORD)
            if record is not None:
                records[record.source] = record
                break
    return tuple(records[name] for name in sorted(records))


def _read(path: Path) -> SourceRecord | None:
    try:
        if not path.is_file() or path.is_symlink():
            return None
        return SourceRecord.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError, ValidationError):
        return None


def notices(records: Sequence[SourceRecord]) -> tuple[str, ...]:
    """Return the attributions of records, without duplicates."""
    return tuple(dict.fromkeys(record.attribution for record in records))
