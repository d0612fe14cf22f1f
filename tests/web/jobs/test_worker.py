"""Workers with commands of their own: ends of every kind."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.access import people
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.tables import Job, User
from citybraid.web.jobs import leasing
from citybraid.web.jobs.command import GRACE_S
from citybraid.web.jobs.states import State
from citybraid.web.jobs.worker import LOOK_S, Worker
from tests.discovered import ROOT
from tests.web.jobs.conftest import PATIENCE_S, Asking, Start, alive, until, worker_command

SERVER = """
import os, subprocess, sys
print(subprocess.Popen([*sys.argv[1:], str(os.getpid())]).pid, flush=True)
input()
"""
"""A program that starts a worker as a server does, tells its process, and waits."""

pytestmark = [
    pytest.mark.usefixtures("fakes"),
    pytest.mark.parametrize("settings", ["sqlite"], indirect=True),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at as Linux shows them"),
]


@pytest.fixture
def worker(settings: Settings, maker: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker in this process."""
    monkeypatch.setattr(leasing, "PAUSE", leasing.PAUSE * 0)
    return Worker(settings, maker, cores=1)


def test_a_job_is_done_and_its_result_stands_in_its_row(
    worker: Worker, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hidden in ("CITYBRAID_DATABASE", "CITYBRAID_DATA"):
        monkeypatch.setenv(hidden, "/elsewhere")
    job = asking.submit("nap", ends="threads")
    assert worker.once()
    row = asking.job(job)
    assert (row.state, row.result["run"], row.result["unchanged"]) == (State.DONE, "1", False)
    assert (row.worker, row.lease, row.cores, row.error) == (None, None, 0, {})
    assert row.started is not None
    assert row.ended is not None
    assert not worker.once()


def test_progress_stands_in_the_row_while_it_runs(worker: Worker, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", seconds=0.4, ends="held")
    thread = threading.Thread(target=worker.once)
    thread.start()
    try:
        until(lambda: asking.job(job).progress.get("done") == 2)
        told = asking.job(job).progress
    finally:
        (folder / "go on").touch()
        thread.join()
    assert (told["share"], told["steps"], told["stage"]) == (0.5, 4, "intake")
    assert told["left_s"] is not None
    assert set(told["said"]) == {"en", "zh"}
    assert asking.job(job).state == State.DONE


def test_the_childs_own_message_is_told(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", ends="refused")
    worker.once()
    row = asking.job(job)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.error["said"] == {"en": "The file is wrong", "zh": "文件有误"}


@pytest.mark.parametrize(
    ("minutes", "mib", "why", "says"),
    [(1, None, "web.jobs.time_is_up", "上限 1 分钟"), (None, 1, "web.jobs.memory_is_up", "上限 1 MiB")],
)
def test_a_quota_ends_a_job_and_who_has_more_goes_on(
    worker: Worker, asking: Asking, minutes: int | None, mib: int | None, why: str, says: str
) -> None:
    """What a job has worked in attempts before counts; one asked for anew begins at nothing."""
    jobs = [asking.submit("nap", ends="held"), asking.submit("nap")]
    with asking.maker.begin() as session:
        row = session.get_one(Job, jobs[0])
        row.worked = 59.9
        person = session.get_one(User, row.user)
        people.set_quota(person, space_mib=None, cores=None, job_minutes=minutes, job_mib=mib)
    worker.once()
    ended = asking.job(jobs[0])
    assert (ended.state, ended.error["error"]) == (State.FAILED, why)
    assert says in ended.error["said"]["zh"]
    with asking.maker.begin() as session:
        people.set_quota(session.get_one(User, ended.user), space_mib=None, cores=None)
    assert worker.once()
    assert asking.job(jobs[1]).state == State.DONE


def test_a_crash_fails_at_once_and_tells_no_path(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", ends="crash")
    worker.once()
    row = asking.job(job)
    assert (row.state, row.error["error"]) == (State.FAILED, "web.jobs.defect")
    assert "secret" not in str(row.error)


def test_a_command_that_is_killed_is_tried_three_times(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", ends="killed")
    states = []
    for _ in range(3):
        until(worker.once)
        states.append(asking.job(job).state)
    assert states == [State.QUEUED, State.QUEUED, State.FAILED]
    assert asking.job(job).error["error"] == "web.jobs.killed"
    assert not worker.once()


def test_a_study_whose_folder_is_gone_fails(worker: Worker, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap")
    folder.rename(folder.with_name("elsewhere"))
    worker.once()
    assert asking.job(job).error["error"] == "web.jobs.no_study_folder"


def test_cancelled_with_all_that_it_started(worker: Worker, asking: Asking, folder: Path) -> None:
    """What a worker waits for by itself is less than two seconds; a busy machine adds what it will."""
    job = asking.submit("nap", seconds=600.0, ends="stubborn")
    thread = threading.Thread(target=worker.once)
    thread.start()
    until((folder / "helper").exists)
    until(lambda: (folder / "helper").read_text() != "")
    children = [int((folder / name).read_text()) for name in ("pid", "helper")]
    asking.cancel(job)
    until(lambda: asking.job(job).state == State.CANCELLED)
    thread.join()
    assert not any(map(alive, children))
    assert LOOK_S + GRACE_S < 2.0


def test_a_worker_that_is_told_to_stop_gives_its_job_back(start: Start, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", seconds=600.0)
    worker = start()
    until((folder / "pid").exists)
    worker.terminate()
    assert worker.wait(PATIENCE_S) == 0
    row = asking.job(job)
    assert (row.state, row.attempts) == (State.QUEUED, 0)


def test_the_command_dies_with_its_worker_and_the_worker_with_its_server(
    settings: Settings, asking: Asking, folder: Path
) -> None:
    asking.submit("nap", seconds=600.0)
    command = [sys.executable, "-c", SERVER, *worker_command(settings)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    until(lambda: (folder / "pid").exists() and (folder / "pid").read_text() != "")
    child = int((folder / "pid").read_text())
    server.kill()
    server.communicate()
    until(lambda: not alive(worker) and not alive(child))


def stopped(worker: subprocess.Popen[bytes], database: Path) -> bool:
    """Stop a worker; let it go on and return False where it was amid a change of the database, which that locks."""
    worker.send_signal(signal.SIGSTOP)
    connection = sqlite3.connect(database, timeout=1.0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        worker.send_signal(signal.SIGCONT)
        return False
    finally:
        connection.close()
    return True


def test_a_worker_that_was_stopped_too_long_writes_nothing(start: Start, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", ends="held")
    late = start()
    until(lambda: asking.job(job).progress.get("done") == 2)  # it follows its command by then
    first = int((folder / "pid").read_text())
    until(lambda: stopped(late, folder.parent / ".citybraid" / "workspace.db"))
    second = start()
    until(lambda: asking.job(job).state == State.QUEUED)  # the lease has run out, and the study is still locked
    (folder / "go on").touch()
    until(lambda: asking.job(job).state == State.DONE)
    result = asking.job(job).result
    late.send_signal(signal.SIGCONT)
    until(lambda: not Path(f"/proc/{first}").exists())  # the late worker has seen its command's end
    time.sleep(1.0)
    assert asking.job(job).result == result
    assert (late.poll(), second.poll()) == (None, None)
    assert (folder / "written").read_text().split() == ["nap"]
    assert not (folder / "together").exists()
