"""Failed attempts to enter: counted by name and by address, so that nobody can try passwords for long."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from citybraid.web.access.refusals import TooMany
from citybraid.web.database.tables import Attempt, now

WITHIN = timedelta(minutes=15)
"""Time over which failures count."""
BY_NAME, BY_ADDRESS = 8, 40
"""Failures within it after which a name, or an address, has to wait."""


def refuse_too_many(session: Session, name: str, address: str) -> None:
    """Raise TooMany where a name or an address has failed too often; it tells nothing of whether the name exists."""
    since = now() - WITHIN
    for key, most in ((_name(name), BY_NAME), (_address(address), BY_ADDRESS)):
        failed = session.scalar(select(func.count()).where(Attempt.key == key, Attempt.at > since)) or 0
        if failed >= most:
            raise TooMany("web.too_many_attempts", minutes=int(WITHIN.total_seconds() // 60))


def failed(session: Session, name: str, address: str) -> None:
    """Count a failure; those that count no more are removed."""
    session.execute(delete(Attempt).where(Attempt.at <= now() - WITHIN))
    session.add_all([Attempt(key=_name(name)), Attempt(key=_address(address))])


def succeeded(session: Session, name: str) -> None:
    """Forget the failures of a name."""
    session.execute(delete(Attempt).where(Attempt.key == _name(name)))


def _name(name: str) -> str:
    return f"name:{name.casefold()[:120]}"


def _address(address: str) -> str:
    return f"address:{address}"
