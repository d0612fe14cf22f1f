"""The protocol of what executes Steps. The engine decides which Step is next; a backend carries it out."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from citybraid.core.step import Step
from citybraid.study.run.backends.workplace import Workplace


class Done(NamedTuple):
    """A Step whose values are in the store: its time [s], and whether it was computed for this request."""

    seconds: float
    computed: bool


class Watch(NamedTuple):
    """What is told while Steps run, by name: that one has started, and its share done."""

    started: Callable[[str], None]
    progress: Callable[[str, float], None]
    stopping: Callable[[], bool]
    """Whether Steps are to end at their next tick."""


Submit = Callable[[Step, bool], Future[Done]]
"""Hands over a Step whose inputs are stored; the flag tells that nothing else can run beside it."""


@dataclass(frozen=True)
class Room:
    """A machine: Steps that it runs at once, its available memory [MiB], None where that is not known, its workers."""

    threads: int
    free_mib: float | None
    workers: int = 1


class Backend(Protocol):
    """Executes Steps and stores what they make: bit-identical whatever executes them."""

    @property
    def slots(self) -> int:
        """How many Steps run at once."""

    @property
    def divides(self) -> bool:
        """Whether local models on large grids are divided into bands of rows, which several workers take."""

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The machines that Steps run on; none where it is this process."""

    def session(self, workplace: Workplace, watch: Watch) -> AbstractContextManager[Submit]:
        """Accept Steps until the end of the block; those still running then are stopped."""
