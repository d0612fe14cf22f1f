"""The audit log: who did what in which study, from which address. Rows are added, never changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from citybraid.web.database.tables import Audit, User


def record(
    session: Session, action: str, *, user: User | None = None, study: str | None = None, address: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Add a row to the audit log; it is kept where the rest of the request is."""
    session.add(
        Audit(
            action=action, user=None if user is None else user.id, study=study, address=address,
            detail=dict(detail or {}),
        )
    )  # fmt: skip
