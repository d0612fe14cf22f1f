"""The parent's side of reading: a worker process that may hang, crash or grow without harm."""

import os
import pickle
import re
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import citybraid
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.safety import environment
from citybraid.sources.safety_answers import answered
from citybraid.sources.safety_watch import Watch
from citybraid.sources.vector.preview import Peeked

LENGTH = struct.Struct("<Q")
START_SECONDS = 60.0
STARVED = re.compile(r"cannot allocate|out of memory|bad_alloc|memory allocation", re.IGNORECASE)
"""How libraries say that memory was refused to them."""
BUILT = re.compile(
    r"(?:Error occurred )?(?:in |at )?(?:/[\w.+-]+)+\.(?:cpp|cc|hpp|c|h)\b(?:,? (?:at )?(?:line )?\d+)?:? ?"
)
"""Where in its own code a library noticed something: of no use to a planner."""
FULL = 0.85
"""Share of the memory limit above which a crash counts as want of memory [-]."""


@dataclass(frozen=True)
class Job:
    """One file to read: the reader's module, the file, its role, options and limits."""

    module: str
    path: Path
    role: str
    options: Options
    target: Target
    limits: Limits
    task: Literal["read", "extent", "peek", "layers"] = "read"


@dataclass(frozen=True)
class Hello:
    """What a worker tells first: drivers that should not be there, and the fences of the kernel that stand."""

    drivers: tuple[str, ...]
    fences: tuple[str, ...]


@dataclass(frozen=True)
class Usage:
    """What a job took: the file's name, seconds, and the most memory that the worker held [MiB]."""

    file: str
    seconds: float
    mib: float


class Sandbox:
    """A worker process that reads files one after another; a new one is started after a crash.

    It may read below `folder` only, and write to a folder of its own that goes with it,
    where the kernel can see to that (`fences`); anywhere it has no network and starts no
    program. Without `folder` it may read every file that the user may. `usage` tells
    what each job took.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.fences: tuple[str, ...] = ()
        self.usage: list[Usage] = []
        self._folder = folder
        self._worker: subprocess.Popen[bytes] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._skipped: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and delete what it wrote."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    _closed(pipe)
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            scratch.cleanup()

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
        """The worker's answer to a job; raises InputError where it gave none in time."""
        worker = self._started(job)
        with Watch(worker.pid, worker.kill, seconds=job.limits.seconds, mib=job.limits.memory_mib) as watch:
            answer = _exchange(worker, job)
        self.usage.append(Usage(job.path.name, watch.seconds, watch.peak_mib))
        if answer is not None:
            outcome, value = answer
            return str(outcome), value
        self.close()
        code = worker.returncode
        if watch.reason == "time" or code in _OUT_OF_TIME:
            raise InputError("intake.too_slow", name=job.path.name, seconds=job.limits.seconds)
        if watch.reason == "memory" or watch.peak_mib > FULL * job.limits.memory_mib:
            raise InputError("intake.too_big", name=job.path.name, limit=job.limits.memory_mib)
        raise InputError("intake.crashed", name=job.path.name)

    def _started(self, job: Job) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        hello = self._start(job)
        if hello.drivers:
            self._skipped = (*self._skipped, *hello.drivers)
            hello = self._start(job)
        self.fences = hello.fences
        assert self._worker is not None  # noqa: S101  (just started)
        return self._worker

    def _start(self, job: Job) -> Hello:
        self.close()
        self._scratch = tempfile.TemporaryDirectory(prefix="citybraid-", ignore_cleanup_errors=True)
        scratch = Path(self._scratch.name).resolve()
        source = str(Path(citybraid.__file__).parent.parent)
        around = environment(scratch, self._skipped)
        paths = [source, *filter(None, [around.get("PYTHONPATH")])]
        readable = [] if self._folder is None else [str(self._folder.resolve())]
        worker = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-P", "-W", "ignore", "-m", "citybraid.sources.worker", str(scratch), *readable],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=scratch,
            env={**around, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
        self._worker = worker
        ready = threading.Timer(START_SECONDS, worker.kill)
        ready.start()
        try:
            hello = _received(worker)
        finally:
            ready.cancel()
        if not isinstance(hello, Hello):
            self.close()
            raise InputError("intake.crashed", name=job.path.name)
        return hello


_OUT_OF_TIME = frozenset({-24})
"""Exit code of a process that used up its processor time (SIGXCPU)."""


def frames(value: object) -> "Iterator[bytes | memoryview[Any]]":
    """Yield a value as it goes through a pipe: sizes, the pickle, then its arrays uncopied."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    views: list[memoryview[Any]] = [buffer.raw() for buffer in buffers]
    yield LENGTH.pack(len(views))
    yield LENGTH.pack(len(body))
    yield body
    for view in views:
        yield LENGTH.pack(view.nbytes)
        yield view


def unframed(read: Callable[[int], bytes], load: Callable[[bytearray, Sequence[bytearray]], object]) -> object | None:
    """Return the value that `frames` made, None where the other side has died or sent what may not be built."""
    try:
        count = LENGTH.unpack(read(LENGTH.size))[0]
        parts = [_part(read) for _ in range(count + 1)]
        return load(parts[0], parts[1:])
    except (struct.error, EOFError, pickle.UnpicklingError):
        return None


def _part(read: Callable[[int], bytes]) -> bytearray:
    size = LENGTH.unpack(read(LENGTH.size))[0]
    part = bytearray(read(size))
    if len(part) != size:
        raise EOFError
    return part


def _exchange(worker: subprocess.Popen[bytes], job: Job) -> tuple[object, object] | None:
    assert worker.stdin is not None  # noqa: S101  (opened as a pipe)
    try:
        for part in frames(job):
            worker.stdin.write(part)
        worker.stdin.flush()
    except OSError:
        return None
    answer = _received(worker)
    return answer if isinstance(answer, tuple) else None


def _received(worker: subprocess.Popen[bytes]) -> object | None:
    """One answer, None where the worker has died."""
    assert worker.stdout is not None  # noqa: S101  (opened as a pipe)
    return unframed(worker.stdout.read, answered)


def _closed(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return


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
