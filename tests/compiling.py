"""A kernel is compiled by one process of a parallel run: others that need it meanwhile read what that one keeps.

Numba looks for a kept kernel, compiles it where there is none, and keeps it. Between a look in vain and what is kept, a
process holds a file of that kernel here, and looks once more when it has it. Other kernels are compiled meanwhile: a
fresh checkout has minutes of them, in which a process would else wait for the other.
"""

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from numba.core import caching, event

COMPILATION = "numba:compile"
"""Numba's name of the compilation of a kernel, whose end tells whether it failed."""


class _Turns(event.Listener):
    """Holds the files of the kernels that this process compiles; nobody else holds them meanwhile.

    A kernel's file is held while the kernels that it calls are compiled, too. None calls one that calls it, so that no
    two processes wait for each other.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, BinaryIO] = {}
        self._lock = threading.Lock()

    def take(self, kernel: str) -> None:
        """Wait until no other process compiles a kernel."""
        import fcntl

        with self._lock:
            if kernel in self._held:  # on the way to itself, for other arguments
                return
        file = (self._folder / hashlib.sha256(kernel.encode()).hexdigest()).open("wb")
        fcntl.flock(file, fcntl.LOCK_EX)
        with self._lock:
            self._held[kernel] = file

    def give(self, kernel: str) -> None:
        """Let others compile a kernel, or read it; nothing where it is not held."""
        with self._lock:
            file = self._held.pop(kernel, None)
        if file is not None:
            file.close()

    def on_start(self, event: event.Event) -> None:
        """Nothing: the kernel is held by then."""

    def on_end(self, event: event.Event) -> None:
        """Let others compile what could not be compiled here: nothing will be kept."""
        cache = event.data["dispatcher"]._cache
        if event._exc_details is not None and isinstance(cache, caching.Cache):  # its `is_failed` tells the opposite
            self.give(_name(cache))


def _name(cache: Any) -> str:
    """Return what is one for all signatures of a kernel: the path of the index of what is kept of it."""
    return str(cache._cache_file._index_path)


@contextmanager
def each_once(folder: Path) -> Iterator[None]:
    """While the block runs this process compiles no kernel that another is compiling that was given the same folder.

    Where files cannot be locked so, on Windows, each compiles as before.
    """
    if sys.platform == "win32":
        yield
        return
    folder.mkdir(exist_ok=True)
    turns = _Turns(folder)
    load: Callable[..., Any] = caching.Cache.load_overload
    save: Callable[..., Any] = caching.Cache.save_overload

    def load_overload(cache: Any, sig: Any, target_context: Any) -> Any:
        kept = load(cache, sig, target_context)
        if kept is not None:
            return kept
        turns.take(_name(cache))
        kept = load(cache, sig, target_context)
        if kept is not None:
            turns.give(_name(cache))
        return kept

    def save_overload(cache: Any, sig: Any, data: Any) -> None:
        try:
            save(cache, sig, data)
        finally:
            turns.give(_name(cache))

    event.register(COMPILATION, turns)  # type: ignore[no-untyped-call]  # numba's
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(caching.Cache, "load_overload", load_overload)
        patch.setattr(caching.Cache, "save_overload", save_overload)
        try:
            yield
        finally:
            event.unregister(COMPILATION, turns)  # type: ignore[no-untyped-call]
