"""People take turns: of those who wait, the one whose last job began longest ago comes first, then the oldest job.

So one who queues a hundred runs delays the first of another by one of them at most for each worker.
"""

from collections import defaultdict
from datetime import UTC, datetime

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from citybraid.web.database.tables import Job
from citybraid.web.jobs.states import State

NEVER = datetime.min.replace(tzinfo=UTC)


def last_began() -> Subquery:
    """Return when the last job of each person began, who has had one: columns `user` and `at`."""
    return select(Job.user, func.max(Job.started).label("at")).group_by(Job.user).subquery()


def places(session: Session) -> dict[str, int]:
    """Return how many jobs come before each one that waits, in all studies, as far as that is known now."""
    waiting = select(Job.id, Job.user).where(Job.state == State.QUEUED).order_by(Job.submitted, Job.id)
    of_person: dict[str, list[str]] = defaultdict(list)
    for job, user in session.execute(waiting):
        of_person[user].append(job)
    began = last_began()
    last = {user: at for user, at in session.execute(select(began.c.user, began.c.at)) if at is not None}
    turns = sorted(of_person, key=lambda user: last.get(user, NEVER))
    most = max(map(len, of_person.values()), default=0)
    taken = [of_person[user][turn] for turn in range(most) for user in turns if turn < len(of_person[user])]
    return {job: at for at, job in enumerate(taken)}
