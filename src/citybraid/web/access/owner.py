"""Whose the studies of a folder are: a laptop's owner, without password, or the first keeper of a team's server."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.web.database.tables import User

OWNER = "owner"
"""Name of that person."""


def laptop_owner(database: Session) -> User:
    """Return the owner, made where the workspace is new."""
    owner = database.scalar(select(User).where(User.name == OWNER))
    if owner is None:
        owner = User(name=OWNER, display="", admin=True)
        database.add(owner)
        database.flush()
    return owner


def first_admin(session: Session) -> User | None:
    """Return the keeper of a team's server who was added first, None where there is none yet."""
    return session.scalar(select(User).where(User.admin, ~User.disabled).order_by(User.created).limit(1))
