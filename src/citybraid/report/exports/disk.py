"""Faults of the disk that libraries of geodata tell in errors of their own, as the system's errors that they are."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError

SHOWN = 160


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Raise OSError with the file's path where GDAL or SQLite cannot write it: a full disk, a limit of size."""
    try:
        yield
    except (DataLayerError, DataSourceError, sqlite3.Error) as fault:
        raise OSError(errno.EIO, str(fault)[:SHOWN], str(path)) from fault
