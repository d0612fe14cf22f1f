"""The studies of the workspace that the asker may see; new ones from pilots; deletion."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.core.errors import PlanError
from citybraid.core.text import LANGUAGES, say
from citybraid.study.open.open_study import asked_by
from citybraid.web.access.permits import Asker, Database, Owning, Permit, Server, Shared, Viewing, role_in
from citybraid.web.access.roles import Role
from citybraid.web.cases.opening import opening_of
from citybraid.web.configuration.settings import Mode
from citybraid.web.database.tables import StudyRow, User
from citybraid.web.studies import trash
from citybraid.web.studies.creation import Pilot, from_pilot, pilot_list
from citybraid.web.studies.listing import STUDY, take_up_new
from citybraid.web.studies.runs import numbers
from citybraid.web.studies.space import require_space

router = APIRouter(tags=["studies"])

Title = Annotated[str, StringConstraints(max_length=120)]


class StudyState(BaseModel):
    """A study: names, place and year, owner, the asker's role, version of its file, runs, and what is wrong with it."""

    id: str
    folder: str
    name: str
    title: dict[str, str]
    region: str
    year: int | None
    synthetic: bool
    note: dict[str, str]
    role: str
    owner: str
    version: int
    runs: list[str]
    last_run: datetime | None
    alternatives: dict[str, dict[str, str]]
    problem: dict[str, str]
    opening: bool
    """Whether it is a case that is being opened, or whose opening ended before it was whole."""


class NewStudy(BaseModel):
    """A new study: the pilot that is copied, and a title of one's own."""

    pilot: Annotated[str, StringConstraints(max_length=80)]
    title: Title = ""


class DeletedState(BaseModel):
    """A deleted study, from which it can be put back: its id in the trash and the name of its folder."""

    id: str
    folder: str
    at: datetime


@router.get("/api/studies")
def studies(user: Asker, session: Database, shared: Shared) -> list[StudyState]:
    """List the studies that the asker has a role in; a laptop's with those that were put into its folder since."""
    if shared.settings.mode is Mode.LAPTOP:
        take_up_new(session, shared.settings.folder, user)
    rows = session.scalars(select(StudyRow).order_by(StudyRow.path))
    held = ((row, role_in(session, user, row)) for row in rows)
    permits = [Permit(user, row, shared.settings.folder / row.path, role) for row, role in held if role is not None]
    return [state(each, session) for each in permits]


@router.post("/api/studies", status_code=201)
def new_study(wanted: NewStudy, user: Asker, session: Database, shared: Shared) -> StudyState:
    """Copy a pilot into a new folder of the workspace; the study is the asker's."""
    workspace = shared.settings.folder
    require_space(session, workspace, user, 0)
    return of_owner(from_pilot(session, workspace, user, pilot=wanted.pilot, title=wanted.title), user, shared, session)


@router.get("/api/studies/{study}")
def study_state(permitted: Viewing, session: Database) -> StudyState:
    """Return one study."""
    return state(permitted, session)


@router.delete("/api/studies/{study}")
def delete_study(permitted: Owning, session: Database, shared: Shared) -> DeletedState:
    """Move a study into the workspace's trash, from which it can be put back."""
    deleted = trash.throw_away(session, shared.settings.folder, permitted)
    return DeletedState(id=deleted.id, folder=deleted.folder, at=deleted.at)


@router.get("/api/trash")
def deleted_studies(user: Asker, shared: Shared) -> list[DeletedState]:
    """List the asker's deleted studies."""
    deleted = trash.thrown_away(shared.settings.folder, user)
    return [DeletedState(id=each.id, folder=each.folder, at=each.at) for each in deleted]


@router.post("/api/trash/{deleted}", status_code=201)
def put_back(deleted: str, user: Asker, session: Database, shared: Shared) -> StudyState:
    """Put a deleted study back into the workspace."""
    return of_owner(trash.put_back(session, shared.settings.folder, user, deleted), user, shared, session)


@router.get("/api/pilots")
def pilots(_user: Asker) -> tuple[Pilot, ...]:
    """List the pilots of the package."""
    return pilot_list()


def of_owner(row: StudyRow, user: User, shared: Server, session: Session) -> StudyState:
    """Return a study that the asker has just made."""
    return state(Permit(user, row, shared.settings.folder / row.path, Role.OWNER), session)


def state(permitted: Permit, session: Session) -> StudyState:
    """Return a study as it stands; one whose file cannot be read tells why."""
    about: dict[str, Any] = {
        "name": permitted.folder.name, "title": {}, "region": "", "year": None, "synthetic": False, "note": {},
        "alternatives": {}, "problem": {}, "opening": False,
    }  # fmt: skip
    if not (permitted.folder / STUDY).is_file() and (file := opening_of(permitted.folder)):
        text = {each: say("web.cases.not_whole", each, file=file) for each in LANGUAGES}
        return _state(permitted, session, {**about, "problem": text, "opening": True})
    if not permitted.folder.is_dir():
        gone = {each: say("web.study_gone", each, folder=permitted.study.path) for each in LANGUAGES}
        return _state(permitted, session, {**about, "problem": gone})
    try:
        settings = asked_by(permitted.folder / STUDY)
    except PlanError as fault:
        about["problem"] = {language: fault.say(language) for language in LANGUAGES}
    else:
        info = settings.study
        about |= {
            "name": info.name, "title": dict(info.title), "region": info.region, "year": info.year,
            "synthetic": info.synthetic, "note": dict(info.note or {}),
            "alternatives": {name: dict(each.title) for name, each in settings.alternatives.items()},
        }  # fmt: skip
    return _state(permitted, session, about)


def _state(permitted: Permit, session: Session, about: dict[str, Any]) -> StudyState:
    row, runs = permitted.study, numbers(permitted.folder)
    owner = session.get(User, row.owner)
    return StudyState(
        id=row.id, folder=row.path, role=permitted.role.word, version=row.version, runs=runs,
        owner="" if owner is None else owner.display or owner.name, last_run=_last_run(permitted, runs), **about,
    )  # fmt: skip


def _last_run(permitted: Permit, runs: list[str]) -> datetime | None:
    manifest = permitted.folder / "runs" / runs[0] / "manifest.json" if runs else None
    return datetime.fromtimestamp(manifest.stat().st_mtime, UTC) if manifest is not None and manifest.exists() else None
