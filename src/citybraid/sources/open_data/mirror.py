"""A mirror: a folder or URL with a provider's files under the same names; used exclusively where given."""

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
    """A folder, or a URL."""

    folder: Path | None = None
    url: str = ""

    @classmethod
    def of(cls, location: str) -> "Mirror | None":
        """Return the mirror that the user names, else the environment, None where neither does.

        Raises InputError for a folder that does not exist, and for a URL that is neither https nor loopback.
        """
        text = location or os.environ.get(VARIABLE, "")
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
        """Return an item in a mirror's folder, None where it does not exist."""
        if self.folder is None:
            return None
        candidates = (self.folder / source / item.path, self.folder / item.path)
        return next((path for path in candidates if path.is_file()), None)

    def addresses(self, source: str, item: Item) -> tuple[str, ...]:
        """Return the candidate URLs of an item, the likeliest first."""
        if not self.url:
            return ()
        path = quote(item.path)
        return f"{self.url}/{source}/{path}", f"{self.url}/{path}"
