"""How intake goes about its work: whether it goes on past a refused file, who is told, which readings are known."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from citybraid.core.tables import note_read
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.reading import Reading


class Shelf(Protocol):
    """Where readings are kept from one intake to the next."""

    def get(self, job: Job) -> Reading | None:
        """Return what this very job yielded before, None where it is not known."""

    def keep(self, job: Job, reading: Reading) -> None:
        """Keep what a job yielded."""


class Planned(NamedTuple):
    """So many files of so many bytes are to be read."""

    files: int
    size: int


class Begun(NamedTuple):
    """A file is read now."""

    file: str


class Ended(NamedTuple):
    """A file of so many bytes was read, refused, or found among the readings that are kept."""

    file: str
    size: int
    seconds: float
    known: bool


Told = Planned | Begun | Ended


def nobody(_: Told) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Conduct:
    """How intake goes about its work.

    With `keep_going` a refused file does not end the intake: what the other files bring
    is read, mended and told, and the refusals stand beside it. `sandbox` is a worker
    that reads before and after this intake too; without it intake has one of its own.
    """

    keep_going: bool = False
    tell: Callable[[Told], None] = nobody
    shelf: Shelf | None = None
    sandbox: Sandbox | None = None


@contextmanager
def lent(sandbox: Sandbox | None, *, own: Callable[[], Sandbox]) -> Iterator[Sandbox]:
    """Yield the worker that is lent, which stays; where there is none one of its own, which ends with the block."""
    if sandbox is not None:
        yield sandbox
        return
    with own() as started:
        yield started


def reading_of(job: Job, sandbox: Sandbox, conduct: Conduct) -> Reading:
    """Return a file's reading, from the shelf where it is known; raises InputError as the sandbox does."""
    conduct.tell(Begun(job.path.name))
    started, known = time.perf_counter(), False
    try:
        if conduct.shelf is not None and (kept := conduct.shelf.get(job)) is not None:
            known = True
            note_read(kept.tables)
            return kept
        reading = sandbox.read(job)
        note_read(reading.tables)
        if conduct.shelf is not None:
            conduct.shelf.keep(job, reading)
        return reading
    finally:
        conduct.tell(Ended(job.path.name, size_of(job.path), time.perf_counter() - started, known))


def size_of(path: Path) -> int:
    """Return the size of a file, or of all files of a folder that is one data set [byte]."""
    parts = path.rglob("*") if path.is_dir() else [path]
    return sum(part.stat().st_size for part in parts if part.is_file())
