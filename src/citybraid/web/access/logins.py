"""Sessions: a random cookie, of which the database holds the digest, for a person and a time."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from citybraid.web.database.tables import Login, User, now

COOKIE = "citybraid"
"""Name of the cookie; behind https it is called `__Host-citybraid`."""
LASTS = timedelta(hours=12)
"""How long a session lasts."""


def digest(secret: str) -> str:
    """Return the digest under which a secret is kept: whoever reads the database cannot use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def log_in(database: Session, user: User) -> str:
    """Begin a session of a person and return its cookie; sessions that have ended are removed."""
    cookie = secrets.token_urlsafe(32)
    database.execute(delete(Login).where(Login.expires < now()))
    database.add(Login(id=digest(cookie), user=user.id, expires=now() + LASTS))
    return cookie


def user_of(database: Session, cookie: str) -> User | None:
    """Return the person of a cookie, None where its session has ended or the person is disabled."""
    login = database.get(Login, digest(cookie))
    if login is None or login.expires <= now():
        return None
    user = database.get(User, login.user)
    return None if user is None or user.disabled else user


def open_sessions(database: Session, user: User) -> list[Login]:
    """Return a person's sessions that have not ended, the newest first."""
    rows = select(Login).where(Login.user == user.id, Login.expires > now()).order_by(Login.created.desc())
    return list(database.scalars(rows))


def end_others(database: Session, user: User, cookie: str) -> None:
    """End every session of a person but that of a cookie."""
    database.execute(delete(Login).where(Login.user == user.id, Login.id != digest(cookie)))


def log_out(database: Session, cookie: str) -> None:
    """End a session."""
    database.execute(delete(Login).where(Login.id == digest(cookie)))
