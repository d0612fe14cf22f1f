"""The worker's side of reading: limits first, then one file after another.

Started by `citybraid.sources.sandbox` as a process of its own; it speaks in framed
pickles over its standard streams, and everything a library prints goes to standard error.
"""

import importlib
import os
import pickle
import sys
from collections.abc import Mapping
from typing import BinaryIO

from citybraid.core.errors import InputErrors, PlanError
from citybraid.sources.sandbox import LENGTH, Job

BLOCKED = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.bind",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
)
MIB = 1 << 20
READERS = "citybraid.sources.readers"


def main() -> None:
    """Serve jobs until standard input ends."""
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for name in ("shapefile", "geotiff", "dxf", "sheet"):
        importlib.import_module(f"{READERS}.{name}")
    start = _address_space()
    sys.addaudithook(_no_network)
    _send(answers, b"ready")
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        job = pickle.loads(jobs.read(LENGTH.unpack(head)[0]))  # noqa: S301  (written by our own parent)
        _limit(job, start)
        _send(answers, pickle.dumps(_outcome(job)))


def _outcome(job: Job) -> tuple[str, object]:
    """A reading, or the problems as text ids with values."""
    reader = importlib.import_module(job.module)
    try:
        if job.task == "extent":
            return "extent", reader.extent(job.path, job.options, job.target)
        if job.task == "peek":
            return "peek", reader.peek(job.path)
        return "reading", reader.read(job.path, job.role, job.options, job.target, limits=job.limits)
    except InputErrors as fault:
        return "problems", [(each.text, dict(each.values)) for each in fault.problems]
    except PlanError as fault:
        return "problems", [(fault.text, dict(fault.values))]
    except MemoryError:
        return "problems", [("intake.too_big", {"limit": job.limits.memory_mib})]
    except RecursionError:
        return "problems", [("intake.unreadable", {"why": "nesting"})]
    except Exception as fault:  # noqa: BLE001  (whatever a hostile file provokes becomes one clean message)
        why = f"{type(fault).__name__}: {fault}".replace(str(job.path.parent), "").splitlines()[0][:200]
        return "problems", [("intake.unreadable", {"why": why})]


def _send(stream: BinaryIO, body: bytes) -> None:
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def _no_network(event: str, _args: tuple[object, ...]) -> None:
    if event.startswith(BLOCKED):
        message = f"a reader may not {event}"
        raise PermissionError(message)


def _address_space() -> int:
    """Address space in use [byte]; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123  (a kernel's file)
            return int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def _limit(job: Job, start: int) -> None:
    """Bound memory and processor time where the system can."""
    try:
        import resource
    except ImportError:
        return
    space = start + int(job.limits.memory_mib * MIB)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + job.limits.seconds) + 2
    wanted: Mapping[int, int] = {resource.RLIMIT_CPU: seconds, **({resource.RLIMIT_AS: space} if start else {})}
    for what, soft in wanted.items():
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


if __name__ == "__main__":
    main()
