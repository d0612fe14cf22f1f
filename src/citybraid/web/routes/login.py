"""Entering a team's server by name and password, or by an invitation."""

from contextlib import suppress

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from citybraid.core.errors import PlanError
from citybraid.study.open.open_study import asked_by
from citybraid.web.access import attempts, audit, logins, passwords, people
from citybraid.web.access.permits import Asker, Database, Shared, address
from citybraid.web.access.refusals import NotFound, NotLoggedIn
from citybraid.web.configuration.settings import Mode
from citybraid.web.database.tables import Invitation, StudyRow
from citybraid.web.routes.session import set_cookie
from citybraid.web.studies.listing import STUDY

router = APIRouter(tags=["login"])


class Credentials(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=120)
    password: str = Field(min_length=1, max_length=passwords.MOST)


class NewPerson(Credentials):
    """A person who accepts an invitation, with the name that others see."""

    display: str = Field("", max_length=120)


class NewPassword(BaseModel):
    """A new password, and the present one as proof."""

    model_config = ConfigDict(extra="forbid")
    present: str = Field(max_length=passwords.MOST)
    password: str = Field(max_length=passwords.MOST)


class InvitationState(BaseModel):
    """What an invitation gives: a role in a study, by its folder and its title; '' where its file cannot be read."""

    role: str
    folder: str
    title: dict[str, str]


@router.post("/api/login", status_code=204)
def log_in(given: Credentials, request: Request, response: Response, shared: Shared, session: Database) -> None:
    """Begin a session by name and password."""
    if shared.settings.mode is not Mode.TEAM:
        raise NotFound("web.no_page")
    source = address(request)
    attempts.refuse_too_many(session, given.name, source)
    person = people.person_named(session, given.name)
    right = passwords.matches(None if person is None else person.password, given.password)
    if person is None or person.disabled or not right:
        attempts.failed(session, given.name, source)
        audit.record(session, "login_refused", user=person, address=source)
        session.commit()
        raise NotLoggedIn("web.wrong_password")
    if person.password is not None and passwords.outdated(person.password):
        person.password = passwords.rehashed(given.password)
    attempts.succeeded(session, given.name)
    audit.record(session, "login", user=person, address=source)
    set_cookie(response, logins.log_in(session, person), shared.settings)


@router.put("/api/password", status_code=204)
def change_password(given: NewPassword, request: Request, user: Asker, session: Database) -> None:
    """Change one's own password; every session ends."""
    source = address(request)
    attempts.refuse_too_many(session, user.name, source)
    if not passwords.matches(user.password, given.present):
        attempts.failed(session, user.name, source)
        session.commit()
        raise NotLoggedIn("web.wrong_present")
    people.set_password(session, user, given.password)
    audit.record(session, "password_changed", user=user, address=source)


@router.get("/api/invitations/{token}")
def invitation(token: str, request: Request, shared: Shared, session: Database) -> InvitationState:
    """Tell what an invitation gives."""
    row = _invitation(token, request, session)
    study = session.get(StudyRow, row.study)
    folder = "" if study is None else study.path
    title: dict[str, str] = {}
    if folder:
        with suppress(PlanError, OSError):
            title = dict(asked_by(shared.settings.folder / folder / STUDY).study.title)
    return InvitationState(role=row.role, folder=folder, title=title)


@router.post("/api/invitations/{token}", status_code=204)
def accept_as_new(  # noqa: PLR0917  (FastAPI calls by keyword)
    token: str, given: NewPerson, request: Request, response: Response, shared: Shared, session: Database
) -> None:
    """Accept an invitation as a new person, who is logged in."""
    row = _invitation(token, request, session)
    person = people.add_person(session, given.name, given.password, display=given.display)
    people.accept(session, row, person)
    audit.record(session, "invitation_accepted", user=person, study=row.study, address=address(request))
    set_cookie(response, logins.log_in(session, person), shared.settings)


@router.put("/api/invitations/{token}", status_code=204)
def accept_as_known(token: str, request: Request, user: Asker, session: Database) -> None:
    """Accept an invitation as the person who is logged in."""
    row = _invitation(token, request, session)
    people.accept(session, row, user)
    audit.record(session, "invitation_accepted", user=user, study=row.study, address=address(request))


def _invitation(token: str, request: Request, session: Database) -> Invitation:
    source = address(request)
    attempts.refuse_too_many(session, "", source)
    try:
        return people.open_invitation(session, token)
    except NotFound:
        attempts.failed(session, f"invitation {source}", source)
        session.commit()
        raise
