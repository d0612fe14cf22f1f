"""The queue as those see it who ask for work: submit, look, cancel. Workers take from it in leasing.py."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from citybraid.web.access.refusals import Conflict, NotFound, TooMany
from citybraid.web.database.clock import clock
from citybraid.web.database.tables import Job, StudyRow, User, new_id
from citybraid.web.jobs.lookup import arguments
from citybraid.web.jobs.states import OPEN, State

INSERT: Mapping[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MOST_OPEN = 100
"""Jobs of a study that wait or run at once."""
MOST_OF_PERSON = 50
"""Jobs of a person that wait or run at once, in all studies, where no quota says otherwise: nobody fills a study's."""
SHOWN = 100
"""Jobs that a list shows, the newest first."""


def submit(
    session: Session, study: StudyRow, user: User, folder: Path, *, kind: str, options: Mapping[str, Any], request: str
) -> Job:
    """Queue a job and return it; the same request again returns the job that it made.

    Raises NotFound for an unknown kind, InputError for options that the kind does not know, Conflict where the
    request has asked for something else, TooMany where the queue or the person's share of it is full or the person
    has no core.
    """
    arguments(kind, folder, options)
    if user.cores is not None and user.cores < 1:
        raise TooMany("web.jobs.no_cores")
    row = {
        "id": new_id(), "kind": kind, "study": study.id, "user": user.id, "request": request, "options": dict(options),
        "state": State.QUEUED, "submitted": clock(session),
    }  # fmt: skip
    if by_request(session, study, request) is None:
        if (own := open_of(session, user)) >= most_of(user):
            raise TooMany("web.jobs.person_full", count=own, most=most_of(user))
        if _open(session, study) >= MOST_OPEN:
            raise TooMany("web.jobs.queue_full", most=MOST_OPEN)
    insert = INSERT[session.get_bind().dialect.name](Job)
    session.execute(insert.values(**row).on_conflict_do_nothing(index_elements=["study", "request"]))
    job = by_request(session, study, request)
    if job is None or (job.kind, job.options) != (kind, dict(options)):
        raise Conflict("web.jobs.request_reused")
    return job


def by_request(session: Session, study: StudyRow, request: str) -> Job | None:
    """Return the job that a request of a study has made; None where it has made none."""
    return session.scalar(select(Job).where(Job.study == study.id, Job.request == request))


def listed(session: Session, studies: Iterable[str], *, most: int = SHOWN) -> list[Job]:
    """Return jobs of studies: those that wait or run, and the latest of the others; the newest first."""
    rows = select(Job).where(Job.study.in_(list(studies))).order_by(Job.state.in_(OPEN).desc(), Job.submitted.desc())
    return sorted(session.scalars(rows.limit(most)), key=lambda job: job.submitted, reverse=True)


def job_of(session: Session, study: str, job: str) -> Job:
    """Return a job of a study; raises NotFound where it has none of that id."""
    row = session.get(Job, job, populate_existing=True)
    if row is None or row.study != study:
        raise NotFound("web.jobs.no_job")
    return row


def cancel(session: Session, study: str, job: str) -> Job:
    """Cancel a job: at once where no worker holds it, else by its worker, soon; one that has ended stays so."""
    present = clock(session)
    mine = (Job.id == job, Job.study == study)
    unheld = (Job.state == State.QUEUED) | ((Job.state == State.RUNNING) & (Job.lease < present))
    ended = update(Job).where(*mine, unheld).values(state=State.CANCELLED, cancel=True, ended=present, cores=0)
    session.execute(ended.execution_options(synchronize_session=False))
    statement = update(Job).where(*mine, Job.state == State.RUNNING).values(cancel=True)
    session.execute(statement.execution_options(synchronize_session=False))
    return job_of(session, study, job)


def most_of(user: User) -> int:
    """Return how many jobs of a person may wait and run at once."""
    return MOST_OF_PERSON if user.jobs is None else user.jobs


def open_of(session: Session, user: User) -> int:
    """Return how many jobs of a person wait or run."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.user == user.id, Job.state.in_(OPEN))) or 0


def _open(session: Session, study: StudyRow) -> int:
    rows = select(func.count()).select_from(Job).where(Job.study == study.id, Job.state.in_(OPEN))
    return session.scalar(rows) or 0
