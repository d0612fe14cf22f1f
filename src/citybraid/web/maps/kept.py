"""Files of tiles in a study's own folder, each made once and moved into its place."""

import shutil
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from citybraid.core.errors import StoreError

FOLDER = Path(".citybraid") / "tiles"
"""Folder of a study that holds its tiles; it can be deleted at any time."""


def kept(study: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a file or folder of the study's tiles, made where it is not there yet.

    `make` writes to the path that it is given, which is then renamed: what is there is whole. Two requests of one
    server make it once; of two servers, one result is kept. Raises StoreError where it cannot be written.
    """
    path = study / FOLDER / name
    if path.exists():
        return path
    with _lock(path):
        if path.exists():
            return path
        draft = path.with_name(f".{uuid.uuid4().hex}.{name}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            make(draft)
            _move(draft, path)
        except OSError as fault:
            raise StoreError("web.map_unwritable", folder=FOLDER.as_posix(), why=fault.strerror or "") from fault
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            draft.unlink(missing_ok=True)
    return path


def _move(draft: Path, path: Path) -> None:
    try:
        draft.rename(path)
    except OSError:
        if not path.exists():
            raise


@lru_cache(maxsize=4096)
def _lock(_path: Path) -> Lock:
    return Lock()
