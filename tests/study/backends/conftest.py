"""A Dask cluster for tests: schedulers and workers as processes of their own, on the loopback address."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from distributed import Client

from tests.study.backends.clockwork import be_patient, lose_patience

ROOT = Path(__file__).parents[3]
PATIENCE = 300.0
SILENT = "10m"
"""Time after which a worker that says nothing counts as dead: on a busy machine a sound one may be silent for long."""
WORKERS = 3
JOB = "citybraid.study.run.backends.job"


def environment() -> dict[str, str]:
    """Return the variables with which a process of its own finds this package and these tests."""
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


class Town:
    """A scheduler and its workers, each a process that can be killed, stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._folder = folder
        self.scheduler = self._listening()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()

    def add_workers(self, count: int) -> None:
        """Start workers of one thread each.

        They import what Steps need before they join: on a busy machine that keeps a worker from answering for seconds.
        """
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0", "--host", "127.0.0.1",
                 "--preload", "tests.study.backends.clockwork", "--preload", JOB)  # fmt: skip
        self.workers += [
            self._started("worker", self.address, *words, "--local-directory", str(self._folder)) for _ in range(count)
        ]

    def repair(self, least: int = WORKERS) -> None:
        """Have a scheduler, and from `least` to three workers, starting those that are not there."""
        if self.scheduler.poll() is not None:
            self.kill_workers()
            self.scheduler = self._listening()
        self.workers = [process for process in self.workers if process.poll() is None]
        self.add_workers(least - len(self.workers))
        self.kill_workers(WORKERS)

    def kill_workers(self, after: int = 0) -> None:
        """Kill the workers but the first so many."""
        for process in self.workers[after:]:
            process.kill()
            process.wait()
        self.workers = self.workers[:after]

    def _listening(self) -> subprocess.Popen[bytes]:
        """Start a scheduler and wait until it can be reached."""
        process = self._started("scheduler", "--port", str(self.port), "--no-dashboard")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return process
            time.sleep(0.1)
        process.kill()
        raise TimeoutError

    def _started(self, *words: str) -> subprocess.Popen[bytes]:
        variables = environment() | {
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": SILENT,
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": f"{PATIENCE}s",
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": f"{PATIENCE}s",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        command = [sys.executable, "-W", "ignore", "-m", "dask", *words]
        return subprocess.Popen(
            command, cwd=self._folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@pytest.fixture(scope="module")
def shared_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A scheduler with three workers, for all tests of a module: each of them takes seconds to start."""
    with Town(tmp_path_factory.mktemp("town")) as made:
        yield made


@pytest.fixture
def town(shared_town: Town) -> Town:
    """The cluster, with those back that an earlier test has killed."""
    shared_town.repair()
    return shared_town


@pytest.fixture
def lone_town(shared_town: Town) -> Town:
    """The cluster with one worker or more, for tests that need no second: each takes seconds to start."""
    shared_town.repair(1)
    return shared_town


@contextlib.contextmanager
def impatient(client: Client) -> Iterator[None]:
    """Have the workers of now refuse at once what does not show: tests of that wait half a second, not ten."""
    client.run(lose_patience)
    try:
        yield
    finally:
        client.run(be_patient)


def freeze(pid: int) -> None:
    """Stop a process without ending it."""
    os.kill(pid, signal.SIGSTOP)
