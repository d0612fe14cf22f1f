"""What a provider names and makes: items to fetch, and files for the study."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from citybraid.core.model import Params
from citybraid.core.var import Tick
from citybraid.sources.protocol.target import Bounds

Kind = Literal["tiff", "pbf", "json", "netcdf"]


class Options(Params):
    """What a user may say to a provider; each declares its own words."""


@dataclass(frozen=True)
class Item:
    """One file of a provider: its place below the provider's server and in a mirror, and what it must be.

    `body` is a form that is posted for it, or a request that a `service` works on first.
    With `may_lack` the server may have no such file, as for tiles of open sea.
    """

    path: str
    url: str
    kind: Kind
    body: bytes = b""
    may_lack: bool = False
    service: Literal["", "cds"] = ""


class Fetched(NamedTuple):
    """An item as it lies here: where it came from and when, its size [byte] and digest; `known` if it lay here."""

    item: Item
    path: Path
    url: str
    sha256: str
    size: int
    etag: str
    date: str
    known: bool


@dataclass(frozen=True)
class Made:
    """A file for the study: its role, its words in the study file, and what must be known of it by text ids.

    Without a path nothing for the study was made, and the notes say why.
    """

    role: str
    path: Path | None
    words: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Desk(Protocol):
    """Where a provider makes files for the study: a folder, and the study area in longitude and latitude."""

    folder: Path
    bounds: Bounds

    def fetch(self, item: Item, tick: Tick) -> Fetched | None:
        """Return an item from the mirror, the cache or the server; None where the server may lack it and does."""

    def cut(self, fetched: Iterable[Fetched], role: str) -> Path:
        """Return a GeoTIFF of the study area, cut from tiles and put together; read in the sandbox."""

    def keep(self, fetched: Fetched) -> Path:
        """Return a copy of a fetched file in the study's folder."""

    def looked_at(self, module: str, path: Path) -> object:
        """Return what a module's `layers` tells of a file; read in the sandbox."""


class Provider(Protocol):
    """A provider's module: its name, the roles it brings, its options, what it fetches and what it makes of that."""

    NAME: str
    ROLES: tuple[str, ...]
    Options: type[Options]

    @staticmethod
    def tiles(bounds: Bounds, options: Any) -> tuple[Item, ...]:
        """Return what covers an area in longitude and latitude."""

    @staticmethod
    def make(fetched: Sequence[Fetched], options: Any, desk: Desk) -> tuple[Made, ...]:
        """Make the study's files of what was fetched."""
