"""What a request may do: who asks, and their role in the study of its address. Dependencies of routes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.access import attempts, keys, logins
from citybraid.web.access.refusals import NotAllowed, NotFound, NotLoggedIn
from citybraid.web.access.roles import Role, role_of
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.tables import Member, StudyRow, User


@dataclass(frozen=True)
class Server:
    """What every request shares: settings, and the maker of database sessions."""

    settings: Settings
    sessions: sessionmaker[Session]


async def server(request: Request) -> Server:
    """Return what every request shares; at once, without a thread."""
    shared: Server = request.app.state.server
    return shared


Shared = Annotated[Server, Depends(server)]


def address(request: Request) -> str:
    """Return the address that a request comes from, as the server or its proxy tells it."""
    return "" if request.client is None else request.client.host[:64]


def database(shared: Shared) -> Iterator[Session]:
    """Provide the request's database session, committed where the request succeeds."""
    with shared.sessions.begin() as session:
        yield session


Database = Annotated[Session, Depends(database, scope="function")]


def who(request: Request, session: Database) -> User:
    """Return who asks; raises NotLoggedIn."""
    cookie = request.cookies.get(logins.COOKIE) or request.cookies.get(f"__Host-{logins.COOKIE}") or ""
    user = logins.user_of(session, cookie) if cookie else None
    if user is None:
        raise NotLoggedIn("web.not_logged_in")
    return user


Asker = Annotated[User, Depends(who)]
BEARER = "bearer "


def sender(request: Request, session: Database) -> User:
    """Return who sends a case: by a session, or by a key of the command line, which opens nothing but this.

    Raises NotLoggedIn, and TooMany for an address from which too many wrong keys have come.
    """
    authorization = request.headers.get("authorization", "")
    if not authorization.lower().startswith(BEARER):
        return who(request, session)
    source = address(request)
    attempts.refuse_too_many(session, f"key {source}", source)
    user = keys.user_of(session, authorization[len(BEARER) :].strip())
    if user is None:
        attempts.failed(session, f"key {source}", source)
        session.commit()
        raise NotLoggedIn("web.wrong_key")
    return user


Sender = Annotated[User, Depends(sender)]


@dataclass(frozen=True)
class Permit:
    """A study that the asker may use: its row, its folder, the role."""

    user: User
    study: StudyRow
    folder: Path
    role: Role


def role_in(session: Session, user: User, study: StudyRow) -> Role | None:
    """Return a person's role in a study, None where they have none."""
    if user.admin or study.owner == user.id:
        return Role.OWNER
    member = session.get(Member, (study.id, user.id))
    return None if member is None else role_of(member.role)


def permit(least: Role) -> Callable[..., Permit]:
    """Return the dependency of a route below `/api/studies/{study}` that asks for a role.

    It raises NotFound where there is no such study or the asker has no role in it, so that nobody learns which
    studies there are, or where its folder is gone, unless what only its owner may do is asked for: a study that was
    moved away can still be taken out of the list. It raises NotAllowed where the role is not enough.
    """

    def permitted(study: str, user: Asker, session: Database, shared: Shared) -> Permit:
        return _permitted(session, user, study, shared, least)

    return permitted


def looking(study: str, request: Request, shared: Shared) -> Permit:
    """Permit a reader to look, as `permit(Role.VIEWER)` does, in one step with a session of its own.

    For what many ask for at once, tiles and places: each further step of a request waits for a thread of its own.
    """
    with shared.sessions() as session:
        return _permitted(session, who(request, session), study, shared, Role.VIEWER)


def _permitted(session: Session, user: User, study: str, shared: Server, least: Role) -> Permit:
    row = session.get(StudyRow, study)
    role = None if row is None else role_in(session, user, row)
    if row is None or role is None:
        raise NotFound("web.no_study")
    if role < least:
        raise NotAllowed("web.role_needed", role=least.word)
    folder = shared.settings.folder / row.path
    if least < Role.OWNER and not folder.is_dir():
        raise NotFound("web.study_gone", folder=row.path)
    return Permit(user, row, folder, role)


Looking = Annotated[Permit, Depends(looking)]
Viewing = Annotated[Permit, Depends(permit(Role.VIEWER), scope="function")]
Reviewing = Annotated[Permit, Depends(permit(Role.REVIEWER), scope="function")]
Editing = Annotated[Permit, Depends(permit(Role.EDITOR), scope="function")]
Owning = Annotated[Permit, Depends(permit(Role.OWNER), scope="function")]
