"""The worker's side of reading: fences and limits first, then one file after another.

Started by `citybraid.sources.sandbox` as a process of its own; it speaks in framed
pickles over its standard streams, and everything a library prints goes to standard error.
"""

import importlib
import os
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from citybraid.core.errors import InputErrors, PlanError
from citybraid.sources.protocol.discovery import all_roles
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.safety import KEPT
from citybraid.sources.safety_linux import sealed, system_folders
from citybraid.sources.safety_signs import signs_told
from citybraid.sources.sandbox import Hello, Job, frames, unframed

BLOCKED = (
    "socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "webbrowser.open", "os.kill",
    "sqlite3.enable_load_extension", "sqlite3.load_extension",
)  # fmt: skip
"""What no reader may do (events of Python's audit hooks)."""
CHANGES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "os.utime", "shutil.rmtree", "shutil.move",
)  # fmt: skip
"""What a reader may do in its own folder only."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MIB = 1 << 20
KIB = 1024
OPEN_FILES = 512
LATER_MIB = 32
"""Memory of libraries that are loaded with a file [MiB]."""
READERS = "citybraid.sources.readers"


def main() -> None:
    """Serve jobs until standard input ends."""
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.umask(0o077)
    scratch, *folders = (Path(said) for said in sys.argv[1:])
    readable = (*system_folders(), *folders) if folders else (Path("/"),)
    fences = sealed(readable, [scratch, Path(os.devnull)])
    for name in ("shapefile", "geotiff", "dxf", "sheet"):
        importlib.import_module(f"{READERS}.{name}")
    all_roles()
    shared = _shared_mib()
    guard = Guard(scratch)
    sys.addaudithook(guard)
    _send(answers, Hello(_unwanted_drivers(), fences))
    while isinstance(job := unframed(jobs.read, _loaded), Job):
        _limit(job, shared)
        with guard.reading():
            outcome = _outcome(job)
        _send(answers, outcome)


def _outcome(job: Job) -> tuple[str, object]:
    """A reading, or the problems as text ids with values."""
    try:
        reader = importlib.import_module(job.module)
        if job.task == "extent":
            return "extent", reader.extent(job.path, job.options, job.target)
        if job.task == "peek":
            return "peek", reader.peek(job.path)
        if job.task == "layers":
            return "layers", reader.layers(job.path)
        reading = reader.read(job.path, job.role, job.options, job.target, limits=job.limits)
        return "reading", signs_told(reading, name=job.path.name) if isinstance(reading, Reading) else reading
    except InputErrors as fault:
        return "problems", [(each.text, dict(each.values)) for each in fault.problems]
    except PlanError as fault:
        return "problems", [(fault.text, dict(fault.values))]
    except MemoryError:
        return "problems", [("intake.too_big", {"limit": job.limits.memory_mib})]
    except RecursionError:
        return "problems", [("intake.unreadable", {"why": "nesting"})]
    except Exception as fault:  # noqa: BLE001  (whatever a hostile file provokes becomes one clean message)
        said = f"{type(fault).__name__}: {fault}".replace(str(job.path.parent), "").splitlines()
        return "problems", [("intake.unreadable", {"why": said[0][:200]})]


def _send(stream: BinaryIO, value: object) -> None:
    stream.writelines(frames(value))
    stream.flush()


def _loaded(body: bytearray, buffers: Sequence[bytearray]) -> object:
    """A job of our own parent."""
    job: object = pickle.loads(body, buffers=buffers)  # noqa: S301  (written by our own parent)
    return job


class Guard:
    """An audit hook: no network, no program, no unpickling while a file is read, changes in the worker's folder only.

    It sees what Python does. What libraries in C do is held by the kernel's fences and
    by the drivers that are not there.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)
        self._reading = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold a file's reader to more than our own messages."""
        self._reading = True
        try:
            yield
        finally:
            self._reading = False

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        """Raise PermissionError where an event is not for a reader."""
        if event.startswith(BLOCKED) or (self._reading and event == "pickle.find_class"):
            message = f"a reader may not {event}"
            raise PermissionError(message)
        writes = event == "open" and isinstance(args[2], int) and bool(args[2] & WRITING)
        if writes or event in CHANGES:
            self._refuse_outside(event, args[0])

    def _refuse_outside(self, event: str, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        where = os.path.realpath(os.fsdecode(path))
        if where != os.devnull and not where.startswith(self._scratch):
            message = f"a reader may not {event} outside its folder"
            raise PermissionError(message)


def _unwanted_drivers() -> tuple[str, ...]:
    """Drivers that either GDAL still has beyond those that readers use."""
    import pyogrio
    import rasterio

    with rasterio.Env() as around:
        held = {*pyogrio.list_drivers(), *around.drivers()}
    return tuple(sorted(held - KEPT))


def _shared_mib() -> float:
    """Resident memory that is no data of this process: libraries [MiB]; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123  (a kernel's file)
            told = dict(line.split(":", 1) for line in stream)
        return max(0.0, (float(told["VmRSS"].split()[0]) - float(told["VmData"].split()[0])) / KIB)
    except (OSError, ValueError, KeyError):
        return 0.0


def _limit(job: Job, shared: float) -> None:
    """Bound memory, processor time and what may be written, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted: Mapping[int, float] = {
        resource.RLIMIT_CPU: used.ru_utime + used.ru_stime + job.limits.seconds + 2,
        resource.RLIMIT_DATA: (job.limits.memory_mib - shared - LATER_MIB) * MIB,
        resource.RLIMIT_FSIZE: job.limits.unpacked_mib * MIB,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, said in wanted.items():
        soft, hard = max(0, int(said)), resource.getrlimit(what)[1]
        try:
            resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
        except (ValueError, OSError):
            continue


if __name__ == "__main__":
    main()
