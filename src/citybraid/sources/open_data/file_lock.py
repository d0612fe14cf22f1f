"""Inter-process file lock: one process fetches a file while others wait; the OS releases it when its holder dies."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from citybraid.core.errors import InputError
from citybraid.core.var import Tick

STEP = 0.2
"""Polling interval of a lock held by another process [s]."""


@contextmanager
def file_lock(path: Path, *, wait: float, tick: Tick) -> Iterator[None]:
    """Hold a lock file while the block runs; waits for another holder up to `wait` [s].

    Raises InputError where the other one does not release it in that time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with path.open("a+b") as stream:
        while not _try_lock(stream):
            if time.monotonic() > deadline:
                raise InputError("fetch.locked", name=path.name.removesuffix(".lock"), seconds=wait)
            tick(0.0)
            time.sleep(STEP)
        try:
            yield
        finally:
            _unlock(stream)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)
