"""Processes that need the same kernel at a time compile it once."""

import multiprocessing
import sys
import warnings
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from citybraid.kernels import compiled
from tests.compiling import one_at_a_time

AT_ONCE = 2


def _falls(seconds: float) -> float:
    fallen = 0.0
    for second in range(int(seconds)):
        fallen += 9.81 * (second + 0.5)
    return fallen


def _misses(path: Path, begun: Barrier, told: Connection) -> None:
    """Compile a kernel when all processes are ready to, and tell how often it was not found among the kept ones."""
    compiled._FOLDER = path.parent / "kept"
    kernel = compiled.compiled()(_falls)
    with one_at_a_time(path):
        begun.wait()
        kernel(3.0)
    told.send(sum(kernel.stats.cache_misses.values()))  # type: ignore[attr-defined]  # a compiled kernel has it


@pytest.mark.skipif(sys.platform != "linux", reason="absent: a copy of a process is safe on Linux alone")
def test_a_kernel_is_compiled_by_one_process(tmp_path: Path) -> None:
    context: ForkContext = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    begun = context.Barrier(AT_ONCE)
    makers = [context.Process(target=_misses, args=(tmp_path / "turn", begun, sending)) for _ in range(AT_ONCE)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on, for any thread besides
        for each in makers:
            each.start()
    for each in makers:
        each.join()
    assert sum(receiving.recv() for _ in makers) == 1
