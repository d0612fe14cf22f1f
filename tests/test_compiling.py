"""Processes that need the same kernel at a time compile it once; others they compile at a time."""

import multiprocessing
import sys
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from numba.core import event

from citybraid.kernels import compiled
from tests.compiling import COMPILATION, each_once

AT_ONCE = 2
PATIENCE = 300.0
"""Time after which the other process counts as not coming [s]."""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="absent: a copy of a process is safe on Linux alone")


def _falls(seconds: float) -> float:
    fallen = 0.0
    for second in range(int(seconds)):
        fallen += 9.81 * (second + 0.5)
    return fallen


def _rises(seconds: float) -> float:
    return 9.81 * seconds


def _fails(seconds: float) -> float:
    return float(Path("kept").stat().st_size) + seconds  # a path has no machine code


class _Meeting(event.Listener):
    """Lets the first compilation go on when the other process compiles, too."""

    def __init__(self, met: Barrier) -> None:
        self._waits = [met]

    def on_start(self, event: event.Event) -> None:
        while self._waits:
            self._waits.pop().wait(PATIENCE)

    def on_end(self, event: event.Event) -> None:
        pass


def _misses(path: Path, begun: Barrier, told: Connection, falling: Callable[[float], float], meet: bool) -> None:
    """Compile a kernel when all processes are ready to, and tell how often it was not found among the kept ones."""
    compiled._FOLDER = path.parent / "kept"
    kernel = compiled.compiled()(falling)
    if meet:
        event.register(COMPILATION, _Meeting(begun))  # type: ignore[no-untyped-call]  # numba's
    with each_once(path):
        if not meet:
            begun.wait(PATIENCE)
        kernel(3.0)
    told.send(sum(kernel.stats.cache_misses.values()))  # type: ignore[attr-defined]  # a compiled kernel has it


def _told(path: Path, *kernels: Callable[[float], float], meet: bool = False) -> list[int]:
    """Return the misses of processes that compile a kernel each, at once."""
    context: ForkContext = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    begun = context.Barrier(AT_ONCE)
    makers = [context.Process(target=_misses, args=(path, begun, sending, each, meet)) for each in kernels]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on, for any thread besides
        for each in makers:
            each.start()
    for each in makers:
        each.join()
    assert [each.exitcode for each in makers] == [0] * AT_ONCE
    return [receiving.recv() for _ in makers]


def test_a_kernel_is_compiled_by_one_process(tmp_path: Path) -> None:
    assert sum(_told(tmp_path / "turns", _falls, _falls)) == 1


def test_two_kernels_are_compiled_by_two_processes_at_once(tmp_path: Path) -> None:
    assert sum(_told(tmp_path / "turns", _falls, _rises, meet=True)) == AT_ONCE


def test_what_cannot_be_compiled_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_FOLDER", tmp_path / "kept")
    kernel = compiled.compiled()(_fails)
    for _ in range(2):  # each with locks of its own, as processes have them
        with each_once(tmp_path / "turns"), pytest.raises(Exception, match="Path"):
            kernel(3.0)
