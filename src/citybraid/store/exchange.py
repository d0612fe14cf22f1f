"""A place by its URL that machines without a common folder bring stored values to and fetch them from.

Any file system of fsspec serves: a bucket (s3, gs, abfs), sftp, a share. A value is one object that begins with the
digest of the rest, so that one that is half written, or damaged, is told from a whole one wherever it lies; no renaming
is asked of the place. The record of a Step comes after its values.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import fsspec

from citybraid.core.errors import InputError, PlanError, StoreError
from citybraid.store.codec import DIGEST_BYTES
from citybraid.store.store import Store


class Exchange:
    """Values and records of Steps at a URL.

    Raises InputError where the URL names no file system or one whose package is not installed, StoreError where the
    place cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        scheme, parted, _ = url.partition("://")
        if not parted or scheme not in fsspec.available_protocols():
            raise InputError("exchange.scheme", url=shown(url))
        try:
            with self._reached():
                self._files, self._root = fsspec.url_to_fs(url)
        except ImportError as fault:
            raise InputError("exchange.package", url=shown(url), why=str(fault)) from fault

    def token(self) -> str:
        """Leave a token by which another machine tells that it sees the same place; returns its name.

        Raises StoreError where the place cannot be written.
        """
        name = uuid.uuid4().hex
        with self._reached():
            self._write(f"tokens/{name}", name.encode())
        return name

    def sees(self, token: str) -> bool:
        """Tell whether a token is here."""
        return self._read(f"tokens/{token}") == token.encode()

    def withdraw(self, token: str) -> None:
        """Remove a token."""
        self._remove([f"tokens/{token}"])

    def send(self, store: Store, key: str, *, anew: bool = True) -> None:
        """Bring a stored value here; not `anew` where an object of its size is here already."""
        content = store.packed(key)
        content = _digest(content) + content
        with self._reached():
            if anew or self._size(_value(key)) != len(content):
                self._write(_value(key), content)

    def fetch(self, store: Store, key: str) -> bool:
        """Bring a value from here into a store; False where it is not here, or not yet, or not any more whole."""
        content = self._read(_value(key))
        if content is None or _digest(content[DIGEST_BYTES:]) != content[:DIGEST_BYTES]:
            return False
        store.unpack(key, content[DIGEST_BYTES:])
        return store.has(key)

    def note(self, key: str, record: Mapping[str, Any]) -> None:
        """Bring the record of a Step here."""
        content = json.dumps(record, ensure_ascii=False).encode()
        with self._reached():
            self._write(_record(key), _digest(content) + content)

    def noted(self, key: str) -> dict[str, Any] | None:
        """Return the record of a Step, None where there is none or no whole one."""
        content = self._read(_record(key))
        if content is None or _digest(content[DIGEST_BYTES:]) != content[:DIGEST_BYTES]:
            return None
        record: dict[str, Any] = json.loads(content[DIGEST_BYTES:])
        return record

    def forget(self, keys: Iterable[str]) -> None:
        """Remove values."""
        self._remove(map(_value, keys))

    def _write(self, name: str, content: bytes) -> None:
        try:
            self._files.pipe_file(f"{self._root}/{name}", content)
        except FileNotFoundError:
            self._make_folders(name)
            self._files.pipe_file(f"{self._root}/{name}", content)

    def _make_folders(self, name: str) -> None:
        """Make the folders of an object, and that of this place, but neither what is above nor a bucket."""
        parts = name.split("/")[:-1]
        folders = [self._root, *(f"{self._root}/{'/'.join(parts[: end + 1])}" for end in range(len(parts)))]
        for folder in folders:
            if "/" in folder.rstrip("/"):
                with suppress(FileExistsError):
                    self._files.mkdir(folder, create_parents=False)

    def _read(self, name: str) -> bytes | None:
        with self._reached(), suppress(FileNotFoundError):
            content: bytes = self._files.cat_file(f"{self._root}/{name}")
            return content
        return None

    def _size(self, name: str) -> int | None:
        with suppress(FileNotFoundError):
            self._files.invalidate_cache()
            size: int = self._files.info(f"{self._root}/{name}")["size"]
            return size
        return None

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            with self._reached(), suppress(FileNotFoundError):
                self._files.rm_file(f"{self._root}/{name}")

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Tell what a file system raises, each of them something else, as a StoreError of this place."""
        try:
            yield
        except (PlanError, ImportError, MemoryError):
            raise
        except Exception as fault:
            why = (str(fault).splitlines() or [""])[0] or type(fault).__name__
            raise StoreError("exchange.failed", url=shown(self.url), why=why) from fault


def shown(url: str) -> str:
    """Return a URL as it may be shown: without a user's name, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("://")[0]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _value(key: str) -> str:
    return f"values/{key[:2]}/{key}"


def _record(key: str) -> str:
    return f"steps/{key[:2]}/{key}.json"


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()
