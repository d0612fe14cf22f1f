"""Workers on either database, killed again and again while they work."""

import os
import random
import signal
import sys
import time

import pytest
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.configuration.settings import Settings
from citybraid.web.database.tables import Job
from citybraid.web.jobs.states import OPEN, State
from tests.web.jobs.conftest import PATIENCE_S, Asking, Start

KILLS, LEAST_KILLS = 4, 2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at as Linux shows them")


@pytest.mark.usefixtures("fakes")
def test_nothing_is_lost_and_nothing_done_twice_however_often_workers_are_killed(
    start: Start, asking: Asking, settings: Settings, maker: sessionmaker[Session]
) -> None:
    """Each of several jobs is done once, though workers are killed while they do them."""
    jobs = [asking.submit("nap", study=number % 2, seconds=0.6, name=f"n{number}") for number in range(8)]
    chance = random.Random(15)  # noqa: S311  (when to kill is no secret)
    workers, kills = [start(), start()], 0
    end = time.monotonic() + 3 * PATIENCE_S

    def waiting() -> int:
        with maker.begin() as session:
            return session.query(Job).where(Job.state.in_(OPEN)).count()

    while waiting():
        assert time.monotonic() < end
        time.sleep(chance.uniform(1.0, 2.0))
        if kills < KILLS:
            place = chance.randrange(2)
            os.kill(workers[place].pid, signal.SIGKILL)
            workers[place].wait()
            workers[place] = start()
            kills += 1
    assert {asking.job(job).state for job in jobs} == {State.DONE}
    for study in (settings.folder / "片区 一", settings.folder / "two"):
        written = (study / "written").read_text().split()
        assert sorted(written) == sorted(set(written))
        assert not (study / "together").exists()
    assert kills >= LEAST_KILLS
