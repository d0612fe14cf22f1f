"""The time by which leases are measured: that of the database, which all workers share."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citybraid.web.database.tables import now


def clock(session: Session) -> datetime:
    """Return the present time: the database server's, or this machine's where the database is a file on it."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    present = session.execute(select(func.clock_timestamp())).scalar_one()
    return datetime.fromisoformat(str(present)).astimezone(UTC)
