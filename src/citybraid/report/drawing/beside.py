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


class Beside(Generic[T]):
    """The results of jobs, done elsewhere or, where that is not possible or fails, here when they are asked for."""

    def __init__(self, jobs: Sequence[Job[T]], process: ForkProcess | None, receiving: Connection | None) -> None:
        self._jobs, self._process = jobs, process
        self._done: list[T] = []
        self._reader = threading.Thread(target=self._read, args=(receiving,), daemon=True)
        self._reader.start()

    def results(self, tick: Callable[[float], None] = lambda _: None) -> list[T]:
        """Return the jobs' results in order; `tick` is told the share that is done. Raises the errors of jobs."""
        self._wait(tick)
        self.stop()
        for job in self._jobs[len(self._done) :]:
            self._done.append(job())
            tick(len(self._done) / len(self._jobs))
        return self._done

    def stop(self) -> None:
        """End the second process; what it was about to do is not done."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        self._reader.join()

    def _wait(self, tick: Callable[[float], None]) -> None:
        waited, before = 0.0, 0
        while self._reader.is_alive() and waited < PATIENCE:
            self._reader.join(LOOK)
            done = len(self._done)
            waited, before = (waited + LOOK, before) if done == before else (0.0, done)
            tick(done / max(len(self._jobs), 1))

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
    found = _started(jobs) if elsewhere and jobs else Beside(jobs, None, None)
    try:
        yield found
    finally:
        found.stop()


def _started(jobs: Sequence[Job[T]]) -> Beside[T]:
    context: ForkContext = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(jobs, sending), daemon=True)
    with warnings.catch_warnings():
        # From Python 3.12 on, for any thread besides: none of ours holds a lock here, those of libraries are reset.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    sending.close()
    return Beside(jobs, process, receiving)


def _work(jobs: Sequence[Job[Any]], sending: Connection) -> None:
    """Do the jobs in turn; the first that fails is the last: the process that asked does it again."""
    with sending, suppress(Exception, KeyboardInterrupt):
        for job in jobs:
            sending.send(job())
