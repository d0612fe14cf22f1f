"""A lock on a study, held by the command itself: while one writes no other starts, whatever became of its lease.

A lease is only the database's word. A worker that was stopped for long, then goes on, may have a command that still
writes while another worker holds the job by right; the operating system's lock on a file tells that.
"""

import sys
from typing import IO

from citybraid.web.configuration.settings import Settings

FOLDER = "locks"


def lock(settings: Settings, study: str) -> IO[bytes] | None:
    """Return an open file that holds a study's lock until it and every copy of it is closed; None where it is held."""
    path = settings.own / FOLDER / f"{study}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    if _is_locked(file):
        return file
    file.close()
    return None


def _is_locked(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True  # no such lock: leases alone keep writers apart
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
