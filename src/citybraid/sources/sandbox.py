"""The parent's side of reading: a worker process that may hang, crash or grow without harm."""

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import citybraid
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.sources.filespec import Options
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.reading import Reading
from citybraid.sources.target import Bounds, Target

SKIPPED = (
    "VRT", "OGR_VRT", "GTI", "HTTP", "WMS", "WMTS", "WCS", "WFS", "OAPIF", "OGCAPI", "CSW", "EEDA", "EEDAI", "DAAS",
    "PLMOSAIC", "PLSCENES", "STACIT", "STACTA", "GDALG", "MVT", "Carto", "AmigoCloud", "Elasticsearch", "NGW", "ADBC",
    "PMTiles", "DERIVED", "MapML", "GMLAS", "NAS", "MRF", "Zarr",
)  # fmt: skip
"""Drivers that read other files or the network."""
ENVIRONMENT: Mapping[str, str] = {
    "GDAL_SKIP": ",".join(SKIPPED),
    "OGR_SKIP": ",".join(SKIPPED),
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_CACHEMAX": "128",
    "PROJ_NETWORK": "OFF",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
}
"""Set before the worker imports either GDAL."""
LENGTH = struct.Struct("<Q")
START_SECONDS = 60.0


@dataclass(frozen=True)
class Job:
    """One file to read: the reader's module, the file, its role, options and limits."""

    module: str
    path: Path
    role: str
    options: Options
    target: Target
    limits: Limits
    task: Literal["read", "extent", "peek"] = "read"


class Sandbox:
    """A worker process that reads files one after another; a new one is started after a crash."""

    def __init__(self) -> None:
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    pipe.close()

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

    def _asked(self, job: Job) -> tuple[str, object]:
        """The worker's answer to a job; raises InputError where it gave none in time."""
        worker = self._started(job)
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(job.limits.seconds, stop)
        timer.start()
        try:
            answer = _exchange(worker, job)
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            if late.is_set():
                raise InputError("intake.too_slow", name=job.path.name, seconds=job.limits.seconds)
            raise InputError("intake.crashed", name=job.path.name)
        outcome, value = pickle.loads(answer)  # noqa: S301  (written by our own worker)
        return str(outcome), value

    def _started(self, job: Job) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self.close()
            source = str(Path(citybraid.__file__).parent.parent)
            paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
            environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(paths)}
            command = [sys.executable, "-W", "ignore", "-m", "citybraid.sources.worker"]
            self._worker = subprocess.Popen(  # noqa: S603  (our own module)
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
            ready = threading.Timer(START_SECONDS, self._worker.kill)
            ready.start()
            try:
                if _receive(self._worker) is None:
                    self.close()
                    raise InputError("intake.crashed", name=job.path.name)
            finally:
                ready.cancel()
        return self._worker


def _exchange(worker: subprocess.Popen[bytes], job: Job) -> bytes | None:
    body = pickle.dumps(job)
    assert worker.stdin is not None  # noqa: S101  (opened as a pipe)
    try:
        worker.stdin.write(LENGTH.pack(len(body)) + body)
        worker.stdin.flush()
    except OSError:
        return None
    return _receive(worker)


def _receive(worker: subprocess.Popen[bytes]) -> bytes | None:
    """One framed answer, None where the worker has died."""
    assert worker.stdout is not None  # noqa: S101  (opened as a pipe)
    head = worker.stdout.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    body = worker.stdout.read(size)
    return body if len(body) == size else None


def _problems(told: object, job: Job) -> PlanError:
    """The worker's problems as one error."""
    pairs = told if isinstance(told, list) else [("intake.crashed", {})]
    problems = [InputError(text, **{"name": job.path.name, **values}) for text, values in pairs]
    return problems[0] if len(problems) == 1 else InputErrors(problems)
