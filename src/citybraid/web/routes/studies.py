"""The studies of the workspace that the asker may see."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from citybraid.core.errors import PlanError
from citybraid.core.text import LANGUAGES
from citybraid.study.open.open_study import asked_by
from citybraid.web.access.permits import Asker, Database, Permit, Shared, Viewing, role_in
from citybraid.web.database.tables import StudyRow
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.runs import numbers

router = APIRouter(tags=["studies"])


class StudyState(BaseModel):
    """A study: names, place and year, the asker's role, version of its file, runs, and what is wrong with it."""

    id: str
    folder: str
    name: str
    title: dict[str, str]
    region: str
    year: int | None
    synthetic: bool
    role: str
    version: int
    runs: list[str]
    alternatives: dict[str, dict[str, str]]
    problem: dict[str, str]


@router.get("/api/studies")
def studies(user: Asker, session: Database, shared: Shared) -> list[StudyState]:
    """List the studies that the asker has a role in."""
    rows = session.scalars(select(StudyRow).order_by(StudyRow.path))
    held = ((row, role_in(session, user, row)) for row in rows)
    return [state(Permit(user, row, shared.settings.folder / row.path, role)) for row, role in held if role is not None]


@router.get("/api/studies/{study}")
def study_state(permitted: Viewing) -> StudyState:
    """Return one study."""
    return state(permitted)


def state(permitted: Permit) -> StudyState:
    """Return a study as it stands; one whose file cannot be read tells why."""
    about: dict[str, Any] = {
        "name": permitted.folder.name, "title": {}, "region": "", "year": None, "synthetic": False, "alternatives": {},
        "problem": {},
    }  # fmt: skip
    try:
        asked = asked_by(permitted.folder / STUDY)
    except PlanError as fault:
        about["problem"] = {language: fault.say(language) for language in LANGUAGES}
    else:
        info = asked.study
        about |= {
            "name": info.name, "title": dict(info.title), "region": info.region, "year": info.year,
            "synthetic": info.synthetic,
            "alternatives": {name: dict(each.title) for name, each in asked.alternatives.items()},
        }  # fmt: skip
    row = permitted.study
    return StudyState(
        id=row.id, folder=row.path, role=permitted.role.word, version=row.version, runs=numbers(permitted.folder),
        **about,
    )  # fmt: skip
