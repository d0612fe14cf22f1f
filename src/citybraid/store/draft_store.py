"""A store whose new values stay in memory and end with it, over one that is only read."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import xarray as xr

from citybraid.store.store import Store


class DraftStore(Store):
    """Keeps what is put into it in memory; `value` returns the values of the store below, from a cache of theirs.

    For runs that are asked for once, as those of an answer: writing and checking files would take a sixth of its time.
    Nothing reaches the folder of the store below.
    """

    def __init__(self, below: Store, value: Callable[[str], Any]) -> None:
        super().__init__(below.folder)
        self._below = below
        self._value = value
        self._values: dict[str, Any] = {}
        self._records: dict[str, dict[str, Any]] = {}

    def require_writable(self) -> None:
        """Ask nothing of the folder: nothing is written."""

    def has(self, key: str) -> bool:
        """Tell whether a value is kept or stored below."""
        return key in self._values or self._below.has(key)

    def intact(self, key: str) -> bool:
        """Tell whether a value is kept, or stored below and undamaged."""
        return key in self._values or self._below.intact(key)

    def content(self, key: str) -> str:
        """Return the digest of a value that is stored below, '' for one that is kept."""
        return "" if key in self._values else self._below.content(key)

    def put(self, key: str, value: Any) -> None:
        """Keep a value under its key."""
        self._values.setdefault(key, value)

    def put_together(self, name: str, values: Mapping[str, Any]) -> None:  # noqa: ARG002  (the store's)
        """Keep the values that one step made, by key."""
        for key, value in values.items():
            self.put(key, value)

    def repeat(self, name: str, places: Mapping[str, str]) -> bool:  # noqa: ARG002  (the store's)
        """Keep values that are known already under further keys, by new key; False where one is missing or damaged."""
        if not all(map(self.intact, places.values())):
            return False
        for new, old in places.items():
            self.put(new, self.get(old))
        return True

    def get(self, key: str, rows: slice | None = None) -> Any:
        """Return the value of a key, of a raster some rows if asked for; raises StoreError where there is none."""
        value = self._values[key] if key in self._values else self._value(key)
        return value if rows is None or not isinstance(value, xr.DataArray) else value.isel(y=rows)

    def note(self, key: str, record: Mapping[str, Any]) -> None:
        """Keep the record of a step that ran."""
        self._records[key] = dict(record)

    def noted(self, key: str) -> dict[str, Any] | None:
        """Return the record of a step, kept or stored below."""
        return self._records[key] if key in self._records else self._below.noted(key)

    def forget(self, keys: Iterable[str]) -> None:
        """Remove kept values."""
        for key in keys:
            self._values.pop(key, None)
