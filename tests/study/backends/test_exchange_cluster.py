"""Steps on workers that share no folder: values go through an exchange, here a folder by its URL."""

import os
import signal
import threading
from pathlib import Path

import pytest

from citybraid.core.errors import StoreError, StudyError
from citybraid.store.exchange import Exchange
from citybraid.store.store import Store
from citybraid.study.open.events import Event, StepFinished
from citybraid.study.open.open_study import open_study
from citybraid.study.run.backends import tiles
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.backends.cluster import Cluster
from citybraid.study.run.engine import Engine
from citybraid.study.run.pipeline import run_study
from tests.study.backends.clockwork import PATIENCE, Clock, expected, ridge_step
from tests.study.backends.conftest import Town, impatient
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
EVENTS = 12


@pytest.fixture
def place(tmp_path: Path) -> Exchange:
    return Exchange((tmp_path / "place").as_uri())


def joined(store: Store, town: Town, place: Exchange) -> Cluster:
    backend = Cluster(store, town.address, exchange=place)
    backend.client.wait_for_workers(3, timeout=PATIENCE)
    return backend


def values(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_steps_come_home_and_are_not_computed_again(town: Town, place: Exchange, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=EVENTS, seconds=0.3, meet=2)
    with joined(clock.store, town, place) as backend:
        ran = Engine(clock.store, backend=backend).run(clock.steps)
        assert Engine(clock.store, backend=backend).run(clock.steps) == ()
    assert len(ran) == EVENTS + 1
    assert clock.store.get(clock.total.key) == expected(EVENTS)
    assert all(clock.store.intact(out.key) and clock.store.noted(step.key) for step in clock.steps for out in step.outs)
    assert len(clock.processes()) >= 2
    assert not list((tmp_path / "place" / "tokens").iterdir())

    (tmp_path / "other").mkdir()
    other, told = Store(tmp_path / "other" / "store"), list[Event]()  # another machine that has the inputs alone
    for step in clock.steps:
        for layer in step.reads.get("rain", {}).values():
            other.put(layer.key, clock.store.get(layer.key))
    with joined(other, town, place) as backend:
        assert Engine(other, emit=told.append, backend=backend).run(clock.steps) == ()
    assert other.get(clock.total.key) == expected(EVENTS)
    assert set(clock.traces("done").values()) == {1}
    finished = [event for event in told if isinstance(event, StepFinished)]
    assert len(finished) == EVENTS + 1
    assert not any(event.computed for event in finished)


def test_a_study_has_the_same_values_as_in_process(town: Town, place: Exchange, tmp_path: Path) -> None:
    stored = []
    for name in ("process", "cluster"):
        (folder := tmp_path / name).mkdir()
        made = Made(folder, ("parcels", "buildings", "terrain", "land_cover", "storm"), storms=(10.0,))
        store = Store(folder / "store")
        choice = EngineChoice(scheduler=town.address, exchange=place.url) if name == "cluster" else EngineChoice()
        with backend_of(choice, store, threads=1) as backend:
            run = run_study(open_study(made.written()), store=store, backend=backend)
        keys = {layer.key for record in run.manifest.alternatives.values() for layer in record.layers}
        stored.append({key: store.packed(key) for key in keys})
    assert len(stored[0]) > 20
    assert stored[0] == stored[1]


def test_a_killed_worker_costs_only_the_step_that_it_was_at(town: Town, place: Exchange, tmp_path: Path) -> None:
    clock, victim = Clock.made(tmp_path, events=EVENTS, seconds=0.6, meet=3), town.workers[0].pid

    def kill() -> None:
        clock.wait_for_process(victim, "done")
        os.kill(victim, signal.SIGKILL)

    with joined(clock.store, town, place) as backend:
        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        Engine(clock.store, backend=backend).run(clock.steps)
        killer.join()
    assert clock.store.get(clock.total.key) == expected(EVENTS)
    assert sum(clock.traces("done").values()) <= EVENTS + 1, "what had been sent was computed again"


def test_bands_go_through_the_exchange_and_leave_it(town: Town, place: Exchange, tmp_path: Path) -> None:
    whole, apart = Store(tmp_path / "whole"), Store(tmp_path / "apart")
    for name in ("trace", "alone"):
        (tmp_path / name).mkdir()
    shape = (3 * tiles.SIDE, 1400)
    step = ridge_step(apart, tmp_path / "trace", shape, seconds=0.5)
    Engine(whole, threads=1).run([ridge_step(whole, tmp_path / "alone", shape)])
    with joined(apart, town, place) as backend:
        assert Engine(apart, backend=backend).run([step]) == (step.key,)
    assert len(values(whole.folder / "values")) > 10
    assert values(apart.folder / "values") == values(whole.folder / "values")
    assert {path.rpartition("/")[2] for path in values(tmp_path / "place" / "values")} == {
        layer.key for layer in (*step.outs, *step.reads["water"].values())
    }


def test_a_place_that_is_in_this_program_alone_is_refused(town: Town, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1)
    with (
        joined(clock.store, town, Exchange("memory://place")) as backend,
        impatient(backend.client),
        pytest.raises(StudyError) as caught,
    ):
        Engine(clock.store, backend=backend).run(clock.steps)
    assert caught.value.text == "exchange.not_shared"
    assert "memory://place" in caught.value.say("zh")


def test_a_damaged_input_is_told_and_mended_by_the_next_run(town: Town, place: Exchange, tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1, seconds=0.0)
    rain = next(iter(clock.steps[0].reads["rain"].values()))
    with joined(clock.store, town, place) as backend, impatient(backend.client):
        assert backend.courier is not None
        backend.courier.send_inputs(clock.steps[0])
        (path,) = (tmp_path / "place" / "values").glob(f"*/{rain.key}")
        content = bytearray(path.read_bytes())
        content[-30] ^= 1
        path.write_bytes(bytes(content))
        with pytest.raises(StoreError) as caught:
            Engine(clock.store, backend=backend).run(clock.steps)
    assert caught.value.text == "store.missing"
    with joined(clock.store, town, place) as backend:
        Engine(clock.store, backend=backend).run(clock.steps)
    assert clock.store.get(clock.total.key) == expected(1)
