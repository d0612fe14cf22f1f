"""A workspace of two studies on either database, workers in processes of their own, and a kind that only sleeps."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.access.owner import laptop_owner
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.database.tables import Job, StudyRow, User
from citybraid.web.jobs import command, kinds, lookup, queue, turns
from citybraid.web.studies.listing import take_up
from tests.discovered import ROOT
from tests.web import postgres
from tests.web.team import STUDY

Start = Callable[[], subprocess.Popen[bytes]]
PATIENCE_S = 300.0
"""Time after which what a test waits for counts as not coming [s]: a busy machine takes minutes for a moment's work."""
FAKES = Path(__file__).parent / "fakes"
"""The kind `nap`, and the program that does it."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=postgres.absent)])
def settings(request: pytest.FixtureRequest, workspace: Path) -> Settings:
    """Settings of a workspace with two studies, on each kind of database."""
    (workspace / "two").mkdir()
    (workspace / "two" / "study.toml").write_text(STUDY, encoding="utf-8")
    if request.param == "sqlite":
        return Settings(folder=workspace)
    return replace(Settings(folder=workspace), database=postgres.new_database(request.getfixturevalue("postgresql")))


@pytest.fixture
def maker(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """The workspace's database, its studies taken up."""
    engine = open_database(settings)
    made = sessions(engine)
    with made.begin() as session:
        take_up(session, settings.folder, laptop_owner(session))
    yield made
    engine.dispose()


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process know the kind `nap`, and run its program instead of ours."""
    lookup.kinds.cache_clear()
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(FAKES / "kinds")])
    monkeypatch.setattr(command, "PROGRAM", (sys.executable, str(FAKES / "program.py")))
    yield
    lookup.kinds.cache_clear()


class Asking:
    """Asks for work, and looks at it."""

    def __init__(self, maker: sessionmaker[Session], settings: Settings) -> None:
        self.maker, self.settings = maker, settings

    def submit(self, kind: str = "run", study: int = 0, *, user: str = "", **options: Any) -> str:
        with self.maker.begin() as session:
            row = session.query(StudyRow).order_by(StudyRow.path.desc()).all()[study]
            folder = self.settings.folder / row.path
            person = session.get_one(User, user or row.owner)
            return queue.submit(
                session, row, person, folder, kind=kind, options=options, request=uuid.uuid4().hex
            ).id  # fmt: skip

    def places(self) -> dict[str, int]:
        with self.maker.begin() as session:
            return turns.places(session)

    def cancel(self, job: str) -> None:
        with self.maker.begin() as session:
            queue.cancel(session, session.get_one(Job, job).study, job)

    def job(self, job: str) -> Job:
        with self.maker.begin() as session:
            return session.get_one(Job, job)


@pytest.fixture
def asking(maker: sessionmaker[Session], settings: Settings) -> Asking:
    return Asking(maker, settings)


def alive(process: int) -> bool:
    """Tell whether a process runs; one that has ended and was not waited for does not."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@pytest.fixture
def folder(settings: Settings) -> Path:
    """The folder of the first study."""
    return settings.folder / "片区 一"


def worker_command(settings: Settings) -> list[str]:
    """Return the command of a worker with short leases, in a process of its own."""
    return [sys.executable, str(FAKES / "worker.py"), str(settings.folder), settings.database]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Start workers in processes of their own, which end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(worker_command(settings), cwd=ROOT, stdout=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        each.wait()
