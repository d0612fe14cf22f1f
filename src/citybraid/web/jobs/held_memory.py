"""Memory that a command holds, with all that it has started: read where Linux tells it."""

import os
from pathlib import Path

PROCESSES = Path("/proc")
MIB = 1 << 20


def tells_memory() -> bool:
    """Tell whether this machine says what its processes hold."""
    return (PROCESSES / "self" / "statm").is_file()


def held_mib(process: int) -> float:
    """Return the memory that a process and its descendants hold themselves, without what they share [MiB]."""
    parents = {int(each.name): _parent(each) for each in PROCESSES.iterdir() if each.name.isdigit()}
    return sum(_own(each) for each in parents if _descends(each, process, parents))


def _descends(process: int, root: int, parents: dict[int, int]) -> bool:
    seen: set[int] = set()
    while process not in seen:
        if process == root:
            return True
        seen.add(process)
        process = parents.get(process, 0)
    return False


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _own(process: int) -> float:
    try:
        _, resident, shared, *_ = (PROCESSES / str(process) / "statm").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0.0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / MIB
