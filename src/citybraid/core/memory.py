"""Memory that this machine has available, and how often what is no longer used is looked for."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

MIB = 2**20
USUAL = gc.get_threshold()
"""When the garbage of three generations is collected, as this process began."""
SELDOM = 100
"""Collections of the middle generation before one of the oldest, ten times the usual [-]."""


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


@contextmanager
def libraries_at_rest() -> Iterator[None]:
    """Leave all objects that are there, libraries above all, out of garbage collection while the block runs.

    Each full collection would go through hundreds of thousands of objects that stay as long as the process does; what
    a run makes stays to its end for the most part, so that full collections are a tenth as frequent.
    """
    gc.freeze()
    gc.set_threshold(*USUAL[:2], SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)
        gc.unfreeze()
