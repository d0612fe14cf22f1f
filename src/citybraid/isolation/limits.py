"""How much of the machine a child may take: processor time, memory, and what it writes."""

import importlib.util
import sys
from collections.abc import Mapping

MIB = 1 << 20
KIB = 1024
OPEN_FILES = 512
GRACE = 2.0
"""Processor time beyond the clock's that is left for the watch to act first [s]."""


def bound(*, seconds: float, memory_mib: float, file_mib: float) -> bool:
    """Bound what this process takes from now on; False where the system has no such limits.

    `seconds` of processor time count from now, `memory_mib` is all private memory of the
    process, `file_mib` the largest file that it may write.
    """
    try:
        import resource
    except ImportError:
        return False
    used = resource.getrusage(resource.RUSAGE_SELF)
    limits: Mapping[int, float] = {
        resource.RLIMIT_CPU: used.ru_utime + used.ru_stime + seconds + GRACE,
        resource.RLIMIT_DATA: memory_mib * MIB,
        resource.RLIMIT_FSIZE: file_mib * MIB,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    applied = True
    for kind, limit in limits.items():
        soft, hard = max(0, int(limit)), resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
        except (ValueError, OSError):
            applied = False
    return applied


def libraries_mib() -> float:
    """Return the resident memory of this process that is no data of its own: libraries [MiB]; 0 where unknown."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123  (a kernel's file)
            status = dict(line.split(":", 1) for line in stream)
        return max(0.0, (float(status["VmRSS"].split()[0]) - float(status["VmData"].split()[0])) / KIB)
    except (OSError, ValueError, KeyError):
        return 0.0


def held() -> bool:
    """Tell whether this system holds a process to all of these limits; others are watched from outside alone."""
    return sys.platform.startswith("linux") and importlib.util.find_spec("resource") is not None
