"""Keys of one's own command line: made, listed, withdrawn."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from citybraid.web.access import audit, keys
from citybraid.web.access.permits import Asker, Database, address
from citybraid.web.database.tables import Key

router = APIRouter(tags=["cases"])


class KeyAsked(BaseModel):
    """What a key is called, and how long it can be used [d]."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    days: Annotated[int, Field(ge=1, le=365)] = 90


class KeyState(BaseModel):
    """A key: its secret is told once, when it is made."""

    id: str
    title: str
    created: datetime
    expires: datetime
    used: datetime | None
    secret: str = ""


@router.get("/api/keys")
def my_keys(user: Asker, session: Database) -> list[KeyState]:
    """List one's own keys that can still be used."""
    return [_state(each) for each in keys.keys_of(session, user)]


@router.post("/api/keys", status_code=201)
def make_key(wanted: KeyAsked, request: Request, user: Asker, session: Database) -> KeyState:
    """Make a key with which one's command line hands cases in, and nothing else."""
    key, secret = keys.make(session, user, wanted.title, lasts=timedelta(days=wanted.days))
    audit.record(session, "key_made", user=user, address=address(request), detail={"title": key.title})
    return _state(key, secret)


@router.delete("/api/keys/{key}", status_code=204)
def withdraw_key(key: str, request: Request, user: Asker, session: Database) -> None:
    """Withdraw a key of one's own."""
    keys.withdraw(session, user, key)
    audit.record(session, "key_withdrawn", user=user, address=address(request))


def _state(key: Key, secret: str = "") -> KeyState:
    return KeyState(
        id=key.id, title=key.title, created=key.created, expires=key.expires, used=key.used, secret=secret
    )  # fmt: skip
