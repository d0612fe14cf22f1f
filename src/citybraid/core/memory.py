"""Memory that this machine has available."""

import os

MIB = 2**20


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
