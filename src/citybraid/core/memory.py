"""Memory that this machine has available, and what becomes of memory that is no longer used."""

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

MIB = 2**20
USUAL = gc.get_threshold()
"""When the garbage of three generations is collected, as this process began."""
SELDOM = 100
"""Collections of the middle generation before one of the oldest, ten times the usual [-]."""
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Numbers of two settings of glibc's `mallopt`."""
KEPT, ONE_PIECE = 512 * MIB, 32 * MIB
"""Freed memory that is kept at the end of the heap, and the size from which an array has pages of its own [byte]."""


def free_mib() -> float | None:
    """Return the available memory [MiB], None where the system does not report it."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123  (a kernel's table, not a file of the study)
            entries = dict(line.split(":", 1) for line in lines)
        return float(entries["MemAvailable"].split()[0]) / 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / MIB
    except (AttributeError, OSError, ValueError):
        return None


def keep_freed_memory() -> bool:
    """Have the C library keep the memory of freed arrays for the next ones; False where it takes no such request.

    glibc gives it back to the system instead as soon as a few megabytes are free, and the system clears every page that
    it hands out anew: a tenth of the time of models of rasters. Other C libraries are left as they are.
    """
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018  (raises where it is another library)
        return all([library.mallopt(TRIM_THRESHOLD, KEPT), library.mallopt(MMAP_THRESHOLD, ONE_PIECE)])
    except (OSError, AttributeError, TypeError):
        return False


def give_back_freed_memory() -> None:
    """Give the system the memory that `keep_freed_memory` has kept."""
    ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def libraries_at_rest() -> Iterator[None]:
    """Leave all objects that are there, libraries above all, out of garbage collection while the block runs.

    Each full collection would go through hundreds of thousands of objects that stay as long as the process does; what
    a run makes stays to its end for the most part, so that full collections are a tenth as frequent. Memory of arrays
    that are freed is kept until the end of the block.
    """
    kept = keep_freed_memory()
    gc.freeze()
    gc.set_threshold(*USUAL[:2], SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)
        gc.unfreeze()
        if kept:
            give_back_freed_memory()
