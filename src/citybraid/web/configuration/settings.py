"""What a server is started with."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

DATABASE = "workspace.db"
"""File of the embedded database, in the workspace's own folder."""
LIBRARY = "library"
"""Folder of the workspace that holds its library of cases, where none is named."""
OWN = ".citybraid"
"""Folder of the workspace that holds the database, uploads under way and the secret."""


class Mode(StrEnum):
    """Who is served: one planner on a laptop, whose token opens the door, or a team with accounts."""

    LAPTOP = "laptop"
    TEAM = "team"


@dataclass(frozen=True)
class Provider:
    """A provider of identities by OpenID Connect: its issuer, and what it knows this server by."""

    issuer: str
    client: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Folder of the studies, database, who is served, address, and token of the laptop's owner."""

    folder: Path
    mode: Mode = Mode.LAPTOP
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    workers: int = 1
    secure: bool = False
    """Whether the server is reached by https, so that cookies are sent by it alone."""
    names: tuple[str, ...] = ()
    """Names by which a team's server is reached; empty where a proxy in front checks them."""
    metrics_key: str = field(default="", repr=False)
    """Key with which the counters are read; without one nobody can."""
    proxies: str = ""
    """Addresses of proxies whose word on where a request comes from is taken, separated by commas."""
    provider: Provider | None = None
    """Provider of identities by OpenID Connect, where there is one."""
    library: Path | None = None
    """Folder of the library of cases, by default one of the workspace."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def own(self) -> Path:
        """The folder of the workspace's own files."""
        return self.folder / OWN

    @property
    def cases(self) -> Path:
        """The folder of the library of cases, whether it exists or not."""
        return self.library or self.folder / LIBRARY

    @property
    def database_url(self) -> str:
        """URL of the database, by default a SQLite file of the workspace."""
        return self.database or f"sqlite:///{(self.own / DATABASE).as_posix()}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names of hosts that requests may name, so that no other site's name leads here; empty for any."""
        return ("127.0.0.1", "localhost", "::1") if self.mode is Mode.LAPTOP else self.names
