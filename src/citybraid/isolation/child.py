"""The parent's side: a freshly started child process that answers messages in order and can be killed at any time.

Use a child from the thread that started it: on Linux it is killed when that thread ends.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from citybraid.isolation.environment import child_environment, with_package
from citybraid.isolation.fences import FENCES, Fence
from citybraid.isolation.message import Message, received, send
from citybraid.isolation.watch import Watch

PACKAGE = Path(__file__).parents[2]
"""Where this package is imported from."""
START_SECONDS = 60.0
"""Timeout for a child's greeting, which lists its active fences [s]."""
MIB = 1 << 20
GREETING_MIB = 16
OUT_OF_TIME = frozenset({-24})
"""Exit code of a process that exceeded its CPU time limit (SIGXCPU)."""
OUT_OF_MEMORY_SHARE = 0.85
"""Share of the memory limit above which a crash counts as out of memory [-]."""


class Child:
    """One of our modules run as a child process in a temporary folder that is deleted with it.

    Its environment holds a few variables and those that `more` returns for the folder. The module is called with
    this process's id, the folder, and `arguments`; the first message that it sends is what `greeting` returns.
    """

    def __init__(
        self, module: str, *, arguments: Sequence[str] = (), more: Callable[[Path], Mapping[str, str]] = lambda _: {}
    ) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="citybraid-", ignore_cleanup_errors=True)
        self.folder = Path(self._scratch.name).resolve()
        """Scratch folder: the only place the child may write to; deleted with it."""
        self._greeting: Message | None = None
        environment = with_package(child_environment(self.folder, more(self.folder)), PACKAGE)
        self.process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-P", "-W", "ignore", "-m", module, str(os.getpid()), str(self.folder), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder, env=environment,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process is running."""
        return self.process.poll() is None

    def greeting(self) -> Message | None:
        """Return the child's first message, None where it died before or timed out."""
        if self._greeting is None and self.alive:
            ready = threading.Timer(START_SECONDS, self.process.kill)
            ready.start()
            try:
                self._greeting = self.receive(most_mib=GREETING_MIB)
            finally:
                ready.cancel()
        return self._greeting

    def send(self, message: Message) -> None:
        """Send a message; that a child has died is noticed by the next `receive`."""
        assert self.process.stdin is not None  # noqa: S101  (opened as a pipe)
        try:
            send(self.process.stdin, message)
        except OSError:
            return

    def receive(self, *, most_mib: float) -> Message | None:
        """Return the child's next message of at most so many MiB, None where it has died or sent an invalid one."""
        assert self.process.stdout is not None  # noqa: S101  (opened as a pipe)
        return received(self.process.stdout, most=int(most_mib * MIB))

    def watched(self, *, seconds: float, mib: float) -> Watch:
        """Return a watch that kills the child when it exceeds these limits while the `with` block runs."""
        return Watch(self.process.pid, self.process.kill, seconds=seconds, mib=mib)

    def close(self) -> int:
        """End the child, delete what it wrote, and return its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _close(pipe)
        self._scratch.cleanup()
        return code


def missing_fences(active: Sequence[str]) -> tuple[Fence, ...]:
    """Return the fences that are missing from those a child reported as active."""
    return tuple(each for each in FENCES if each not in active)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return
