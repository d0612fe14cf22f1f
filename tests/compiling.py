"""One process of a parallel run compiles at a time: what another has just compiled is read from the kept kernels.

Numba looks for a kept kernel once it has its own lock for compilation. Its events tell of that lock before it is taken,
which is where a process waits here for the others; two workers that need the same kernel at a time compiled it twice.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from numba.core import event

LOCK = "numba:compiler_lock"
"""Numba's name of what a thread takes to compile a kernel or to read a kept one."""


class _Turn(event.Listener):
    """Holds a file, from the first to the last event of a thread that compiles; nobody else holds it meanwhile."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._own = threading.RLock()
        self._depth = 0

    def on_start(self, event: event.Event) -> None:
        """Wait for this process's other threads, then for other processes."""
        import fcntl

        self._own.acquire()
        self._depth += 1
        if self._depth == 1:
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def on_end(self, event: event.Event) -> None:
        """Let others compile."""
        import fcntl

        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._own.release()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """While the block runs this process compiles only while no other does that was given the same path.

    Where files cannot be locked so, on Windows, each compiles as before.
    """
    if sys.platform == "win32":
        yield
        return
    turn = _Turn(path)
    event.register(LOCK, turn)  # type: ignore[no-untyped-call]  # numba's
    try:
        yield
    finally:
        event.unregister(LOCK, turn)  # type: ignore[no-untyped-call]
        turn.close()
