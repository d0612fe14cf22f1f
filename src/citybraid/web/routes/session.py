"""Who is logged in, in which mode, since when and with which room; entering by the laptop's token; leaving."""

import secrets
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from citybraid import __version__
from citybraid.core.text import LANGUAGES
from citybraid.web.access import audit, logins
from citybraid.web.access.owner import laptop_owner
from citybraid.web.access.permits import Asker, Database, Shared, address
from citybraid.web.access.refusals import NotLoggedIn
from citybraid.web.configuration.settings import Mode, Settings
from citybraid.web.jobs import queue
from citybraid.web.routes.texts import Begun, languages_begun
from citybraid.web.studies.space import MIB, used

router = APIRouter(tags=["session"])


class SessionState(BaseModel):
    """Who is logged in, and what the server offers."""

    name: str
    display: str
    admin: bool
    mode: Mode
    languages: tuple[str, ...]
    begun: dict[str, Begun]
    """Languages that the pages alone begin to speak, and how far each has come."""
    version: str


@router.get("/api/session")
def session_state(user: Asker, shared: Shared) -> SessionState:
    """Tell who is logged in, and what the server offers."""
    return SessionState(
        name=user.name, display=user.display or user.name, admin=user.admin, mode=shared.settings.mode,
        languages=LANGUAGES, begun=languages_begun(), version=__version__,
    )  # fmt: skip


class Door(BaseModel):
    """How one enters: by the laptop's token, or by password, and whether by a provider of identities."""

    mode: Mode
    provider: bool


@router.get("/api/door")
def door(shared: Shared) -> Door:
    """Tell how one enters."""
    return Door(mode=shared.settings.mode, provider=shared.settings.provider is not None)


class LoginState(BaseModel):
    """A session of the asker: since when, until when, and whether it is the one that asks."""

    begun: datetime
    expires: datetime
    here: bool


class AccountState(BaseModel):
    """The asker's account: names, whether there is a password to change, sessions, room on the disk and cores."""

    name: str
    display: str
    admin: bool
    password: bool
    sessions: list[LoginState]
    used_mib: float
    space_mib: int | None
    """Quota of studies and uploads; None without one."""
    cores: int | None
    """Cores that the person's runs may use at once; None without a limit."""
    jobs: int
    """Jobs of the person that may wait and run at once."""
    open_jobs: int
    job_minutes: int | None
    """Time that one job of the person may take [min]; None without a limit."""
    job_mib: int | None
    """Memory that one job of the person may hold [MiB]; None without a limit."""


@router.get("/api/account")
def account(request: Request, user: Asker, shared: Shared, session: Database) -> AccountState:
    """Tell the asker's sessions, quotas and what is used of them."""
    here = logins.digest(_cookie(request, shared.settings))
    return AccountState(
        name=user.name, display=user.display or user.name, admin=user.admin, password=user.password is not None,
        sessions=[
            LoginState(begun=each.created, expires=each.expires, here=each.id == here)
            for each in logins.open_sessions(session, user)
        ],
        used_mib=round(used(session, shared.settings.folder, user) / MIB, 1), space_mib=user.space_mib,
        cores=user.cores, jobs=queue.most_of(user), open_jobs=queue.open_of(session, user),
        job_minutes=user.job_minutes, job_mib=user.job_mib,
    )  # fmt: skip


@router.delete("/api/account/sessions", status_code=204)
def end_other_sessions(request: Request, user: Asker, shared: Shared, session: Database) -> None:
    """End every session of the asker but this one."""
    logins.end_others(session, user, _cookie(request, shared.settings))
    audit.record(session, "sessions_ended", user=user, address=address(request))


def _cookie(request: Request, settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings), "")


@router.get("/enter", include_in_schema=False)
def enter(token: str, shared: Shared, session: Database) -> Response:
    """Let the owner of a laptop in, who has the token that the server printed; then show the workspace."""
    right = secrets.compare_digest(token.encode(), shared.settings.token.encode())
    if shared.settings.mode is not Mode.LAPTOP or not right:
        raise NotLoggedIn("web.wrong_token")
    answer = RedirectResponse("/", status_code=303)
    set_cookie(answer, logins.log_in(session, laptop_owner(session)), shared.settings)
    return answer


@router.delete("/api/session", status_code=204)
def leave(request: Request, response: Response, shared: Shared, session: Database) -> None:
    """End the session."""
    name = cookie_name(shared.settings)
    if cookie := request.cookies.get(name):
        logins.log_out(session, cookie)
    response.delete_cookie(name)


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name: behind https one that no other host can set."""
    return f"__Host-{logins.COOKIE}" if settings.secure else logins.COOKIE


def set_cookie(response: Response, cookie: str, settings: Settings) -> None:
    """Give a session's cookie: not readable by scripts, not sent by other sites."""
    response.set_cookie(
        cookie_name(settings), cookie, max_age=int(logins.LASTS.total_seconds()), httponly=True,
        secure=settings.secure, samesite="strict", path="/",
    )  # fmt: skip
