"""Where the store of a study lies: in the study's folder, or beside --out where that folder cannot be written."""

from pathlib import Path

from citybraid.core.errors import StoreError
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy

FOLDER = Path(".citybraid") / "store"


def study_store(study: OpenStudy, out: Path | None) -> Store:
    """Return a store that can be written: the study's, else one beside the folder of results.

    Raises StoreError, with the folder, where neither can be written.
    """
    store = Store(study.folder / FOLDER)
    try:
        store.require_writable()
    except StoreError:
        if out is None:
            raise
        store = Store(out.resolve().parent / FOLDER)
        store.require_writable()
    return store
