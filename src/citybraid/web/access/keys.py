"""Keys of the command line: a secret of which the database holds the digest, for a person, a time, and one purpose.

A key hands cases in to the library as drafts, and nothing else: no study, run or page is open to it.
"""

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from citybraid.web.access.logins import digest
from citybraid.web.access.people import clean_name
from citybraid.web.access.refusals import Conflict, NotFound, Refused
from citybraid.web.database.tables import Key, User, now

LASTS = timedelta(days=90)
"""How long a key can be used where it does not say."""
LONGEST = timedelta(days=365)
MOST = 20
"""Keys that a person may have."""


def make(session: Session, user: User, title: str, *, lasts: timedelta = LASTS) -> tuple[Key, str]:
    """Make a key of a person and return it with its secret, which is kept nowhere.

    Raises Refused for a time that is too long, Conflict where the person has too many keys.
    """
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused("web.key_time", days=LONGEST.days)
    session.execute(delete(Key).where(Key.user == user.id, Key.expires <= now()))
    if (session.scalar(select(func.count()).where(Key.user == user.id)) or 0) >= MOST:
        raise Conflict("web.key_many", limit=MOST)
    secret = secrets.token_urlsafe(32)
    key = Key(id=digest(secret), user=user.id, title=clean_name(title), expires=now() + lasts)
    session.add(key)
    session.flush()
    return key, secret


def user_of(session: Session, secret: str) -> User | None:
    """Return the person of a key, None where it has ended or the person is disabled; the use is noted."""
    key = session.get(Key, digest(secret))
    if key is None or key.expires <= now():
        return None
    user = session.get(User, key.user)
    if user is None or user.disabled:
        return None
    key.used = now()
    return user


def keys_of(session: Session, user: User) -> list[Key]:
    """Return the keys of a person that can still be used, the newest first."""
    rows = select(Key).where(Key.user == user.id, Key.expires > now()).order_by(Key.created.desc())
    return list(session.scalars(rows))


def withdraw(session: Session, user: User, key: str) -> None:
    """Withdraw a key of a person; raises NotFound where they have none of this id."""
    key_row = session.get(Key, key)
    if key_row is None or key_row.user != user.id:
        raise NotFound("web.no_key")
    session.delete(key_row)
