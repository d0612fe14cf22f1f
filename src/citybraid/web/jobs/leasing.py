"""The queue as workers see it: take a job for a time, hold it by heartbeats, end it, give it back.

A lease is a job, a worker and the number of the attempt. Every change asks that the row still stands so: a worker whose
lease ran out, and was taken over, writes nothing more. SQLite takes one writer at a time; PostgreSQL locks the rows of
study and person while a job of theirs is taken, so that two workers never take two jobs of one study at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Update, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from citybraid.core.text import LANGUAGES, say
from citybraid.web.database.clock import clock
from citybraid.web.database.tables import Job, StudyRow, User
from citybraid.web.jobs.states import State
from citybraid.web.jobs.turns import last_began

LEASE = timedelta(seconds=15)
"""How long a worker holds a job after a heartbeat."""
PAUSE = timedelta(seconds=2)
"""How long a job that was given back waits before it is taken again."""
MOST_ATTEMPTS = 30
"""How often a job is taken up whose worker was lost: servers are restarted, but not for ever."""


@dataclass(frozen=True)
class Lease:
    """A job that a worker holds: its row, and the attempt by which its changes are known."""

    job: str
    worker: str
    attempt: int
    kind: str
    study: str
    path: str
    options: Mapping[str, Any]
    cores: int
    failures: int
    worked: float = 0.0
    """Time that was spent on it before this attempt [s]."""


def claim(session: Session, worker: str, *, cores: int, reading: Iterable[str] = ()) -> Lease | None:
    """Take the job whose turn it is, None where there is none that may run: people take turns, oldest jobs first.

    It gets up to `cores`, less where its person's quota leaves less. `reading` are kinds that change nothing, which
    run beside others of their study.
    """
    present = clock(session)
    beside = tuple(reading)
    row = session.execute(_waiting(present, beside)).first()
    if row is None:
        return None
    waiting, user, study = tuple(row)
    granted = cores if user.cores is None else min(cores, user.cores - _used(session, waiting, present))
    if granted < 1:
        return None
    same = (Job.id == waiting.id, Job.attempts == waiting.attempts, _ready(present), _free(present, beside))
    taken = update(Job).where(*same).values(
        state=State.RUNNING, worker=worker, attempts=Job.attempts + 1, lease=present + LEASE, cores=granted,
        started=func.coalesce(Job.started, present),
    )  # fmt: skip
    if not _changed(session, taken):
        return None
    failures = int(waiting.error.get("tries", 0))
    return Lease(
        waiting.id, worker, waiting.attempts + 1, waiting.kind, study.id, study.path, waiting.options, granted,
        failures, waiting.worked,
    )  # fmt: skip


def renew(session: Session, lease: Lease, progress: Mapping[str, Any], *, spent: float = 0.0) -> bool | None:
    """Hold a job on, and tell how far it is; True where it shall be cancelled, None where the lease is lost.

    `spent` is the time of this attempt so far [s].
    """
    values = {"progress": dict(progress), "worked": lease.worked + spent}
    held = _changed(session, _of(lease).values(lease=clock(session) + LEASE, **values))
    return session.scalar(select(Job.cancel).where(Job.id == lease.job)) if held else None


def cancelled(session: Session, lease: Lease) -> bool | None:
    """Tell whether a job shall be cancelled; None where the lease is lost."""
    return session.scalar(select(Job.cancel).where(*_mine(lease)))


def caps(session: Session, lease: Lease) -> tuple[int | None, int | None]:
    """Return the minutes and the MiB that the job of a person may take as their quota stands now; None without one."""
    row = session.execute(
        select(User.job_minutes, User.job_mib).join(Job, Job.user == User.id).where(Job.id == lease.job)
    ).first()
    return (None, None) if row is None else (row[0], row[1])


def end(
    session: Session, lease: Lease, state: State, *, result: Mapping[str, Any], error: Mapping[str, Any]
) -> bool:  # fmt: skip
    """End a job; False where the lease is lost, and nothing is written."""
    ended = {"state": state, "ended": clock(session), "lease": None, "worker": None, "cores": 0}
    return _changed(session, _of(lease).values(**ended, result=dict(result), error=dict(error)))


def give_back(session: Session, lease: Lease, *, error: Mapping[str, Any] | None = None, tried: bool = False) -> bool:
    """Put a job back into the queue, for another worker or another try; False where the lease is lost.

    An attempt that was not `tried` is not counted. `error` is what ended this try.
    """
    values: dict[str, Any] = {
        "state": State.QUEUED, "worker": None, "cores": 0, "lease": clock(session) + PAUSE,
        "attempts": Job.attempts if tried else Job.attempts - 1,
    }  # fmt: skip
    return _changed(session, _of(lease).values(**values, **({} if error is None else {"error": dict(error)})))


def settle(session: Session) -> None:
    """End what no worker holds and none shall take: jobs cancelled meanwhile, and those lost too often."""
    present = clock(session)
    lost = (Job.state == State.RUNNING, Job.lease < present)
    gone = {"ended": present, "lease": None, "worker": None, "cores": 0}
    unheld = or_(and_(*lost), Job.state == State.QUEUED)
    _changed(session, update(Job).where(unheld, Job.cancel.is_(True)).values(state=State.CANCELLED, **gone))
    messages = {each: say("web.jobs.lost", each, attempts=MOST_ATTEMPTS) for each in LANGUAGES}
    error = {"error": "web.jobs.lost", "said": messages}
    often = update(Job).where(*lost, Job.attempts >= MOST_ATTEMPTS)
    _changed(session, often.values(state=State.FAILED, error=error, **gone))


def _waiting(present: datetime, reading: tuple[str, ...]) -> Executable:
    """Return the query of the job whose turn it is, with its person and study, their rows locked."""
    other = aliased(Job)
    used = (
        select(func.coalesce(func.sum(other.cores), 0))
        .where(other.user == Job.user, other.id != Job.id, other.state == State.RUNNING, other.lease >= present)
        .scalar_subquery()
    )
    rows = select(Job, User, StudyRow).join(User, User.id == Job.user).join(StudyRow, StudyRow.id == Job.study)
    may = rows.where(_ready(present), _free(present, reading), or_(User.cores.is_(None), User.cores > used))
    began = last_began()
    turns = may.outerjoin(began, began.c.user == Job.user)
    first = turns.order_by(began.c.at.asc().nulls_first(), Job.submitted, Job.id).limit(1)
    return first.with_for_update(of=[User, StudyRow], key_share=True, skip_locked=True)


def _ready(present: datetime) -> ColumnElement[bool]:
    """A job that waits, its pause over, or one whose worker was lost."""
    waits = and_(Job.state == State.QUEUED, or_(Job.lease.is_(None), Job.lease < present))
    lost = and_(Job.state == State.RUNNING, Job.lease < present, Job.attempts < MOST_ATTEMPTS)
    return and_(or_(waits, lost), Job.cancel.is_(False))


def _free(present: datetime, reading: tuple[str, ...]) -> ColumnElement[bool]:
    """A job in whose study no other one writes, or that writes nothing itself."""
    other = aliased(Job)
    writing = select(other.id).where(
        other.study == Job.study, other.id != Job.id, other.state == State.RUNNING, other.lease >= present,
        other.kind.not_in(reading),
    )  # fmt: skip
    return or_(Job.kind.in_(reading), ~writing.exists())


def _used(session: Session, job: Job, present: datetime) -> int:
    """Return the cores that the other jobs of a job's person hold."""
    others = (Job.user == job.user, Job.id != job.id, Job.state == State.RUNNING, Job.lease >= present)
    return int(session.scalar(select(func.coalesce(func.sum(Job.cores), 0)).where(*others)) or 0)


def _mine(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        Job.id == lease.job, Job.worker == lease.worker, Job.attempts == lease.attempt, Job.state == State.RUNNING
    )  # fmt: skip


def _of(lease: Lease) -> Update:
    return update(Job).where(*_mine(lease))


def _changed(session: Session, change: Update) -> bool:
    return bool(session.execute(change.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
