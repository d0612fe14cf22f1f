"""A folder of values by key, written atomically, never changed, and checked when they are read."""

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import StoreError
from citybraid.store import codec
from citybraid.store.number_records import NumberRecords

SUM = "sum"
"""Word of a record that holds its checksum."""


def _sum(record: Mapping[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=codec.DIGEST_BYTES).hexdigest()


def _misnamed(record: Mapping[str, Any]) -> bool:
    """Tell whether a record's last word holds a checksum: the word itself is what was damaged."""
    *_, last = ("", *record.values())
    return isinstance(last, str) and re.fullmatch(rf"[0-9a-f]{{{2 * codec.DIGEST_BYTES}}}", last) is not None


class Store:
    """Content-addressed values and the records of the steps that made them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged: list[str] = []
        """Keys of values and records that were found damaged and set aside."""
        self._incoming = folder / "incoming"
        self._numbers = NumberRecords(folder / "numbers", self._quarantine)

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
        return self._at(key).is_dir() or self._numbers.place(key) is not None

    def intact(self, key: str) -> bool:
        """Tell whether a value is stored and its bytes are those that were written; a damaged one is set aside."""
        if not self._at(key).is_dir():
            record = self._numbers.place(key)
            return record is not None and self._numbers.intact(record)
        return self._intact_folder(key)

    def _intact_folder(self, key: str) -> bool:
        """Tell the same of a value that has a folder of its own, as all but numbers have."""
        if not self._at(key).is_dir():
            return False
        if codec.intact(self._at(key)):
            return True
        self._quarantine(key, self._at(key))
        return False

    def put(self, key: str, value: Any) -> None:
        """Write a value under its key atomically, unless it is there undamaged: to a draft folder that is renamed."""
        if self.intact(key) if codec.is_number(value) else self._intact_folder(key):
            return
        draft = self._incoming / uuid.uuid4().hex
        try:
            draft.mkdir(parents=True)
            codec.write(draft, value)
            self._move(draft, self._at(key))
        except OSError as fault:
            shutil.rmtree(draft, ignore_errors=True)
            if not self.has(key):
                raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault

    def put_together(self, name: str, values: Mapping[str, Any]) -> None:
        """Write the values that one step made, by key; where several are numbers, these share a record of this name."""
        numbers = {key: value for key, value in values.items() if codec.is_number(value)}
        shared = numbers if len(numbers) > 1 and not all(map(self.intact, numbers)) else {}
        for key, value in values.items():
            if key not in shared:
                self.put(key, value)
        if not shared:
            return
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            self._numbers.put(name, shared, self._incoming / f"{uuid.uuid4().hex}.json")
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault

    def repeat(self, name: str, places: Mapping[str, str]) -> bool:
        """Store values that are stored already under further keys, by new key; False where one is missing or damaged.

        The files are the same bytes; numbers share a record of this name, as in `put_together`.
        """
        if not all(map(self.intact, places.values())):
            return False
        numbers = {new: self.get(old) for new, old in places.items() if not self._at(old).is_dir()}
        for new, old in places.items():
            if new not in numbers and not self._intact_folder(new):
                self._copy(self._at(old), new)
        if numbers:
            self.put_together(name, numbers)
        return True

    def _copy(self, folder: Path, key: str) -> None:
        draft = self._incoming / uuid.uuid4().hex
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            shutil.copytree(folder, draft)
            self._move(draft, self._at(key))
        except OSError as fault:
            shutil.rmtree(draft, ignore_errors=True)
            if not self.has(key):
                raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault

    def content(self, key: str) -> str:
        """Return the digest of a value's bytes, as told when they were written; '' where none is known.

        Values of equal digests are equal. The bytes are not looked at: a damaged value has the digest that it had.
        """
        place = self._at(key)
        if place.is_dir():
            return codec.digest_told(place)
        record = self._numbers.place(key)
        if record is None:
            return ""
        try:
            return codec.digest_of_number(self._numbers.get(key, record))
        except (OSError, KeyError, codec.DamagedError):
            return ""

    def get(self, key: str, rows: slice | None = None) -> Any:
        """Return the value of a key, of a raster of a grid some rows if asked for.

        A damaged one is set aside and StoreError raised.
        """
        place = self._at(key)
        record = None if place.is_dir() else self._numbers.place(key, surely=True)
        if record is None and not place.is_dir():
            raise StoreError("store.missing", folder=self.folder, key=key)
        try:
            return codec.read(place, rows) if record is None else self._numbers.get(key, record)
        except MemoryError:
            raise
        except Exception as fault:  # damaged bytes make a format's library raise anything
            if record is None:
                self._quarantine(key, place)
            else:
                self._numbers.remove(record)
            raise StoreError("store.damaged", key=key, why=type(fault).__name__) from fault

    def packed(self, key: str) -> bytes:
        """Return the files of a value as one; raises StoreError where it is not stored."""
        place = self._at(key)
        return codec.packed(place) if place.is_dir() else codec.packed_number(self.get(key))

    def unpack(self, key: str, content: bytes) -> None:
        """Store the files of a value that another store has packed, unless they are damaged or there already."""
        if self.has(key):
            return
        draft = self._incoming / uuid.uuid4().hex
        try:
            draft.mkdir(parents=True)
            codec.unpack(draft, content)
            if codec.intact(draft):
                self._move(draft, self._at(key))
        except OSError as fault:
            if not self.has(key):
                raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault
        finally:
            shutil.rmtree(draft, ignore_errors=True)

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
            if (stated := record.pop(SUM, None)) == _sum(record) or (stated is None and not _misnamed(record)):
                return record
        except (OSError, ValueError, AttributeError):
            pass
        self._quarantine(key, path)
        return None

    def forget(self, keys: Iterable[str]) -> None:
        """Remove values."""
        for key in keys:
            shutil.rmtree(self._at(key), ignore_errors=True)
            self._numbers.forget(key)

    def prune(self, keep: Iterable[str]) -> tuple[int, int]:
        """Remove every value but these, drafts, and what was set aside; returns values and bytes removed.

        A record of numbers stays while one of them is kept.
        """
        retained, removed, freed = set(keep), 0, 0
        shutil.rmtree(self._aside, ignore_errors=True)
        for draft in self._incoming.glob("*"):
            shutil.rmtree(draft, ignore_errors=True)
        for entry in (self.folder / "values").glob("*/*"):
            if entry.name not in retained:
                freed += sum(part.stat().st_size for part in entry.rglob("*") if part.is_file())
                removed += 1
                shutil.rmtree(entry, ignore_errors=True)
        for record, count in self._numbers.without(retained).items():
            freed += record.stat().st_size
            removed += count
            record.unlink(missing_ok=True)
            self._numbers.drop(record)
        return removed, freed

    def _move(self, draft: Path, place: Path) -> None:
        """Move a draft to its place; the folder around that is there already, all but once in its life."""
        try:
            draft.replace(place)
        except FileNotFoundError:
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(place)

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
            self._incoming.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
            self._move(draft, path)
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self.folder, why=fault.strerror or str(fault)) from fault
