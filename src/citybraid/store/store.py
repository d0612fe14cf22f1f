"""A folder of values by key, written atomically, never changed, and checked when they are read."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import StoreError
from citybraid.store import codec

SUM = "sum"
"""Word of a record that holds its checksum."""


def _sum(record: Mapping[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=codec.DIGEST_BYTES).hexdigest()


class Store:
    """Content-addressed values and the records of the steps that made them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged: list[str] = []
        """Keys of values and records that were found damaged and set aside."""
        self._incoming = folder / "incoming"

    def require_writable(self) -> None:
        """Raise StoreError, with the folder, where nothing can be written into the store."""
        probe = self._incoming / uuid.uuid4().hex
        try:
            probe.mkdir(parents=True)
            probe.rmdir()
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault

    def has(self, key: str) -> bool:
        """Tell whether a value is stored."""
        return self._at(key).is_dir()

    def intact(self, key: str) -> bool:
        """Tell whether a value is stored and its bytes are those that were written; a damaged one is set aside."""
        if not self.has(key):
            return False
        if codec.intact(self._at(key)):
            return True
        self._quarantine(key, self._at(key))
        return False

    def put(self, key: str, value: Any) -> None:
        """Write a value under its key atomically, unless it is there undamaged: to a draft folder that is renamed."""
        if self.intact(key):
            return
        draft = self._incoming / uuid.uuid4().hex
        try:
            draft.mkdir(parents=True)
            codec.write(draft, value)
            self._at(key).parent.mkdir(parents=True, exist_ok=True)
            draft.replace(self._at(key))
        except OSError as fault:
            shutil.rmtree(draft, ignore_errors=True)
            if not self.has(key):
                raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault

    def get(self, key: str) -> Any:
        """Return the value of a key; a damaged one is set aside and StoreError raised."""
        if not self.has(key):
            raise StoreError("store.missing", key=key)
        try:
            return codec.read(self._at(key))
        except MemoryError:
            raise
        except Exception as fault:  # damaged bytes make a format's library raise anything
            self._quarantine(key, self._at(key))
            raise StoreError("store.damaged", key=key, why=type(fault).__name__) from fault

    def note(self, key: str, record: Mapping[str, Any]) -> None:
        """Store the record of a step that ran."""
        self._write_json(self.folder / "steps" / key[:2] / f"{key}.json", {**record, SUM: _sum(record)})

    def noted(self, key: str) -> dict[str, Any] | None:
        """Return the record of a step, None where it is missing or damaged; a damaged one is set aside.

        A record of an earlier version has no checksum and is read as it is.
        """
        path = self.folder / "steps" / key[:2] / f"{key}.json"
        if not path.exists():
            return None
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if (stated := record.pop(SUM, None)) is None or stated == _sum(record):
                return record
        except (OSError, ValueError, AttributeError):
            pass
        self._quarantine(key, path)
        return None

    def forget(self, keys: Iterable[str]) -> None:
        """Remove values."""
        for key in keys:
            shutil.rmtree(self._at(key), ignore_errors=True)

    def prune(self, keep: Iterable[str]) -> tuple[int, int]:
        """Remove every value but these, drafts, and what was set aside; returns values and bytes removed."""
        retained, removed, freed = set(keep), 0, 0
        shutil.rmtree(self._aside, ignore_errors=True)
        for draft in self._incoming.glob("*"):
            shutil.rmtree(draft, ignore_errors=True)
        for entry in (self.folder / "values").glob("*/*"):
            if entry.name not in retained:
                freed += sum(part.stat().st_size for part in entry.rglob("*") if part.is_file())
                removed += 1
                shutil.rmtree(entry, ignore_errors=True)
        return removed, freed

    def _at(self, key: str) -> Path:
        return self.folder / "values" / key[:2] / key

    @property
    def _aside(self) -> Path:
        return self.folder / "quarantine"

    def _quarantine(self, key: str, path: Path) -> None:
        """Move a damaged value or record out of the way; where that is not allowed, remove it."""
        self.damaged.append(key)
        try:
            self._aside.mkdir(parents=True, exist_ok=True)
            path.rename(self._aside / f"{key}-{uuid.uuid4().hex[:8]}{path.suffix}")
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)

    def _write_json(self, path: Path, content: Mapping[str, Any]) -> None:
        draft = self._incoming / f"{uuid.uuid4().hex}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(draft, path)  # noqa: PTH105  (atomic on every platform)
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault
