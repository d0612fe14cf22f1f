"""Where the store of a study lies: in the study's folder, or beside --out where that one is full or not writable."""

import shutil
from pathlib import Path

from citybraid.core.errors import StoreError
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy

FOLDER = Path(".citybraid") / "store"
ROOM = 64 * 2**20
"""Free space below which a disk counts as full where --out names another place [byte]."""


def study_store(study: OpenStudy, out: Path | None) -> Store:
    """Return a store that can be written: the study's, else one beside the folder of results.

    That on a disk with more room is taken too where the study's is full: an error there tells to give --out. Raises
    StoreError, with the folder, where neither can be written.
    """
    store = Store(study.folder / FOLDER)
    if out is not None and _free(study.folder) < min(ROOM, _free(out)):
        store = Store(out.resolve().parent / FOLDER)
    try:
        store.require_writable()
    except StoreError:
        if out is None:
            raise
        store = Store(out.resolve().parent / FOLDER)
        store.require_writable()
    return store


def _free(folder: Path) -> int:
    """Return the free space of the disk on which a folder lies or will be made [byte]."""
    place = next(each for each in (folder.resolve(), *folder.resolve().parents) if each.exists())
    return shutil.disk_usage(place).free
