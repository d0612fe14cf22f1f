"""The table of open data: servers, names of files, licences and notices, each with its status."""

from collections.abc import Mapping
from typing import NamedTuple

from citybraid.core.rows.intake import OpenData
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, row_name

TABLE = "open_data"


class Licence(NamedTuple):
    """Licence of a source's data, and the required attribution."""

    name: str
    url: str
    attribution: str


class Source(NamedTuple):
    """One row: a source's server and the path template of its files."""

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
        """Return the display name of the source."""
        return row_name(self.names, "title", language, table=TABLE)

    @property
    def titles(self) -> dict[str, str]:
        """Its display name, by language."""
        return {language: self.title(language) for language in LANGUAGES}

    def placed(self, **values: object) -> tuple[str, str]:
        """Return the path of a file on the server, and its URL."""
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
    """Return the row of a part of a source; raises KeyError where the table has none."""
    row = next((each for each in sources() if (each.source, each.part) == (name, part)), None)
    if row is None:
        raise KeyError(name, part)
    return row
