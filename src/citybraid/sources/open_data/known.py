"""The table of open data: servers, names of files, licences and notices, each with its status."""

from collections.abc import Mapping
from typing import NamedTuple

from citybraid.core.rows.intake import OpenData
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, worded

TABLE = "open_data"


class Licence(NamedTuple):
    """Under what a source's data may be used, and the notice that must go with them."""

    name: str
    url: str
    attribution: str


class Source(NamedTuple):
    """One row: a source's server and the place of its files below it."""

    source: str
    part: str
    names: Mapping[str, str]
    server: str
    path: str
    licence: Licence
    version: str
    status: str
    note: str

    def title(self, language: str) -> str:
        """Return what people call the source."""
        return worded(self.names, "title", language, table=TABLE)

    @property
    def titles(self) -> dict[str, str]:
        """What people call it, by language."""
        return {language: self.title(language) for language in LANGUAGES}

    def placed(self, **values: object) -> tuple[str, str]:
        """Return the place of a file below the server, and its address."""
        path = self.path.format(**values)
        return path, f"{self.server}/{path}"


def sources() -> tuple[Source, ...]:
    """Return every row of the table."""
    return tuple(
        Source(
            row.source, row.part, {"title_en": row.title_en, "title_zh": row.title_zh}, row.server, row.path,
            Licence(row.licence, row.licence_url, row.attribution), row.version, row.status, row.note,
        )
        for row in read_table(OpenData)
    )  # fmt: skip


def source(name: str, part: str) -> Source:
    """Return the row of a part of a source; raises KeyError for one that the table lacks."""
    found = next((each for each in sources() if (each.source, each.part) == (name, part)), None)
    if found is None:
        raise KeyError(name, part)
    return found
