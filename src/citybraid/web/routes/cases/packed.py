"""The case of a run: what it holds, its file, handed in to the library; and the case that a study was opened from."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from citybraid.commons.form.lessons import Lessons
from citybraid.web.access.permits import Editing, Owning, Server, Shared, Viewing
from citybraid.web.cases.lessons import LessonsState, lessons_of, tell
from citybraid.web.cases.packed import SUFFIX, PackedState, case_of, packed
from citybraid.web.cases.review import VersionState, hand_in
from citybraid.web.cases.told import OriginState, ToldState, origin, told_and_computed
from citybraid.web.configuration.settings import Mode
from citybraid.web.database.tables import User
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["cases"])

FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
ZIP = "application/zip"
MOST_LETTERS = 100
"""Longest name in the history of a library."""
Author = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_LETTERS)]


class HandedIn(BaseModel):
    """Who hands a case in, as the library's history will name them; a team's server knows that itself."""

    model_config = ConfigDict(extra="forbid")
    by: Author


def named(path: str, user: User, shared: Server) -> str:
    """Return the name that the history of a case gets: of a team the person's own, on a laptop the one they say."""
    return path if shared.settings.mode is Mode.LAPTOP else (user.display or user.name)[:MOST_LETTERS]


@router.get("/api/studies/{study}/runs/{run}/case")
def run_case(run: str, permitted: Viewing) -> PackedState | None:
    """Tell what the case of a run holds and what it leaves out; null where it is not packed."""
    return packed(open_run(permitted.folder, run))


@router.get("/api/studies/{study}/runs/{run}/case/file", response_class=FileResponse)
def case_file(run: str, permitted: Editing) -> FileResponse:
    """Take the case of a run, which holds inputs of the study."""
    checked = case_of(open_run(permitted.folder, run))
    headers = {"Content-Security-Policy": FILE_POLICY}
    name = f"{checked.card.name}{SUFFIX}"
    return FileResponse(checked.file, media_type=ZIP, filename=name, headers=headers)


@router.post("/api/studies/{study}/runs/{run}/case/handed-in", status_code=201)
def hand_case_in(run: str, wanted: HandedIn, permitted: Owning, shared: Shared) -> VersionState:
    """Hand the case of a run in to the library, as a draft that others review."""
    by = named(wanted.by, permitted.user, shared)
    return hand_in(shared.settings.cases, case_of(open_run(permitted.folder, run)), by=by)


@router.get("/api/studies/{study}/lessons")
def study_lessons(permitted: Viewing) -> LessonsState:
    """Return the lessons that a case of the study will tell, and what is missing of them."""
    return lessons_of(permitted.folder)


@router.put("/api/studies/{study}/lessons")
def tell_lessons(wanted: Lessons, permitted: Editing) -> LessonsState:
    """Write the lessons beside the study, as TOML; a case that is packed from then on tells them."""
    return tell(permitted.folder, wanted)


@router.get("/api/studies/{study}/case")
def study_origin(permitted: Viewing) -> OriginState | None:
    """Tell the case that a study was opened from; null where it was begun otherwise."""
    return origin(permitted.folder)


@router.get("/api/studies/{study}/runs/{run}/case/told")
def case_told(run: str, permitted: Viewing) -> ToldState:
    """Hold every indicator that the case tells against a run of the study that was opened from it."""
    return told_and_computed(permitted.folder, open_run(permitted.folder, run))
