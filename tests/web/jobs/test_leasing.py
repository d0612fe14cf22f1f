import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.database.tables import Job, User
from citybraid.web.jobs import leasing
from citybraid.web.jobs.leasing import Lease
from citybraid.web.jobs.states import State
from tests.web.jobs.conftest import PATIENCE_S, Asking

Maker = sessionmaker[Session]


def claim(maker: Maker, worker: str = "w", cores: int = 2, reading: tuple[str, ...] = ()) -> Lease | None:
    with maker.begin() as session:
        return leasing.claim(session, worker, cores=cores, reading=reading)


def taken(maker: Maker, worker: str = "w", cores: int = 2) -> Lease:
    lease = claim(maker, worker, cores)
    assert lease is not None
    return lease


def end(maker: Maker, lease: Lease) -> bool:
    with maker.begin() as session:
        return leasing.end(session, lease, State.DONE, result={"by": lease.worker}, error={})


def lose(maker: Maker, lease: Lease) -> None:
    """Let a lease run out."""
    with maker.begin() as session:
        row = session.get_one(Job, lease.job)
        assert row.lease is not None
        row.lease -= timedelta(hours=1)


def test_jobs_are_taken_in_order_one_of_a_study_at_a_time(maker: Maker, asking: Asking) -> None:
    first, second, elsewhere = asking.submit(), asking.submit(), asking.submit(study=1)
    one, other = taken(maker, "a"), taken(maker, "b")
    assert (one.job, other.job) == (first, elsewhere)
    assert claim(maker, "c") is None
    assert end(maker, one)
    assert taken(maker, "c").job == second
    assert asking.job(first).result == {"by": "a"}


def test_a_kind_that_writes_nothing_runs_beside_others(maker: Maker, asking: Asking) -> None:
    asking.submit()
    check = asking.submit("check")
    taken(maker)
    assert claim(maker) is None
    beside = claim(maker, reading=("check",))
    assert beside is not None
    assert beside.job == check


def test_who_lost_the_lease_writes_nothing(maker: Maker, asking: Asking) -> None:
    job = asking.submit()
    late = taken(maker, "late")
    lose(maker, late)
    now = taken(maker, "now")
    assert (now.job, now.attempt) == (job, 2)
    with maker.begin() as session:
        assert leasing.renew(session, late, {"share": 1.0}) is None
        assert leasing.cancelled(session, late) is None
        assert not leasing.give_back(session, late)
    assert not end(maker, late)
    assert asking.job(job).state == State.RUNNING
    assert end(maker, now)
    assert not end(maker, now)
    assert asking.job(job).result == {"by": "now"}


def test_a_heartbeat_holds_the_job_and_tells_of_cancelling(maker: Maker, asking: Asking) -> None:
    job = asking.submit()
    lease = taken(maker)
    before = asking.job(job).lease
    with maker.begin() as session:
        assert leasing.renew(session, lease, {"share": 0.5}) is False
    after = asking.job(job)
    assert before is not None
    assert after.lease is not None
    assert (after.lease > before, after.progress) == (True, {"share": 0.5})
    asking.cancel(job)
    with maker.begin() as session:
        assert leasing.renew(session, lease, {}) is True
    assert asking.job(job).state == State.RUNNING


def test_what_is_given_back_waits_a_moment_and_counts_no_attempt(
    maker: Maker, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asking.submit()
    with maker.begin() as session:
        lease = leasing.claim(session, "w", cores=1)
        assert lease is not None
        assert leasing.give_back(session, lease)
    assert claim(maker) is None
    row = asking.job(job)
    assert (row.state, row.attempts, row.cores, row.worker) == (State.QUEUED, 0, 0, None)
    monkeypatch.setattr(leasing, "PAUSE", timedelta(seconds=-1))
    lose(maker, lease)
    again = taken(maker)
    with maker.begin() as session:
        leasing.give_back(session, again, error={"tries": 1}, tried=True)
    last = taken(maker)
    assert (last.attempt, last.failures) == (2, 1)


def test_a_job_lost_too_often_fails_and_says_why(maker: Maker, asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leasing, "MOST_ATTEMPTS", 2)
    job = asking.submit()
    for _ in range(2):
        lose(maker, taken(maker))
    assert claim(maker) is None
    with maker.begin() as session:
        leasing.settle(session)
    row = asking.job(job)
    assert (row.state, row.error["error"], set(row.error["said"])) == (State.FAILED, "web.jobs.lost", {"en", "zh"})


def test_a_lost_job_that_was_cancelled_is_not_taken_up(maker: Maker, asking: Asking) -> None:
    job = asking.submit()
    lease = taken(maker)
    asking.cancel(job)
    lose(maker, lease)
    assert claim(maker) is None
    with maker.begin() as session:
        leasing.settle(session)
    assert asking.job(job).state == State.CANCELLED


def test_what_nobody_holds_is_cancelled_at_once(maker: Maker, asking: Asking) -> None:
    job = asking.submit()
    lose(maker, taken(maker))
    asking.cancel(job)
    assert asking.job(job).state == State.CANCELLED


def test_no_more_cores_than_the_quota(maker: Maker, asking: Asking) -> None:
    with maker.begin() as session:
        session.query(User).one().cores = 3
    one, other = asking.submit(), asking.submit(study=1)
    lease = taken(maker, cores=2)
    assert (asking.job(one).cores, taken(maker, cores=2).cores, asking.job(other).cores) == (2, 1, 1)
    with maker.begin() as session:
        session.query(User).one().cores = 1
    assert end(maker, lease)
    asking.submit()
    assert claim(maker) is None


def test_people_take_turns(maker: Maker, asking: Asking) -> None:
    """Who queues many runs delays the first of another by one of them, and the page counts what is really ahead."""
    with maker.begin() as session:
        session.add(User(id="other", name="other"))
    mine = [asking.submit(study=at % 2) for at in range(6)]
    assert asking.places() == {job: at for at, job in enumerate(mine)}
    begun = taken(maker)
    theirs = asking.submit(study=1, user="other")
    assert asking.places()[theirs] == 0, "who has had no job comes first"
    assert taken(maker).job == theirs
    late = asking.submit(study=1, user="other")
    assert asking.places()[late] == 1
    assert end(maker, begun)
    assert taken(maker).job == mine[2], "the oldest job of a study that is free"


def test_many_workers_never_take_two_jobs_of_a_study(maker: Maker, asking: Asking) -> None:
    jobs = {asking.submit(study=number % 2) for number in range(12)}
    done, faults = list[str](), list[BaseException]()
    at_work, lock = dict[str, int](), threading.Lock()

    def worker(name: str) -> None:
        try:
            while len(done) < len(jobs):
                lease = claim(maker, name)
                if lease is None:
                    continue
                with lock:
                    at_work[lease.study] = at_work.get(lease.study, 0) + 1
                    assert at_work[lease.study] == 1
                with lock:
                    at_work[lease.study] -= 1
                    done.append(lease.job)
                assert end(maker, lease)
        except BaseException as fault:  # noqa: BLE001  (told by the test)
            faults.append(fault)
            done.extend(jobs)

    threads = [threading.Thread(target=worker, args=(f"w{number}",)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    assert faults == []
    assert sorted(done) == sorted(jobs)
