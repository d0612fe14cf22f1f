"""Words of a library's cases in a server's own PostgreSQL: found by trigrams (pg_trgm), as SQLite's index finds them.

Without the extension, or without the right to add it, words are found by looking through the texts: the same cases in
the same order, in a time that grows with the library. The server's log tells once which of the two it is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from citybraid.commons.library.index import Index, Opened, rows_of, stamp_of
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.ranking import Corpus, Held
from citybraid.web.database.tables import CaseWords

SIGN = "\\"


def words_in(sessions: sessionmaker[Session]) -> Opened | None:
    """Return what opens the index of a library in the server's database, None where SQLite's is used."""
    engine = sessions.kw["bind"]
    if not isinstance(engine, Engine) or engine.dialect.name != "postgresql":
        return None

    @contextmanager
    def opened(_library: Library | None, versions: Sequence[Version]) -> Iterator[Index]:
        stamp = stamp_of(versions)
        _renew(sessions, stamp, versions)
        with sessions() as session:
            yield _TableIndex(session, stamp)

    return opened


def _renew(sessions: sessionmaker[Session], stamp: str, versions: Sequence[Version]) -> None:
    """Write the words of published versions, in the place of those of an earlier state."""
    with sessions() as session:
        count = session.scalar(select(func.count()).where(CaseWords.stamp == stamp)) or 0
    rows = rows_of(versions) if count != len(versions) else []
    if count == len(versions):
        return
    try:
        with sessions.begin() as session:
            session.execute(delete(CaseWords))
            session.add_all([
                CaseWords(stamp=stamp, name=each.name, folded=_plain(each.folded), text=_plain(each.text))
                for each in rows
            ])  # fmt: skip
    except IntegrityError:  # another request has just written them
        return


class _TableIndex:
    """The words of one state of a library."""

    def __init__(self, session: Session, stamp: str) -> None:
        self._session, self._of = session, CaseWords.stamp == stamp

    def holding(self, words: Sequence[str]) -> list[Held]:
        rows = select(CaseWords.name, CaseWords.folded, CaseWords.text).where(self._of, *map(_holds, words))
        return [Held(*row) for row in self._session.execute(rows.order_by(CaseWords.name))]

    def corpus(self, words: Sequence[str]) -> Corpus:
        about = select(func.count(), func.avg(func.length(CaseWords.folded))).where(self._of)
        texts, mean = self._session.execute(about).one()
        return Corpus(int(texts), float(mean or 0.0), [self._counted(word) for word in words])

    def _counted(self, word: str) -> int:
        return self._session.scalar(select(func.count()).where(self._of, _holds(word))) or 0


def _holds(word: str) -> ColumnElement[bool]:
    """Return the condition that a text holds a word, which trigrams answer."""
    escaped: Any = word
    for sign in (SIGN, "%", "_"):
        escaped = escaped.replace(sign, SIGN + sign)
    return CaseWords.folded.like(f"%{escaped}%", escape=SIGN)


def _plain(text: str) -> str:
    """Return a text without the one character that PostgreSQL does not keep."""
    return text.replace("\x00", " ")
