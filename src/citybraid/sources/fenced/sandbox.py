"""The parent's side of reading: a worker process that may hang, crash or grow without harm."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.isolation.arrays import UnfitError
from citybraid.isolation.child import FULL, OUT_OF_TIME, Child, unfenced
from citybraid.isolation.message import Message
from citybraid.isolation.values import packed, unpacked
from citybraid.sources.fenced import reading_process
from citybraid.sources.fenced.job import Job, known_record
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Bounds
from citybraid.sources.vector.preview import Peeked

__all__ = ["Job", "Sandbox", "Usage"]

STARVED = re.compile(r"cannot allocate|out of memory|bad_alloc|memory allocation", re.IGNORECASE)
"""How libraries say that memory was refused to them."""
BUILT = re.compile(
    r"(?:Error occurred )?(?:in |at )?(?:/[\w.+-]+)+\.(?:cpp|cc|hpp|c|h)\b(?:,? (?:at )?(?:line )?\d+)?:? ?"
)
"""Where in its own code a library noticed something: of no use to a planner."""
TIMES_TOLD = 2.0
"""An answer may have so many times the memory that the worker may hold: texts are longer as JSON [-]."""


@dataclass(frozen=True)
class Usage:
    """What a job took: the file's name, seconds, and the most memory that the worker held [MiB]."""

    file: str
    seconds: float
    mib: float


class Sandbox:
    """A worker process that reads files one after another; a new one is started after any fault.

    It may read below `folders` only, and write to a folder of its own that goes with it,
    where the kernel can see to that (`fences`); anywhere it has no network and starts no
    program. Without folders it may read every file that the user may. `usage` tells
    what each job took. `child` is a worker that was started before, for these folders.
    """

    def __init__(self, *folders: Path, child: Child | None = None) -> None:
        self.fences: tuple[str, ...] | None = None
        """Fences that stand around the worker, None before there was one."""
        self.usage: list[Usage] = []
        self._folders = folders
        self._child = child
        self._skipped: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> int:
        """End the worker, delete what it wrote, and return its exit code."""
        child, self._child = self._child, None
        return 0 if child is None else child.close()

    @property
    def unfenced(self) -> tuple[str, ...]:
        """What this system could not forbid the worker; () where none was needed."""
        return () if self.fences is None else unfenced(self.fences)

    def read(self, job: Job) -> Reading:
        """Return a file's reading.

        Raises InputError with the reader's own message, or one that says that the reader
        took too long, too much memory, or crashed.
        """
        outcome, value = self._asked(job)
        if outcome == "reading" and isinstance(value, Reading):
            return value
        raise _problems(value, job)

    def extent(self, job: Job) -> Bounds:
        """Return a raster's bounds in the study's CRS [m]; raises InputError as `read` does."""
        outcome, value = self._asked(replace(job, task="extent"))
        if outcome == "extent" and isinstance(value, tuple):
            west, south, east, north = value
            return west, south, east, north
        raise _problems(value, job)

    def peek(self, job: Job) -> tuple[Peeked, ...]:
        """Return what a file's layers hold; raises InputError as `read` does."""
        outcome, value = self._asked(replace(job, task="peek"))
        if outcome == "peek" and isinstance(value, tuple):
            return value
        raise _problems(value, job)

    def layers(self, job: Job) -> object:
        """Return what a drawing's reader tells of every layer; raises InputError as `read` does."""
        outcome, value = self._asked(replace(job, task="layers"))
        if outcome == "layers":
            return value
        raise _problems(value, job)

    def _asked(self, job: Job) -> tuple[str, object]:
        """The worker's answer to a job; raises InputError where it gave none in time.

        A worker that gave none, or that met what no reader foresaw, reads no other file.
        """
        child = self._started(job)
        with child.watched(seconds=job.limits.seconds, mib=job.limits.memory_mib) as watch:
            child.send(packed(job))
            answer = child.receive(most_mib=TIMES_TOLD * job.limits.memory_mib)
        self.usage.append(Usage(job.path.name, watch.seconds, watch.peak_mib))
        if answer is not None and (told := _told(answer)) is not None:
            if told[0] == "fault":
                self.close()
            return told
        code = self.close()
        if watch.reason == "time" or code in OUT_OF_TIME:
            raise InputError("intake.too_slow", name=job.path.name, seconds=job.limits.seconds)
        if watch.reason == "memory" or watch.peak_mib > FULL * job.limits.memory_mib:
            raise InputError("intake.too_big", name=job.path.name, limit=job.limits.memory_mib)
        raise InputError("intake.crashed", name=job.path.name)

    def _started(self, job: Job) -> Child:
        """The worker, a new one where there is none; again without the drivers that it says it has too many."""
        if self._child is not None and self._child.alive and self.fences is not None:
            return self._child
        child, greeting = self._greeted(job)
        if greeting["drivers"]:
            self._skipped = (*self._skipped, *map(str, greeting["drivers"]))
            self.close()
            child, greeting = self._greeted(job)
        self.fences = tuple(map(str, greeting["fences"]))
        return child

    def _greeted(self, job: Job) -> tuple[Child, dict[str, Sequence[object]]]:
        """A worker that has told what it is; raises InputError where it cannot be started."""
        if self._child is None or not self._child.alive:
            self.close()
            self._child = reading_process.started(self._folders, self._skipped)
        greeting = self._child.greeting()
        if greeting is None or not isinstance(greeting.body, dict):
            self.close()
            raise InputError("intake.crashed", name=job.path.name)
        return self._child, greeting.body


def _told(answer: Message) -> tuple[str, object] | None:
    """An outcome and its value, None where the answer is none."""
    try:
        outcome, value = unpacked(answer, known_record)
    except (UnfitError, ValueError, TypeError):
        return None
    return str(outcome), value


def _problems(told: object, job: Job) -> PlanError:
    """The worker's problems as one error."""
    pairs = told if isinstance(told, list) else [("intake.crashed", {})]
    problems = [_problem(str(text), {"name": job.path.name, **values}, job) for text, values in pairs]
    return problems[0] if len(problems) == 1 else InputErrors(problems)


def _problem(text: str, values: dict[str, object], job: Job) -> PlanError:
    """One problem, without the places in libraries' own code; want of memory told as such whatever library told it."""
    why = str(values.get("why", ""))
    if STARVED.search(why):
        return InputError("intake.too_big", name=values["name"], limit=job.limits.memory_mib)
    return InputError(text, **{**values, **({"why": BUILT.sub("", why)} if why else {})})
