"""A folder of values by key, written atomically and never changed."""

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import StoreError
from citybraid.store import codec


class Store:
    """Content-addressed values and the records of the steps that made them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"

    def has(self, key: str) -> bool:
        """Tell whether a value is stored."""
        return self._at(key).is_dir()

    def put(self, key: str, value: Any) -> None:
        """Write a value under its key atomically: to a draft folder that is then renamed."""
        if self.has(key):
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
                raise StoreError("store.unwritable", folder=self.folder.name, why=str(fault)) from fault

    def get(self, key: str) -> Any:
        """Return the value of a key; a damaged one is deleted and StoreError raised."""
        if not self.has(key):
            raise StoreError("store.missing", key=key)
        try:
            return codec.read(self._at(key))
        except (OSError, ValueError, KeyError) as fault:
            self.forget([key])
            raise StoreError("store.damaged", key=key, why=type(fault).__name__) from fault

    def note(self, key: str, record: Mapping[str, Any]) -> None:
        """Store the record of a step that ran."""
        self._write_json(self.folder / "steps" / key[:2] / f"{key}.json", record)

    def noted(self, key: str) -> dict[str, Any] | None:
        """Return the record of a step, None where it is missing or unreadable."""
        path = self.folder / "steps" / key[:2] / f"{key}.json"
        if not path.exists():
            return None
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record

    def forget(self, keys: Iterable[str]) -> None:
        """Remove values."""
        for key in keys:
            shutil.rmtree(self._at(key), ignore_errors=True)

    def prune(self, keep: Iterable[str]) -> tuple[int, int]:
        """Remove every value but these, and drafts of killed runs; returns the number of values and bytes removed."""
        retained, removed, freed = set(keep), 0, 0
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

    def _write_json(self, path: Path, content: Mapping[str, Any]) -> None:
        draft = self._incoming / f"{uuid.uuid4().hex}.json"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(draft, path)  # noqa: PTH105  (atomic on every platform)
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self.folder.name, why=str(fault)) from fault
