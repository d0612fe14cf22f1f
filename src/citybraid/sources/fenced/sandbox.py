"""The parent's side of reading: a worker process whose hangs, crashes and memory growth do no harm."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.child import OUT_OF_MEMORY_SHARE, OUT_OF_TIME, Child, missing_fences
from citybraid.isolation.message import Message
from citybraid.isolation.values import pack, unpack
from citybraid.sources.fenced import worker_process
from citybraid.sources.fenced.job import Job, record_class
from citybraid.sources.fenced.repairing import RepairAnswer, RepairJob, repair_job, repaired_of
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Bounds
from citybraid.sources.vector.preview import LayerPreview

__all__ = ["Job", "Sandbox", "Usage"]

OUT_OF_MEMORY = re.compile(r"cannot allocate|out of memory|bad_alloc|memory allocation", re.IGNORECASE)
"""Messages of libraries whose memory allocation failed."""
SOURCE_LOCATION = re.compile(
    r"(?:Error occurred )?(?:in |at )?(?:/[\w.+-]+)+\.(?:cpp|cc|hpp|c|h)\b(?:,? (?:at )?(?:line )?\d+)?:? ?"
)
"""Source locations in the messages of libraries: of no use to a planner."""
ANSWER_FACTOR = 2.0
"""Longest answer over the worker's memory limit [-]: texts are longer as JSON."""


@dataclass(frozen=True)
class Usage:
    """Resources that a job used: the file's name, time [s] and the worker's peak memory [MiB]."""

    file: str
    seconds: float
    mib: float


class Sandbox:
    """A worker process that reads files one after another; a new one is started after any fault.

    It may read only below `folders` and write only to a temporary folder of its own where
    the kernel can enforce it (`fences`); on every system it has no network and starts no
    program. Without folders it may read every file that the user may. `usage` lists the
    resources of each job. `child` is a worker that was started before, for these folders.
    """

    def __init__(self, *folders: Path, child: Child | None = None) -> None:
        self.fences: tuple[str, ...] | None = None
        """Restrictions in force for the worker, None before one was started."""
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
        """Stop the worker, delete its temporary files, and return its exit code."""
        child, self._child = self._child, None
        return 0 if child is None else child.close()

    @property
    def unfenced(self) -> tuple[str, ...]:
        """Restrictions that this system cannot enforce on the worker; () where no worker was needed."""
        return () if self.fences is None else missing_fences(self.fences)

    def read(self, job: Job) -> Reading:
        """Return a file's reading.

        Raises InputError with the reader's own message, or where the reader exceeded its
        time or memory limit or crashed.
        """
        outcome, value = self._answer(job)
        if outcome == "reading" and isinstance(value, Reading):
            return value
        raise _problems(value, job)

    def extent(self, job: Job) -> Bounds:
        """Return a raster's bounds in the study's CRS [m]; raises InputError as `read` does."""
        outcome, value = self._answer(replace(job, task="extent"))
        if outcome == "extent" and isinstance(value, tuple):
            west, south, east, north = value
            return west, south, east, north
        raise _problems(value, job)

    def peek(self, job: Job) -> tuple[LayerPreview, ...]:
        """Return previews of a file's layers; raises InputError as `read` does."""
        outcome, value = self._answer(replace(job, task="peek"))
        if outcome == "peek" and isinstance(value, tuple):
            return value
        raise _problems(value, job)

    def layers(self, job: Job) -> object:
        """Return the drawing reader's description of every layer; raises InputError as `read` does."""
        outcome, value = self._answer(replace(job, task="layers"))
        if outcome == "layers":
            return value
        raise _problems(value, job)

    def repair(self, modules: Iterable[ModuleType], layers: Layers, rules: Rules, limits: Limits) -> RepairResult:
        """Return layers after repairs in the worker.

        Raises InputError with a repair's own message, or where they exceeded their limit of time or memory or crashed.
        """
        job = repair_job(modules, layers, rules, limits)
        tables = list(job.tables)
        stopped = {
            "time": InputError("intake.repair_slow", tables=tables, seconds=job.seconds),
            "memory": InputError("intake.repair_big", tables=tables, limit=limits.memory_mib),
            "crash": InputError("intake.repair_crashed", tables=tables),
        }
        outcome, value = self._outcome(job, job.seconds, "+".join(tables), limits, stopped)
        if outcome == "repaired" and isinstance(value, RepairAnswer):
            return repaired_of(value, job, layers)
        pairs = value if outcome == "problems" and isinstance(value, list) else []
        problems = [InputError(str(text), **values) for text, values in pairs]
        if not problems:
            raise stopped["memory" if outcome == "memory" else "crash"]
        raise problems[0] if len(problems) == 1 else InputErrors(problems)

    def _answer(self, job: Job) -> tuple[str, object]:
        """Return the worker's answer to a job; raises InputError where none came in time.

        A worker that did not answer, or that met an unexpected exception, reads no other file.
        """
        name, limits = job.path.name, job.limits
        stopped = {
            "time": InputError("intake.too_slow", name=name, seconds=limits.seconds),
            "memory": InputError("intake.too_big", name=name, limit=limits.memory_mib),
            "crash": InputError("intake.crashed", name=name),
        }
        return self._outcome(job, limits.seconds, name, limits, stopped)

    def _outcome(
        self, job: Job | RepairJob, seconds: float, name: str, limits: Limits, stopped: Mapping[str, InputError]
    ) -> tuple[str, object]:
        """Return the worker's outcome and value; raises what `stopped` says for its time, its memory, or a crash."""
        child = self._started(stopped["crash"])
        with child.watched(seconds=seconds, mib=limits.memory_mib) as watch:
            child.send(pack(job))
            answer = child.receive(most_mib=ANSWER_FACTOR * limits.memory_mib)
        self.usage.append(Usage(name, watch.seconds, watch.peak_mib))
        if answer is not None and (result := _unpacked_answer(answer)) is not None:
            if result[0] in ("fault", "memory"):
                self.close()
            return result
        code = self.close()
        if watch.reason == "time" or code in OUT_OF_TIME:
            raise stopped["time"]
        if watch.reason == "memory" or watch.peak_mib > OUT_OF_MEMORY_SHARE * limits.memory_mib:
            raise stopped["memory"]
        raise stopped["crash"]

    def _started(self, crash: InputError) -> Child:
        """Return the running worker or start one; restart it without the surplus drivers that it reports."""
        if self._child is not None and self._child.alive and self.fences is not None:
            return self._child
        child, greeting = self._greeted_child(crash)
        if greeting["drivers"]:
            self._skipped = (*self._skipped, *map(str, greeting["drivers"]))
            self.close()
            child, greeting = self._greeted_child(crash)
        self.fences = tuple(map(str, greeting["fences"]))
        return child

    def _greeted_child(self, crash: InputError) -> tuple[Child, dict[str, Sequence[object]]]:
        """Return a worker that has sent its greeting; raises InputError where it cannot be started."""
        if self._child is None or not self._child.alive:
            self.close()
            self._child = worker_process.start_worker(self._folders, self._skipped)
        greeting = self._child.greeting()
        if greeting is None or not isinstance(greeting.body, dict):
            self.close()
            raise crash
        return self._child, greeting.body


def _unpacked_answer(answer: Message) -> tuple[str, object] | None:
    """Return an outcome and its value, None where the answer is malformed."""
    try:
        outcome, value = unpack(answer, record_class)
    except (DecodeError, ValueError, TypeError):
        return None
    return str(outcome), value


def _problems(reported: object, job: Job) -> PlanError:
    """Return the worker's problems as one error."""
    pairs = reported if isinstance(reported, list) else [("intake.crashed", {})]
    problems = [_problem(str(text), {"name": job.path.name, **values}, job) for text, values in pairs]
    return problems[0] if len(problems) == 1 else InputErrors(problems)


def _problem(text: str, values: dict[str, object], job: Job) -> PlanError:
    """Return one problem without source locations; a library's failed allocation becomes `intake.too_big`."""
    why = str(values.get("why", ""))
    if OUT_OF_MEMORY.search(why):
        return InputError("intake.too_big", name=values["name"], limit=job.limits.memory_mib)
    return InputError(text, **{**values, **({"why": SOURCE_LOCATION.sub("", why)} if why else {})})
