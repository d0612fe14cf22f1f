"""Options of an intake run: continue past refused files, listen to progress events, reuse cached readings."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from citybraid.core.tables import note_read
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.reading import Reading


class DatasetCache(Protocol):
    """Cache of readings from one intake to the next."""

    def get(self, job: Job) -> Reading | None:
        """Return the cached reading of this job, None where there is none."""

    def keep(self, job: Job, reading: Reading) -> None:
        """Store the reading of a job."""


class ReadsPlanned(NamedTuple):
    """Event: the number and total size [byte] of the files to be read."""

    files: int
    size: int


class ReadStarted(NamedTuple):
    """Event: reading of a file starts."""

    file: str


class ReadFinished(NamedTuple):
    """Event: a file was read, refused or found in the cache (`known`), with its size [byte] and the duration [s]."""

    file: str
    size: int
    seconds: float
    known: bool


IntakeEvent = ReadsPlanned | ReadStarted | ReadFinished


def ignore_event(_: IntakeEvent) -> None:
    """Ignore an event."""


@dataclass(frozen=True)
class IntakeOptions:
    """Options of an intake run.

    With `keep_going` a refused file does not end the intake: the other files are read,
    repaired and reported, and the refusals are listed beside them. `tell` receives progress
    events and `shelf` caches readings. `sandbox` is a worker that outlives this intake;
    without it intake starts one of its own.
    """

    keep_going: bool = False
    tell: Callable[[IntakeEvent], None] = ignore_event
    shelf: DatasetCache | None = None
    sandbox: Sandbox | None = None


@contextmanager
def shared_sandbox(sandbox: Sandbox | None, *, own: Callable[[], Sandbox]) -> Iterator[Sandbox]:
    """Yield the given worker, which is left running, or a new one from `own`, which is closed with the block."""
    if sandbox is not None:
        yield sandbox
        return
    with own() as worker:
        yield worker


def cached_reading(job: Job, sandbox: Sandbox, conduct: IntakeOptions) -> Reading:
    """Return a file's reading, from the cache where possible; raises InputError as the sandbox does."""
    conduct.tell(ReadStarted(job.path.name))
    start, known = time.perf_counter(), False
    try:
        if conduct.shelf is not None and (cached := conduct.shelf.get(job)) is not None:
            known = True
            note_read(cached.tables)
            return cached
        reading = sandbox.read(job)
        note_read(reading.tables)
        if conduct.shelf is not None:
            conduct.shelf.keep(job, reading)
        return reading
    finally:
        conduct.tell(ReadFinished(job.path.name, dataset_size(job.path), time.perf_counter() - start, known))


def dataset_size(path: Path) -> int:
    """Return the size of a file, or the total size of a folder that is one data set [byte]."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
