"""Search of a library: SQLite's full-text index of trigrams, which finds Chinese and English alike without word lists.

The index is derived from the cards and made anew whenever the library has changed since. Words shorter than three
letters, of which there are no trigrams (内涝), are looked for in the texts themselves.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.commons.library.facets import matches
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.words import searched

FILE = "index.sqlite"
TRIGRAM = 3
AROUND = 24
"""Letters shown on both sides of a word that was found."""
MOST_WORDS = 20
SCHEMA = """
CREATE TABLE stamp (value TEXT);
CREATE VIRTUAL TABLE words USING fts5 (name UNINDEXED, text, tokenize = 'trigram');
"""


class Found(NamedTuple):
    """A case that was found, and where its first word stands."""

    version: Version
    excerpt: str


def find(library: Library, query: str, wanted: Mapping[str, Sequence[str]] | None = None) -> tuple[Found, ...]:
    """Return published cases that hold every word of a query and match every facet wanted, the best first."""
    versions = {each.name: each for each in library.published()}
    words = query.split()[:MOST_WORDS]
    with contextlib.closing(_index(library, tuple(versions.values()))) as index:
        found = [(name, text) for name, text in _matching(index, words) if name in versions]
    hits = [Found(versions[name], _excerpt(text, words)) for name, text in found]
    return tuple(hit for hit in hits if hit.version.card is not None and matches(hit.version.card, wanted or {}))


def _matching(index: sqlite3.Connection, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    long = [word for word in words if len(word) >= TRIGRAM]
    if long:
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        rows = index.execute("SELECT name, text FROM words WHERE words MATCH ? ORDER BY bm25(words), name", (phrases,))
    else:
        rows = index.execute("SELECT name, text FROM words ORDER BY name")
    short = [word.casefold() for word in words if len(word) < TRIGRAM]
    for name, text in rows:
        if all(word in text.casefold() for word in short):
            yield str(name), str(text)


def _index(library: Library, versions: Sequence[Version]) -> sqlite3.Connection:
    """Return the index: the one of the library where it is current, else a new one, in memory on a read-only disk."""
    stamp = _stamp(versions)
    path = library.folder / FILE
    with contextlib.suppress(sqlite3.Error):
        kept = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.suppress(sqlite3.Error):
            if kept.execute("SELECT value FROM stamp").fetchone() == (stamp,):
                return kept
        kept.close()
    index = sqlite3.connect(":memory:")
    index.executescript(SCHEMA)
    index.execute("INSERT INTO stamp VALUES (?)", (stamp,))
    rows = [(each.name, searched(each.card)) for each in versions if each.card is not None]
    index.executemany("INSERT INTO words (name, text) VALUES (?, ?)", rows)
    index.commit()
    _keep(index, path)
    return index


def _keep(index: sqlite3.Connection, path: Path) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(index.serialize())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)


def _stamp(versions: Sequence[Version]) -> str:
    told = "\n".join(f"{each.name} {each.number} {each.id}" for each in versions)
    return hashlib.sha256(told.encode()).hexdigest()


def _excerpt(text: str, words: Sequence[str]) -> str:
    folded = text.casefold()
    at = min((folded.find(word.casefold()) for word in words if word.casefold() in folded), default=0)
    start = max(text.rfind("\n", 0, at) + 1, at - AROUND)
    end = text.find("\n", at)
    stop = min(len(text) if end < 0 else end, at + 2 * AROUND)
    return text[start:stop]
