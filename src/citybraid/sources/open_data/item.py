"""Data types of providers: items to fetch, and files for the study."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from citybraid.core.model import Params
from citybraid.core.var import Tick
from citybraid.sources.protocol.target import Bounds

Kind = Literal["tiff", "pbf", "json", "netcdf"]


class Options(Params):
    """Options of a provider; each declares its own fields."""


@dataclass(frozen=True)
class Item:
    """One file of a provider: its path on the provider's server and in a mirror, and its expected kind.

    `body` is a form to POST for it, or a request that a `service` processes first.
    `may_lack` allows the server to have no such file, as for tiles of open sea.
    """

    path: str
    url: str
    kind: Kind
    body: bytes = b""
    may_lack: bool = False
    service: Literal["", "cds"] = ""


class Fetched(NamedTuple):
    """A fetched item: its local path, URL and date, its size [byte] and digest; `known` if it was cached or local."""

    item: Item
    path: Path
    url: str
    sha256: str
    size: int
    etag: str
    date: str
    known: bool


@dataclass(frozen=True)
class StudyFile:
    """A file for the study: its role, its options in the study file, and notes by text id.

    Without a path no file was made, and the notes give the reason.
    """

    role: str
    path: Path | None
    words: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Workspace(Protocol):
    """Workspace of a provider: the folder for its files, and the study area in longitude and latitude."""

    folder: Path
    bounds: Bounds

    def fetch(self, item: Item, tick: Tick) -> Fetched | None:
        """Return an item from the mirror, the cache or the server; None where it is absent and `may_lack`."""

    def cut(self, fetched: Iterable[Fetched], role: str) -> Path:
        """Return a GeoTIFF of the study area, clipped from tiles and mosaicked; read in the sandbox."""

    def keep(self, fetched: Fetched) -> Path:
        """Return a copy of a fetched file in the study's folder."""

    def looked_at(self, module: str, path: Path) -> object:
        """Return the result of a module's `layers` on a file; read in the sandbox."""


class Provider(Protocol):
    """A provider's module: its name, the roles it supplies, its options, the items to fetch and the files to make."""

    NAME: str
    ROLES: tuple[str, ...]
    Options: type[Options]

    @staticmethod
    def tiles(bounds: Bounds, options: Any) -> tuple[Item, ...]:
        """Return the items that cover an area in longitude and latitude."""

    @staticmethod
    def make(fetched: Sequence[Fetched], options: Any, desk: Workspace) -> tuple[StudyFile, ...]:
        """Make the study's files from the fetched ones."""
