"""Records of numbers: the single numbers that one step made, in one file instead of a file each."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from citybraid.store.codec import DIGEST_BYTES, DamagedError, plain

TICK = 10_000_000
"""Shortest time between two changes of a folder that its time of change surely tells apart [ns]."""


class NumberRecords:
    """A folder of records `<name>.<digest>.json`, each {key: number}; other processes may add records meanwhile.

    `set_aside` moves a damaged record, given its name and path, out of the folder.
    """

    def __init__(self, folder: Path, set_aside: Callable[[str, Path], None]) -> None:
        self._folder, self._set_aside = folder, set_aside
        self._places: dict[str, Path] = {}
        """The record that holds each key."""
        self._listed = set[str]()
        self._known_at = 0
        """The folder's time of change when it was listed, 0 where it may have changed since within a tick [ns]."""

    def get(self, key: str, path: Path) -> Any:
        """Return the number of a key in a record; raises DamagedError where its bytes do not match their digest."""
        return _read(path)[key]

    def intact(self, path: Path) -> bool:
        """Tell whether the bytes of a record match their digest; one that does not is set aside."""
        try:
            _read(path)
        except (OSError, DamagedError):
            self.remove(path)
            return False
        return True

    def place(self, key: str, *, surely: bool = False) -> Path | None:
        """Return the record that holds a key, None where none does.

        The folder is listed where its time says that it has changed since; `surely` also where it does not, as on a
        share that tells of changes late.
        """
        if key not in self._places or not self._places[key].is_file():
            self._places.pop(key, None)
            self._look(surely=surely)
        return self._places.get(key)

    def put(self, name: str, numbers: Mapping[str, Any], draft: Path) -> None:
        """Write a record by way of a draft beside its folder, so that it is there as a whole or not at all."""
        content = json.dumps({key: plain(number) for key, number in numbers.items()}).encode("utf-8")
        path = self._folder / f"{name}.{_digest(content)}.json"
        self._folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        os.replace(draft, path)  # noqa: PTH105  (atomic on every platform)
        self._listed.add(path.name)
        self._places |= dict.fromkeys(numbers, path)

    def forget(self, key: str) -> None:
        """Remove a number; the others of its record stay."""
        path = self.place(key, surely=True)
        if path is None:
            return
        rest = {other: number for other, number in _read(path).items() if other != key}
        path.unlink()
        self.drop(path)
        if rest:
            self.put(_name(path), rest, path.with_name(f".{path.name}"))

    def remove(self, path: Path) -> None:
        """Set a damaged record aside and drop what it held."""
        self._set_aside(_name(path), path)
        self.drop(path)

    def drop(self, path: Path) -> None:
        """Drop what a record held that is no longer in its place."""
        self._listed.discard(path.name)
        self._places = {key: place for key, place in self._places.items() if place != path}

    def without(self, keep: Iterable[str]) -> dict[Path, int]:
        """Return the records of which no key is kept, with how many numbers each holds."""
        self._look(surely=True)
        kept, held = set(keep), dict[Path, list[str]]()
        for key, path in self._places.items():
            held.setdefault(path, []).append(key)
        return {path: len(keys) for path, keys in held.items() if kept.isdisjoint(keys)}

    def _look(self, *, surely: bool) -> None:
        """Read the keys of records that were not there before; damaged ones are set aside."""
        try:
            changed, now = self._folder.stat().st_mtime_ns, time.time_ns()
            if changed == self._known_at and not surely:
                return
            self._known_at = changed if now - changed > TICK else 0
            names = set(os.listdir(self._folder))  # noqa: PTH208  (a search for a pattern takes ten times as long)
        except OSError:
            return
        for path in (self._folder / name for name in names - self._listed if not name.startswith(".")):
            if self.intact(path):
                self._listed.add(path.name)
                self._places |= dict.fromkeys(_read(path), path)


def _read(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    if _digest(content) != path.stem.partition(".")[2]:
        raise DamagedError(path.name)
    numbers: dict[str, Any] = json.loads(content.decode("utf-8"))
    return numbers


def _name(path: Path) -> str:
    return path.stem.partition(".")[0]


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()
