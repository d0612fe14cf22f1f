"""Resource limits of a child: CPU time, memory, and file size."""

import importlib.util
import sys
from collections.abc import Mapping

MIB = 1 << 20
KIB = 1024
OPEN_FILES = 512
GRACE = 2.0
"""Extra CPU time, so that the wall-clock watch acts first [s]."""


def set_limits(*, seconds: float, memory_mib: float, file_mib: float) -> bool:
    """Set resource limits of this process; False where the system cannot enforce all of them.

    `seconds` is CPU time from now, `memory_mib` the private memory of the process, `file_mib` the
    largest file that it may write.
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
    """Return the resident memory of this process that is not private data, i.e. libraries [MiB]; 0 where unknown."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:  # noqa: PTH123  (a kernel's file)
            status = dict(line.split(":", 1) for line in stream)
        return max(0.0, (float(status["VmRSS"].split()[0]) - float(status["VmData"].split()[0])) / KIB)
    except (OSError, ValueError, KeyError):
        return 0.0


def enforceable() -> bool:
    """Tell whether this system enforces all of these limits; on others a process is only watched from outside."""
    return sys.platform.startswith("linux") and importlib.util.find_spec("resource") is not None
