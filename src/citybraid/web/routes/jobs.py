"""Long work on studies: submitted, looked at, cancelled; a worker does it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.web.access import audit
from citybraid.web.access.permits import Asker, Database, Editing, Permit, Shared, Viewing, address, role_in
from citybraid.web.database.tables import Job, StudyRow, User
from citybraid.web.jobs import queue, turns
from citybraid.web.jobs.states import OPEN, State
from citybraid.web.studies.space import require_room

router = APIRouter(tags=["jobs"])

NOTED = frozenset({"run"})
"""Kinds of work that the study's log names, with who asked for them and who cancelled them."""


def _finite(options: dict[str, Any]) -> dict[str, Any]:
    """Refuse numbers that JSON has no words for: raises ValueError."""
    json.dumps(options, allow_nan=False)
    return options


class JobRequest(BaseModel):
    """Work that is asked for: its kind, the kind's options, and what the asker calls this request."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, Field(max_length=40)]
    options: Annotated[dict[str, Any], AfterValidator(_finite)] = Field(default_factory=dict)
    request: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]


class JobState(BaseModel):
    """A job: what was asked by whom, how far it is, what came of it; `ahead` waiting jobs come before it."""

    id: str
    kind: str
    study: str
    user: str
    options: dict[str, Any]
    request: str
    state: State
    submitted: datetime
    started: datetime | None
    ended: datetime | None
    attempts: int
    ahead: int
    cancel: bool
    progress: dict[str, Any]
    result: dict[str, Any]
    error: dict[str, Any]


@router.post("/api/studies/{study}/jobs", status_code=201)
def submit(
    wanted: JobRequest, permitted: Editing, session: Database, *, shared: Shared, request: Request, response: Response
) -> JobState:
    """Queue a job; the same request again returns the job that it made."""
    known = queue.by_request(session, permitted.study, wanted.request) is not None
    if not known:
        require_room(session, shared.settings.folder, permitted.study)
    job = queue.submit(
        session, permitted.study, permitted.user, permitted.folder, kind=wanted.kind, options=wanted.options,
        request=wanted.request,
    )  # fmt: skip
    response.headers["Location"] = f"/api/studies/{permitted.study.id}/jobs/{job.id}"
    if not known and job.kind in NOTED:
        _note(session, permitted, request, "job_asked", job)
    return state(session, job, turns.places(session))


@router.get("/api/studies/{study}/jobs")
def jobs(permitted: Viewing, session: Database) -> list[JobState]:
    """List a study's jobs: those that wait or run, and the latest of the others; the newest first."""
    places = turns.places(session)
    return [state(session, job, places) for job in queue.listed(session, [permitted.study.id])]


@router.get("/api/studies/{study}/jobs/{job}")
def job_state(job: str, permitted: Viewing, session: Database) -> JobState:
    """Return one job."""
    return state(session, queue.job_of(session, permitted.study.id, job), turns.places(session))


@router.delete("/api/studies/{study}/jobs/{job}")
def cancel(job: str, permitted: Editing, session: Database, request: Request) -> JobState:
    """Cancel a job; a running one ends within two seconds. One that has ended stays as it is."""
    ended = queue.job_of(session, permitted.study.id, job).state not in OPEN
    cancelled = queue.cancel(session, permitted.study.id, job)
    if not ended and cancelled.kind in NOTED:
        _note(session, permitted, request, "job_cancelled", cancelled)
    return state(session, cancelled, turns.places(session))


@router.get("/api/jobs")
def all_jobs(user: Asker, session: Database) -> list[JobState]:
    """List the jobs of every study that the asker has a role in, the newest first."""
    seen = [row.id for row in session.scalars(select(StudyRow)) if role_in(session, user, row) is not None]
    places = turns.places(session)
    return [state(session, job, places) for job in queue.listed(session, seen)]


def state(session: Session, job: Job, places: Mapping[str, int]) -> JobState:
    """Return a job as it is told, with its place among those that wait."""
    user = session.get(User, job.user)
    return JobState(
        id=job.id, kind=job.kind, study=job.study, user="" if user is None else user.display or user.name,
        options=job.options, request=job.request, state=State(job.state), submitted=job.submitted, started=job.started,
        ended=job.ended, attempts=job.attempts, ahead=places.get(job.id, 0), cancel=job.cancel,
        progress=job.progress, result=job.result, error=job.error,
    )  # fmt: skip


def _note(session: Session, permitted: Permit, request: Request, action: str, job: Job) -> None:
    """Write into the study's log who asked for work, or cancelled whose."""
    owner = session.get(User, job.user)
    detail = {"kind": job.kind, **({} if owner is None or owner.id == permitted.user.id else {"of": owner.name})}
    audit.record(session, action, user=permitted.user, study=job.study, address=address(request), detail=detail)
