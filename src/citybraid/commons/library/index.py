"""Search of a library: an index of trigrams finds Chinese and English alike without word lists.

By default SQLite's full-text index, in a file of the library; a server with another database brings its own. Either
is derived from the cards and made anew whenever the library has changed since. Words shorter than three letters, of
which there are no trigrams (内涝), are looked for in the texts themselves. The order is that of `ranking`, whatever
the index.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from citybraid.commons.library.facets import matches
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.ranking import Corpus, Held, ranked
from citybraid.commons.library.shipped import shown
from citybraid.commons.library.words import searched

FILE = "index.sqlite"
TRIGRAM = 3
AROUND = 24
"""Letters shown on both sides of a word that was found."""
MOST_WORDS = 20
SCHEMA = """
CREATE TABLE stamp (value TEXT);
CREATE VIRTUAL TABLE words USING fts5 (name UNINDEXED, folded, text UNINDEXED, tokenize = 'trigram case_sensitive 1');
"""


class Found(NamedTuple):
    """A case that was found, and where its first word stands."""

    version: Version
    excerpt: str


class Index(Protocol):
    """What finds words: folded, as they stand in the texts."""

    def holding(self, words: Sequence[str]) -> list[Held]:
        """Return the cases whose text holds every word."""

    def corpus(self, words: Sequence[str]) -> Corpus:
        """Return how many texts there are, how long they are, and how many hold each word."""


Opened = Callable[[Library | None, Sequence[Version]], AbstractContextManager[Index]]
"""Opens the index of a library for its published versions, made anew where they have changed."""


def find(
    library: Library | None,
    query: str,
    wanted: Mapping[str, Sequence[str]] | None = None,
    *,
    opened: Opened | None = None,
) -> tuple[Found, ...]:
    """Return cases that are shown, hold every word of a query and match every facet wanted, the best first."""
    versions = {each.name: each for each in shown(library)}
    words = [word.casefold() for word in query.split()[:MOST_WORDS]]
    with (opened or _opened)(library, tuple(versions.values())) as index:
        held = [each for each in index.holding(words) if each.name in versions]
        ranking = ranked(held, words, index.corpus(words))
    hits = [Found(versions[each.name], _excerpt(each.text, words)) for each in ranking]
    return tuple(hit for hit in hits if hit.version.card is not None and matches(hit.version.card, wanted or {}))


def rows_of(versions: Sequence[Version]) -> list[Held]:
    """Return what an index holds of published versions."""
    texts = [(each.name, searched(each.card)) for each in versions if each.card is not None]
    return [Held(name, text.casefold(), text) for name, text in texts]


def stamp_of(versions: Sequence[Version]) -> str:
    """Return the digest of what an index is derived from."""
    stamp = "\n".join([SCHEMA, *(f"{each.name} {each.number} {each.id}" for each in versions)])
    return hashlib.sha256(stamp.encode()).hexdigest()


class _SqliteIndex:
    """An index of trigrams in SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def holding(self, words: Sequence[str]) -> list[Held]:
        where, values = _condition(words)
        rows = self._connection.execute(f"SELECT name, folded, text FROM words {where}", values)  # noqa: S608  (a condition of our own)
        return [Held(str(name), str(folded), str(text)) for name, folded, text in rows]

    def corpus(self, words: Sequence[str]) -> Corpus:
        texts, mean = self._connection.execute("SELECT count(*), avg(length(folded)) FROM words").fetchone()
        holding = [self._counted(word) for word in words]
        return Corpus(int(texts), float(mean or 0.0), holding)

    def _counted(self, word: str) -> int:
        where, values = _condition([word])
        count = self._connection.execute(f"SELECT count(*) FROM words {where}", values)  # noqa: S608  (as above)
        return int(count.fetchone()[0])


def _condition(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the condition that a text holds every word, those of three letters and more by the index."""
    long = ['"' + word.replace('"', '""') + '"' for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    parts = [*(["words MATCH ?"] if long else []), *("instr(folded, ?) > 0" for _ in short)]
    return f"WHERE {' AND '.join(parts)}" if parts else "", [
        *([f"folded : ({' AND '.join(long)})"] if long else []),
        *short,
    ]


@contextlib.contextmanager
def _opened(library: Library | None, versions: Sequence[Version]) -> Iterator[Index]:
    with contextlib.closing(_index(library, versions)) as connection:
        yield _SqliteIndex(connection)


def _index(library: Library | None, versions: Sequence[Version]) -> sqlite3.Connection:
    """Return the index: the one of the library where it is current, else a new one, in memory on a read-only disk."""
    stamp = stamp_of(versions)
    path = None if library is None else library.folder / FILE
    kept = None if path is None else _kept(path, stamp)
    if kept is not None:
        return kept
    index = sqlite3.connect(":memory:")
    index.executescript(SCHEMA)
    index.execute("INSERT INTO stamp VALUES (?)", (stamp,))
    index.executemany("INSERT INTO words (name, folded, text) VALUES (?, ?, ?)", rows_of(versions))
    index.commit()
    if path is not None:
        _keep(index, path)
    return index


def _kept(path: Path, stamp: str) -> sqlite3.Connection | None:
    """Return the index in a file where it is of this stamp."""
    with contextlib.suppress(sqlite3.Error):
        kept = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.suppress(sqlite3.Error):
            if kept.execute("SELECT value FROM stamp").fetchone() == (stamp,):
                return kept
        kept.close()
    return None


def _keep(index: sqlite3.Connection, path: Path) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(index.serialize())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)


def _excerpt(text: str, words: Sequence[str]) -> str:
    folded = text.casefold()
    at = min((folded.find(word) for word in words if word in folded), default=0)
    start = max(text.rfind("\n", 0, at) + 1, at - AROUND)
    end = text.find("\n", at)
    stop = min(len(text) if end < 0 else end, at + 2 * AROUND)
    return text[start:stop]
