"""A mirror: a folder or an address that holds a provider's files under the same names; it alone is then asked."""

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from citybraid.core.errors import InputError
from citybraid.sources.open_data.item import Item
from citybraid.sources.open_data.web import refuse_unsafe

VARIABLE = "CITYBRAID_MIRROR"


class Mirror(NamedTuple):
    """A folder, or an address."""

    folder: Path | None = None
    url: str = ""

    @classmethod
    def of(cls, said: str) -> "Mirror | None":
        """Return the mirror that a user names, else the environment, None where neither does.

        Raises InputError for a folder that is not there, and for an address that is neither https nor this machine.
        """
        text = said or os.environ.get(VARIABLE, "")
        if not text:
            return None
        scheme = urlsplit(text).scheme
        if scheme in ("http", "https"):
            refuse_unsafe(text)
            return cls(url=text.rstrip("/"))
        folder = Path(url2pathname(unquote(urlsplit(text).path))) if scheme == "file" else Path(text)
        if not folder.is_dir():
            raise InputError("fetch.no_mirror", folder=text)
        return cls(folder=folder.resolve())

    def file(self, source: str, item: Item) -> Path | None:
        """Return an item in a mirror's folder, None where it is not there."""
        if self.folder is None:
            return None
        found = (self.folder / source / item.path, self.folder / item.path)
        return next((path for path in found if path.is_file()), None)

    def addresses(self, source: str, item: Item) -> tuple[str, ...]:
        """Return where a mirror's address may have an item, the likeliest first."""
        if not self.url:
            return ()
        path = quote(item.path)
        return f"{self.url}/{source}/{path}", f"{self.url}/{path}"
