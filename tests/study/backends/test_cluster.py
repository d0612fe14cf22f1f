"""Steps on a real Dask cluster of three worker processes: killed, frozen, restarted, out of disk."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, Scheduler

from citybraid.core.errors import Cancelled, StoreError, StudyError
from citybraid.store.store import Store
from citybraid.study.open.events import Event, StepFinished, StepProgress, StepStarted
from citybraid.study.open.open_study import open_study
from citybraid.study.run.backends import cluster, tiles
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.backends.cluster import Cluster
from citybraid.study.run.engine import Engine
from citybraid.study.run.pipeline import run_study
from tests.study.backends.clockwork import PATIENCE, Clock, expected, fill_disk, free_disk, ridge_step
from tests.study.backends.conftest import ROOT, Town, environment, freeze, impatient
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
EVENTS = 12
LATER = tuple(f"e{number}" for number in range(5, EVENTS + 1))
"""Events after the first four."""


@contextmanager
def beside(act: Callable[[], None]) -> Iterator[None]:
    """Do something while a run goes on; what it raises fails the test."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:  # noqa: BLE001  (raised again below)
            raised.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    thread.join()
    assert not raised, raised


def run(clock: Clock, backend: Cluster, told: list[Event] | None = None) -> tuple[str, ...]:
    emit = (lambda _: None) if told is None else told.append
    return Engine(clock.store, emit=emit, backend=backend).run(clock.steps)


def total(clock: Clock) -> Any:
    return clock.store.get(clock.total.key)


def waiting_for_workers(backend: Cluster, count: int = 3) -> Cluster:
    backend.client.wait_for_workers(count, timeout=PATIENCE)
    return backend


def test_three_workers_share_the_steps_and_tell_how_far_they_are(town: Town, tmp_path: Path) -> None:
    clock, told = Clock.made(tmp_path, events=EVENTS, seconds=0.6, meet=3), list[Event]()
    with Cluster(clock.store, town.address) as backend:
        waiting_for_workers(backend)
        ran = run(clock, backend, told)
        assert run(clock, backend) == ()
    assert total(clock) == expected(EVENTS)
    assert len(ran) == EVENTS + 1
    assert clock.processes() == {process.pid for process in town.workers}
    assert sorted(clock.traces("done").values()) == [1] * EVENTS
    finished = [event for event in told if isinstance(event, StepFinished)]
    assert len(finished) == EVENTS + 1
    assert all(event.computed for event in finished)
    assert sum(isinstance(event, StepStarted) for event in told) >= EVENTS
    assert any(isinstance(event, StepProgress) and 0 < event.share < 1 for event in told)
    assert not list((clock.store.folder / "cluster").iterdir())


def test_a_study_has_the_same_bits_on_a_cluster(town: Town, tmp_path: Path) -> None:
    stored = []
    for name, address in (("process", ""), ("cluster", town.address)):
        folder = tmp_path / name
        folder.mkdir()
        made = Made(folder, ("parcels", "buildings", "terrain", "land_cover", "storm"), storms=(10.0,))
        store = Store(folder / "store")
        with backend_of(EngineChoice(scheduler=address), store, threads=1) as backend:
            run_study(open_study(made.written()), store=store, backend=backend)
        values = (folder / "store" / part for part in ("values", "numbers"))
        files = [path for part in values for path in part.rglob("*") if path.is_file()]
        stored.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
    assert len(stored[0]) > 20
    assert stored[0] == stored[1]


@pytest.mark.parametrize("killed", [False, True], ids=["", "with a worker killed"])
def test_bands_of_a_large_grid_go_to_several_workers(town: Town, tmp_path: Path, killed: bool) -> None:
    whole, apart = Store(tmp_path / "whole"), Store(tmp_path / "apart")
    (trace := tmp_path / "trace").mkdir()
    (alone := tmp_path / "alone").mkdir()
    shape = (3 * tiles.SIDE, 1400)  # more than tiles.WHOLE_CELLS
    step, victim = ridge_step(apart, trace, shape, seconds=0.5, meet=2), town.workers[0].pid
    bands = Clock(apart, (step,), step.outs[0], trace)
    Engine(whole, threads=1).run([ridge_step(whole, alone, shape)])

    if killed:
        bands.hold(f"p{victim}")

    def kill() -> None:
        if killed:
            bands.wait_for_process(victim)
            os.kill(victim, signal.SIGKILL)

    with Cluster(apart, town.address) as backend:
        waiting_for_workers(backend)
        with beside(kill):
            ran = Engine(apart, backend=backend).run([step])
        assert Engine(apart, backend=backend).run([step]) == ()
    assert ran == (step.key,)
    files = {store: [path for path in store.folder.glob("values/**/*") if path.is_file()] for store in (whole, apart)}
    stored = [{path.relative_to(store.folder): path.read_bytes() for path in files[store]} for store in (whole, apart)]
    assert len(stored[0]) > 10
    assert stored[0] == stored[1]
    assert len(bands.processes("done")) >= 2
    assert len(list((apart.folder / "values").glob("*/*"))) == 2


def test_a_killed_worker_costs_only_the_step_that_it_was_at(town: Town, tmp_path: Path) -> None:
    clock, victim = Clock.made(tmp_path, events=EVENTS, seconds=0.6, meet=3), town.workers[0].pid
    clock.hold(f"p{victim}")

    def kill() -> None:
        clock.wait_for_process(victim)
        os.kill(victim, signal.SIGKILL)

    with Cluster(clock.store, town.address) as backend:
        waiting_for_workers(backend)
        with beside(kill):
            ran = run(clock, backend)
    assert total(clock) == expected(EVENTS)
    assert len(ran) == EVENTS + 1
    assert set(clock.traces("done").values()) == {1}
    assert sum(clock.traces("begun").values()) == EVENTS + 1


def test_a_frozen_worker_does_not_hold_up_the_run(town: Town, tmp_path: Path) -> None:
    clock, frozen = Clock.made(tmp_path, events=EVENTS, seconds=0.6, meet=2), town.workers[0]
    clock.hold(f"p{frozen.pid}")
    with Cluster(clock.store, town.address) as backend:
        client = waiting_for_workers(backend).client
        (address,) = (each for each, process in client.run(os.getpid).items() if process == frozen.pid)

        async def count_as_silent(dask_scheduler: Scheduler) -> None:
            dask_scheduler.workers[address].last_seen = 0.0
            await dask_scheduler.check_worker_ttl()

        def stop() -> None:
            clock.wait_for_process(frozen.pid)
            freeze(frozen.pid)
            client.run_on_scheduler(count_as_silent)  # which it does by itself once it has not heard from one for long

        try:
            with beside(stop):
                run(clock, backend)
        finally:
            frozen.kill()
            frozen.wait()
    assert total(clock) == expected(EVENTS)
    assert len(clock.traces("done")) == EVENTS
    assert frozen.pid not in clock.processes("done")


def test_a_full_disk_ends_the_run_and_what_was_stored_is_not_computed_again(town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=0.3)
    clock.hold(*LATER)
    with Cluster(clock.store, town.address) as backend:
        client = waiting_for_workers(backend).client

        def fill() -> None:
            clock.wait_for_stored(4)
            client.run(fill_disk)
            clock.free()

        try:
            with beside(fill), pytest.raises(StoreError) as caught:
                run(clock, backend)
            clock.wait_for_drafts()  # another worker may still be writing, or clearing away, when the run ends
            kept = sum(clock.store.has(out.key) for step in clock.steps for out in step.outs)
        finally:
            client.run(free_disk)  # the workers serve the tests that follow
        assert caught.value.exit_code == 4
        assert "store" in caught.value.say("en")
        ran = run(clock, backend)
    assert kept >= 1
    assert len(ran) <= EVENTS + 1 - kept  # a Step that was under way may be stored after the count
    assert total(clock) == expected(EVENTS)


def test_a_stopped_run_ends_its_steps_at_their_next_tick(town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=30.0)
    with Cluster(clock.store, town.address) as backend:
        waiting_for_workers(backend)
        engine = Engine(clock.store, backend=backend)

        def stop() -> None:
            clock.wait_for(3)
            engine.stop()

        with beside(stop), pytest.raises(Cancelled):
            engine.run(clock.steps)
        clock.wait_for(3, "stopped")  # each part of a Step takes three seconds here, all ten would take thirty
    assert not clock.traces("done")


def test_a_killed_run_leaves_no_step_running(town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=60.0)
    words = f"from tests.study.backends.clockwork import run_apart; run_apart({str(tmp_path)!r}, {town.address!r})"
    program = subprocess.Popen([sys.executable, "-W", "ignore", "-c", words], cwd=ROOT, env=environment())
    clock.wait_for(3)
    program.kill()
    program.wait()
    clock.wait_for(3, "stopped")
    assert not clock.traces("done")


def test_workers_that_join_late_are_used(lone_town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=0.3, meet=2)
    lone_town.kill_workers(1)
    with Cluster(clock.store, lone_town.address) as backend:
        waiting_for_workers(backend, 1)

        def add() -> None:
            clock.wait_for(1)
            lone_town.add_workers(1)

        with beside(add):
            run(clock, backend)
    assert len(clock.processes()) == 2
    assert set(clock.traces("done").values()) == {1}


def test_a_cluster_without_workers_is_told(tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1)
    with (
        Town(tmp_path) as empty,
        Cluster(clock.store, empty.address, patience=2.0) as backend,
        pytest.raises(StudyError) as caught,
    ):
        run(clock, backend)
    assert caught.value.text == "cluster.no_workers"
    assert f"dask worker {empty.address}" in caught.value.say("zh")


def test_a_step_that_kills_every_worker_is_named(lone_town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1, fatal=True)
    lone_town.repair(2)
    with Cluster(clock.store, lone_town.address) as backend:
        waiting_for_workers(backend, 2)
        with pytest.raises(StudyError) as caught:
            run(clock, backend)
    assert caught.value.text == "cluster.step_kills"
    assert "clockwork@e01" in caught.value.say("en")


def test_a_worker_with_other_libraries_is_refused(
    lone_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock.made(tmp_path, events=1)
    monkeypatch.setattr(cluster, "versions", lambda: {"numpy": "0.1"})
    with Cluster(clock.store, lone_town.address) as backend, pytest.raises(StudyError) as caught:
        run(clock, backend)
    assert caught.value.text == "cluster.versions"
    assert "(0.1)" in caught.value.say("en")


def test_a_worker_that_does_not_see_the_store_is_refused(lone_town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1)
    with Cluster(clock.store, lone_town.address) as backend, impatient(backend.client):
        backend._token.unlink()
        with pytest.raises(StudyError) as caught:
            run(clock, backend)
    assert caught.value.text == "cluster.store_not_shared"


def test_a_scheduler_has_one_client_at_a_time_left_after_a_run(lone_town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1)
    with Cluster(clock.store, lone_town.address) as backend:
        run(clock, backend)
    assert Store(clock.store.folder).has(clock.total.key)
    with Client(lone_town.address, set_as_default=False) as client:
        assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0


def test_a_scheduler_that_is_started_again_gets_what_was_not_done(lone_town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=0.6)
    clock.hold(*LATER)
    before: dict[str, int] = {}

    def restart() -> None:
        clock.wait_for_stored(4)
        before.update(clock.traces("done"))
        clock.wait_for_stored(len(before))
        lone_town.scheduler.kill()
        lone_town.scheduler.wait()
        lone_town.kill_workers()
        clock.free()
        lone_town.repair(1)

    with Cluster(clock.store, lone_town.address) as backend:
        waiting_for_workers(backend, 1)
        with beside(restart):
            run(clock, backend)
    assert total(clock) == expected(EVENTS)
    assert len(before) >= 4
    assert {clock.traces("done")[name] for name in before} == {1}, "only Steps at hand may be done twice"


def test_a_scheduler_that_stays_away_ends_the_run_which_can_be_taken_up(
    lone_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=0.6)
    clock.hold(*LATER)

    def kill() -> None:
        clock.wait_for_stored(4)
        lone_town.scheduler.kill()

    with Cluster(clock.store, lone_town.address, patience=8.0) as backend:
        waiting_for_workers(backend, 1)
        monkeypatch.setattr(cluster, "FIRST_SECONDS", 2.0)
        monkeypatch.setattr(backend.client, "_timeout", 2.0)  # it tries by itself as long as it was given to begin
        with beside(kill), pytest.raises(StudyError) as caught:
            run(clock, backend)
    assert caught.value.text == "cluster.lost"
    assert "run again to go on" in caught.value.say("en")
    lone_town.kill_workers()
    clock.free()
    ran = Engine(clock.store, threads=2).run(clock.steps)
    assert total(clock) == expected(EVENTS)
    assert len(ran) <= EVENTS + 1 - 4
    assert set(clock.traces("done").values()) == {1}
