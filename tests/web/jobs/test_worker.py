"""Workers with commands of their own: ends of every kind."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs import leasing
from citybraid.web.jobs.states import State
from citybraid.web.jobs.worker import Worker
from tests.discovered import ROOT
from tests.web.jobs.conftest import Asking, Start, alive, until, worker_command

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


def test_a_job_is_done_and_its_result_stands_in_its_row(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", ends="threads")
    assert worker.once()
    row = asking.job(job)
    assert (row.state, row.result["run"], row.result["unchanged"]) == (State.DONE, "1", False)
    assert (row.worker, row.lease, row.cores, row.error) == (None, None, 0, {})
    assert row.started is not None
    assert row.ended is not None
    assert not worker.once()


def test_progress_stands_in_the_row_while_it_runs(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", seconds=4.0)
    seen: list[dict[str, object]] = []
    thread = threading.Thread(target=worker.once)
    thread.start()
    while thread.is_alive():
        seen.append(asking.job(job).progress)
        time.sleep(0.1)
    told = [each for each in seen if each.get("done") == 2]
    assert told
    assert (told[0]["share"], told[0]["steps"], told[0]["stage"]) == (0.5, 4, "intake")
    assert told[0]["left_s"] is not None
    assert set(told[0]["said"]) == {"en", "zh"}  # type: ignore[call-overload]


def test_the_childs_own_message_is_told(worker: Worker, asking: Asking) -> None:
    job = asking.submit("nap", ends="refused")
    worker.once()
    row = asking.job(job)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.error["said"] == {"en": "The file is wrong", "zh": "文件有误"}


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


def test_cancelled_within_two_seconds_with_all_that_it_started(worker: Worker, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", seconds=60.0, ends="stubborn")
    thread = threading.Thread(target=worker.once)
    thread.start()
    until((folder / "helper").exists)
    until(lambda: (folder / "helper").read_text() != "")
    children = [int((folder / name).read_text()) for name in ("pid", "helper")]
    asked = time.monotonic()
    asking.cancel(job)
    until(lambda: asking.job(job).state == State.CANCELLED)
    assert time.monotonic() - asked < 2.0
    thread.join()
    assert not any(map(alive, children))


def test_a_worker_that_is_told_to_stop_gives_its_job_back(start: Start, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", seconds=60.0)
    worker = start()
    until((folder / "pid").exists)
    worker.terminate()
    assert worker.wait(10) == 0
    row = asking.job(job)
    assert (row.state, row.attempts) == (State.QUEUED, 0)


def test_the_command_dies_with_its_worker_and_the_worker_with_its_server(
    settings: Settings, asking: Asking, folder: Path
) -> None:
    asking.submit("nap", seconds=60.0)
    command = [sys.executable, "-c", SERVER, *worker_command(settings)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    until(lambda: (folder / "pid").exists() and (folder / "pid").read_text() != "")
    child = int((folder / "pid").read_text())
    server.kill()
    server.communicate()
    until(lambda: not alive(worker) and not alive(child), 5)


def test_a_worker_that_was_stopped_too_long_writes_nothing(start: Start, asking: Asking, folder: Path) -> None:
    job = asking.submit("nap", seconds=6.0)
    late = start()
    until((folder / "pid").exists)
    late.send_signal(signal.SIGSTOP)
    second = start()
    until(lambda: asking.job(job).state == State.DONE)
    result = asking.job(job).result
    late.send_signal(signal.SIGCONT)
    time.sleep(1.0)
    assert asking.job(job).result == result
    assert (late.poll(), second.poll()) == (None, None)
    assert (folder / "written").read_text().split() == ["nap"]
    assert not (folder / "together").exists()
