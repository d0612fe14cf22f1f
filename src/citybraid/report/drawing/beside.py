"""Parts of a report that a second process makes while this one makes others.

The process is a copy of this one (fork): it has the run, its tables and all that was traced and drawn before, so
nothing is read twice or sent to it. It writes files and sends back what each job returns.
"""

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes import c_int64
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkProcess
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Job = Callable[[], T]
PATIENCE = 300.0
"""Time without a finished job after which the second process is taken to hang, and its jobs are done here [s]."""
LOOK = 0.2
"""Time between two looks at how far the second process is [s]."""


def second_process() -> bool:
    """Tell whether a second process can help: on Linux, where a copy of a process is safe, with a second core."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


class _Claims:
    """Which jobs are taken: the second process takes them from the first on, this one from the last back."""

    def __init__(self, context: ForkContext, count: int) -> None:
        self._lock = context.Lock()
        self._first, self._after = context.RawValue(c_int64, 0), context.RawValue(c_int64, count)

    def first(self) -> int | None:
        """Take the first job that is not taken, None where all are."""
        with self._lock:
            if self._first.value >= self._after.value:
                return None
            self._first.value += 1
            return self._first.value - 1

    def last(self) -> int | None:
        """Take the last job that is not taken, None where all are."""
        with self._lock:
            if self._first.value >= self._after.value:
                return None
            self._after.value -= 1
            return self._after.value


class Beside(Generic[T]):
    """The results of jobs, done elsewhere or, where that is not possible or fails, here when they are asked for."""

    def __init__(
        self, jobs: Sequence[Job[T]], process: ForkProcess | None, receiving: Connection | None,
        claims: _Claims | None = None,
    ) -> None:  # fmt: skip
        self._jobs, self._process, self._claims = jobs, process, claims
        self._done: list[T] = []
        self._reader = threading.Thread(target=self._read, args=(receiving,), daemon=True)
        self._reader.start()

    def results(self, tick: Callable[[float], None] = lambda _: None, *, helping: bool = False) -> list[T]:
        """Return the jobs' results in order; `tick` is told the share that is done. Raises the errors of jobs.

        With `helping`, jobs that the second process has not begun are done here, from the last back, until both meet.
        """
        here: dict[int, T] = {}
        while helping and self._claims is not None and (at := self._claims.last()) is not None:
            here[at] = self._jobs[at]()
            tick((len(self._done) + len(here)) / len(self._jobs))
        self._wait(tick, len(here))
        self.stop()
        for at in range(len(self._done), len(self._jobs)):
            if at not in here:
                here[at] = self._jobs[at]()
                tick((at + 1) / len(self._jobs))
            self._done.append(here[at])
        return self._done

    def stop(self) -> None:
        """End the second process; what it was about to do is not done."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        self._reader.join()

    def _wait(self, tick: Callable[[float], None], here: int) -> None:
        waited, before = 0.0, 0
        while self._reader.is_alive() and waited < PATIENCE:
            self._reader.join(LOOK)
            done = len(self._done)
            waited, before = (waited + LOOK, before) if done == before else (0.0, done)
            tick((done + here) / max(len(self._jobs), 1))

    def _read(self, receiving: Connection | None) -> None:
        """Take in results as they come: a pipe that nobody reads would hold the second process up."""
        if receiving is None:
            return
        with receiving, suppress(EOFError, OSError):
            while len(self._done) < len(self._jobs):
                self._done.append(receiving.recv())


@contextmanager
def beside(jobs: Sequence[Job[T]], *, elsewhere: bool) -> Iterator[Beside[T]]:
    """Do jobs in a second process while the block runs; without `elsewhere` they are done when results are asked for.

    What a job returns must be plain values. A job that fails there is done again here, and its error raised.
    """
    worker = _started(jobs) if elsewhere and jobs else Beside(jobs, None, None)
    try:
        yield worker
    finally:
        worker.stop()


def _started(jobs: Sequence[Job[T]]) -> Beside[T]:
    context: ForkContext = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    claims = _Claims(context, len(jobs))
    process = context.Process(target=_work, args=(jobs, claims, sending), daemon=True)
    with warnings.catch_warnings():
        # From Python 3.12 on, for any thread besides: none of ours holds a lock here, those of libraries are reset.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    sending.close()
    return Beside(jobs, process, receiving, claims)


def _work(jobs: Sequence[Job[Any]], claims: _Claims, sending: Connection) -> None:
    """Do the jobs in turn; the first that fails is the last: the process that asked does it again."""
    with sending, suppress(Exception, KeyboardInterrupt):
        while (at := claims.first()) is not None:
            sending.send(jobs[at]())
