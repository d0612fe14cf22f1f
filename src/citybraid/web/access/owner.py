"""The owner of a laptop's workspace: one person without password, let in by the server's token."""

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
